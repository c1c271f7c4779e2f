package demo

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// scenes are the small stories of the crowd, one of each kind that the panel can show.
func (s *seeder) scenes() {
	invoiced := s.month(-1, 1)
	for _, who := range []string{"architectenbureaulijnvlak", "slijterijhetvat", "cafetariadehoek"} {
		s.byKey[who].stopsOn = invoiced
	}
	s.scene(invoiced.AddDays(17).At(9, 0), "cafetariadehoek", s.overdue)
	s.scene(invoiced.AddDays(6).At(10, 20), "architectenbureaulijnvlak", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		_, err := tx.NewRaw(`update invoice set disputed = true where account_id = ? and open_cents > 0`, c.ID).Exec(ctx)
		return err
	})
	s.scene(invoiced.AddDays(12).At(11, 40), "slijterijhetvat", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		inv, err := unpaid(ctx, tx, c)
		if err != nil {
			return err
		}
		return s.pay(ctx, tx, c, inv, 100_00)
	})
	s.scene(invoiced.AddDays(13).At(20, 15), "timmerwerk", s.attempt)
	for _, c := range s.customers {
		if !c.leavesOn.IsZero() {
			s.departs(c)
		}
	}
	s.scene(s.at(9, 13, 30), "kapsalonkrul", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		return s.cancelAll(ctx, tx, c, s.month(2, 13))
	})
	s.scene(s.at(5, 21, 10), "breiwinkelsteek", s.deletes)
	s.scene(s.at(6, 9, 45), "pensionweltevree", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		id, err := s.cancel(ctx, tx, c, "COMPLEET", "AWAITING_DOMAIN_DECISION", "STOPPING", s.month(2, 20))
		if err != nil {
			return err
		}
		return s.tellEnd(ctx, tx, c, "CANCELLATION_NEEDS_DOMAIN_CHOICE", id, s.month(2, 20))
	})
	s.scene(s.at(400, 15, 0), "vvdedoorzetters", s.refused("HOST-START", "WITHDRAWN", nil))
	s.scene(s.at(320, 10, 30), "bloemisterijdetulp", s.refused("HOST-START", "REJECTED", new("DUPLICATE")))
	s.scene(s.at(290, 16, 0), "garagehofstra", s.movesOut)
	s.scene(s.at(1, 11, 5), "dierenartsvosseveld", s.movesIn)
}

// attempt is a payment that was begun and never finished.
func (s *seeder) attempt(ctx context.Context, tx *pg.Tx, c *customer) error {
	inv, err := unpaid(ctx, tx, c)
	if err != nil {
		return err
	}
	s.payments++
	_, err = tx.NewRaw(`insert into payment (id, account_id, method, status, amount_cents, reference, provider, provider_id, created_at) values (?, ?, 'IDEAL', 'EXPIRED', ?, ?, 'MOLLIE', ?, ?)`,
		key.New(), c.ID, inv.OpenCents, inv.Number, fmt.Sprintf("demo_%06d", s.payments), tx.Now).Exec(ctx)
	return err
}

// departs is a customer who ended everything years ago. A consumer just let the offer pass.
func (s *seeder) departs(c *customer) {
	c.silentOn = c.leavesOn.AddDays(-term.PING.OfferInPanelDays)
	if !c.ActsAsConsumer() {
		s.scene(c.leavesOn.AddDays(-75).At(17, 5), c.key, func(ctx context.Context, tx *pg.Tx, c *customer) error { return s.cancelAll(ctx, tx, c, c.leavesOn) })
	}
	s.scene(c.leavesOn.AddDays(45).At(9, 0), c.key, func(ctx context.Context, tx *pg.Tx, c *customer) error {
		_, err := tx.NewRaw(`update account set status = 'CLOSED' where id = ?`, c.ID).Exec(ctx)
		return err
	})
}

// cancelAll ends every service of the customer on one day, confirmed.
func (s *seeder) cancelAll(ctx context.Context, tx *pg.Tx, c *customer, ends civil.Date) error {
	for _, p := range c.purchases {
		for _, it := range p.items {
			id, err := s.cancel(ctx, tx, c, it.code, "CONFIRMED", "STOPPING", ends)
			if err != nil {
				return err
			}
			if err := s.ending(ctx, tx, c, id, ends); err != nil {
				return err
			}
		}
	}
	_, err := tx.NewRaw(`update domain set auto_renew = false, auto_renew_confirmed_at = ? where account_id = ? and status = 'ACTIVE'`, tx.Now, c.ID).Exec(ctx)
	if err != nil {
		return err
	}
	return subscription.Replan(ctx, tx, []uuid.UUID{c.ID})
}

// ending fixes the end of a service.
func (s *seeder) ending(ctx context.Context, tx *pg.Tx, c *customer, id uuid.UUID, ends civil.Date) error {
	if _, err := tx.NewRaw(`update subscription set status = 'ENDING', ends_on = ?, end_reason = 'CANCELLED' where id = ?`, ends, id).Exec(ctx); err != nil {
		return err
	}
	if _, err := billing.CreditFrom(ctx, tx, id, ends, "cancelled"); err != nil {
		return err
	}
	return s.tellEnd(ctx, tx, c, "CANCELLATION_CONFIRMED", id, ends)
}

