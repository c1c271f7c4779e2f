package subscription

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// UndoEnded is the problem with a cancellation that the customer took back too late to do it by itself.
const UndoEnded problem.Code = "UNDO_ENDED"

// Confirm fixes the end of the service, whatever the day on which it is confirmed (P-19, invariant 14). Confirming again
// changes nothing, and done is false. The caller has locked the account, credits what is owed no more, and replans.
func (c *Case) Confirm(ctx context.Context, tx *pg.Tx, x *Cancellation) (done bool, err error) {
	switch x.Status {
	case CancellationConfirmed, CancellationExecuted:
		return false, nil
	case CancellationOpen, CancellationPickedUp:
	case CancellationAwaiting:
		return false, problem.New(problem.Conflict, problem.Text{
			NL: "Deze opzegging wacht nog op een keuze over de domeinnaam.", EN: "This cancellation still waits for a choice about the domain name."})
	default:
		return false, dealtWith(x)
	}
	if err := c.confirm(ctx, tx, x); err != nil {
		return false, err
	}
	if x.EffectiveOn.After(tx.Today()) {
		return true, nil
	}
	x.Status = CancellationExecuted
	return true, End(ctx, tx, c.Book, c.Service, x.EffectiveOn, endReason(term.Mode(x.Mode)))
}

// dealtWith tells that a cancellation is over.
func dealtWith(x *Cancellation) error {
	return problem.New(problem.Conflict, problem.Text{NL: "Deze opzegging is al afgehandeld (%s).", EN: "This cancellation was dealt with already (%s)."}, x.Status)
}

// PickUp notes that staff handle it; that changes nothing about its end (2.4). Doing it again changes nothing.
func (c *Case) PickUp(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	if x.Status == CancellationPickedUp {
		return nil
	}
	if x.Status != CancellationOpen {
		return dealtWith(x)
	}
	return c.move(ctx, tx, x, CancellationPickedUp, "picked_up")
}

// Reject refuses what is no valid cancellation, on one of the three grounds that there are (P-19, 2.6). The service is billed
// again. The caller has locked the account, and replans.
func (c *Case) Reject(ctx context.Context, tx *pg.Tx, x *Cancellation, ground string) error {
	if !x.Undecided() {
		return dealtWith(x)
	}
	x.Rejection, x.DecidedAt = &ground, &tx.Now
	if err := c.resume(ctx, tx, x); err != nil {
		return err
	}
	if err := c.move(ctx, tx, x, CancellationRejected, "rejected"); err != nil {
		return err
	}
	return tellOf(ctx, tx, x, "CANCELLATION_REJECTED", c.Service.Label)
}

// Withdraw takes a cancellation back before it has ended the service (2.7). A business does that itself as long as it could
// still cancel; after that staff decide (1.7). What was credited is billed again by the next run. The caller has locked the
// account, and replans.
func (c *Case) Withdraw(ctx context.Context, tx *pg.Tx, x *Cancellation, v viewer.Viewer) error {
	if !x.Undecided() && x.Status != CancellationConfirmed {
		return dealtWith(x)
	}
	if !x.EffectiveOn.After(tx.Today()) && x.Status != CancellationAwaiting {
		return problem.New(AlreadyEnded, problem.Text{NL: "Dit abonnement is al beëindigd.", EN: "This subscription has ended already."})
	}
	if v.Kind != viewer.Staff && x.UndoUntil != nil && !tx.Now.Before(*x.UndoUntil) {
		return problem.New(UndoEnded, problem.Text{
			NL: "Zelf ongedaan maken kon tot en met %s. De helpdesk helpt u verder.",
			EN: "You could undo this yourself until %s. The helpdesk can help you."}, civil.In(x.UndoUntil.Add(-time.Second)).Short())
	}
	if err := c.resume(ctx, tx, x); err != nil {
		return err
	}
	if err := c.move(ctx, tx, x, CancellationWithdrawn, "withdrawn"); err != nil {
		return err
	}
	return tellOf(ctx, tx, x, "CANCELLATION_WITHDRAWN", c.Service.Label)
}

// ChooseDomain says what becomes of the domain name that a bundle waits for (2.3): stopping or moving it lets the cancellation
// go on, with its own time of receipt; keeping it keeps the product. A term that has begun while it waited is owed. The
// caller has locked the account, and replans. Those returned are the cancellations of the names that stop too.
func (c *Case) ChooseDomain(ctx context.Context, tx *pg.Tx, x *Cancellation, choice string) ([]*Cancellation, error) {
	if x.Status != CancellationAwaiting {
		return nil, dealtWith(x)
	}
	x.DomainChoice = &choice
	if choice == Keep {
		return nil, c.move(ctx, tx, x, CancellationAwaiting, "domain_chosen")
	}
	return c.goOn(ctx, tx, x)
}

