package billing_test

import (
	"testing"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/subscription/shoptest"

	"github.com/google/uuid"
)

// provider is a shop with the engine.
type provider struct {
	*shoptest.Shop
	*billing.Billing
	t testing.TB
}

func newProvider(t testing.TB, profile string) *provider {
	t.Helper()
	s := shoptest.New(t, profile)
	return &provider{s, billing.New(s.DB), t}
}

// day runs the daily job of the day, twice: the second time changes nothing (invariant 7).
func (p *provider) day(day string) {
	p.t.Helper()
	d := p.Today(day)
	for n := range 2 {
		before := p.state()
		if err := p.Daily(p.t.Context(), d); err != nil {
			p.t.Fatalf("the job of %s: %v", day, err)
		}
		if after := p.state(); n == 1 && before != after {
			p.t.Fatalf("a second job on %s changed\n%s\nto\n%s", day, before, after)
		}
	}
}

// days runs the daily job of each day from one to another.
func (p *provider) days(from, until string) {
	p.t.Helper()
	for d := p.Today(from); !d.After(p.Today(until)); d = d.AddDays(1) {
		p.day(d.String())
	}
}

// state is everything that a job could change.
func (p *provider) state() (all string) {
	p.t.Helper()
	for _, table := range []string{"invoice", "invoice_line", "invoice_vat", "covered_period", "subscription", "account", "domain", "hosting_package", "renewal_offer", "notification", "balance_entry", "allocation", "cancellation", "billing_hold"} {
		all += p.Text(`select * from `+table+` t order by t::text`) + "\n"
	}
	return all + p.Text(`select kind, account_id, subject_id, data from event order by seq`)
}

// is compares the result of a query.
func (p *provider) is(what, query, want string, args ...any) {
	p.t.Helper()
	if got := p.Text(query, args...); got != want {
		p.t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

const invoices = `select issued_on, due_on, origin, net_cents, vat_cents, total_cents from invoice where state = 'ISSUED' order by issued_on, number`

func TestA01TheDocumentsExample(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Service(a, "HOST-BASIS", "voorbeeld.nl", 12, "2014-04-18", "2014-04-18", "2015-04-18")
	p.day("2015-02-28")
	p.is("before the 1st", invoices, "")
	p.day("2015-03-01")
	p.is("the invoice", invoices, "2015-03-01,2015-03-15,RUN,7200,1512,8712")
	p.is("its line", `select description, rule, late, last_cancel_on, vat_category, vat_rate from invoice_line`,
		`"Webhosting Basis – voorbeeld.nl, 18-04-2015 t/m 17-04-2016",CALENDAR,f,2015-03-19,S,2100`)
	p.is("its number and what it is found by", `select number, series, year, sequence, search from invoice`,
		`2015-000001,"",2015,1,"2015-000001 webhosting basis – voorbeeld.nl, 18-04-2015 t/m 17-04-2016"`)
	p.is("the notification", `select kind, data->>'number' as n, data->>'day' as d from notification`, "INVOICE_OPEN,2015-000001,15-03-2015")
	p.is("the panel", `select next_invoice_on, next_invoice_net_cents + next_invoice_vat_cents as total from account`, "2016-03-01,8712")
	p.is("the audit", `select kind, actor from event`, "invoice.issued,job:daily")
	p.is("the parties", `select supplier->>'Name' as s, customer->>'Name' as c, customer->>'City' as city from invoice`, `"Test B.V.",Klant,Amsterdam`)
}

func TestA02SameMonthOneInvoice(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "DOM-NL", "klant.nl", "2027-05-05")
	p.Yearly(a, "HOST-PLUS", "klant.nl", "2027-05-31")
	p.day("2027-04-01")
	p.day("2027-05-01")
	p.is("one invoice", invoices, "2027-04-01,2027-04-15,RUN,12900,2709,15609")
	p.is("two lines", `select net_cents, rule from invoice_line order by position`, "900,CALENDAR; 12000,GROUPED")
}

func TestA05CreditAfterTheInvoice(t *testing.T) {
	for name, paid := range map[string]bool{"unpaid": false, "paid": true} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t, "PING")
			a := p.Account("BUSINESS")
			hosting := p.Yearly(a, "HOST-BASIS", "klant.nl", "2027-04-18")
			p.Yearly(a, "DOM-NL", "klant.nl", "2027-04-22")
			p.day("2027-03-01")
			if paid {
				p.receive(billing.Receipt{AccountID: a, Method: "BANK_TRANSFER", Amount: 98_01})
			}
			p.At("2027-03-23", 10, 0)
			p.Must(func(tx *pg.Tx) error {
				_, err := billing.CreditFrom(t.Context(), tx, hosting, tx.Today().AddDays(26), "cancelled")
				return err
			})
			p.is("the credit note", `select n.issued_on, n.net_cents, n.vat_cents, n.total_cents, i.number from invoice n join invoice i on i.id = n.refers_to_id`, "2027-03-23,-7200,-1512,-8712,2027-000001")
			want, balance := "1089", "0"
			if paid {
				want, balance = "0", "8712"
			}
			p.is("open", `select open_cents from invoice where kind = 'INVOICE'`, want)
			p.is("balance", `select balance_cents from account`, balance)
			p.is("covered", `select period, credited from covered_period where subscription_id = ?`, `"[2027-04-18,2028-04-18)",t`, hosting)
			p.is("billed until", `select billed_until_on from subscription where id = ?`, "2027-04-18", hosting)
		})
	}
}

