package billing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// RequestCancellation notes the wish to end a service, with the receipt (P-18, M-07, 2.1): its legal time is when it was
// received, and what ends at once has ended then. Of several at once one succeeds.
func (b *Billing) RequestCancellation(ctx context.Context, a Asked, service uuid.UUID, r subscription.Request) (x *subscription.Cancellation, err error) {
	err = b.carryOut(ctx, a, ofService(ctx, service), func(tx *pg.Tx, in received) error {
		c, err := running(ctx, tx, service)
		if err != nil {
			return err
		}
		if in.At.Before(c.Service.AnchorOn.Start()) {
			return invalid("Toen liep dit abonnement nog niet.", "This subscription did not run then.", "onBehalfOf", "receivedAt")
		}
		r.ReceivedAt, r.Channel, r.Evidence = in.At, in.Channel, in.Evidence
		all, err := c.Request(ctx, tx, r)
		if err != nil {
			return err
		}
		x = all[0]
		for _, y := range all {
			if err := b.receipt(ctx, tx, c.Book, y); err != nil {
				return err
			}
		}
		return subscription.Replan(ctx, tx, []uuid.UUID{x.AccountID})
	})
	return x, err
}

// receipt mails that a cancellation was received, or what it waits for. Of what has ended at once it settles the money.
func (b *Billing) receipt(ctx context.Context, tx *pg.Tx, book *subscription.Book, x *subscription.Cancellation) error {
	s := book.Service(x.SubscriptionID)
	c, err := subscription.CaseOf(ctx, tx, book, s)
	if err != nil {
		return err
	}
	once := "cancellation:" + x.ID.String() + ":"
	switch x.Status {
	case subscription.CancellationAwaiting:
		return mail(ctx, tx, book, once+"waits", notify.CancellationWaits{Service: s.Label, Domain: waitsFor(c), ReceivedAt: x.ReceivedAt, EndsOn: x.EffectiveOn, Link: b.pageOf(s.ID)})
	case subscription.CancellationExecuted:
		return b.settleEnd(ctx, tx, book, x)
	}
	q, err := ConsequenceOf(ctx, tx, c, x.OwedUntilOn, x.EffectiveOn)
	if err != nil {
		return err
	}
	content := notify.CancellationReceived{Service: s.Label, Mode: x.Mode, ReceivedAt: x.ReceivedAt, EndsOn: x.EffectiveOn, Credit: q.Credit.Gross(), Due: q.Due.Gross(), Link: b.pageOf(s.ID)}
	if end, err := c.End(term.Mode(x.Mode), x.ReceivedAt); err == nil {
		content.Late = !end.Timely
	}
	if x.UndoUntil != nil && tx.Now.Before(*x.UndoUntil) {
		content.UndoUntil = civil.In(x.UndoUntil.Add(-time.Second))
	}
	return mail(ctx, tx, book, once+"received", content)
}

// waitsFor returns the name that a bundle waits for.
func waitsFor(c *subscription.Case) string {
	for _, d := range c.Domains {
		if d.AutoRenew && d.Case == nil {
			return d.Name
		}
	}
	return c.Service.Label
}

// settleEnd credits what is owed no more now that the end is fixed, and mails the confirmation (2.5).
func (b *Billing) settleEnd(ctx context.Context, tx *pg.Tx, book *subscription.Book, x *subscription.Cancellation) error {
	owed := x.OwedUntilOn
	if owed.IsZero() { // from an import
		owed = x.EffectiveOn
	}
	notes, err := CreditFrom(ctx, tx, x.SubscriptionID, owed, "cancelled")
	if err != nil {
		return err
	}
	s := book.Service(x.SubscriptionID)
	content := notify.CancellationConfirmed{Service: s.Label, Mode: x.Mode, ReceivedAt: x.ReceivedAt, EndsOn: x.EffectiveOn, Link: b.pageOf(s.ID)}
	content.Credit, content.CreditNote = summed(notes)
	if x.Mode == string(term.Immediate) {
		var purge *time.Time
		if err := tx.NewRaw(`select max(purge_at) from hosting_package where subscription_id = ? and status = 'DELETED_RECOVERABLE'`, s.ID).Scan(ctx, &purge); err != nil {
			return fmt.Errorf("find when data are erased: %w", err)
		}
		if purge != nil {
			content.ErasedAt = *purge
		}
	}
	return mail(ctx, tx, book, "cancellation:"+x.ID.String()+":confirmed", content)
}

// summed returns what credit notes give back, and their numbers.
func summed(notes []*Invoice) (total money.Cents, numbers string) {
	all := make([]string, len(notes))
	for i, n := range notes {
		total, all[i] = total-n.TotalCents, n.Number
	}
	return total, strings.Join(all, ", ")
}

