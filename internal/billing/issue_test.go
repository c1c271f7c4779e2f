package billing_test

import (
	"testing"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

func (p *provider) check(account uuid.UUID, outcome, number, day string) {
	p.t.Helper()
	p.Exec(`insert into vat_check (id, account_id, vat_id, outcome, consultation_number, checked_at) values (gen_random_uuid(), ?, 'BE0123456749', ?, ?, ?)`, account, outcome, number, civil.MustParse(day).At(12, 0))
}

// peeters is a business in Belgium with hosting that renews on 2027-04-18.
func peeters(p *provider) uuid.UUID {
	a := p.Account("BUSINESS")
	p.Exec(`update account set country = 'BE', vat_id = 'BE0123456749', language = 'en' where id = ?`, a)
	p.Yearly(a, "HOST-BASIS", "peeters.be", "2027-04-18")
	return a
}

func TestReverseChargeRestsOnAStoredProof(t *testing.T) {
	p := newProvider(t, "PING")
	a := peeters(p)
	p.check(a, "VALID", "WAPIAAA1", "2027-01-15")
	p.check(a, "UNAVAILABLE", "", "2027-02-28")
	p.day("2027-03-01")
	p.is("invoice", `select net_cents, vat_cents, language, customer->>'Consultation' as proof, customer->>'VATID' as v, customer->>'VATText' as text, supplier->>'VATID' as s from invoice`,
		`7200,0,en,WAPIAAA1,BE0123456749,"VAT reverse charge / btw verlegd",NL001234567B01`)
	p.is("for the listing", `select category, rate, country, net_cents from invoice_vat`, "AE,0,BE,7200")
	p.is("in English", `select description from invoice_line`, `"Webhosting Basis – peeters.be, 18-04-2027 to 17-04-2028"`)
	p.is("VIES is asked again", `select data->>'recheck' as r from event`, "true")
}

func TestAnOutageOfVIESHoldsTheInvoiceThreeDays(t *testing.T) {
	p := newProvider(t, "PING")
	a := peeters(p)
	p.check(a, "UNAVAILABLE", "", "2027-02-28")
	for _, d := range []string{"2027-03-01", "2027-03-02", "2027-03-03"} {
		p.day(d)
		p.is("held on "+d, `select (select count(*) from invoice) as i, (select since_on from billing_hold) as h, (select billed_until_on from subscription) as b`, "0,2027-03-01,2027-04-18")
	}
	p.is("staff hear of it once", `select kind, data->>'reason' as r from event`, "invoice.held,VAT")
	p.day("2027-03-04")
	p.is("then it goes out with VAT", `select i.issued_on, i.vat_cents, v.country, i.scheduled_on from invoice i join invoice_vat v on v.invoice_id = i.id`, "2027-03-04,1512,BE,2027-03-01")
	p.is("and the hold is over", `select count(*) from billing_hold`, "0")
}

func TestWithoutAPriceStaffAreAsked(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "HOST-BASIS", "a.nl", "2027-04-18")
	p.Service(a, "HOST-PLUS", "b.nl", 24, "2025-04-20", "2025-04-20", "2027-04-20")
	p.day("2027-03-01")
	p.is("the priced line goes out", `select label from invoice_line`, "a.nl")
	p.is("the other waits", `select reason from billing_hold`, "PRICE")
	p.Exec(`update subscription set price_cents = 20000 where label = 'b.nl'`)
	p.day("2027-03-02")
	p.is("and follows", `select label, net_cents, late from invoice_line where label = 'b.nl'`, "b.nl,20000,t")
	p.is("nothing waits", `select count(*) from billing_hold`, "0")
}

func TestNothingIsIssuedForNothing(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "SSL-LE", "a.nl", "2027-04-18")
	p.day("2027-03-01")
	p.is("no invoice", `select count(*) from invoice`, "0")
	p.is("covered", `select period, invoice_line_id is null as free from covered_period`, `"[2027-04-18,2028-04-18)",t`)
	p.Yearly(a, "HOST-BASIS", "a.nl", "2028-04-20")
	p.day("2028-03-01")
	p.is("beside something it is a line", `select net_cents from invoice_line order by position`, "0; 7200")
}

