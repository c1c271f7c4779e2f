package subscription

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// The problems with a cancellation.
const (
	AlreadyRequested problem.Code = "ALREADY_REQUESTED"
	AlreadyEnded     problem.Code = "ALREADY_ENDED"
	NotDelivered     problem.Code = "NOT_DELIVERED"
)

var errAlreadyRequested = problem.New(AlreadyRequested, problem.Text{
	NL: "Dit abonnement is al opgezegd.",
	EN: "This subscription was cancelled already."})

func init() { pg.RegisterConstraint("cancellation_one_open", errAlreadyRequested) }

// Request is a customer's wish to end a service.
type Request struct {
	Mode          term.Mode
	ReceivedAt    time.Time // the legal time of receipt, which may be earlier than now
	Channel       string
	Evidence      string
	ReasonCode    string // "" when the customer did not say (M-10)
	ReasonText    string
	DomainChoice  string // "" for none
	Confirmation  string // what was typed
	RenouncesData bool   // Immediate: knows that the data can no longer be fetched (§1c.4)
	causedBy      *uuid.UUID
}

// maxText is how long a reason or a reference to evidence may be.
const maxText = 2000

// Request notes the wish, and with it that of the linked domain name to stop, if that was chosen. What ends at once has ended
// then; what waits for a choice about its domain name goes on (M-09). The caller has locked the account, credits what is
// owed no more, and replans. The first of those returned is the one asked for.
func (c *Case) Request(ctx context.Context, tx *pg.Tx, r Request) ([]*Cancellation, error) {
	if err := c.check(r); err != nil {
		return nil, err
	}
	end, err := c.End(r.Mode, r.ReceivedAt)
	if err != nil {
		return nil, err
	}
	x := &Cancellation{ID: key.New(), AccountID: c.Service.AccountID, SubscriptionID: c.Service.ID, Mode: string(r.Mode), Status: CancellationOpen,
		ReasonCode: r.ReasonCode, ReasonText: r.ReasonText, ReceivedAt: r.ReceivedAt, EnteredAt: tx.Now, Channel: r.Channel, Evidence: r.Evidence, CausedByID: r.causedBy}
	if r.DomainChoice != "" && len(c.Domains) > 0 {
		x.DomainChoice = &r.DomainChoice
	}
	if r.Mode != term.Immediate && c.waits(r.DomainChoice) {
		x.Status = CancellationAwaiting
	}
	c.schedule(x, end)
	if _, err := tx.NewInsert().Model(x).Exec(ctx); err != nil {
		return nil, fmt.Errorf("note a cancellation: %w", err)
	}
	c.Service.Cancellation = x
	if err := c.announce(ctx, tx, x); err != nil {
		return nil, err
	}
	all, err := c.stopNames(ctx, tx, x)
	if err != nil || x.Status == CancellationAwaiting {
		return append([]*Cancellation{x}, all...), err
	}
	if err := c.suppress(ctx, tx, x); err != nil {
		return nil, err
	}
	if r.Mode == term.Immediate {
		if err := c.endNow(ctx, tx, x); err != nil {
			return nil, err
		}
	}
	return append([]*Cancellation{x}, all...), nil
}

// check refuses what is not to be asked like that. What is wrong with the input names its field.
func (c *Case) check(r Request) error {
	invalid := func(field, nl, en string) error {
		return problem.New(problem.Invalid, problem.Text{NL: nl, EN: en}).At("input", field)
	}
	switch {
	case c.Service.Cancellation != nil:
		return errAlreadyRequested
	case !slices.Contains(c.Modes(), r.Mode):
		return invalid("mode", "Dit abonnement kan niet op deze manier worden opgezegd.", "This subscription cannot be cancelled in this way.")
	case utf8.RuneCountInString(r.ReasonText) > maxText:
		return invalid("reasonText", fmt.Sprintf("Gebruik ten hoogste %d tekens.", maxText), fmt.Sprintf("Use at most %d characters.", maxText))
	case c.mustChoose(r.Mode, r.DomainChoice):
		return invalid("domainChoice", "Kies wat er met de domeinnaam moet gebeuren.", "Choose what is to become of the domain name.")
	case r.Mode == term.Immediate && c.Bundle() && r.DomainChoice != "" && r.DomainChoice != Stop:
		return invalid("domainChoice", "Dit product stopt niet zonder zijn domeinnaam. Verhuis die eerst, of kies het einde van de termijn.",
			"This product does not stop without its domain name. Move that first, or choose the end of the term.")
	}
	if r.Mode == term.Immediate {
		if !slices.Contains(c.Answers(), strings.ToLower(strings.TrimSpace(r.Confirmation))) {
			return invalid("confirmation", "Typ ter bevestiging: "+c.Answers()[0], "To confirm, type: "+c.Answers()[0])
		}
		if !r.RenouncesData {
			return invalid("renouncesData", "Bevestig dat u de gegevens niet meer hoeft op te halen.", "Confirm that you do not need to fetch the data any more.")
		}
	}
	end, err := c.End(r.Mode, r.ReceivedAt)
	if err == nil && !c.Service.EndsOn.IsZero() && !end.On.Before(c.Service.EndsOn) {
		return problem.New(AlreadyRequested, problem.Text{NL: "Dit abonnement eindigt al op %s.", EN: "This subscription ends on %s already."}, c.Service.EndsOn.Short())
	}
	return err
}