func TestA09AConsumerRenews(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("CONSUMER")
	s := p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.day("2027-03-01")
	p.is("the run", invoices, "")
	p.is("the panel knows it from 60 days ahead", `select status, sends_on from renewal_offer`, "SCHEDULED,2027-03-19")
	p.day("2027-03-18")
	p.is("the day before", `select status from renewal_offer`, "SCHEDULED")
	p.day("2027-03-19")
	p.is("the offer", `select status, renews_on, net_cents, vat_cents from renewal_offer`, "OPEN,2027-04-18,3600,756")
	p.is("one mail is due", `select kind, data->>'renewsOn' as r, json_array_length((data->'offers')::json) as n from event`, "renewal_offer.opened,2027-04-18,1")
	id := uuid.MustParse(p.Text(`select id from renewal_offer`))
	p.At("2027-03-25", 20, 0)
	p.Must(func(tx *pg.Tx) error { _, err := billing.AcceptOffers(t.Context(), tx, id); return err })
	p.is("invoiced at once", invoices, "2027-03-25,2027-04-08,RENEWAL,3600,756,4356")
	p.is("the period", `select period_start_on, period_end_on, rule from invoice_line`, "2027-04-18,2028-04-18,CONSUMER")
	p.is("the next offer", `select offer_on, next_invoice_on from subscription where id = ?`, "2028-03-19,", s)
	err := p.Job(func(tx *pg.Tx) error { _, err := billing.AcceptOffers(t.Context(), tx, id); return err })
	if !problem.Is(err, subscription.AlreadyAccepted) {
		t.Errorf("a second acceptance: %v", err)
	}
	p.days("2027-03-26", "2027-04-20")
	p.is("still one invoice", `select count(*) from invoice`, "1")
	p.is("renewed", `select status, period_start_on, period_end_on from subscription`, "ACTIVE,2027-04-18,2028-04-18")
	p.is("told", `select kind from notification where kind <> 'INVOICE_OPEN' order by created_at, kind`, "RENEWAL_OFFER; RENEWAL_ACCEPTED; SUBSCRIPTION_RENEWED")
}

func TestA10AConsumerDoesNothing(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("CONSUMER")
	hosting := p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	domain := p.Yearly(a, "DOM-NL", "fatima.nl", "2027-04-18")
	p.Package(a, hosting, "fatima.nl")
	p.Domain(a, domain, "fatima.nl", "2027-04-18")
	p.days("2027-03-01", "2027-04-17")
	p.is("mails for both", `select kind, (at at time zone 'Europe/Amsterdam')::date as on, json_array_length((data->'offers')::json) as n from event order by seq`,
		"renewal_offer.opened,2027-03-19,2; renewal_offer.reminded,2027-04-11,2; renewal_offer.reminded,2027-04-17,2")
	id := uuid.MustParse(p.Text(`select id from renewal_offer order by id limit 1`))
	p.At("2027-04-18", 0, 0)
	if err := p.Job(func(tx *pg.Tx) error { _, err := billing.AcceptOffers(t.Context(), tx, id); return err }); !problem.Is(err, subscription.OfferGone) {
		t.Errorf("at midnight: %v", err)
	}
	p.day("2027-04-18")
	p.is("ended", `select distinct status, ends_on, end_reason from subscription`, "ENDED,2027-04-18,NOT_RENEWED")
	p.is("hosting", `select status, (purge_at at time zone 'Europe/Amsterdam')::date as on from hosting_package`, "DELETION_SCHEDULED,2027-05-18")
	p.is("domain", `select status, auto_renew, quarantine_until_on from domain`, "QUARANTINE,f,2027-05-28")
	p.is("offers", `select distinct status from renewal_offer`, "EXPIRED")
	p.days("2027-04-19", "2027-05-20")
	p.is("never an invoice", `select count(*) from invoice`, "0")
	p.is("told", `select kind, count(*) from notification group by kind order by kind`,
		"CANCELLATION_CONFIRMED,2; DOMAIN_QUARANTINE,1; HOSTING_DELETION_SCHEDULED,1; RENEWAL_OFFER,2; SUBSCRIPTION_ENDED,2")
	p.is("nothing is asked any more", `select count(*) from notification where kind = 'RENEWAL_OFFER' and resolved_at is null`, "0")
}

