// Package demo fills an empty database with a fictional provider, its customers and twelve years of their history
// (rules §5). Who may sign in, and with what, is in people.go and in docs/demo.md.
//
// The history is not inserted: the billing engine lives through it day by day (see history.go), so whatever is shown is
// what the engine makes. Stories are placed around the last day, which is today unless told otherwise, so that they are
// always going on.
package demo

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Options say what to make. The zero value makes a demo that ends today.
type Options struct {
	Today    civil.Date           // the last day of the history; zero for today by the wall clock
	Progress func(day civil.Date) // is told how far the history is; nil for nobody
}

// Summary is who can use the demo. It is the same for every demo.
type Summary struct {
	Logins []Login
	Tokens []Token
}

// Login is somebody who can sign in.
type Login struct {
	Email, Password string
	About           string // who it is, and what there is to see
}

// Token is an API token that works in every demo.
type Token struct{ Token, About string }

// State is what a database holds of a demo.
type State string

// The states of a database.
const (
	Empty       State = "empty"
	Interrupted State = "interrupted" // a demo was begun and never finished: of no use, and not to be repaired
	Complete    State = "complete"    // a demo
	Foreign     State = "foreign"     // something else
)

// Look returns what the database holds.
func Look(ctx context.Context, db *pg.DB) (state State, err error) {
	err = db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewRaw(`select case when exists (select from import_ref where source = 'demo' and source_id = 'done') then 'complete'
			when exists (select from import_ref where source = 'demo') then 'interrupted'
			when exists (select from account) or exists (select from app_user) or exists (select from brand) or exists (select from product) then 'foreign' else 'empty' end`).Scan(ctx, &state)
	})
	if err != nil {
		return "", fmt.Errorf("look at the database: %w", err)
	}
	return state, nil
}

// Seed makes the demo in an empty database, and refuses any other. It takes some tens of seconds. Interrupted, it leaves a
// database that Look calls Interrupted: drop it and start again.
func Seed(ctx context.Context, db *pg.DB, gate *auth.Gate, o Options) (Summary, error) {
	state, err := Look(ctx, db)
	if err != nil {
		return Summary{}, err
	}
	if state != Empty {
		return Summary{}, fmt.Errorf("demo data need an empty database; this one is %s", state)
	}
	s := newSeeder(db, gate, o)
	for _, step := range []func(context.Context) error{s.begin, s.found, s.stock, s.hire, s.cast, s.live, s.secure, s.measure, s.finish} {
		if err := step(ctx); err != nil {
			return Summary{}, fmt.Errorf("make the demo: %w", err)
		}
	}
	return Who(), nil
}

var job = viewer.ForJob("demo")

// seeder holds what the steps share.
type seeder struct {
	db       *pg.DB
	gate     *auth.Gate
	engine   *billing.Billing
	progress func(civil.Date)
	today    civil.Date
	now      time.Time // the last instant: nothing happens after it

	brands    map[string]uuid.UUID
	products  map[string]*catalog.Product
	hash      string // of the one password
	customers []*customer
	byKey     map[string]*customer
	byAccount map[uuid.UUID]*customer
	plan      agenda
	answered  map[uuid.UUID]bool // invoices and offers that a customer has seen
	orders    map[int]int        // how many there were, by year
	packages  int
	payments  int
}

func newSeeder(db *pg.DB, gate *auth.Gate, o Options) *seeder {
	s := &seeder{db: db, gate: gate, engine: billing.New(db), progress: o.Progress, today: o.Today, brands: map[string]uuid.UUID{}, products: map[string]*catalog.Product{},
		byKey: map[string]*customer{}, byAccount: map[uuid.UUID]*customer{}, answered: map[uuid.UUID]bool{}, orders: map[int]int{}}
	s.engine.Workers = 1 // in order, so that the numbers are the same each time
	wall := gate.Now()
	switch s.today {
	case civil.Date{}, civil.In(wall):
		s.today, s.now = civil.In(wall), wall
	default:
		s.now = s.today.At(12, 0)
	}
	if s.progress == nil {
		s.progress = func(civil.Date) {}
	}
	return s
}

// do runs f in a transaction at that instant of the past.
func (s *seeder) do(ctx context.Context, at time.Time, f func(tx *pg.Tx) error) error {
	if at.After(s.now) {
		at = s.now
	}
	return s.db.Write(pg.At(ctx, at), job, viewer.ManageDesk, f)
}

// at returns an instant of a day so many days ago, but not one that is still to come.
func (s *seeder) at(daysAgo, hour, minute int) time.Time {
	at := s.today.AddDays(-daysAgo).At(hour, minute)
	if at.After(s.now) {
		return s.now
	}
	return at
}

func (s *seeder) begin(ctx context.Context) error { return s.mark(ctx, "begun") }

// mark notes how far the demo is.
func (s *seeder) mark(ctx context.Context, what string) error {
	return s.do(ctx, s.now, func(tx *pg.Tx) error {
		_, err := tx.NewRaw(`insert into import_ref (source, kind, source_id, target_id, imported_at) values ('demo', 'seed', ?, ?, ?)`, what, key.New(), tx.Now).Exec(ctx)
		return err
	})
}

// finish makes the past look like one: old notifications were read, who was to be told of what happened was told, names that
// were let go are free, and what was to be erased is. What the panel shows is planned as of now.
func (s *seeder) finish(ctx context.Context) error {
	err := s.do(ctx, s.now, func(tx *pg.Tx) error {
		for _, statement := range []string{
			`update notification set read_at = least(created_at + interval '1 day', ?0) where created_at < ?0::timestamptz - interval '21 days' or resolved_at is not null`,
			`update event set relayed_at = at where relayed_at is null`,
			`update message set status = 'SENT', sent_at = created_at, next_attempt_at = null, secret = case when created_at > ?0::timestamptz - interval '60 days' then secret end where status = 'QUEUED'`,
			`update domain set status = 'RELEASED' where status in ('QUARANTINE', 'EXPIRED_GRACE') and quarantine_until_on < (?0::timestamptz at time zone 'Europe/Amsterdam')::date`,
			`update hosting_package set status = 'PURGED' where status = 'DELETION_SCHEDULED' and purge_at < ?0::timestamptz`,
			`update domain set auto_renew_confirmed_at = ?0::timestamptz - interval '7 hours' where status = 'ACTIVE' and auto_renew`,
		} {
			if _, err := tx.NewRaw(statement, tx.Now).Exec(ctx); err != nil {
				return err
			}
		}
		return subscription.Replan(ctx, tx, s.accounts())
	})
	if err != nil {
		return err
	}
	return s.mark(ctx, "done")
}

func (s *seeder) accounts() (ids []uuid.UUID) {
	for _, c := range s.customers {
		ids = append(ids, c.ID)
	}
	return ids
}

// lastJob returns the day of the last daily job that has run by now.
func (s *seeder) lastJob() civil.Date { return term.NextRunOn(s.now).AddDays(-1) }
