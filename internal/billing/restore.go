package billing

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// RestoreSubscription notes what came of bringing back a service that had ended, for staff, and tells the customer (M-14, A11).
// The outcome is FULL, PARTIAL or FAILED; note is for the customer to read.
func (b *Billing) RestoreSubscription(ctx context.Context, v viewer.Viewer, id uuid.UUID, outcome, note string) (s *subscription.Subscription, err error) {
	if !slices.Contains([]string{subscription.RestoredFull, subscription.RestoredPartial, subscription.RestoreFailed}, outcome) {
		return nil, invalid("Kies FULL, PARTIAL of FAILED.", "Choose FULL, PARTIAL or FAILED.", "outcome")
	}
	if utf8.RuneCountInString(note) > maxEvidence {
		return nil, invalid("Gebruik ten hoogste 2000 tekens.", "Use at most 2000 characters.", "note")
	}
	err = b.byStaff(ctx, v, ofService(ctx, id), func(tx *pg.Tx) error {
		if s, err = subscription.Find(ctx, tx, id); err != nil {
			return err
		}
		book, err := subscription.BookOf(ctx, tx, s.AccountID)
		if err != nil {
			return err
		}
		if err := subscription.Restore(ctx, tx, book, s, outcome, note); err != nil {
			return err
		}
		if err := subscription.Replan(ctx, tx, []uuid.UUID{s.AccountID}); err != nil {
			return err
		}
		if s, err = subscription.Find(ctx, tx, id); err != nil {
			return err
		}
		return mail(ctx, tx, book, fmt.Sprintf("restored:%s:%d", id, tx.Now.Unix()), notify.ServiceRestored{Service: s.Label, Outcome: outcome, RenewsOn: s.PeriodEndOn, Note: note})
	})
	return s, err
}
