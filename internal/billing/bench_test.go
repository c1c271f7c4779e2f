package billing_test

import (
	"testing"
)

// BenchmarkBillingRun bills a thousand accounts with two services each that are due on one day.
func BenchmarkBillingRun(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p := newProvider(b, "PING")
		a := p.Account("BUSINESS")
		p.Yearly(a, "HOST-BASIS", "klant.nl", "2027-05-05")
		p.Yearly(a, "DOM-NL", "klant.nl", "2027-05-09")
		p.Exec(`insert into account (id, number, brand_id, kind, company_name, email, line1, postcode, city, customer_since, created_at)
			select md5(n::text)::uuid, 'B' || n, brand_id, kind, company_name, email, line1, postcode, city, customer_since, created_at from account, generate_series(2, 1000) n`)
		p.Exec(`insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
			select gen_random_uuid(), a.id, s.product_id, s.label, s.term_months, s.anchor_on, s.period_start_on, s.period_end_on, s.billed_until_on, s.status, s.created_at
			from subscription s, account a where a.id <> s.account_id`)
		d := p.Today("2027-04-01")
		b.StartTimer()
		if err := p.Daily(b.Context(), d); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if got := p.Text(`select count(*) from invoice`); got != "1000" {
			b.Fatalf("%s invoices", got)
		}
		b.StartTimer()
	}
}