// ConfirmCancellation fixes the end and credits what is owed no more, for staff. It depends on when the cancellation was
// received and not on today. Confirming again changes nothing.
func (b *Billing) ConfirmCancellation(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*subscription.Cancellation, error) {
	return b.decide(ctx, v, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		return b.confirm(ctx, tx, c, x)
	})
}

// confirm confirms a cancellation, and those of the names that came with it.
func (b *Billing) confirm(ctx context.Context, tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
	done, err := c.Confirm(ctx, tx, x)
	if err != nil || !done {
		return err
	}
	if err := b.settleEnd(ctx, tx, c.Book, x); err != nil {
		return err
	}
	return b.eachCaused(ctx, tx, c.Book, x, func(c *subscription.Case, y *subscription.Cancellation) error {
		if y.Status == subscription.CancellationAwaiting {
			return nil
		}
		return b.confirm(ctx, tx, c, y)
	})
}

// RejectCancellation refuses what is no valid cancellation, for staff (2.6): ground is NOT_AUTHORISED, DUPLICATE or NOT_OURS.
func (b *Billing) RejectCancellation(ctx context.Context, v viewer.Viewer, id uuid.UUID, ground string) (*subscription.Cancellation, error) {
	return b.decide(ctx, v, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		reject := func(c *subscription.Case, x *subscription.Cancellation) error {
			if err := c.Reject(ctx, tx, x, ground); err != nil {
				return err
			}
			return mail(ctx, tx, c.Book, "cancellation:"+x.ID.String()+":rejected",
				notify.CancellationRejected{Service: c.Service.Label, ReceivedAt: x.ReceivedAt, Ground: ground, Link: b.pageOf(c.Service.ID)})
		}
		if err := reject(c, x); err != nil {
			return err
		}
		return b.eachCaused(ctx, tx, c.Book, x, func(c *subscription.Case, y *subscription.Cancellation) error {
			if !y.Undecided() {
				return nil
			}
			return reject(c, y)
		})
	})
}

// PickUpCancellation notes that staff handle it (2.4, M-19).
func (b *Billing) PickUpCancellation(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*subscription.Cancellation, error) {
	return b.decide(ctx, v, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		return c.PickUp(ctx, tx, x)
	})
}

// WithdrawCancellation takes a cancellation back, with those of the names that came with it (2.7).
func (b *Billing) WithdrawCancellation(ctx context.Context, a Asked, id uuid.UUID) (*subscription.Cancellation, error) {
	return b.change(ctx, a, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		withdraw := func(c *subscription.Case, x *subscription.Cancellation) error {
			if err := c.Withdraw(ctx, tx, x, a.Viewer); err != nil {
				return err
			}
			return mail(ctx, tx, c.Book, "cancellation:"+x.ID.String()+":withdrawn",
				notify.CancellationWithdrawn{Service: c.Service.Label, RenewsOn: c.Service.PeriodEndOn, Link: b.pageOf(c.Service.ID)})
		}
		if err := withdraw(c, x); err != nil {
			return err
		}
		return b.eachCaused(ctx, tx, c.Book, x, withdraw)
	})
}