// deletes is a package that its owner had deleted at once: it can still be brought back (M-13, M-14).
func (s *seeder) deletes(ctx context.Context, tx *pg.Tx, c *customer) error {
	id, err := s.cancel(ctx, tx, c, "HOST-BASIS", "CONFIRMED", "MOVING", tx.Today())
	if err != nil {
		return err
	}
	if _, err := tx.NewRaw(`update cancellation set mode = 'IMMEDIATE' where subscription_id = ?`, id).Exec(ctx); err != nil {
		return err
	}
	b, err := subscription.BookOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := subscription.End(ctx, tx, b, b.Service(id), tx.Today(), subscription.EndImmediate); err != nil {
		return err
	}
	if _, err := tx.NewRaw(`update hosting_package set status = 'DELETED_RECOVERABLE', purge_at = ? where subscription_id = ?`, tx.Now.AddDate(0, 0, b.Policy.RecoverableDays), id).Exec(ctx); err != nil {
		return err
	}
	return subscription.Replan(ctx, tx, []uuid.UUID{c.ID})
}

// refused is a cancellation of which nothing came.
func (s *seeder) refused(code, status string, ground *string) func(ctx context.Context, tx *pg.Tx, c *customer) error {
	return func(ctx context.Context, tx *pg.Tx, c *customer) error {
		id, err := s.cancel(ctx, tx, c, code, status, "", tx.Today().AddDays(90))
		if err == nil {
			_, err = tx.NewRaw(`update cancellation set effective_on = (select period_end_on from subscription where id = ?0), rejection = ?1, decided_at = ?2 where subscription_id = ?0`, id, ground, tx.Now.Add(26*time.Hour)).Exec(ctx)
		}
		return err
	}
}

// movesOut is a name that went to another provider.
func (s *seeder) movesOut(ctx context.Context, tx *pg.Tx, c *customer) error {
	var id uuid.UUID
	err := tx.NewRaw(`update domain set status = 'TRANSFERRED_OUT', auto_renew = false where account_id = ? and name like '%.com' returning subscription_id`, c.ID).Scan(ctx, &id)
	if err != nil {
		return err
	}
	b, err := subscription.BookOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := subscription.End(ctx, tx, b, b.Service(id), tx.Today(), "TRANSFERRED"); err != nil {
		return err
	}
	if err := s.tellEnd(ctx, tx, c, "DOMAIN_TRANSFERRED_OUT", id, tx.Today()); err != nil {
		return err
	}
	return subscription.Replan(ctx, tx, []uuid.UUID{c.ID})
}

// movesIn is a name that is on its way from another provider: the order is being delivered.
func (s *seeder) movesIn(ctx context.Context, tx *pg.Tx, c *customer) error {
	it := item{"DOM-COM", "vosseveld-voorbeeld.com", 0}
	product := s.product(it.code)
	sub := pending(c, product.ID, it, tx)
	d := &domainname.Domain{ID: key.New(), AccountID: c.ID, SubscriptionID: &sub.ID, Name: it.label, Status: "PENDING_TRANSFER_IN", Registrar: registrarOf(product.Tld), AutoRenew: true, CreatedAt: tx.Now}
	for _, row := range []any{sub, d} {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
	}
	o, line := s.openOrder(tx, c, "DELIVERING", it)
	line.SubscriptionID = &sub.ID
	return s.record(ctx, tx, o, line)
}

// pending returns a service that is still to be delivered.
func pending(c *customer, product uuid.UUID, it item, tx *pg.Tx) *subscription.Subscription {
	first := term.PeriodOn(tx.Today(), it.term(), tx.Today())
	return &subscription.Subscription{ID: key.New(), AccountID: c.ID, ProductID: product, Label: it.label, Quantity: 1, TermMonths: it.term(), AnchorOn: first.Start,
		PeriodStartOn: first.Start, PeriodEndOn: first.End, BilledUntilOn: first.Start, Status: subscription.Pending, CreatedAt: tx.Now}
}

// dunningLetter writes the 14-day letter, with the costs that follow (rules §4, 3.16).
func (s *seeder) dunningLetter(ctx context.Context, tx *pg.Tx, c *customer, inv *billing.Invoice) error {
	costs := term.CollectionCosts(inv.OpenCents)
	body := fmt.Sprintf(`Geachte heer/mevrouw,

Factuur %s van %s hebben wij nog niet ontvangen. Betaal %s binnen 14 dagen vanaf de dag nadat deze brief bij u is bezorgd. Betaalt u niet op tijd, dan bent u %s aan incassokosten verschuldigd, en stellen wij uw hostingpakket buiten gebruik.

Lukt het niet om ineens te betalen? Neem dan contact met ons op; wij spreken graag een regeling met u af.

Met vriendelijke groet,
Noorderhost
`, inv.Number, inv.IssuedOn.Format("nl"), inv.OpenCents.Format("nl"), costs.Format("nl"))
	_, err := tx.NewRaw(`insert into message (id, account_id, dedupe_key, kind, medium, sender_name, recipient, recipient_name, language, subject, body_text, status, created_at, sent_at)
		values (?, ?, ?, 'DUNNING_LETTER', 'POST', 'Noorderhost', ?, ?, 'nl', ?, ?, 'SENT', ?, ?)`,
		key.New(), c.ID, "dunning-letter:"+inv.ID.String(), c.Line1+", "+c.Postcode+" "+c.City, c.CompanyName, "Laatste herinnering voor factuur "+inv.Number, body, tx.Now, tx.Now).Exec(ctx)
	return err
}