// schedule sets what the end brings.
func (c *Case) schedule(x *Cancellation, end term.End) {
	x.EffectiveOn, x.OwedUntilOn, x.UndoUntil = end.On, end.OwedUntil, nil
	if until := c.undoUntil(term.Mode(x.Mode), end); !until.IsZero() {
		x.UndoUntil = &until
	}
}

// announce tells the customer that the wish was received, or what it waits for, and records it.
func (c *Case) announce(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	kind, name := notify.Kind("CANCELLATION_RECEIVED"), c.Service.Label
	if x.Status == CancellationAwaiting {
		kind, name = "CANCELLATION_NEEDS_DOMAIN_CHOICE", c.undecided()[0].Name
	}
	if err := tellOf(ctx, tx, x, kind, name); err != nil {
		return err
	}
	return tx.Record(c.happened(x, "requested"))
}

// stopNames cancels the subscriptions of the linked names too, when the customer wants them to stop.
func (c *Case) stopNames(ctx context.Context, tx *pg.Tx, x *Cancellation) (all []*Cancellation, err error) {
	if x.DomainChoice == nil || *x.DomainChoice != Stop {
		return nil, nil
	}
	for _, d := range c.undecided() {
		if d.Case == nil {
			continue
		}
		more, err := d.Case.Request(ctx, tx, Request{Mode: term.EndOfTerm, ReceivedAt: x.ReceivedAt, Channel: x.Channel, Evidence: x.Evidence, causedBy: &x.ID})
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// suppress keeps the service from being billed and offered (invariant 14).
func (c *Case) suppress(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	for _, statement := range []string{
		`update subscription set status = 'CANCELLATION_REQUESTED' where id = ?0 and status = 'ACTIVE'`,
		`update renewal_offer set status = 'DECLINED', answered_at = ?2 where subscription_id = ?0 and renews_on >= ?1 and status in ('SCHEDULED', 'OPEN')`,
	} {
		if _, err := tx.NewRaw(statement, c.Service.ID, x.EffectiveOn, tx.Now).Exec(ctx); err != nil {
			return fmt.Errorf("suppress the billing of a service: %w", err)
		}
	}
	if c.Service.Status == Active {
		c.Service.Status = CancellationRequested
	}
	for _, o := range c.Service.Offers {
		if o.RenewsOn.Before(x.EffectiveOn) || o.Status != OfferOpen && o.Status != OfferScheduled {
			continue
		}
		o.Status = OfferDeclined
		if err := notify.Resolve(ctx, tx, o.AccountID, o.ID, "RENEWAL_OFFER"); err != nil {
			return err
		}
	}
	return nil
}

// endNow carries out an immediate end: offline in this very transaction (M-13, 2.9).
func (c *Case) endNow(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	if err := c.confirm(ctx, tx, x); err != nil {
		return err
	}
	if err := hosting.Delete(ctx, tx, c.Service.ID, c.recoverableUntil(tx.Now)); err != nil {
		return err
	}
	x.Status = CancellationExecuted
	return End(ctx, tx, c.Book, c.Service, x.EffectiveOn, EndImmediate)
}

// confirm fixes the end of the service, and stops the renewal of names that end with it (2.5). An end that has passed already
// is for the caller to carry out.
func (c *Case) confirm(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	x.Status, x.DecidedAt = CancellationConfirmed, &tx.Now
	if _, err := tx.NewUpdate().Model(x).Column("status", "decided_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("confirm a cancellation: %w", err)
	}
	reason := endReason(term.Mode(x.Mode))
	_, err := tx.NewRaw(`update subscription set ends_on = ?1, end_reason = ?2, status = case when status in ('ACTIVE', 'CANCELLATION_REQUESTED') then 'ENDING' else status end where id = ?0`,
		c.Service.ID, x.EffectiveOn, reason).Exec(ctx)
	if err != nil {
		return fmt.Errorf("fix the end of a service: %w", err)
	}
	c.Service.EndsOn = x.EffectiveOn
	var names []uuid.UUID
	for _, d := range c.Names {
		names = append(names, d.ID)
	}
	if choice := x.DomainChoice; choice != nil && (*choice == Stop || *choice == Transfer && c.Bundle()) {
		for _, d := range c.Domains {
			if d.Case == nil {
				names = append(names, d.ID)
			}
		}
	}
	if err := domainname.StopRenewing(ctx, tx, names...); err != nil {
		return err
	}
	if err := notify.Resolve(ctx, tx, x.AccountID, x.ID, "CANCELLATION_NEEDS_DOMAIN_CHOICE"); err != nil {
		return err
	}
	if err := tellOf(ctx, tx, x, "CANCELLATION_CONFIRMED", c.Service.Label); err != nil {
		return err
	}
	return tx.Record(c.happened(x, "confirmed"))
}

// endReason returns why a service ends that is cancelled in this way.
func endReason(mode term.Mode) EndReason {
	switch mode {
	case term.Switch:
		return EndSwitched
	case term.Immediate:
		return EndImmediate
	case term.Withdrawal:
		return EndWithdrawn
	}
	return EndCancelled
}

// tellOf adds a notification about a cancellation.
func tellOf(ctx context.Context, tx *pg.Tx, x *Cancellation, kind notify.Kind, name string) error {
	return notify.Add(ctx, tx, &notify.Notification{AccountID: x.AccountID, Kind: kind, SubjectType: key.Cancellation, SubjectID: &x.ID,
		Data: map[string]string{"name": name, "day": x.EffectiveOn.Short()}})
}
