package whmcs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// archiveSince is the first day of which customers see invoices (P-08), and from which imported prices count.
var archiveSince = civil.New(2014, 1, 1)

// goods brings the catalog over.
type goods struct {
	w        *world
	products []*row
	addons   []*row
	existing []catalog.Product
	known    refs
	prices   map[string]map[int64]*row // tblpricing in euros, by type and id
	product  *sheet
	price    *sheet
	out      *batch
}

// readGoods reads the catalogs of both sides; without tx that of the target is empty.
func (w *world) readGoods(ctx context.Context, tx *pg.Tx, src *source) (g *goods, err error) {
	g = &goods{w: w, known: refs{}, prices: map[string]map[int64]*row{}, out: newBatch(w.now)}
	if g.products, err = src.collect("tblproducts"); err != nil {
		return nil, err
	}
	if g.addons, err = src.collect("tbladdons"); err != nil || tx == nil {
		return g, err
	}
	if err := tx.NewSelect().Model(&g.existing).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	g.known, err = findRefs(ctx, tx, map[string][]int64{"tblproducts": idsOf(g.products), "tbladdons": idsOf(g.addons)})
	return g, err
}

// plan makes the products that are missing: those of WHMCS, one for each extension of a domain, and one for extras that
// were typed in. A product that the catalog has by that name is taken as it is, with its own prices.
func (g *goods) plan(src *source) error {
	g.product = newSheet("product", "id uuid", "code text", "kind text", "name_nl text", "name_en text", "description_nl text", "tld text", "disk_limit_bytes bigint", "traffic_limit_bytes bigint", "orderable boolean", "created_at timestamptz")
	g.price = newSheet("product_price", "id uuid", "product_id uuid", "term_months int", "valid_from date", "amount_cents bigint")
	if err := g.readPrices(src); err != nil {
		return err
	}
	g.w.products = g.take(g.products, "product", func(r *row) catalog.Product {
		return catalog.Product{Kind: productKind(r.text("type")), Orderable: !r.flag("hidden") && !r.flag("retired")}
	}, g.w.plans)
	g.w.extras = g.take(g.addons, "addon", func(*row) catalog.Product { return catalog.Product{Kind: catalog.Other} }, g.w.addons)
	if len(g.w.addons) > 0 {
		p, exists := g.byCode("EXTRA")
		if !exists {
			p = g.make(catalog.Product{Code: "EXTRA", Kind: catalog.Other, NameNl: "Aanvullende dienst", NameEn: "Additional service"}, nil)
		}
		g.w.extras[0] = offered{p.ID, p.NameNl}
	}
	return g.takeDomains(src)
}

// sheets returns what is to be written.
func (g *goods) sheets() []*sheet { return []*sheet{g.product, g.price, g.out.refs} }

// readPrices reads the list prices, and settles the rows of the small tables that only explain others.
func (g *goods) readPrices(src *source) error {
	for _, t := range []string{"tblcurrencies", "tblservers", "tbldomainpricing", "tblpricing"} {
		rows, err := src.collect(t)
		if err != nil {
			return err
		}
		for _, r := range rows {
			g.out.rows = append(g.out.rows, r)
			if t != "tblpricing" {
				r.leaveOut("it explains other rows")
				continue
			}
			kind := r.text("type")
			if code, known := g.w.currencies[r.integer("currency")]; known && code != "EUR" {
				r.leaveOut("a price in %s", code)
				continue
			}
			r.leaveOut("it explains other rows")
			if g.prices[kind] == nil {
				g.prices[kind] = map[int64]*row{}
			}
			g.prices[kind][r.integer("relid")] = r
		}
	}
	return nil
}

// take brings over a table of products.
func (g *goods) take(rows []*row, priceType string, shape func(*row) catalog.Product, stats map[int64]*planStats) map[int64]offered {
	all := map[int64]offered{}
	for _, r := range rows {
		g.out.rows = append(g.out.rows, r)
		if r.out() {
			continue
		}
		name := cmp.Or(r.text("name"), fmt.Sprintf("%s %d", r.table, r.id))
		if id, ok := g.known.find(r.table, r.id); ok {
			all[r.id] = offered{id, name}
			r.known()
			continue
		}
		p, exists := g.byName(name)
		if !exists {
			p = shape(r)
			p.NameNl, p.NameEn, p.DescriptionNl = name, name, r.body("description")
			p.Code = g.freeCode(name, r.id)
			p = g.make(p, stats[r.id])
			g.list(p.ID, g.prices[priceType][r.id], monthColumns, stats[r.id])
		}
		r.take()
		g.out.ref(r, p.ID)
		all[r.id] = offered{p.ID, name}
	}
	return all
}

