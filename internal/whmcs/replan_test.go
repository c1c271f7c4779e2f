package whmcs

import (
	"context"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// What is invoiced already is not planned again, by the functions of the billing run.
func TestNothingThatIsInvoicedIsPlannedAgain(t *testing.T) {
	d := target(t)
	must(t, d, sample, Options{AfterLoad: func(ctx context.Context, accounts []uuid.UUID) error {
		return d.DB.Write(ctx, viewer.ForJob("import"), viewer.ManageSubscription, func(tx *pg.Tx) error { return subscription.Replan(ctx, tx, accounts) })
	}})
	for _, tt := range []struct{ name, query, want string }{
		{"a business is invoiced for the renewal that WHMCS had not invoiced", "SELECT next_invoice_on || ' ' || next_invoice_net_cents FROM subscription WHERE label = 'molenmolen3.org'", "2026-12-01 1700"},
		{"and for the one after what WHMCS had", "SELECT string_agg(DISTINCT s.next_invoice_on::text, ' ') FROM subscription s JOIN account a ON a.id = s.account_id WHERE a.kind = 'BUSINESS' AND s.status = 'ACTIVE' AND term_months = 12 AND billed_until_on BETWEEN '2027-12-03' AND '2027-12-30'", "2027-11-01"},
		{"nothing is planned for a day before its invoice", "SELECT count(*) FROM subscription WHERE next_invoice_on > billed_until_on OR next_invoice_on < '2026-11-20'", "0"},
		{"every business that runs has a next invoice", "SELECT count(*) FROM subscription s JOIN account a ON a.id = s.account_id WHERE a.kind = 'BUSINESS' AND s.status IN ('ACTIVE', 'SUSPENDED') AND s.next_invoice_on IS NULL", "0"},
		{"consumers get offers, and no invoice without an answer", "SELECT count(*) FILTER (WHERE s.next_invoice_on IS NOT NULL) || ' ' || count(*) FILTER (WHERE offer_on IS NULL) FROM subscription s JOIN account a ON a.id = s.account_id WHERE a.kind = 'CONSUMER' AND s.status = 'ACTIVE' AND term_months >= 3", "0 0"},
		{"what is asked to be cancelled is not invoiced", "SELECT count(next_invoice_on) FROM subscription WHERE status = 'CANCELLATION_REQUESTED'", "0"},
	} {
		if got := one(t, d, tt.query); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
