package demo

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// script plans what staff and customers do beyond ordering, paying and renewing.
func (s *seeder) script() {
	s.dunned()
	s.arranged()
	s.scene(s.month(-1, 1).AddDays(15).At(9, 0), "timmerwerk", s.overdue)
	s.scene(s.month(-3, 20).At(11, 0), "fietsplus", s.payAgain)
	s.cancelled()
	s.scene(s.at(1, 16, 20), "korenaar", s.cancelBackup)
	s.scenes()
	s.quotes()
	s.openOrders()
	s.tickets()
	s.changes()
}

// scene plans one thing that happens to a customer, in one transaction.
func (s *seeder) scene(at time.Time, who string, do func(ctx context.Context, tx *pg.Tx, c *customer) error) {
	s.plan.add(at, func(ctx context.Context, s *seeder) error {
		return s.do(ctx, at, func(tx *pg.Tx) error { return do(ctx, tx, s.byKey[who]) })
	})
}

// dunned is Café Zuid: reminded, written to, and out of use (rules §4).
func (s *seeder) dunned() {
	steps := term.RemindersFrom(s.month(-2, 1).AddDays(14))
	after := term.ConsequencesOf(steps.LetterOn)
	s.scene(steps.FirstOn.At(9, 0), "zuid", s.overdue)
	s.scene(steps.LetterOn.At(9, 0), "zuid", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		inv, err := unpaid(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := s.dunningLetter(ctx, tx, c, inv); err != nil {
			return err
		}
		return s.tellOf(ctx, tx, c, "DUNNING_LETTER", inv)
	})
	s.scene(after.CostsOn.At(6, 0), "zuid", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		var packages []struct {
			ID   uuid.UUID
			Name string
		}
		err := tx.NewRaw(`with s as (update subscription set status = 'SUSPENDED' where account_id = ? and status = 'ACTIVE' and product_id = ? returning id)
			update hosting_package h set status = 'SUSPENDED' from s where h.subscription_id = s.id returning h.id, h.name`, c.ID, s.product("HOST-BASIS").ID).Scan(ctx, &packages)
		if err != nil {
			return err
		}
		for _, p := range packages {
			n := &notify.Notification{AccountID: c.ID, Kind: "HOSTING_SUSPENDED", SubjectType: key.HostingPackage, SubjectID: &p.ID, Data: map[string]string{"name": p.Name}}
			if err := notify.Add(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// arranged is J. de Groot, who asked for time and pays in three parts (A14).
func (s *seeder) arranged() {
	due := s.month(-1, 1).AddDays(14)
	s.scene(due.At(15, 0), "degroot", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		inv, err := unpaid(ctx, tx, c)
		if err != nil {
			return err
		}
		for _, statement := range []string{`update invoice set in_arrangement = true where id = ?1`, `update subscription set status = 'ON_HOLD' where account_id = ?0 and status = 'ACTIVE'`} {
			if _, err := tx.NewRaw(statement, c.ID, inv.ID).Exec(ctx); err != nil {
				return err
			}
		}
		return s.tellOf(ctx, tx, c, "ARRANGEMENT_AGREED", inv)
	})
	s.scene(s.month(0, 1).At(9, 30), "degroot", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		inv, err := unpaid(ctx, tx, c)
		if err != nil {
			return err
		}
		first := term.Instalments(inv.OpenCents, 3, s.month(0, 1))[0]
		return s.pay(ctx, tx, c, inv, first.Amount)
	})
}

// cancelled is Drukkerij Veldhuis, who gave up its mailboxes after the invoice but in time, and was credited (A05).
func (s *seeder) cancelled() {
	ends := civil.New(s.today.Year(), time.January, 16)
	if !ends.Before(s.today) {
		ends = civil.New(s.today.Year()-1, time.January, 16)
	}
	s.scene(ends.AddDays(-37).At(14, 5), "veldhuis", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		id, err := s.cancel(ctx, tx, c, "MAIL-5", "CONFIRMED", "UNUSED", ends)
		if err != nil {
			return err
		}
		return s.ending(ctx, tx, c, id, ends)
	})
}

// cancelBackup is the open request of the first login.
func (s *seeder) cancelBackup(ctx context.Context, tx *pg.Tx, c *customer) error {
	id, err := s.cancel(ctx, tx, c, "BACKUP-30", "OPEN", "TOO_EXPENSIVE", s.soon(75))
	if err != nil {
		return err
	}
	if _, err := tx.NewRaw(`update subscription set status = 'CANCELLATION_REQUESTED' where id = ?`, id).Exec(ctx); err != nil {
		return err
	}
	return subscription.Replan(ctx, tx, []uuid.UUID{c.ID})
}

// cancel stores a request to end what the customer has of a product, and acknowledges it.
func (s *seeder) cancel(ctx context.Context, tx *pg.Tx, c *customer, code, status, reason string, ends civil.Date) (service uuid.UUID, err error) {
	err = tx.NewRaw(`select id from subscription where account_id = ? and product_id = ? and status = 'ACTIVE'`, c.ID, s.product(code).ID).Scan(ctx, &service)
	if err != nil {
		return service, fmt.Errorf("find what to cancel: %w", err)
	}
	x := &subscription.Cancellation{ID: key.New(), AccountID: c.ID, SubscriptionID: service, Mode: string(term.EndOfTerm), Status: status, ReasonCode: reason, ReceivedAt: tx.Now, EnteredAt: tx.Now,
		Channel: "PANEL", EffectiveOn: ends}
	if status != "OPEN" && status != "AWAITING_DOMAIN_DECISION" {
		x.DecidedAt = &tx.Now
	}
	if _, err := tx.NewInsert().Model(x).Exec(ctx); err != nil {
		return service, fmt.Errorf("request a cancellation: %w", err)
	}
	return service, s.tellEnd(ctx, tx, c, "CANCELLATION_RECEIVED", service, ends)
}

// payAgain pays an invoice a second time: the money is held on the balance.
func (s *seeder) payAgain(ctx context.Context, tx *pg.Tx, c *customer) error {
	var inv billing.Invoice
	err := tx.NewSelect().Model(&inv).Where("i.account_id = ?", c.ID).Where("i.kind = 'INVOICE'").Where("i.state = 'ISSUED'").Where("i.open_cents = 0").OrderExpr("i.issued_on desc").Limit(1).Scan(ctx)
	if err != nil {
		return fmt.Errorf("find what was paid: %w", err)
	}
	return s.pay(ctx, tx, c, &inv, inv.TotalCents)
}

// overdue tells that an invoice was not paid in time.
func (s *seeder) overdue(ctx context.Context, tx *pg.Tx, c *customer) error {
	inv, err := unpaid(ctx, tx, c)
	if err != nil {
		return err
	}
	return s.tellOf(ctx, tx, c, "INVOICE_OVERDUE", inv)
}

// unpaid returns the oldest open invoice of the customer.
func unpaid(ctx context.Context, tx *pg.Tx, c *customer) (*billing.Invoice, error) {
	inv := &billing.Invoice{}
	err := tx.NewSelect().Model(inv).Where("i.account_id = ?", c.ID).Where("i.open_cents > 0").OrderExpr("i.issued_on").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what %s has not paid: %w", c.key, err)
	}
	return inv, nil
}

func (s *seeder) tellOf(ctx context.Context, tx *pg.Tx, c *customer, kind notify.Kind, inv *billing.Invoice) error {
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: kind, SubjectType: key.Invoice, SubjectID: &inv.ID,
		Data: map[string]string{"number": inv.Number, "amount": inv.OpenCents.Format(c.Language), "day": inv.DueOn.Short()}})
}

func (s *seeder) tellEnd(ctx context.Context, tx *pg.Tx, c *customer, kind notify.Kind, service uuid.UUID, ends civil.Date) error {
	var label string
	if err := tx.NewRaw(`select label from subscription where id = ?`, service).Scan(ctx, &label); err != nil {
		return err
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: kind, SubjectType: key.Subscription, SubjectID: &service, Data: map[string]string{"name": label, "day": ends.Short()}})
}
