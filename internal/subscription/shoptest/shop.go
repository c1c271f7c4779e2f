// Package shoptest gives tests a small provider: a brand with a few products, and customers with services.
package shoptest

import (
	"fmt"
	"testing"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Shop is a provider in a database of its own.
type Shop struct {
	*pgtest.Database
	Brand    uuid.UUID
	products map[string]uuid.UUID
	t        testing.TB
	accounts int
}

// prices are net cents by product and term in months, as in rules §5.
var prices = map[string]map[int]int{
	"HOST-START": {12: 36_00, 1: 4_00}, "HOST-BASIS": {12: 72_00, 1: 7_00}, "HOST-PLUS": {12: 120_00}, "HOST-PRO": {12: 216_00, 3: 60_00},
	"DOM-NL": {12: 9_00, 24: 18_00, 36: 27_00, 6: 5_00, 3: 3_00}, "DOM-COM": {12: 15_00}, "VPS-S": {1: 12_00}, "SSL-LE": {12: 0},
	"ODD": {12: 27_50, 3: 7_50}, "THIRD": {12: 8_40},
}

// New returns a shop under the policy PING or MHP.
func New(t testing.TB, profile string) *Shop {
	t.Helper()
	s := &Shop{Database: pgtest.New(t), Brand: key.New(), products: map[string]uuid.UUID{}, t: t}
	s.Exec(`insert into brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
		values (?, 'TEST', ?, 'Test', 'Test B.V.', 'Kade 1', '1000 AA', 'Amsterdam', 'NL', '90000012', 'NL001234567B01', 'NL20INGB0001234567', 'INGBNL2A', 'info@test.example', '020', 'https://test.example', ?)`,
		s.Brand, profile, s.Clock.Now())
	for code, terms := range prices {
		id, kind := key.New(), "HOSTING"
		if code[:3] == "DOM" {
			kind = "DOMAIN"
		}
		s.products[code] = id
		s.Exec(`insert into product (id, code, kind, name_nl, name_en, tld, created_at) values (?, ?, ?, ?, ?, ?, ?)`, id, code, kind, names[code], names[code], "", s.Clock.Now())
		for months, cents := range terms {
			s.Exec(`insert into product_price (id, product_id, term_months, valid_from, amount_cents) values (?, ?, ?, '2013-01-01', ?)`, key.New(), id, months, cents)
		}
	}
	return s
}

var names = map[string]string{"HOST-START": "Webhosting Start", "HOST-BASIS": "Webhosting Basis", "HOST-PLUS": "Webhosting Plus", "HOST-PRO": "Webhosting Pro",
	"DOM-NL": "Domeinnaam .nl", "DOM-COM": "Domeinnaam .com", "VPS-S": "VPS S", "SSL-LE": "Certificaat", "ODD": "Vreemd", "THIRD": "Derde"}

// Account adds a Dutch customer, "BUSINESS" or "CONSUMER".
func (s *Shop) Account(kind string) uuid.UUID {
	s.t.Helper()
	id := key.New()
	s.accounts++
	s.Exec(`insert into account (id, number, brand_id, kind, company_name, email, line1, postcode, city, customer_since, created_at)
		values (?, ?, ?, ?, 'Klant', 'klant@test.example', 'Straat 1', '1000 AA', 'Amsterdam', '2014-01-01', ?)`, id, fmt.Sprint("T", s.accounts), s.Brand, kind, s.Clock.Now())
	return id
}

// Service adds a running service whose running term ends on renewal, everything until then being billed.
func (s *Shop) Service(account uuid.UUID, code, label string, months int, anchor, start, renewal string) uuid.UUID {
	s.t.Helper()
	id := key.New()
	s.Exec(`insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'ACTIVE', ?)`, id, account, s.products[code], label, months, anchor, start, renewal, renewal, s.Clock.Now())
	return id
}

// Yearly is Service for a term of a year that ends on renewal.
func (s *Shop) Yearly(account uuid.UUID, code, label, renewal string) uuid.UUID {
	s.t.Helper()
	start := civil.MustParse(renewal).AddMonths(-12).String()
	return s.Service(account, code, label, 12, start, start, renewal)
}

// Domain adds the domain name of a service.
func (s *Shop) Domain(account, service uuid.UUID, name, expires string) uuid.UUID {
	s.t.Helper()
	id := key.New()
	s.Exec(`insert into domain (id, account_id, subscription_id, name, status, expires_on, created_at) values (?, ?, ?, ?, 'ACTIVE', ?, ?)`, id, account, service, name, expires, s.Clock.Now())
	return id
}

// Package adds the hosting package of a service.
func (s *Shop) Package(account, service uuid.UUID, name string) uuid.UUID {
	s.t.Helper()
	id := key.New()
	s.Exec(`insert into hosting_package (id, account_id, subscription_id, name, status, created_at) values (?, ?, ?, ?, 'ACTIVE', ?)`, id, account, service, name, s.Clock.Now())
	return id
}

// Exec runs a statement as the owner.
func (s *Shop) Exec(statement string, args ...any) {
	s.t.Helper()
	if _, err := s.Owner.NewRaw(statement, args...).Exec(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// Text returns the one value of a query as text, with rows and columns joined when there are more: "a|b; c|d".
func (s *Shop) Text(query string, args ...any) string {
	s.t.Helper()
	var text string
	err := s.Owner.NewRaw(`select coalesce(string_agg(trim(both '()' from q::text), '; '), '') from (`+query+`) q`, args...).Scan(s.t.Context(), &text)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// Today sets the clock to 04:00 of the day, when the daily job runs.
func (s *Shop) Today(day string) civil.Date {
	d := civil.MustParse(day)
	s.Clock.Set(d.At(4, 0))
	return d
}

// At sets the clock to a time in Amsterdam on the day.
func (s *Shop) At(day string, hour, minute int) { s.Clock.Set(civil.MustParse(day).At(hour, minute)) }

// Job runs f in a transaction of a job.
func (s *Shop) Job(f func(tx *pg.Tx) error) error {
	return s.DB.Write(s.t.Context(), viewer.ForJob("test"), viewer.ManageDesk, f)
}

// Must is Job that must succeed.
func (s *Shop) Must(f func(tx *pg.Tx) error) {
	s.t.Helper()
	if err := s.Job(f); err != nil {
		s.t.Fatal(err)
	}
}
