package billing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Billing is the engine that makes time pass for contracts and invoices. Any number may run, on any number of servers.
type Billing struct {
	db      *pg.DB
	Workers int          // accounts at the same moment
	Log     *slog.Logger // of what could not be done
	Panel   notify.Panel // where the links in mail lead; without it renewal offers are not mailed
}

// New returns the engine for db.
func New(db *pg.DB) *Billing { return &Billing{db: db, Workers: 4, Log: slog.Default()} }

// step is one step of the daily job. It deals with each account in a transaction of its own.
type step struct {
	name string
	// find returns accounts after the given one that may have something to do, by id, at most batch of them. It may name too many.
	find func(ctx context.Context, tx *pg.Tx, after uuid.UUID) ([]uuid.UUID, error)
	// worth narrows what find returned, to spare accounts a transaction; nil for no narrowing.
	worth func(ctx context.Context, tx *pg.Tx, accounts []uuid.UUID) ([]uuid.UUID, error)
	// do deals with one account, which is locked, and reports whether it changed anything. Done again it finds nothing to do.
	do func(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error)
}

const batch = 500

// steps are those of state-machines §13 that are the engine's, in their order.
func (b *Billing) steps() []step {
	return []step{
		{name: "ends and renewals", find: findTurns, do: turn},
		{name: "cancellations", find: findUndecided, do: b.ripen},
		{name: "billing run", find: findUnbilled, worth: worthBilling, do: bill},
		{name: "offers", find: findOffers, do: offer},
		{name: "offer mail", find: findUnmailed, do: b.mailOffers},
	}
}

// errDayOver stops a step at midnight: what is left is for the next day's job, with that day's date.
var errDayOver = errors.New("billing: the day is over")

// Daily does all work of the day, which must be today by the clock: contracts end and renew, what is due is invoiced, offers
// go out (state-machines §13). Interrupted anywhere and called again it does the rest; called twice, or by several servers
// at once, it does everything once (invariants 7, 8). After an outage the next call catches up, with its own date.
//
// When the day or ctx ends first, the error says so. What goes wrong with one account is logged and leaves the others
// alone; the error then tells how many failed.
func (b *Billing) Daily(ctx context.Context, day civil.Date) error {
	var failures []error
	for _, s := range b.steps() {
		err := b.run(ctx, day, s)
		if ctx.Err() != nil || errors.Is(err, errDayOver) {
			return errors.Join(append(failures, err, context.Cause(ctx))...)
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return errors.Join(failures...)
}

// Step is how far one step of a day's job is.
type Step struct {
	bun.BaseModel `bun:"table:daily_step"`

	Day          civil.Date
	Step         string
	Done, Failed int // accounts
	StartedAt    time.Time
	FinishedAt   *time.Time // nil while it runs, or when it was interrupted
}

// Progress returns how far the job of the day is, by step.
func (b *Billing) Progress(ctx context.Context, day civil.Date) (steps []Step, err error) {
	err = b.db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewSelect().Model(&steps).Where("day = ?", day).Order("started_at", "step").Scan(ctx)
	})
	return steps, err
}

var job = viewer.ForJob("daily")

// run does one step, batch by batch, so that memory does not grow with the number of accounts.
func (b *Billing) run(ctx context.Context, day civil.Date, s step) error {
	var busy []uuid.UUID // locked by someone else when their turn came
	failed := 0
	for after := uuid.Nil; ; {
		found, worth, err := b.find(ctx, day, s, after)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			break
		}
		if after == uuid.Nil {
			if err := b.note(ctx, day, s.name, 0, 0, false); err != nil {
				return err
			}
		}
		after = found[len(found)-1]
		skipped, bad, err := b.each(ctx, day, s, worth, false)
		if err != nil {
			return err
		}
		busy, failed = append(busy, skipped...), failed+bad
	}
	_, bad, err := b.each(ctx, day, s, busy, true)
	if err != nil {
		return err
	}
	if failed += bad; failed > 0 {
		return fmt.Errorf("%d accounts failed", failed)
	}
	return b.note(ctx, day, s.name, 0, 0, true)
}

// find returns the next accounts that may have something to do, and those of them that have.
func (b *Billing) find(ctx context.Context, day civil.Date, s step, after uuid.UUID) (found, worth []uuid.UUID, err error) {
	err = b.db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) (err error) {
		if tx.Today() != day {
			return errDayOver
		}
		found, err = s.find(ctx, tx, after)
		if worth = found; err == nil && s.worth != nil && len(found) > 0 {
			worth, err = s.worth(ctx, tx, found)
		}
		return err
	})
	if err != nil && !errors.Is(err, errDayOver) {
		err = fmt.Errorf("find the accounts: %w", err)
	}
	return found, worth, err
}

// each deals with the accounts, a few at a time, and returns those that someone else was busy with, unless it is to wait
// for them. An error is one that ends the step.
func (b *Billing) each(ctx context.Context, day civil.Date, s step, accounts []uuid.UUID, wait bool) (busy []uuid.UUID, failed int, err error) {
	if len(accounts) == 0 {
		return nil, 0, nil
	}
	var mu sync.Mutex
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(max(1, b.Workers), len(accounts)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(accounts)); i = next.Add(1) - 1 {
				id := accounts[i]
				changed, skipped, e := b.account(ctx, day, s, id, wait)
				if changed {
					done.Add(1)
				}
				mu.Lock()
				switch {
				case ctx.Err() != nil:
					err = context.Cause(ctx)
					next.Store(int64(len(accounts)))
				case errors.Is(e, errDayOver):
					err = e
					next.Store(int64(len(accounts)))
				case e != nil:
					failed++
					b.Log.ErrorContext(ctx, "daily job", "step", s.name, "day", day.String(), "account", id, "error", e)
				case skipped:
					busy = append(busy, id)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	if err != nil {
		return busy, failed, err
	}
	return busy, failed, b.note(ctx, day, s.name, int(done.Load()), failed, false)
}

// account deals with one account, in one transaction.
func (b *Billing) account(ctx context.Context, day civil.Date, s step, id uuid.UUID, wait bool) (changed, busy bool, err error) {
	lock := `select id from account where id = ? for no key update`
	if !wait {
		lock += ` skip locked`
	}
	err = b.db.Write(ctx, job, viewer.ManageDesk, func(tx *pg.Tx) (err error) {
		changed, busy = false, false
		if tx.Today() != day {
			return errDayOver
		}
		var mine []uuid.UUID
		if err := tx.NewRaw(lock, id).Scan(ctx, &mine); err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		if busy = len(mine) == 0; busy {
			return nil
		}
		changed, err = s.do(ctx, tx, id)
		return err
	})
	return changed && err == nil, busy, err
}

// note writes down how far the step is.
func (b *Billing) note(ctx context.Context, day civil.Date, name string, done, failed int, finished bool) error {
	return b.db.Write(ctx, job, viewer.ManageDesk, func(tx *pg.Tx) error {
		_, err := tx.NewRaw(`insert into daily_step as d (day, step, done, failed, started_at, finished_at) values (?, ?, ?, ?, ?4, case when ?5 then ?4::timestamptz end)
			on conflict (day, step) do update set done = d.done + excluded.done, failed = d.failed + excluded.failed, finished_at = excluded.finished_at`,
			day, name, done, failed, tx.Now, finished).Exec(ctx)
		if err != nil {
			return fmt.Errorf("note the progress: %w", err)
		}
		return nil
	})
}
