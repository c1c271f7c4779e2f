package subscription

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
)

// mailEnd mails that a service has stopped, and until when what belonged to it can be had back (1.8, 1.9).
func (b *Book) mailEnd(ctx context.Context, tx *pg.Tx, s *Service, reason EndReason) error {
	var left struct{ Data, Domain civil.Date }
	err := tx.NewRaw(`select (select max((purge_at at time zone 'Europe/Amsterdam')::date) from hosting_package where subscription_id = ?0 and status = 'DELETION_SCHEDULED') as data,
		(select max(quarantine_until_on) from domain where subscription_id = ?0) as domain`, s.ID).Scan(ctx, &left)
	if err != nil {
		return fmt.Errorf("find what is left of a service: %w", err)
	}
	return notify.Queue(ctx, tx, notify.Mail{Account: s.AccountID, DedupeKey: fmt.Sprintf("subscription_ended:%s:%s", s.ID, s.EndsOn), Name: b.Account.Name, To: b.Account.Email,
		Language: b.Account.Language, Content: notify.SubscriptionEnded{Service: s.Label, EndsOn: s.EndsOn, NotRenewed: reason == EndNotRenewed, DataUntil: left.Data, DomainUntil: left.Domain}})
}
