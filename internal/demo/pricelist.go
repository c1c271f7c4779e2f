package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// article is a product of the price list (rules §5). Prices are in cents, for one term.
type article struct {
	code, nl, en string
	kind         catalog.Kind
	tld          string
	year, month  money.Cents // 0 when it is not sold for that term
	quarter      money.Cents
	once         money.Cents
	free         bool        // a year costs nothing
	before       money.Cents // what a year cost until 2023
	limits       [5]int64    // disk in GB, traffic in GB a month, inodes, sites, mailboxes; 0 for no limit
	hidden       bool        // not to be ordered
	bundle       bool        // lives as long as its domain name (M-09)
}

var priceList = []article{
	{code: "HOST-START", kind: catalog.Hosting, nl: "Webhosting Start", en: "Web hosting Start", year: 36_00, month: 4_00, before: 30_00, limits: [5]int64{5, 50, 100_000, 1, 10}},
	{code: "HOST-BASIS", kind: catalog.Hosting, nl: "Webhosting Basis", en: "Web hosting Basis", year: 72_00, month: 7_00, before: 60_00, limits: [5]int64{20, 200, 250_000, 5}},
	{code: "HOST-PLUS", kind: catalog.Hosting, nl: "Webhosting Plus", en: "Web hosting Plus", year: 120_00, month: 12_00, before: 108_00, limits: [5]int64{50, 500, 500_000, 15}},
	{code: "HOST-PRO", kind: catalog.Hosting, nl: "Webhosting Pro", en: "Web hosting Pro", year: 216_00, quarter: 60_00, month: 21_00, before: 192_00, limits: [5]int64{100, 1000, 1_000_000}},
	{code: "RES-25", kind: catalog.Reseller, nl: "Reseller 25 accounts", en: "Reseller 25 accounts", year: 300_00, month: 29_00, limits: [5]int64{250, 2000, 0, 25}},
	{code: "VPS-S", kind: catalog.VPS, nl: "VPS S (2 vCPU, 4 GB)", en: "VPS S (2 vCPU, 4 GB)", month: 12_00, limits: [5]int64{80}},
	{code: "VPS-M", kind: catalog.VPS, nl: "VPS M (4 vCPU, 8 GB)", en: "VPS M (4 vCPU, 8 GB)", month: 24_00, limits: [5]int64{160}},

	domain("nl", 9_00), domain("com", 15_00), domain("eu", 11_00), domain("be", 11_00), domain("de", 11_00), domain("net", 17_00), domain("org", 17_00),
	domain("info", 25_00), domain("online", 39_00), domain("shop", 39_00), domain("amsterdam", 39_00), domain("frl", 35_00),
	{code: "DOM-REDEEM-NL", kind: catalog.Service, nl: "Domeinnaam uit quarantaine halen", en: "Domain name out of quarantine", once: 45_00, hidden: true},
	{code: "DOM-REDEEM-GTLD", kind: catalog.Service, nl: "Domeinnaam herstellen (redemption)", en: "Domain name out of redemption", once: 95_00, hidden: true},

	{code: "SSL-LE", kind: catalog.Certificate, nl: "Certificaat Let's Encrypt", en: "Certificate Let's Encrypt", free: true},
	{code: "SSL-DV", kind: catalog.Certificate, nl: "Certificaat DV", en: "Certificate DV", year: 19_00},
	{code: "SSL-WILD", kind: catalog.Certificate, nl: "Certificaat wildcard", en: "Certificate wildcard", year: 119_00},
	{code: "SSL-OV", kind: catalog.Certificate, nl: "Certificaat OV", en: "Certificate OV", year: 89_00},
	{code: "MAIL-5", kind: catalog.Mail, nl: "5 mailboxen", en: "5 mailboxes", year: 30_00, limits: [5]int64{25, 0, 0, 0, 5}},
	{code: "MAIL-X", kind: catalog.Mail, nl: "10 GB extra mailruimte", en: "10 GB more for mail", year: 12_00, limits: [5]int64{10}},
	{code: "MAIL-SPAM", kind: catalog.Mail, nl: "Spamfilter", en: "Spam filter", year: 18_00},
	{code: "MAIL-EXCHANGE", kind: catalog.Mail, nl: "Exchange-mailbox", en: "Exchange mailbox", month: 5_00, limits: [5]int64{50, 0, 0, 0, 1}},
	{code: "BACKUP-30", kind: catalog.Backup, nl: "Back-up, 30 dagen", en: "Backup, 30 days", year: 24_00},
	{code: "SVC-MOVE", kind: catalog.Service, nl: "Verhuizing van een website", en: "Moving a website", once: 75_00},
	{code: "SVC-HOUR", kind: catalog.Service, nl: "Ondersteuning, per uur", en: "Support, by the hour", once: 85_00},
	{code: "OVER-DISK", kind: catalog.Overage, nl: "Extra opslag, per GB", en: "More storage, for each GB", month: 1_00, hidden: true},
	{code: "OVER-TRAFFIC", kind: catalog.Overage, nl: "Extra dataverkeer, per GB", en: "More traffic, for each GB", month: 10, hidden: true},
	{code: "COMPLEET", kind: catalog.Hosting, nl: "Compleet, met domeinnaam", en: "Complete, with a domain name", year: 48_00, limits: [5]int64{5, 50, 100_000, 1, 10}, bundle: true},
}