func TestA13PartialDoubleAndRepeatedPayment(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "DOM-NL", "klant.nl", "2027-05-05")
	p.Yearly(a, "HOST-PLUS", "klant.nl", "2027-05-31")
	p.day("2027-04-01")
	inv := uuid.MustParse(p.Text(`select id from invoice`))
	p.At("2027-04-06", 9, 0)
	p.receive(billing.Receipt{AccountID: a, Method: "BANK_TRANSFER", Amount: 100_00, Provider: "BANK", ProviderID: "1"})
	p.is("partly", `select open_cents, allocated_cents from invoice`, "5609,10000")
	p.receive(billing.Receipt{AccountID: a, InvoiceID: inv, Method: "IDEAL", Amount: 56_09, Provider: "MOLLIE", ProviderID: "tr_1"})
	p.is("paid", `select open_cents, (select count(*) from notification where kind = 'INVOICE_PAID') as told, (select count(*) from notification where kind = 'INVOICE_OPEN' and resolved_at is not null) as settled from invoice`, "0,1,1")
	for range 3 {
		p.receive(billing.Receipt{AccountID: a, InvoiceID: inv, Method: "IDEAL", Amount: 56_09, Provider: "MOLLIE", ProviderID: "tr_2"})
	}
	p.is("the second went to the balance", `select balance_cents from account`, "5609")
	p.is("once", `select count(*), sum(amount_cents) from payment`, "3,21218")
	p.is("staff hear of it", `select data->>'surplusCents' as s from event where kind = 'payment.received' and data ? 'surplusCents'`, "5609")
}

func TestA17OneStopShop(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("CONSUMER")
	p.Exec(`update account set country = 'DE'`)
	p.Exec(`insert into location_evidence (id, account_id, kind, country, recorded_at) values (gen_random_uuid(), ?0, 'BANK', 'DE', now()), (gen_random_uuid(), ?0, 'IP_ADDRESS', 'NL', now())`, a)
	p.Yearly(a, "HOST-START", "vogt.de", "2027-04-18")
	p.day("2027-03-19")
	p.is("the offer", `select net_cents, vat_cents from renewal_offer`, "3600,684")
	p.Must(func(tx *pg.Tx) error {
		_, err := billing.AcceptOffers(t.Context(), tx, uuid.MustParse(p.Text(`select id from renewal_offer`)))
		return err
	})
	p.is("the invoice", `select net_cents, vat_cents, total_cents, customer->>'VATReport' as r from invoice`, "3600,684,4284,OSS")
	p.is("in the report for Germany", `select country, category, rate, net_cents, vat_cents from invoice_vat`, "DE,S,1900,3600,684")
}

func TestA19NewOrderMidMonth(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	for _, code := range []string{"HOST-BASIS", "DOM-NL"} {
		s := p.Service(a, code, "nieuw.nl", 12, "2026-11-20", "2026-11-20", "2027-11-20")
		p.Exec(`update subscription set billed_until_on = anchor_on where id = ?`, s)
	}
	p.At("2026-11-20", 12, 0)
	p.Must(func(tx *pg.Tx) error { _, err := billing.BillNow(t.Context(), tx, a, billing.OriginOrder); return err })
	p.is("at once", invoices, "2026-11-20,2026-12-04,ORDER,8100,1701,9801")
	p.is("periods", `select distinct period_start_on, period_end_on, rule from invoice_line`, "2026-11-20,2027-11-20,FIRST")
	p.is("then the calendar", `select next_invoice_on, next_invoice_net_cents from account`, "2027-10-01,8100")
	p.day("2026-11-21")
	p.is("once", `select count(*) from invoice`, "1")
}

func (p *provider) receive(r billing.Receipt) (paid *billing.Payment) {
	p.t.Helper()
	p.Must(func(tx *pg.Tx) (err error) { paid, err = billing.Receive(p.t.Context(), tx, r); return err })
	return paid
}

func TestTheBalanceIsUsedFirst(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "HOST-BASIS", "klant.nl", "2027-04-18")
	p.Yearly(a, "HOST-PRO", "klant.nl", "2027-06-18")
	p.At("2027-02-01", 9, 0)
	p.receive(billing.Receipt{AccountID: a, Method: "BANK_TRANSFER", Amount: 100_00})
	p.day("2027-03-01")
	p.is("paid at once", `select open_cents, allocated_cents from invoice`, "0,8712")
	p.day("2027-05-01")
	p.is("the rest", `select open_cents from invoice where issued_on = '2027-05-01'`, "24848")
	p.is("nothing is left", `select balance_cents from account`, "0")
	p.is("told", `select kind from notification order by created_at`, "INVOICE_PAID; SUBSCRIPTION_RENEWED; INVOICE_OPEN")
}
