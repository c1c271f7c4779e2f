// Package demo owns the provider that `make run` shows: Noorderhost, which does not exist, with its price list, its
// customers, and its history from 2014 until today.
//
// That history is not inserted but lived: customers order, the billing engine does the work of each day, customers pay and
// renew as people do, and what the panel shows in the end is what came of it. Only what no engine does yet (tickets,
// quotes, letters, measurements) is written as rows, at the moment it happened.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Options say what to make.
type Options struct {
	Today civil.Date // the day that the stories lead up to
}

// Summary is who can look at the demo.
type Summary struct {
	Logins []Login
	Tokens []Token
}

// Login is somebody who can sign in.
type Login struct {
	Email, Password string
	About           string // who it is, and what there is to see
}

// Token is an API token. It is the same in every demo.
type Token struct{ Token, About string }

// opening is the first day of the history: the panel shows what was invoiced from here on (P-08).
var opening = civil.New(2014, 1, 1)

var job = viewer.ForJob("demo")

// The errors of Seed, and of who wants to know whether it is done.
var (
	ErrNotEmpty    = errors.New("demo: there is a provider in the database already")
	ErrInterrupted = errors.New("demo: making the demo provider was interrupted, and what there is of it is of no use")
)

// Seed makes the demo provider in an empty database, and returns who can sign in. Everything in it is the same each time,
// but for ids, given the same day. It refuses a database in which there is a provider. When it fails or is interrupted
// half of a provider is left, which Check tells: the database has to be thrown away.
func Seed(ctx context.Context, db *pg.DB, gate *auth.Gate, o Options) (Summary, error) {
	m := &maker{db: db, gate: gate, engine: billing.New(db), calendar: newCalendar(o.Today),
		brands: map[string]uuid.UUID{}, products: map[string]*product{}, customers: map[string]*customer{}, staff: map[string]uuid.UUID{},
		due: map[civil.Date]bool{}, script: map[civil.Date][]action{}, orders: map[int]int{}}
	if err := m.begin(ctx); err != nil {
		return Summary{}, err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"brands", m.makeBrands}, {"price list", m.makeCatalog}, {"staff", m.makeStaff},
		{"customers", m.makeCustomers}, {"history", m.live}, {"measurements", m.measure}, {"tokens", m.makeTokens}, {"last touches", m.finish},
	} {
		if err := step.do(ctx); err != nil {
			return Summary{}, fmt.Errorf("demo: %s: %w", step.name, err)
		}
	}
	return Summary{Logins: logins(), Tokens: tokens()}, nil
}

// Check returns ErrInterrupted when the database holds a demo provider that was not finished.
func Check(ctx context.Context, db *pg.DB) error {
	var begun, done bool
	err := db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewRaw(`select count(*) filter (where source_id = 'begun') > 0, count(*) filter (where source_id = 'done') > 0
			from import_ref where source = 'demo'`).Scan(ctx, &begun, &done)
	})
	if err == nil && begun && !done {
		err = ErrInterrupted
	}
	return err
}

// maker makes the demo provider.
type maker struct {
	db     *pg.DB
	gate   *auth.Gate
	engine *billing.Billing
	calendar

	now       time.Time // by the clock, when the making began: nothing happens later
	hash      string    // of the password
	brands    map[string]uuid.UUID
	products  map[string]*product
	staff     map[string]uuid.UUID // users by mail address
	customers map[string]*customer // by key
	cast      []*customer          // the same, in the order in which they are told of

	due      map[civil.Date]bool     // days on which the engine may have work
	script   map[civil.Date][]action // what people do
	orders   map[int]int             // how many there are, by year
	payments int
}

// begin refuses a database that is in use, and leaves a mark that the making has begun.
func (m *maker) begin(ctx context.Context) error {
	return m.db.Write(ctx, job, viewer.ManageDesk, func(tx *pg.Tx) error {
		m.now = tx.Now
		used, err := tx.NewSelect().Table("brand").Exists(ctx)
		if err != nil {
			return err
		}
		if used {
			return ErrNotEmpty
		}
		return mark(ctx, tx, "begun")
	})
}

// finish tells the world that it is done. What happened in the past was told in the past: nobody is mailed about it now.
func (m *maker) finish(ctx context.Context) error {
	return m.write(ctx, m.at(m.today, 4, 30), func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.NewRaw(`update event set relayed_at = at where relayed_at is null`).Exec(ctx); err != nil {
			return err
		}
		return mark(ctx, tx, "done")
	})
}

func mark(ctx context.Context, tx *pg.Tx, what string) error {
	_, err := tx.NewRaw(`insert into import_ref (source, kind, source_id, target_id, imported_at) values ('demo', 'provider', ?, ?, ?)`, what, key.New(), tx.Now).Exec(ctx)
	return err
}

// write runs f in a transaction that happens at that instant.
func (m *maker) write(ctx context.Context, at time.Time, f func(ctx context.Context, tx *pg.Tx) error) error {
	ctx = pg.At(ctx, at)
	return m.db.Write(ctx, job, viewer.ManageDesk, func(tx *pg.Tx) error { return f(ctx, tx) })
}

// at returns the time on the clock in Amsterdam on that day, or now if that is earlier: nothing happens in the future.
func (m *maker) at(day civil.Date, hour, minute int) time.Time {
	t := day.At(hour, minute)
	if day == civil.In(m.now) && t.After(m.now) {
		return m.now
	}
	return t
}
