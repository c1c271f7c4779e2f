package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
)

// hold notes that something of the account is due that cannot be billed as it is, once until that is over.
func hold(ctx context.Context, tx *pg.Tx, b *subscription.Book, reason string) error {
	if b.Hold != nil {
		return nil
	}
	_, err := tx.NewRaw(`insert into billing_hold (account_id, reason, since_on) values (?, ?, ?)`, b.Account.ID, reason, tx.Today()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold an invoice: %w", err)
	}
	return tx.Record(Held{b.Account.ID, reason})
}

// release ends a hold for that reason: what waited goes out.
func release(ctx context.Context, tx *pg.Tx, b *subscription.Book, reason string) error {
	if b.Hold == nil || b.Hold.Reason != reason {
		return nil
	}
	if _, err := tx.NewRaw(`delete from billing_hold where account_id = ?`, b.Account.ID).Exec(ctx); err != nil {
		return fmt.Errorf("release an invoice: %w", err)
	}
	return nil
}
