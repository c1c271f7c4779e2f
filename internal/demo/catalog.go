package demo

import (
	"context"
	"strings"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
)

const gb = 1_000_000_000 // as storage and traffic are sold

// product is one line of the price list (rules §5). Most amounts are whole euros, so that VAT comes out even.
type product struct {
	code           string
	kind           catalog.Kind
	nl, en         string
	about, aboutEN string
	limits         [5]int64            // GB of storage, GB of traffic a month, inodes, sites, mailboxes; 0 for no limit
	prices         map[int]money.Cents // net, by term in months; 0 is once

	catalog.Product // the row
}

const (
	space, spaceEN = "Ruimte voor uw website en mail, met elke nacht een back-up.", "Space for your website and mail, with a backup every night."
	agreed         = "Alleen als u dat vooraf afspreekt."
	agreedEN       = "Only when agreed before."
)

// priceList is what Noorderhost sells now.
func priceList() []*product {
	list := []*product{
		{code: "HOST-START", kind: catalog.Hosting, nl: "Webhosting Start", en: "Web hosting Start", about: space, aboutEN: spaceEN, limits: [5]int64{5, 50, 100_000, 1, 10}, prices: net{12: 36_00, 1: 4_00}},
		{code: "HOST-BASIS", kind: catalog.Hosting, nl: "Webhosting Basis", en: "Web hosting Basic", about: space, aboutEN: spaceEN, limits: [5]int64{20, 200, 250_000, 5}, prices: net{12: 72_00, 1: 7_00}},
		{code: "HOST-PLUS", kind: catalog.Hosting, nl: "Webhosting Plus", en: "Web hosting Plus", about: space, aboutEN: spaceEN, limits: [5]int64{50, 500, 500_000, 15}, prices: net{12: 120_00, 1: 12_00}},
		{code: "HOST-PRO", kind: catalog.Hosting, nl: "Webhosting Pro", en: "Web hosting Pro", about: space, aboutEN: spaceEN, limits: [5]int64{100, 1000, 1_000_000}, prices: net{12: 216_00, 3: 60_00, 1: 21_00}},
		{code: "RES-25", kind: catalog.Reseller, nl: "Reseller 25 accounts", en: "Reseller 25 accounts", about: "Vijfentwintig hostingaccounts om door te verkopen.", aboutEN: "Twenty-five hosting accounts to sell on.", limits: [5]int64{250, 2000, 0, 25}, prices: net{12: 300_00, 1: 29_00}},
		{code: "VPS-S", kind: catalog.VPS, nl: "VPS S (2 cores, 4 GB)", en: "VPS S (2 cores, 4 GB)", about: "Een eigen server met 80 GB opslag.", aboutEN: "A server of your own with 80 GB of storage.", limits: [5]int64{80}, prices: net{1: 12_00}},
		{code: "VPS-M", kind: catalog.VPS, nl: "VPS M (4 cores, 8 GB)", en: "VPS M (4 cores, 8 GB)", about: "Een eigen server met 160 GB opslag.", aboutEN: "A server of your own with 160 GB of storage.", limits: [5]int64{160}, prices: net{1: 24_00}},
	}
	for _, d := range []struct {
		tld  string
		year money.Cents
	}{{"nl", 9_00}, {"com", 15_00}, {"eu", 11_00}, {"be", 11_00}, {"de", 11_00}, {"net", 17_00}, {"org", 17_00}, {"info", 25_00}, {"online", 39_00}, {"shop", 39_00}, {"amsterdam", 39_00}, {"frl", 35_00}} {
		list = append(list, &product{code: "DOM-" + strings.ToUpper(d.tld), kind: catalog.Domain, nl: "Domeinnaam ." + d.tld, en: "Domain name ." + d.tld,
			about: "Uw eigen naam op internet.", aboutEN: "Your own name on the internet.", prices: net{12: d.year}, Product: catalog.Product{Tld: d.tld}})
	}
	return append(list,
		&product{code: "DOM-REDEEM-NL", kind: catalog.Service, nl: "Domeinnaam uit quarantaine", en: "Domain name out of quarantine", about: "Een beëindigde .nl-domeinnaam terughalen, binnen 40 dagen.", aboutEN: "Getting an ended .nl domain name back, within 40 days.", prices: net{0: 45_00}},
		&product{code: "DOM-REDEEM-GTLD", kind: catalog.Service, nl: "Domeinnaam uit redemption", en: "Domain name out of redemption", about: "Een verlopen domeinnaam terughalen, binnen 30 dagen.", aboutEN: "Getting an expired domain name back, within 30 days.", prices: net{0: 95_00}},
		&product{code: "SSL-LE", kind: catalog.Certificate, nl: "SSL-certificaat gratis", en: "SSL certificate free", about: "Wordt vanzelf vernieuwd.", aboutEN: "Reissued automatically.", prices: net{12: 0}},
		&product{code: "SSL-DV", kind: catalog.Certificate, nl: "SSL-certificaat domein", en: "SSL certificate domain", about: "Wordt vanzelf vernieuwd.", aboutEN: "Reissued automatically.", prices: net{12: 19_00}},
		&product{code: "SSL-WILD", kind: catalog.Certificate, nl: "SSL-certificaat wildcard", en: "SSL certificate wildcard", about: "Voor alle subdomeinen; wordt vanzelf vernieuwd.", aboutEN: "For all subdomains; reissued automatically.", prices: net{12: 119_00}},
		&product{code: "SSL-OV", kind: catalog.Certificate, nl: "SSL-certificaat organisatie", en: "SSL certificate organisation", about: "Met controle van uw organisatie; wordt vanzelf vernieuwd.", aboutEN: "Your organisation is checked; reissued automatically.", prices: net{12: 89_00}},
		&product{code: "MAIL-5", kind: catalog.Mail, nl: "E-mail, 5 postvakken", en: "Mail, 5 mailboxes", about: "Vijf postvakken op uw eigen domeinnaam.", aboutEN: "Five mailboxes on your own domain name.", limits: [5]int64{25, 0, 0, 0, 5}, prices: net{12: 30_00}},
		&product{code: "MAIL-X", kind: catalog.Mail, nl: "Extra mailruimte, 10 GB", en: "Extra mail space, 10 GB", about: "Tien gigabyte erbij.", aboutEN: "Ten gigabytes more.", limits: [5]int64{10}, prices: net{12: 12_00}},
		&product{code: "MAIL-SPAM", kind: catalog.Mail, nl: "Spamfilter", en: "Spam filter", about: "Houdt reclame en virussen tegen.", aboutEN: "Stops spam and viruses.", prices: net{12: 18_00}},
		&product{code: "MAIL-EXCHANGE", kind: catalog.Mail, nl: "Exchange-postvak", en: "Exchange mailbox", about: "Mail, agenda en contacten op al uw apparaten.", aboutEN: "Mail, calendar and contacts on all your devices.", limits: [5]int64{50, 0, 0, 0, 1}, prices: net{1: 5_00}},
		&product{code: "BACKUP-30", kind: catalog.Backup, nl: "Back-up, 30 dagen", en: "Backup, 30 days", about: "Elke nacht een kopie, dertig dagen terug.", aboutEN: "A copy every night, thirty days back.", prices: net{12: 24_00}},
		&product{code: "SVC-MOVE", kind: catalog.Service, nl: "Verhuizing van een website", en: "Moving a website", about: "Wij verhuizen uw website en mail.", aboutEN: "We move your website and mail.", prices: net{0: 75_00}},
		&product{code: "SVC-HOUR", kind: catalog.Service, nl: "Ondersteuning, per uur", en: "Support, by the hour", about: "Hulp van een technicus.", aboutEN: "Help from an engineer.", prices: net{0: 85_00}},
		&product{code: "OVER-DISK", kind: catalog.Overage, nl: "Extra opslag, per GB", en: "Extra storage, for each GB", about: agreed, aboutEN: agreedEN, prices: net{1: 1_00}},
		&product{code: "OVER-TRAFFIC", kind: catalog.Overage, nl: "Extra dataverkeer, per GB", en: "Extra traffic, for each GB", about: agreed, aboutEN: agreedEN, prices: net{1: 10}},
		&product{code: "WEIDE-COMPLEET", kind: catalog.Hosting, nl: "Compleet: hosting met domeinnaam", en: "Complete: hosting with a domain name", about: space, aboutEN: spaceEN, // M-09
			limits: [5]int64{5, 50, 100_000, 1, 10}, prices: net{12: 48_00}, Product: catalog.Product{BundlesDomain: true}},
	)
}

