package whmcs

import (
	"context"
	"strings"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// The lines of an issued invoice cannot be added to: an import can do it, for the invoice that it is writing, and has to
// say so; nobody else can by saying the same.
func TestOnlyAnImportMayWriteTheLinesOfAnIssuedInvoice(t *testing.T) {
	d := target(t)
	must(t, d, with(provider{"tblinvoices": {paidInvoice}, "tblinvoiceitems": {itemOfIt}, "tblaccounts": {paymentOfIt}}).write(t), Options{})
	staff := viewer.Viewer{Kind: viewer.Staff}.With(viewer.Admin.Permissions()...)
	for _, tt := range []struct {
		name   string
		as     viewer.Viewer
		says   string
		refuse bool
	}{
		{"staff that says it imports", staff, "on", true},
		{"a job that does not say so", job, "", true},
		{"an import", job, "on", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := d.DB.Write(t.Context(), tt.as, viewer.ManageDesk, func(tx *pg.Tx) error {
				if _, err := tx.ExecContext(t.Context(), "SET LOCAL app.import = '"+tt.says+"'"); err != nil {
					return err
				}
				_, err := tx.ExecContext(t.Context(), `INSERT INTO invoice_line (id, invoice_id, account_id, position, description, unit_cents, net_cents, vat_category, vat_rate)
					SELECT gen_random_uuid(), id, account_id, 9, 'x', 1, 1, 'S', 2100 FROM invoice`)
				return err
			})
			if tt.refuse != (err != nil) || tt.refuse && !strings.Contains(err.Error(), "cannot change") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What the triggers would have kept is proven: a batch whose sums are wrong is not committed.
func TestABatchWithWrongSumsIsRefused(t *testing.T) {
	d := target(t)
	must(t, d, with(provider{"tblinvoices": {paidInvoice}, "tblinvoiceitems": {itemOfIt}, "tblaccounts": {paymentOfIt}}).write(t), Options{})
	for name, plant := range map[string]string{
		"paid":    "UPDATE invoice SET allocated_cents = allocated_cents - 1",
		"balance": "UPDATE account SET balance_cents = 1",
	} {
		t.Run(name, func(t *testing.T) {
			err := d.DB.Write(t.Context(), job, viewer.ManageDesk, func(tx *pg.Tx) error {
				ctx := context.WithoutCancel(t.Context())
				if _, err := tx.ExecContext(ctx, plant); err != nil {
					return err
				}
				b := newBatch(tx.Now)
				if err := tx.NewRaw("SELECT id FROM invoice").Scan(ctx, &b.invoices); err != nil {
					return err
				}
				if err := tx.NewRaw("SELECT id FROM account").Scan(ctx, &b.accounts); err != nil {
					return err
				}
				return b.prove(ctx, tx)
			})
			if err == nil || !strings.Contains(err.Error(), "do not agree with their parts") {
				t.Errorf("got %v", err)
			}
		})
	}
}
