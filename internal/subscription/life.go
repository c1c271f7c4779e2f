package subscription

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
)

// Take carries out what Book.Turn decided: the next term begins (1.4), or the service ends with its domain name and hosting
// (1.8, 1.9). The caller has locked the account, and replans it.
func Take(ctx context.Context, tx *pg.Tx, b *Book, s *Service, t Turn) error {
	if t.EndsOn.IsZero() {
		return renew(ctx, tx, s, t.Period)
	}
	if err := End(ctx, tx, b, s, t.EndsOn, t.Reason); err != nil {
		return err
	}
	return b.mailEnd(ctx, tx, s, t.Reason)
}

func renew(ctx context.Context, tx *pg.Tx, s *Service, p civil.Period) error {
	_, err := tx.NewRaw(`update subscription set period_start_on = ?, period_end_on = ? where id = ?`, p.Start, p.End, s.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("renew subscription %s: %w", s.ID, err)
	}
	s.PeriodStartOn, s.PeriodEndOn = p.Start, p.End
	if err := domainname.Renew(ctx, tx, s.ID, p.End); err != nil {
		return err
	}
	if err := tell(ctx, tx, s, "SUBSCRIPTION_RENEWED", p.End); err != nil {
		return err
	}
	return tx.Record(Renewed{Account: s.AccountID, ID: s.ID, Label: s.Label, From: p.Start, Until: p.End})
}

// End stops the service on the day: its packages go offline and will be erased after the days that the brand's profile
// says, its domain names go into quarantine. What is open about it (an offer, a cancellation) is closed.
func End(ctx context.Context, tx *pg.Tx, b *Book, s *Service, on civil.Date, reason EndReason) error {
	for _, statement := range []string{
		`update subscription set status = 'ENDED', ends_on = ?1, end_reason = ?2, next_invoice_on = null, next_invoice_net_cents = null,
			next_invoice_vat_cents = null, last_cancel_on = null, offer_on = null where id = ?0`,
		`update renewal_offer set status = case when renews_on <= ?1 then 'EXPIRED' else 'SUPERSEDED' end where subscription_id = ?0 and status in ('SCHEDULED', 'OPEN')`,
		`update cancellation set status = 'EXECUTED', decided_at = coalesce(decided_at, ?3) where subscription_id = ?0
			and status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED')`,
	} {
		if _, err := tx.NewRaw(statement, s.ID, on, reason, tx.Now).Exec(ctx); err != nil {
			return fmt.Errorf("end subscription %s: %w", s.ID, err)
		}
	}
	if reason == EndNotRenewed { // P-04: the feed shows it as a cancellation that was processed
		if err := tell(ctx, tx, s, "CANCELLATION_CONFIRMED", on); err != nil {
			return err
		}
	}
	if err := tell(ctx, tx, s, "SUBSCRIPTION_ENDED", on); err != nil {
		return err
	}
	if err := hosting.ScheduleDeletion(ctx, tx, s.ID, on.AddDays(b.Policy.RetrievalDays)); err != nil {
		return err
	}
	if err := domainname.Release(ctx, tx, s.ID, on); err != nil {
		return err
	}
	for _, o := range s.Offers {
		if err := notify.Resolve(ctx, tx, s.AccountID, o.ID, "RENEWAL_OFFER"); err != nil {
			return err
		}
	}
	s.Status, s.EndsOn = Ended, on
	return tx.Record(HasEnded{Account: s.AccountID, ID: s.ID, Label: s.Label, On: on, Reason: reason})
}

// EndAt fixes a day in the future on which the service ends. What was asked about its end before is overtaken.
func (b *Book) EndAt(ctx context.Context, tx *pg.Tx, s *Service, on civil.Date, reason EndReason) error {
	for _, statement := range []string{
		`update subscription set ends_on = ?1, end_reason = ?2, status = case when status in ('ACTIVE', 'CANCELLATION_REQUESTED') then 'ENDING' else status end where id = ?0`,
		`update renewal_offer set status = 'SUPERSEDED' where subscription_id = ?0 and renews_on >= ?1 and status in ('SCHEDULED', 'OPEN')`,
		`update cancellation set status = 'WITHDRAWN', decided_at = ?3 where subscription_id = ?0 and status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED')`,
	} {
		if _, err := tx.NewRaw(statement, s.ID, on, reason, tx.Now).Exec(ctx); err != nil {
			return fmt.Errorf("fix the end of a service: %w", err)
		}
	}
	s.EndsOn = on
	return nil
}

// tell adds a notification about the service and a day.
func tell(ctx context.Context, tx *pg.Tx, s *Service, kind notify.Kind, day civil.Date) error {
	return notify.Add(ctx, tx, &notify.Notification{AccountID: s.AccountID, Kind: kind, SubjectType: key.Subscription, SubjectID: &s.ID,
		Data: map[string]string{"name": s.Label, "day": day.Short()}})
}