type net = map[int]money.Cents

// The prices went up twice since the beginning, from what percentage of the present one.
var increases = []struct {
	from    civil.Date
	percent money.Cents
}{{civil.New(2005, 1, 1), 84}, {civil.New(2018, 1, 1), 92}, {civil.New(2023, 1, 1), 100}}

// priceAt returns the net price of a time in which it was a percentage of the present one, in whole euros. What costs less
// than five euros always did.
func priceAt(now, percent money.Cents) money.Cents {
	if percent == 100 || now < 5_00 {
		return now
	}
	return now * percent / 100_00 * 1_00
}

// row fills in the row of the product.
func (p *product) row(position int) {
	p.ID, p.Position, p.Orderable, p.UsagePolicy = key.New(), position, p.kind != catalog.Overage, "NOTIFY"
	p.Code, p.Kind, p.NameNl, p.NameEn, p.DescriptionNl, p.DescriptionEn = p.code, p.kind, p.nl, p.en, p.about, p.aboutEN
	for i, to := range []**int64{&p.DiskLimitBytes, &p.TrafficLimitBytes, &p.InodeLimit} {
		if limit := p.limits[i]; limit > 0 {
			*to = new(limit * [...]int64{gb, gb, 1}[i])
		}
	}
	for i, to := range []**int{&p.SiteLimit, &p.MailboxLimit} {
		if limit := p.limits[3+i]; limit > 0 {
			*to = new(int(limit))
		}
	}
}

// makeCatalog writes the price list, with what each product cost before.
func (m *maker) makeCatalog(ctx context.Context) error {
	return m.write(ctx, opening.At(8, 1), func(ctx context.Context, tx *pg.Tx) error {
		var rows []catalog.Product
		var prices []catalog.Price
		for i, p := range priceList() {
			p.row((i + 1) * 10)
			p.CreatedAt = tx.Now
			m.products[p.code], rows = p, append(rows, p.Product)
			for months, now := range p.prices {
				last := money.Cents(-1)
				for _, step := range increases {
					if was := priceAt(now, step.percent); was != last {
						prices = append(prices, catalog.Price{ID: key.New(), ProductID: p.ID, TermMonths: months, ValidFrom: step.from, AmountCents: was})
						last = was
					}
				}
			}
		}
		if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&prices).Exec(ctx)
		return err
	})
}
