package demo

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// customer is one customer and how it behaves.
type customer struct {
	account.Account
	key        string // by which the stories know it
	preference account.BillingPreference
	contacts   []account.Contact
	partner    string // key of the reseller
	iban       string // of a direct debit; "" for none
	evidence   map[string]string
	viesOn     civil.Date // day of the latest check; zero for who has none
	vies       bool

	pays      string     // payment method
	payDays   int        // days from the invoice to the payment
	stopsOn   civil.Date // invoices from this day on stay unpaid; zero for never
	answers   int        // days from an offer to its acceptance
	silentOn  civil.Date // offers from this day on stay unanswered; zero for never
	leavesOn  civil.Date // ends everything by this renewal; zero for never
	purchases []purchase

	users []uuid.UUID
	known bool // the account exists
}

// purchase is one order.
type purchase struct {
	on    civil.Date
	items []item
}

// item is one service of an order.
type item struct {
	code   string
	label  string
	months int // 12 when 0
}

// business returns a Dutch business; its domain is that of its mail.
func business(key, name, street, postcode, city string, n int) *customer {
	return &customer{key: key, pays: "BANK_TRANSFER", payDays: 9, Account: account.Account{Kind: account.Business, CompanyName: name, Line1: street, Postcode: postcode, City: city, Country: "NL",
		Language: "nl", KvkNumber: fmt.Sprintf("9000%04d", n), VatID: vatID("NL", "NL9%07d%dB01", n), Email: "administratie@" + key + ".example", Phone: fmt.Sprintf("+31 20 555 %02d %02d", n/100%100, n%100)}}
}

// consumer returns a Dutch consumer.
func consumer(key, first, last, street, postcode, city string, n int) *customer {
	return &customer{key: key, pays: "IDEAL", payDays: 3, answers: 6, Account: account.Account{Kind: account.Consumer, FirstName: first, LastName: last, Line1: street, Postcode: postcode, City: city, Country: "NL",
		Language: "nl", Email: strings.ToLower(first) + "@" + key + ".example", Phone: fmt.Sprintf("+31 6 5555 %04d", n)}}
}

// named sets who at the business is spoken to.
func (c *customer) named(first, last string) *customer {
	c.FirstName, c.LastName = first, last
	return c
}

// buys adds an order.
func (c *customer) buys(on civil.Date, items ...item) *customer {
	c.purchases = append(c.purchases, purchase{on, items})
	return c
}

// enter opens the account, on the day of the first order.
func (s *seeder) enter(ctx context.Context, tx *pg.Tx, c *customer) error {
	c.ID, c.Status, c.CustomerSince, c.CreatedAt = key.New(), account.Active, tx.Today(), tx.Now
	if c.BrandID == uuid.Nil {
		c.BrandID = s.brands["PING"]
	}
	if c.partner != "" {
		c.PartnerID = &s.byKey[c.partner].ID
	}
	if err := tx.NewRaw(`select nextval('account_number_seq')::text`).Scan(ctx, &c.Number); err != nil {
		return fmt.Errorf("number a customer: %w", err)
	}
	if _, err := tx.NewInsert().Model(&c.Account).ExcludeColumn("name", "balance_cents").Exec(ctx); err != nil {
		return fmt.Errorf("add %s: %w", c.key, err)
	}
	s.byAccount[c.ID], c.known = c, true
	if err := s.prefer(ctx, tx, c); err != nil {
		return err
	}
	for i := range c.contacts {
		c.contacts[i].ID, c.contacts[i].AccountID, c.contacts[i].CreatedAt = key.New(), c.ID, tx.Now
		if _, err := tx.NewInsert().Model(&c.contacts[i]).Exec(ctx); err != nil {
			return fmt.Errorf("add a contact of %s: %w", c.key, err)
		}
	}
	return s.admit(ctx, tx, c)
}

// prefer writes how the customer wants to be billed, its mandate, and the proof of where it lives.
func (s *seeder) prefer(ctx context.Context, tx *pg.Tx, c *customer) error {
	p := &c.preference
	p.AccountID, p.Language, p.UpdatedAt = c.ID, c.Language, tx.Now
	if p.Delivery == "" {
		p.Delivery = "EMAIL"
	}
	p.PaymentMethod = "INVOICE"
	if c.iban != "" {
		p.PaymentMethod = "DIRECT_DEBIT"
		_, err := tx.NewRaw(`insert into mandate (id, account_id, reference, status, iban, holder, signed_on, created_at) values (?, ?, ?, 'ACTIVE', ?, ?, ?, ?)`,
			key.New(), c.ID, "NOORDER-"+c.Number, c.iban, cmp.Or(c.CompanyName, c.FirstName+" "+c.LastName), tx.Today(), tx.Now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("add a mandate: %w", err)
		}
	}
	if _, err := tx.NewInsert().Model(p).Exec(ctx); err != nil {
		return fmt.Errorf("add preferences: %w", err)
	}
	for kind, country := range c.evidence {
		_, err := tx.NewRaw(`insert into location_evidence (id, account_id, kind, country, recorded_at) values (?, ?, ?, ?, ?)`, key.New(), c.ID, kind, country, tx.Now).Exec(ctx)
		if err != nil {
			return fmt.Errorf("add evidence: %w", err)
		}
	}
	return s.askVIES(ctx, tx, c)
}

// askVIES stores an answer of VIES now and then, as the task that asks it would.
func (s *seeder) askVIES(ctx context.Context, tx *pg.Tx, c *customer) error {
	if !c.vies || !c.viesOn.IsZero() && tx.Today().Sub(c.viesOn) < 60 {
		return nil
	}
	c.viesOn = tx.Today()
	_, err := tx.NewRaw(`insert into vat_check (id, account_id, vat_id, outcome, consultation_number, checked_at) values (?, ?, ?, 'VALID', ?, ?)`,
		key.New(), c.ID, c.VatID, "WAPI"+strings.ToUpper(c.key[:3])+strings.ReplaceAll(tx.Today().String(), "-", ""), tx.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store an answer of VIES: %w", err)
	}
	return nil
}

// vatID returns a VAT id in that form with the right check digits, which come last. Some numbers have none: then the next.
func vatID(country, form string, n int) string {
	for ; ; n += 5000 {
		for check := range 100 {
			if id, err := vat.ParseID(country, fmt.Sprintf(form, n, check)); err == nil {
				return string(id)
			}
		}
	}
}

// testIBAN returns an account number of a bank that does not exist, with right check digits.
func testIBAN(n int) string {
	for check := 2; check < 99; check++ {
		if iban, err := vat.ParseIBAN(fmt.Sprintf("NL%02dTEST%010d", check, n)); err == nil {
			return string(iban)
		}
	}
	return ""
}

func (s *seeder) product(code string) *catalog.Product {
	p, ok := s.products[code]
	if !ok {
		panic("demo: there is no product " + code)
	}
	return p
}

// noon is when customers order.
func noon(day civil.Date) time.Time { return day.At(12, 0) }
