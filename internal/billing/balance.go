package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"

	"github.com/google/uuid"
)

// useBalance pays the invoice from money of the customer that we hold, as far as it goes.
func useBalance(ctx context.Context, tx *pg.Tx, b *subscription.Book, inv *Invoice) error {
	inv.OpenCents = inv.TotalCents
	amount := min(b.Account.BalanceCents, inv.TotalCents)
	if amount <= 0 {
		return nil
	}
	if err := book(ctx, tx, entry{inv.AccountID, -amount, "USED", uuid.Nil, inv.ID}, inv.ID, amount); err != nil {
		return err
	}
	inv.AllocatedCents, inv.OpenCents = amount, inv.TotalCents-amount
	return nil
}

// entry is a change of the account's balance.
type entry struct {
	account uuid.UUID
	amount  money.Cents
	reason  string
	payment uuid.UUID // that it came from; Nil for none
	invoice uuid.UUID // that it is about; Nil for none
}

// book changes the balance, and puts the amount on the invoice; Nil for none.
func book(ctx context.Context, tx *pg.Tx, e entry, invoice uuid.UUID, amount money.Cents) error {
	id := key.New()
	_, err := tx.NewRaw(`insert into balance_entry (id, account_id, amount_cents, reason, payment_id, invoice_id, recorded_at) values (?, ?, ?, ?, ?, ?, ?)`,
		id, e.account, e.amount, e.reason, orNil(e.payment), orNil(e.invoice), tx.Now).Exec(ctx)
	if err == nil && invoice != uuid.Nil {
		_, err = tx.NewInsert().Model(&Allocation{ID: key.New(), AccountID: e.account, InvoiceID: invoice, BalanceEntryID: &id, AmountCents: amount, AllocatedAt: tx.Now}).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("book %s on the balance: %w", e.amount, err)
	}
	return nil
}