// goOn ends the waiting for a choice about the domain name.
func (c *Case) goOn(ctx context.Context, tx *pg.Tx, x *Cancellation) ([]*Cancellation, error) {
	at := x.ReceivedAt
	if !x.EffectiveOn.After(tx.Today()) {
		at = tx.Now
	}
	end, err := c.End(term.Mode(x.Mode), at)
	if err != nil {
		return nil, err
	}
	c.schedule(x, end)
	all, err := c.stopNames(ctx, tx, x)
	if err != nil {
		return nil, err
	}
	if err := c.suppress(ctx, tx, x); err != nil {
		return nil, err
	}
	if err := notify.Resolve(ctx, tx, x.AccountID, x.ID, "CANCELLATION_NEEDS_DOMAIN_CHOICE"); err != nil {
		return nil, err
	}
	if err := tellOf(ctx, tx, x, "CANCELLATION_RECEIVED", c.Service.Label); err != nil {
		return nil, err
	}
	return all, c.move(ctx, tx, x, CancellationOpen, "domain_chosen")
}

// Ripe reports whether the request confirms itself on the day: two working days after it was received, before a run would
// bill the service, or before its end (P-19, 2.5).
func (c *Case) Ripe(x *Cancellation, day civil.Date) bool {
	switch x.Status {
	case CancellationOpen, CancellationPickedUp:
	case CancellationAwaiting: // a consumer's word wins at the end (2.3)
		return c.Consumer() && !x.EffectiveOn.After(day.AddDays(1))
	default:
		return false
	}
	if !c.Book.Policy.ConfirmBy(civil.In(x.ReceivedAt)).After(day) || !x.EffectiveOn.After(day.AddDays(1)) {
		return true
	}
	contracts := c.Book.Contracts()
	for i := range contracts {
		if contracts[i].ID == c.Service.ID {
			contracts[i].CancelRequested = false
		}
	}
	for _, l := range c.Book.Policy.Due(contracts, day).Lines {
		if l.ContractID == c.Service.ID {
			return true
		}
	}
	return false
}

// GoOn ends the waiting of a consumer's request for a choice about the domain name, because its time has come.
func (c *Case) GoOn(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	_, err := c.goOn(ctx, tx, x)
	return err
}

// resume lets the service go on as before the request: it is billed, offered, and its names are renewed.
func (c *Case) resume(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	for _, statement := range []string{
		`update subscription set status = case when status = 'CANCELLATION_REQUESTED' or ?3 and status = 'ENDING' then 'ACTIVE' else status end,
			ends_on = case when not ?3 then ends_on end, end_reason = case when not ?3 then end_reason end where id = ?0`,
		`update renewal_offer set status = case when opened_at is null then 'SCHEDULED' else 'OPEN' end, answered_at = null
			where subscription_id = ?0 and status = 'DECLINED' and renews_on >= ?1 and answered_at >= ?2`,
	} {
		if _, err := tx.NewRaw(statement, c.Service.ID, x.EffectiveOn, x.EnteredAt, x.Status == CancellationConfirmed).Exec(ctx); err != nil {
			return fmt.Errorf("resume a service: %w", err)
		}
	}
	if x.Status == CancellationConfirmed {
		if err := domainname.KeepRenewing(ctx, tx, c.Service.ID); err != nil {
			return err
		}
	}
	return notify.Resolve(ctx, tx, x.AccountID, x.ID, "CANCELLATION_NEEDS_DOMAIN_CHOICE")
}

// move writes the cancellation in its new state.
func (c *Case) move(ctx context.Context, tx *pg.Tx, x *Cancellation, status, what string) error {
	x.Status = status
	_, err := tx.NewUpdate().Model(x).Column("status", "rejection", "decided_at", "domain_choice", "effective_on", "owed_until_on", "undo_until", "switch_extended_at").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("change a cancellation: %w", err)
	}
	return tx.Record(c.happened(x, what))
}

// CausedBy returns the cancellations of domain names that came with this one and are not over.
func CausedBy(ctx context.Context, tx *pg.Tx, id uuid.UUID) (all []*Cancellation, err error) {
	err = tx.NewSelect().Model(&all).Where("ca.caused_by_id = ?", id).Where("ca.status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED')").Order("ca.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the cancellations that came with one: %w", err)
	}
	return all, nil
}
