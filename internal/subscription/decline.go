package subscription

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

// Declined is recorded when a consumer has said no to a next term.
type Declined struct {
	Account      uuid.UUID  `json:"-"`
	ID           uuid.UUID  `json:"-"`
	Subscription string     `json:"subscription"` // its id in the API
	Label        string     `json:"label"`
	RenewsOn     civil.Date `json:"renewsOn"`
}

// Kind returns renewal_offer.declined.
func (Declined) Kind() string { return "renewal_offer.declined" }

// About returns the offer.
func (e Declined) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Decline notes that the offers are not accepted (3.5); until the renewal date that can be changed (3.6). It returns the
// services for which this is new. The caller has locked the account. It is a problem when an offer is not the account's, is
// over, or was accepted.
func (b *Book) Decline(ctx context.Context, tx *pg.Tx, ids ...uuid.UUID) (services []*Service, err error) {
	for _, id := range ids {
		o := &RenewalOffer{}
		err := tx.NewSelect().Model(o).Where("ro.id = ?", id).Where("ro.account_id = ?", b.Account.ID).Scan(ctx)
		if none(err) {
			return nil, problem.Missing()
		}
		if err != nil {
			return nil, fmt.Errorf("find an offer: %w", err)
		}
		if err := answerable(o, tx, b.Policy); err != nil {
			return nil, err
		}
		s := b.Service(o.SubscriptionID)
		if s == nil {
			return nil, over(o.RenewsOn)
		}
		if o.Status == OfferDeclined {
			continue
		}
		if err := s.decline(ctx, tx, o); err != nil {
			return nil, err
		}
		services = append(services, s)
	}
	return services, nil
}

func (s *Service) decline(ctx context.Context, tx *pg.Tx, o *RenewalOffer) error {
	o.Status, o.AnsweredAt = OfferDeclined, &tx.Now
	if _, err := tx.NewUpdate().Model(o).Column("status", "answered_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("decline an offer: %w", err)
	}
	if err := notify.Resolve(ctx, tx, o.AccountID, o.ID, "RENEWAL_OFFER"); err != nil {
		return err
	}
	if err := tell(ctx, tx, s, "RENEWAL_DECLINED", o.RenewsOn); err != nil {
		return err
	}
	return tx.Record(Declined{o.AccountID, o.ID, key.Format(key.Subscription, s.ID), s.Label, o.RenewsOn})
}
