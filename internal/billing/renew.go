package billing

import (
	"context"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// AcceptOffers renews what the offers of one account are for, and invoices it at once on one invoice (P-20, A09): nil when
// the VAT has to wait for staff, in which case the invoice follows. It is a problem when one of them is over, or was
// accepted already, and then nothing happens. It locks the account. Only jobs may.
func AcceptOffers(ctx context.Context, tx *pg.Tx, offers ...uuid.UUID) (*Invoice, error) {
	account, err := accountOf(ctx, tx, offers)
	if err != nil {
		return nil, err
	}
	if err := subscription.Lock(ctx, tx, account); err != nil {
		return nil, err
	}
	b, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	services, err := b.Accept(ctx, tx, offers...)
	if err != nil {
		return nil, err
	}
	lines, scheduledOn, _ := DueLines(b, tx.Today(), services...)
	inv, err := issue(ctx, tx, b, Draft{AccountID: account, Origin: OriginRenewal, ScheduledOn: scheduledOn, Lines: lines})
	if err == nil && inv == nil { // nothing was invoiced, so nothing has planned anew
		err = subscription.Replan(ctx, tx, []uuid.UUID{account})
	}
	return inv, err
}

// AcceptOffers is the function of that name on behalf of v, who must see the offers and may manage subscriptions.
func (b *Billing) AcceptOffers(ctx context.Context, v viewer.Viewer, offers ...uuid.UUID) (inv *Invoice, err error) {
	err = b.db.Read(ctx, v, viewer.ManageSubscription, func(tx *pg.Tx) error {
		_, err := accountOf(ctx, tx, offers)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = b.db.Write(ctx, v.Elevated(engine), viewer.ManageSubscription, func(tx *pg.Tx) (err error) {
		inv, err = AcceptOffers(ctx, tx, offers...)
		return err
	})
	return inv, err
}

// accountOf returns whose offers they are; all must be of one account.
func accountOf(ctx context.Context, tx *pg.Tx, offers []uuid.UUID) (uuid.UUID, error) {
	var accounts []uuid.UUID
	for _, id := range offers {
		var found []uuid.UUID
		if err := tx.NewRaw(`select account_id from renewal_offer where id = ?`, id).Scan(ctx, &found); err != nil {
			return uuid.Nil, err
		}
		if len(found) == 0 || len(accounts) > 0 && accounts[0] != found[0] {
			return uuid.Nil, problem.Missing()
		}
		accounts = append(accounts, found...)
	}
	if len(accounts) == 0 {
		return uuid.Nil, problem.Missing()
	}
	return accounts[0], nil
}