// takeDomains makes a product for each extension.
func (g *goods) takeDomains(src *source) error {
	extensions := map[string]int64{}
	for r, err := range src.rows("tbldomainpricing") {
		if err != nil {
			return err
		}
		extensions[strings.TrimPrefix(strings.ToLower(r.text("extension")), ".")] = r.id
	}
	g.w.tlds = map[string]offered{}
	for _, tld := range slices.Sorted(maps.Keys(g.w.atlas.tlds)) {
		if tld == "" {
			continue
		}
		at := slices.IndexFunc(g.existing, func(p catalog.Product) bool { return p.Kind == catalog.Domain && p.Tld == tld })
		if at >= 0 {
			g.w.tlds[tld] = offered{g.existing[at].ID, g.existing[at].NameNl}
			continue
		}
		p := g.make(catalog.Product{Code: g.freeCode("DOM-"+strings.ToUpper(tld), 0), Kind: catalog.Domain, Tld: tld, NameNl: "Domeinnaam ." + tld, NameEn: "Domain name ." + tld, Orderable: true}, nil)
		g.list(p.ID, g.prices["domainrenew"][extensions[tld]], yearColumns, g.w.atlas.tlds[tld])
		g.w.tlds[tld] = offered{p.ID, p.NameNl}
	}
	return nil
}

// make adds a product to the catalog.
func (g *goods) make(p catalog.Product, stats *planStats) catalog.Product {
	p.ID = key.New()
	var disk, traffic any
	if stats != nil {
		if l, ok := usual(stats.limits, func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }); ok {
			disk, traffic = megabytes(l[0]), megabytes(l[1])
		}
	}
	g.product.add(p.ID, p.Code, string(p.Kind), p.NameNl, p.NameEn, p.DescriptionNl, p.Tld, disk, traffic, p.Orderable, g.w.now)
	g.existing = append(g.existing, p)
	return p
}

// monthColumns and yearColumns are where tblpricing has the price of a term of so many months: for domains the columns
// stand for years.
var (
	monthColumns = map[int]string{1: "monthly", 3: "quarterly", 6: "semiannually", 12: "annually", 24: "biennially", 36: "triennially"}
	yearColumns  = map[int]string{12: "msetupfee", 24: "qsetupfee", 36: "ssetupfee", 48: "asetupfee", 60: "bsetupfee", 72: "monthly", 84: "quarterly", 96: "semiannually", 108: "annually", 120: "biennially"}
)

// list gives a product its prices: those of the price list or, for a term that it does not have, what most customers pay.
func (g *goods) list(product uuid.UUID, listed *row, columns map[int]string, stats *planStats) {
	prices := map[int]money.Cents{}
	if stats != nil {
		for months, amounts := range stats.amounts {
			if c, ok := usual(amounts, cmp.Compare[money.Cents]); ok && months <= 120 {
				prices[months] = c
			}
		}
	}
	for months, column := range columns {
		if listed != nil {
			if c, err := parseCents(listed.raw(column)); err == nil && c > 0 { // -1: not sold for that term
				prices[months] = c
			}
		}
	}
	for _, months := range slices.Sorted(maps.Keys(prices)) {
		g.price.add(key.New(), product, months, archiveSince, g.w.net(prices[months]))
	}
}

func (g *goods) byName(name string) (catalog.Product, bool) {
	for _, p := range g.existing {
		if strings.EqualFold(p.NameNl, name) || strings.EqualFold(p.NameEn, name) {
			return p, true
		}
	}
	return catalog.Product{}, false
}

func (g *goods) byCode(code string) (catalog.Product, bool) {
	for _, p := range g.existing {
		if p.Code == code {
			return p, true
		}
	}
	return catalog.Product{}, false
}

var notInCode = regexp.MustCompile(`[^A-Z0-9.]+`)

// freeCode makes a code of a name that no product has yet.
func (g *goods) freeCode(name string, id int64) string {
	plainName := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) { // accents
			return -1
		}
		return r
	}, norm.NFD.String(name))
	code := strings.Trim(notInCode.ReplaceAllString(strings.ToUpper(plainName), "-"), "-.")
	code = strings.Trim(code[:min(len(code), 22)], "-.")
	if len(code) < 2 {
		code = fmt.Sprintf("PRODUCT-%d", id)
	}
	free := code
	for n := max(id, 2); ; n++ {
		if _, taken := g.byCode(free); !taken {
			return free
		}
		free = fmt.Sprintf("%s-%d", code, n)
	}
}

func productKind(kind string) catalog.Kind {
	switch kind {
	case "hostingaccount":
		return catalog.Hosting
	case "reselleraccount":
		return catalog.Reseller
	case "server":
		return catalog.VPS
	}
	return catalog.Other
}

// megabytes returns the bytes of a limit, nil when there is none: WHMCS has 0 for that.
func megabytes(n int64) any {
	if n <= 0 {
		return nil
	}
	return n << 20
}

func idsOf(rows []*row) []int64 {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	return ids
}
