package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// agenda holds what customers and staff will do, by time.
type agenda struct {
	entries []appointment
	serial  int
}

type appointment struct {
	at     time.Time
	serial int
	do     func(ctx context.Context, s *seeder) error
}

func (a *agenda) add(at time.Time, do func(ctx context.Context, s *seeder) error) {
	a.serial++
	e := appointment{at, a.serial, do}
	i, _ := slices.BinarySearchFunc(a.entries, e, func(x, y appointment) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.serial, y.serial)) })
	a.entries = slices.Insert(a.entries, i, e)
}

// next returns the day of the first entry, zero when there is none.
func (a *agenda) next() civil.Date {
	if len(a.entries) == 0 {
		return civil.Date{}
	}
	return civil.In(a.entries[0].at)
}

// take removes and returns the first entry if it is for that day.
func (a *agenda) take(day civil.Date) (e appointment, ok bool) {
	if a.next() != day {
		return e, false
	}
	e, a.entries = a.entries[0], a.entries[1:]
	return e, true
}

// live lives through the years: on each day on which something happens the daily job runs at 04:00, and then customers and
// staff do what they have planned. Days on which nothing happens are left out.
func (s *seeder) live(ctx context.Context) error {
	s.script()
	day := s.plan.next()
	for due := true; !day.IsZero() && !day.After(s.today); {
		s.progress(day)
		if err := s.spend(ctx, day, due); err != nil {
			return fmt.Errorf("%s: %w", day, err)
		}
		next, err := s.engine.NextDay(pg.At(ctx, s.evening(day)))
		if err != nil {
			return err
		}
		planned := s.plan.next()
		due = !next.IsZero() && (planned.IsZero() || !next.After(planned))
		if day = planned; due {
			day = next
		}
	}
	return nil
}

// spend lives through one day.
func (s *seeder) spend(ctx context.Context, day civil.Date, due bool) error {
	if due && !day.After(s.lastJob()) {
		if err := s.check(ctx, day); err != nil {
			return err
		}
		if err := s.engine.Daily(pg.At(ctx, term.RunAt(day)), day); err != nil {
			return err
		}
	}
	for {
		if err := s.respond(ctx, day); err != nil {
			return err
		}
		e, ok := s.plan.take(day)
		if !ok {
			return nil
		}
		if e.at.After(s.now) {
			continue // it is still to come
		}
		if err := e.do(ctx, s); err != nil {
			return err
		}
	}
}

// evening is the last instant of a day of the history.
func (s *seeder) evening(day civil.Date) time.Time {
	if at := day.At(23, 0); at.Before(s.now) {
		return at
	}
	return s.now
}

// check has VIES asked about the businesses elsewhere in the EU.
func (s *seeder) check(ctx context.Context, day civil.Date) error {
	for _, c := range s.customers {
		if c.known && c.vies {
			if err := s.do(ctx, day.At(3, 0), func(tx *pg.Tx) error { return s.askVIES(ctx, tx, c) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// buy places an order of the customer.
func (s *seeder) buy(ctx context.Context, c *customer, p purchase) error {
	return s.do(ctx, noon(p.on), func(tx *pg.Tx) error {
		if c.known {
			if err := s.askVIES(ctx, tx, c); err != nil {
				return err
			}
		}
		return s.place(ctx, tx, c, p)
	})
}

// respond plans what customers will do about the invoices and offers of the day.
func (s *seeder) respond(ctx context.Context, day civil.Date) error {
	var news []struct {
		ID, AccountID uuid.UUID
		Kind          string
		RenewsOn      civil.Date
	}
	err := s.db.Read(pg.At(ctx, s.evening(day)), job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewRaw(`select id, account_id, 'invoice' as kind, null::date as renews_on from invoice where issued_on = ?0 and open_cents > 0 and state = 'ISSUED'
			union all select id, account_id, 'offer', renews_on from renewal_offer where status = 'OPEN' and sends_on <= ?0 and opened_at >= ?1 order by 3, 1`, day, day.Start()).Scan(ctx, &news)
	})
	if err != nil {
		return fmt.Errorf("read the post: %w", err)
	}
	for _, n := range news {
		if s.answered[n.ID] {
			continue
		}
		s.answered[n.ID] = true
		c := s.byAccount[n.AccountID]
		switch {
		case n.Kind == "invoice" && (c.stopsOn.IsZero() || day.Before(c.stopsOn)):
			at := day.AddDays(max(1, c.payDays)).At(10, 0)
			s.plan.add(at, func(ctx context.Context, s *seeder) error { return s.receive(ctx, c, n.ID, at) })
		case n.Kind == "offer" && (c.silentOn.IsZero() || day.Before(c.silentOn)):
			at := day.AddDays(max(1, c.answers)).At(20, 0)
			s.plan.add(at, func(ctx context.Context, s *seeder) error { return s.accept(ctx, c, n.RenewsOn, at) })
		}
	}
	return nil
}

// accept has a consumer renew everything that is offered for a day.
func (s *seeder) accept(ctx context.Context, c *customer, renewsOn civil.Date, at time.Time) error {
	return s.do(ctx, at, func(tx *pg.Tx) error {
		var offers []uuid.UUID
		if err := tx.NewRaw(`select id from renewal_offer where account_id = ? and renews_on = ? and status = 'OPEN' order by id`, c.ID, renewsOn).Scan(ctx, &offers); err != nil {
			return fmt.Errorf("find the offers: %w", err)
		}
		if len(offers) == 0 {
			return nil
		}
		_, err := billing.AcceptOffers(ctx, tx, offers...)
		return err
	})
}