// ChooseDomain says what becomes of the domain name that a cancellation waits for (M-08, 2.3).
func (b *Billing) ChooseDomain(ctx context.Context, a Asked, id uuid.UUID, choice string) (*subscription.Cancellation, error) {
	return b.change(ctx, a, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		more, err := c.ChooseDomain(ctx, tx, x, choice)
		if err != nil || choice == subscription.Keep {
			return err
		}
		for _, y := range append([]*subscription.Cancellation{x}, more...) {
			if err := b.receipt(ctx, tx, c.Book, y); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExtendSwitch gives the customer more time to switch to another provider, once (rules 3.8).
func (b *Billing) ExtendSwitch(ctx context.Context, a Asked, id uuid.UUID, until civil.Date) (*subscription.Cancellation, error) {
	return b.change(ctx, a, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		return c.ExtendSwitch(ctx, tx, x, until)
	})
}

// CompleteSwitch ends a service today, because the customer reports that the switch is done (2.10).
func (b *Billing) CompleteSwitch(ctx context.Context, a Asked, id uuid.UUID) (*subscription.Cancellation, error) {
	return b.change(ctx, a, id, func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error {
		if err := c.CompleteSwitch(ctx, tx, x); err != nil {
			return err
		}
		return b.settleEnd(ctx, tx, c.Book, x)
	})
}

// change carries out what somebody asked for about a cancellation, and replans.
func (b *Billing) change(ctx context.Context, a Asked, id uuid.UUID, do func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error) (x *subscription.Cancellation, err error) {
	err = b.carryOut(ctx, a, ofCancellation(ctx, id), func(tx *pg.Tx, _ received) (err error) {
		x, err = b.with(ctx, tx, id, do)
		return err
	})
	return x, err
}

// decide does what staff decided about a cancellation, and replans.
func (b *Billing) decide(ctx context.Context, v viewer.Viewer, id uuid.UUID, do func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error) (x *subscription.Cancellation, err error) {
	err = b.byStaff(ctx, v, ofCancellation(ctx, id), func(tx *pg.Tx) (err error) {
		x, err = b.with(ctx, tx, id, do)
		return err
	})
	return x, err
}

// with does something with a cancellation and its case, unless the service has ended with it already.
func (b *Billing) with(ctx context.Context, tx *pg.Tx, id uuid.UUID, do func(tx *pg.Tx, c *subscription.Case, x *subscription.Cancellation) error) (*subscription.Cancellation, error) {
	x, err := subscription.FindCancellation(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	c, err := running(ctx, tx, x.SubscriptionID)
	if err != nil {
		return nil, err
	}
	if err := do(tx, c, x); err != nil {
		return nil, err
	}
	return x, subscription.Replan(ctx, tx, []uuid.UUID{x.AccountID})
}

// eachCaused does something with the cancellations that came with one.
func (b *Billing) eachCaused(ctx context.Context, tx *pg.Tx, book *subscription.Book, x *subscription.Cancellation, do func(c *subscription.Case, y *subscription.Cancellation) error) error {
	more, err := subscription.CausedBy(ctx, tx, x.ID)
	if err != nil {
		return err
	}
	for _, y := range more {
		s := book.Service(y.SubscriptionID)
		if s == nil {
			continue
		}
		c, err := subscription.CaseOf(ctx, tx, book, s)
		if err != nil {
			return err
		}
		if err := do(c, y); err != nil {
			return err
		}
	}
	return nil
}

// running returns the case of a service that runs.
func running(ctx context.Context, tx *pg.Tx, service uuid.UUID) (*subscription.Case, error) {
	s, err := subscription.Find(ctx, tx, service)
	if err != nil {
		return nil, err
	}
	book, err := subscription.BookOf(ctx, tx, s.AccountID)
	if err != nil {
		return nil, err
	}
	found := book.Service(service)
	if found == nil {
		return nil, subscription.NotRunning(s)
	}
	return subscription.CaseOf(ctx, tx, book, found)
}

func ofService(ctx context.Context, id uuid.UUID) func(tx *pg.Tx) (uuid.UUID, error) {
	return func(tx *pg.Tx) (uuid.UUID, error) {
		s, err := subscription.Find(ctx, tx, id)
		if err != nil {
			return uuid.Nil, err
		}
		return s.AccountID, nil
	}
}

func ofCancellation(ctx context.Context, id uuid.UUID) func(tx *pg.Tx) (uuid.UUID, error) {
	return func(tx *pg.Tx) (uuid.UUID, error) {
		x, err := subscription.FindCancellation(ctx, tx, id)
		if err != nil {
			return uuid.Nil, err
		}
		return x.AccountID, nil
	}
}

// findUndecided names the accounts with a cancellation that nobody has decided about.
func findUndecided(ctx context.Context, tx *pg.Tx, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`select distinct account_id from cancellation where account_id > ? and status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS')
		order by account_id limit ?`, after, batch).Scan(ctx, &ids)
	return ids, err
}

// ripen confirms the account's cancellations whose time has come, whatever staff have done (P-19, 2.5).
func (b *Billing) ripen(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error) {
	var undecided []*subscription.Cancellation
	err = tx.NewSelect().Model(&undecided).Where("ca.account_id = ?", account).Where("ca.status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS')").Order("ca.received_at", "ca.id").Scan(ctx)
	if err != nil {
		return false, fmt.Errorf("find the cancellations of an account: %w", err)
	}
	for _, x := range undecided {
		book, err := subscription.BookOf(ctx, tx, account) // as those before have left it
		if err != nil {
			return false, err
		}
		s := book.Service(x.SubscriptionID)
		if s == nil || s.Cancellation == nil || s.Cancellation.ID != x.ID {
			continue
		}
		c, err := subscription.CaseOf(ctx, tx, book, s)
		if err != nil {
			return false, err
		}
		if !c.Ripe(x, tx.Today()) || s.Cancellation.Status != x.Status {
			continue
		}
		changed = true
		if x.Status == subscription.CancellationAwaiting {
			if err := c.GoOn(ctx, tx, x); err != nil {
				return false, err
			}
		}
		if err := b.confirm(ctx, tx, c, x); err != nil {
			return false, err
		}
	}
	if !changed {
		return false, nil
	}
	return true, subscription.Replan(ctx, tx, []uuid.UUID{account})
}