func TestMonthlyTermsOfEveryAnchorAreBilledOnceAMonth(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Service(a, "VPS-S", "31st", 1, "2026-12-31", "2026-12-31", "2027-01-31")
	p.Service(a, "VPS-S", "1st", 1, "2026-12-01", "2027-01-01", "2027-02-01")
	for d := civil.MustParse("2027-01-05"); d.Before(civil.MustParse("2027-06-10")); d = d.AddDays(1) {
		p.Clock.Set(d.At(4, 0))
		if err := p.Daily(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	p.is("invoices", `select issued_on, count(*) from invoice i join invoice_line l on l.invoice_id = i.id where issued_on > '2027-01-05' group by 1 order by 1`,
		"2027-02-01,2; 2027-03-01,2; 2027-04-01,2; 2027-05-01,2; 2027-06-01,2")
	p.is("periods of the 31st", `select period_start_on from invoice_line where label = '31st' order by 1`, "2027-01-31; 2027-02-28; 2027-03-31; 2027-04-30; 2027-05-31; 2027-06-30")
}

func TestAnOpenCancellationEndsOnItsLegalDay(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	s := p.Yearly(a, "HOST-BASIS", "a.nl", "2027-04-18")
	p.day("2027-03-01")
	p.Exec(`insert into cancellation (id, account_id, subscription_id, mode, status, received_at, entered_at, effective_on) values (gen_random_uuid(), ?, ?, 'END_OF_TERM', 'OPEN', '2027-03-19', '2027-03-19', '2027-04-18')`, a, s)
	p.days("2027-04-17", "2027-04-18")
	p.is("it has ended", `select s.status, s.ends_on, s.end_reason, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,2027-04-18,CANCELLED,EXECUTED")
	p.is("and what was billed after it is credited", `select kind, total_cents, open_cents from invoice order by number`, "INVOICE,8712,0; CREDIT_NOTE,-8712,0")
}

func TestCredits(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	for _, label := range []string{"a.nl", "b.nl", "c.nl"} {
		p.Yearly(a, "THIRD", label, "2027-04-18")
	}
	p.day("2027-03-01")
	p.is("VAT once per rate", invoices, "2027-03-01,2027-03-15,RUN,2520,529,3049")
	inv := uuid.MustParse(p.Text(`select id from invoice`))
	line := func(label string) uuid.UUID {
		return uuid.MustParse(p.Text(`select id from invoice_line where label = ? and refers_to_id is null`, label))
	}
	credit := func(lines ...billing.CreditLine) error {
		return p.Job(func(tx *pg.Tx) error { _, err := billing.Credit(t.Context(), tx, inv, "test", lines...); return err })
	}
	p.At("2027-03-02", 9, 0)
	if err := credit(billing.CreditLine{LineID: line("a.nl"), Net: 8_41}); !problem.Is(err, problem.Conflict) {
		t.Errorf("more than the line: %v", err)
	}
	if err := credit(billing.CreditLine{LineID: line("a.nl"), Net: 4_00, Money: true}); err != nil {
		t.Fatal(err)
	}
	p.is("only money goes back", `select count(*) from covered_period where not credited`, "3")
	if err := credit(billing.CreditLine{LineID: line("b.nl"), From: civil.MustParse("2027-10-18"), Net: 4_18}); err != nil {
		t.Fatal(err)
	}
	p.is("part of a period", `select c.period, c.credited from covered_period c join subscription s on s.id = c.subscription_id where s.label = 'b.nl' order by 1`,
		`"[2027-04-18,2027-10-18)",f; "[2027-10-18,2028-04-18)",t`)
	p.is("as a line", `select description, period_start_on, net_cents from invoice_line where label = 'b.nl' and refers_to_id is not null`,
		`"Derde – b.nl, 18-04-2027 t/m 17-04-2028 (vanaf 18-10-2027)",2027-10-18,-418`)
	if err := credit(); err != nil {
		t.Fatal(err)
	}
	p.is("in all exactly the invoice", `select sum(net_cents), sum(vat_cents), sum(total_cents) from invoice`, "0,0,0")
	p.is("nothing is open", `select open_cents, credited_cents from invoice where kind = 'INVOICE'`, "0,3049")
	p.is("nor asked", `select count(*) from notification where kind = 'INVOICE_OPEN' and resolved_at is null`, "0")
	if err := credit(billing.CreditLine{LineID: line("a.nl"), Net: 1}); !problem.Is(err, problem.Conflict) {
		t.Errorf("after all of it: %v", err)
	}
	gapless(p)
}

func TestWithdrawalCreditsTheDaysThatWereNotUsed(t *testing.T) { // the money of A23
	p := newProvider(t, "PING")
	a := p.Account("CONSUMER")
	for _, code := range []string{"HOST-START", "DOM-NL"} {
		s := p.Service(a, code, "nieuw.nl", 12, "2026-11-20", "2026-11-20", "2027-11-20")
		p.Exec(`update subscription set billed_until_on = anchor_on where id = ?`, s)
	}
	p.At("2026-11-20", 14, 0)
	p.Must(func(tx *pg.Tx) error { _, err := billing.BillNow(t.Context(), tx, a, billing.OriginOrder); return err })
	p.receive(billing.Receipt{AccountID: a, Method: "IDEAL", Amount: 54_45})
	p.At("2026-11-27", 10, 0)
	p.Must(func(tx *pg.Tx) error {
		var lines []billing.CreditLine
		for label, net := range map[string]money.Cents{"HOST-START": 35_31, "DOM-NL": 8_83} {
			id := uuid.MustParse(p.Text(`select l.id from invoice_line l join product q on q.id = l.product_id where q.code = ?`, label))
			lines = append(lines, billing.CreditLine{LineID: id, Net: net, From: tx.Today()})
		}
		_, err := billing.Credit(t.Context(), tx, uuid.MustParse(p.Text(`select id from invoice`)), "withdrawn", lines...)
		return err
	})
	p.is("the credit note", `select net_cents, vat_cents, total_cents from invoice where kind = 'CREDIT_NOTE'`, "-4414,-927,-5341")
	p.is("goes back", `select balance_cents from account`, "5341")
}

func TestWhoHasCancelledIsOfferedNothing(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("CONSUMER")
	s := p.Yearly(a, "HOST-START", "a.nl", "2027-04-18")
	p.Exec(`insert into cancellation (id, account_id, subscription_id, mode, status, received_at, entered_at, effective_on) values (gen_random_uuid(), ?, ?, 'END_OF_TERM', 'OPEN', '2027-03-01', '2027-03-01', '2027-04-18')`, a, s)
	p.day("2027-03-19")
	p.is("offers", `select count(*) from renewal_offer`, "0")
	p.day("2027-04-18")
	p.is("it ends as asked", `select status, end_reason from subscription`, "ENDED,CANCELLED")
}
