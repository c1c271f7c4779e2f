package subscription

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// The outcomes of an attempt to restore a service.
const (
	RestoredFull    = "FULL"
	RestoredPartial = "PARTIAL"
	RestoreFailed   = "FAILED"
)

// Restored is recorded when the helpdesk tried to bring back a service that had ended.
type Restored struct {
	Account uuid.UUID `json:"-"`
	ID      uuid.UUID `json:"-"`
	Label   string    `json:"label"`
	Outcome string    `json:"outcome"`
	Note    string    `json:"note,omitempty"`
}

// Kind returns subscription.restored.
func (Restored) Kind() string { return "subscription.restored" }

// About returns the subscription.
func (e Restored) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Restore lets a service that has ended run on with the same renewals, as long as its data are there (1.17, 11.8, M-14).
// FULL and PARTIAL bring it back, FAILED only notes the attempt. What was billed stays so, and what was credited is billed
// again by the next run. It is a problem when it did not end, when its data may be gone, and when a consumer's term is over,
// since a new one needs a new order (P-32). The caller has locked the account, and replans.
func Restore(ctx context.Context, tx *pg.Tx, b *Book, s *Subscription, outcome, note string) error {
	if err := restorable(b, s, tx.Today()); err != nil {
		return err
	}
	packages, err := hosting.Restore(ctx, tx, s.ID, outcome)
	if err != nil {
		return err
	}
	if last := s.EndsOn.AddDays(b.Policy.RecoverableDays); packages == 0 && tx.Today().After(last) {
		return problem.New(hosting.Purged, problem.Text{NL: "Terugzetten kon tot en met %s.", EN: "It could be restored until %s."}, last.Short())
	}
	if outcome != RestoreFailed {
		if err := resurrect(ctx, tx, s); err != nil {
			return err
		}
	}
	return tx.Record(Restored{s.AccountID, s.ID, s.Label, outcome, note})
}

// restorable returns a problem for what did not end, and for what only a new order brings back.
func restorable(b *Book, s *Subscription, today civil.Date) error {
	if s.Status != Ended {
		return problem.New(problem.Conflict, problem.Text{NL: "Dit abonnement is niet beëindigd.", EN: "This subscription has not ended."})
	}
	switch EndReason(deref(s.EndReason)) {
	case EndImmediate, EndCancelled, EndSwitched, "NOT_PAID":
	default:
		return problem.New(problem.Conflict, problem.Text{NL: "Dit abonnement kan niet worden teruggezet; bestel het opnieuw.", EN: "This subscription cannot be restored; please order it again."})
	}
	if b.Account.ActsAsConsumer() && !s.Indefinite && s.TermMonths >= 3 && !s.PeriodEndOn.After(today) {
		return problem.New(problem.Conflict, problem.Text{NL: "De termijn is voorbij; een nieuwe vraagt om een nieuwe bestelling.", EN: "The term is over; a new one needs a new order."})
	}
	return nil
}

// resurrect lets the subscription run again.
func resurrect(ctx context.Context, tx *pg.Tx, s *Subscription) error {
	running := term.PeriodOn(s.AnchorOn, s.TermMonths, tx.Today())
	for _, statement := range []string{
		`update subscription set status = 'ACTIVE', ends_on = null, end_reason = null, period_start_on = ?1, period_end_on = ?2 where id = ?0`,
		`update renewal_offer set status = case when opened_at is null then 'SCHEDULED' else 'OPEN' end, answered_at = null
			where subscription_id = ?0 and status = 'DECLINED' and renews_on >= ?2 and answered_at >= ?3`,
	} {
		if _, err := tx.NewRaw(statement, s.ID, running.Start, running.End, s.EndsOn.Start()).Exec(ctx); err != nil {
			return fmt.Errorf("restore a subscription: %w", err)
		}
	}
	s.Status, s.EndsOn, s.EndReason = Active, civil.Date{}, nil
	return domainname.Reactivate(ctx, tx, s.ID)
}

// Find returns a subscription that the viewer of the transaction may see, by its id; a problem when there is none.
func Find(ctx context.Context, tx *pg.Tx, id uuid.UUID) (*Subscription, error) {
	s := &Subscription{}
	err := tx.NewSelect().Model(s).Where("s.id = ?", id).Scan(ctx)
	if none(err) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("find a subscription: %w", err)
	}
	return s, nil
}

// FindCancellation returns a cancellation that the viewer of the transaction may see, by its id; a problem when there is none.
func FindCancellation(ctx context.Context, tx *pg.Tx, id uuid.UUID) (*Cancellation, error) {
	x := &Cancellation{}
	err := tx.NewSelect().Model(x).Where("ca.id = ?", id).Scan(ctx)
	if none(err) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("find a cancellation: %w", err)
	}
	return x, nil
}

// NotRunning tells why a subscription that is in no book cannot be cancelled.
func NotRunning(s *Subscription) error {
	if s.Status == Pending {
		return problem.New(NotDelivered, problem.Text{NL: "Dit abonnement is nog niet geleverd; annuleer de bestelling.", EN: "This subscription was not delivered yet; cancel the order."})
	}
	return problem.New(AlreadyEnded, problem.Text{NL: "Dit abonnement is al beëindigd.", EN: "This subscription has ended already."})
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