func domain(tld string, year money.Cents) article {
	return article{code: "DOM-" + strings.ToUpper(tld), kind: catalog.Domain, nl: "Domeinnaam ." + tld, en: "Domain name ." + tld, tld: tld, year: year}
}

// opening is the first day of every price.
var opening = civil.New(2014, time.January, 1)

// raised is the day on which hosting became dearer.
var raised = civil.New(2023, time.January, 1)

// stock fills the catalog.
func (s *seeder) stock(ctx context.Context) error {
	return s.do(ctx, opening.Start(), func(tx *pg.Tx) error {
		for i, a := range priceList {
			p := a.product(i, tx.Now)
			s.products[a.code] = p
			if _, err := tx.NewInsert().Model(p).Exec(ctx); err != nil {
				return fmt.Errorf("add %s: %w", a.code, err)
			}
			prices := a.prices(p.ID)
			if _, err := tx.NewInsert().Model(&prices).Exec(ctx); err != nil {
				return fmt.Errorf("price %s: %w", a.code, err)
			}
		}
		return nil
	})
}

// product returns the row of the article.
func (a *article) product(i int, at time.Time) *catalog.Product {
	p := &catalog.Product{ID: key.New(), Code: a.code, Kind: a.kind, NameNl: a.nl, NameEn: a.en, Tld: a.tld, UsagePolicy: "NOTIFY", BundlesDomain: a.bundle,
		Orderable: !a.hidden, Position: (i + 1) * 10, CreatedAt: at}
	for i, to := range []**int64{&p.DiskLimitBytes, &p.TrafficLimitBytes, &p.InodeLimit} {
		if limit := a.limits[i]; limit > 0 {
			*to = new(limit * [...]int64{gigabyte, gigabyte, 1}[i])
		}
	}
	for i, to := range []**int{&p.SiteLimit, &p.MailboxLimit} {
		if limit := a.limits[3+i]; limit > 0 {
			*to = new(int(limit))
		}
	}
	return p
}

// gigabyte is the unit in which space and traffic are sold.
const gigabyte = 1_000_000_000

// prices returns what the article costs for each term, with the price of before the rise.
func (a *article) prices(product uuid.UUID) (all []catalog.Price) {
	add := func(months int, from civil.Date, net money.Cents) {
		all = append(all, catalog.Price{ID: key.New(), ProductID: product, TermMonths: months, ValidFrom: from, AmountCents: net})
	}
	for months, net := range map[int]money.Cents{0: a.once, 1: a.month, 3: a.quarter, 12: a.year} {
		switch {
		case months == 12 && a.before > 0:
			add(months, opening, a.before)
			add(months, raised, net)
		case net > 0 || months == 12 && a.free:
			add(months, opening, net)
		}
	}
	return all
}
