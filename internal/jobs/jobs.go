// Package jobs runs what happens without anybody asking: the daily job of the billing engine, and the sweeping up of what is over.
//
// It is River on a small pool of its own (pgx), in the schema river and in the role of jobs. Of several servers one is elected to plan; any
// may work. A job here only decides when: what happens, and that it happens once, is the domain's.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const schema = "river"

// Work is what the jobs call.
type Work struct {
	Now   func() time.Time                                        // the program's clock
	Daily func(ctx context.Context, day civil.Date) error         // all of a day's work; called again it does the rest
	Done  func(ctx context.Context, day civil.Date) (bool, error) // whether nothing of it is left
	Sweep func(ctx context.Context) error                         // throws away what is over
	Log   *slog.Logger
}

// Migrate makes River's tables, as the owner of the database. It is safe with several servers at once.
func Migrate(ctx context.Context, ownerURL string) error {
	pool, err := pgxpool.New(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	defer pool.Close()
	lock, err := pool.Acquire(ctx) // River's migrations cannot share a transaction; the lock lasts as long as this connection
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	defer lock.Release()
	for _, statement := range []string{"select pg_advisory_lock(hashtext('klantenpaneel river'))", "create schema if not exists " + schema} {
		if _, err := lock.Exec(ctx, statement); err != nil {
			return fmt.Errorf("jobs: make the schema: %w", err)
		}
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: schema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("jobs: make River's tables: %w", err)
	}
	for _, grant := range []string{"usage on schema " + schema, "select, insert, update, delete on all tables in schema " + schema,
		"usage, select, update on all sequences in schema " + schema, "execute on all functions in schema " + schema} {
		if _, err := lock.Exec(ctx, "grant "+grant+" to panel_system"); err != nil {
			return fmt.Errorf("jobs: grant %s: %w", grant, err)
		}
	}
	_, err = lock.Exec(ctx, "select pg_advisory_unlock_all()")
	return err
}

// Jobs is River at work.
type Jobs struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
}

// Start begins to work, on the database at the serving URL, until Stop.
func Start(ctx context.Context, url string, w Work) (*Jobs, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	config.MaxConns = 4
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "set role panel_system")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &dailyWorker{work: w})
	river.AddWorker(workers, &sweepWorker{work: w})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Schema:       schema,
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Workers:      workers,
		PeriodicJobs: periodic(),
		JobTimeout:   -1, // a billing run takes as long as it takes; the work has its own deadlines
		Logger:       quiet(w.Log),
	})
	if err == nil {
		err = client.Start(ctx)
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("jobs: start River: %w", err)
	}
	return &Jobs{pool, client}, nil
}

// Stop lets what runs finish until ctx ends, and then cuts it off: it is done again later.
func (j *Jobs) Stop(ctx context.Context) error {
	err := j.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = j.client.StopAndCancel(cut)
	}
	j.pool.Close()
	return err
}

// every is how often it is looked whether the day's work is done. It is due at 04:00 in Amsterdam (rules §2.3).
const every = 5 * time.Minute

func periodic() []*river.PeriodicJob {
	once := &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: every}}
	return []*river.PeriodicJob{
		river.NewPeriodicJob(river.PeriodicInterval(every), func() (river.JobArgs, *river.InsertOpts) { return dailyArgs{}, once }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) {
			return sweepArgs{}, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
		}, &river.PeriodicJobOpts{RunOnStart: true}),
	}
}

type dailyArgs struct{}

func (dailyArgs) Kind() string { return "daily" }

type dailyWorker struct {
	river.WorkerDefaults[dailyArgs]
	work Work
}

// Work does the day's work if its hour has come and something of it is left. Days that were missed are caught up with by the work itself.
func (w *dailyWorker) Work(ctx context.Context, _ *river.Job[dailyArgs]) error {
	now := w.work.Now()
	day := civil.In(now)
	if now.Before(term.RunAt(day)) {
		return nil
	}
	done, err := w.work.Done(ctx, day)
	if err != nil || done {
		return err
	}
	return w.work.Daily(ctx, day)
}

type sweepArgs struct{}

func (sweepArgs) Kind() string { return "sweep" }

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	work Work
}

// Work throws away what is over.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweepArgs]) error {
	return w.work.Sweep(ctx)
}

// quiet returns River's log without its small talk.
func quiet(log *slog.Logger) *slog.Logger {
	return slog.New(warnings{log.Handler()})
}

type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}

func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }
