package billing_test

import (
	"testing"

	"klantenpaneel/internal/billing"
)

func TestReconciliationFindsWhatMustNotBe(t *testing.T) {
	p := newProvider(t, "PING")
	crowd(p, 10)
	d := p.Today("2027-04-01")
	if err := p.Daily(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	a := p.Account("BUSINESS")
	p.receive(billing.Receipt{AccountID: a, Method: "IDEAL", Amount: 5_00})
	find := func() map[string]int {
		t.Helper()
		found, err := p.Reconcile(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, f := range found {
			counts[f.Rule] = f.Count
		}
		return counts
	}
	if found := find(); len(found) > 0 {
		t.Fatalf("where all is well it finds %v", found)
	}
	super := p.Super(t)
	for _, c := range []struct{ rule, damage string }{
		{"a subscription is billed until the end of its last period (1)", `update subscription set billed_until_on = billed_until_on - 1 where status = 'ACTIVE' and label = 'k0.nl'`},
		{"no term is over that was neither renewed nor ended (2)", `update subscription set period_end_on = period_start_on + 1 where label = 'k1.nl'`},
		{"what is paid on an invoice is what was put on it (5)", `update invoice set allocated_cents = 1 where sequence = 2`},
		{"what is credited on an invoice is what its credit notes say (5)", `update invoice set credited_cents = 1 where sequence = 3`},
		{"the balance is the sum of its entries (5)", `update account set balance_cents = 4 where balance_cents = 500`},
		{"the total is the sum of the lines (3)", `alter table invoice_line disable trigger user; update invoice_line set net_cents = net_cents + 1 where label = 'm' and net_cents = 1200 and ctid = (select min(ctid) from invoice_line where label = 'm')`},
		{"the VAT is that of the sums per rate (3)", `alter table invoice_vat disable trigger user; update invoice_vat set vat_cents = vat_cents - 1 where invoice_id = (select id from invoice where sequence = 1)`},
		{"the VAT of a rate is rounded half up, once (3)", ``}, // by the one before
		{"numbers run from 1 without gaps, in order of issue (6)", `alter table invoice disable trigger user; update invoice set sequence = 1000 where sequence = 4`},
		{"the billed periods of a subscription follow each other (1)", `insert into covered_period (id, account_id, subscription_id, period) select gen_random_uuid(), account_id, id, '[2040-01-01,2041-01-01)' from subscription where label = 'k5.nl' limit 1`},
	} {
		if c.damage != "" {
			if _, err := super.Exec(c.damage); err != nil {
				t.Fatal(err)
			}
		}
		if find()[c.rule] == 0 {
			t.Errorf("not found: %s", c.rule)
		}
	}
}
