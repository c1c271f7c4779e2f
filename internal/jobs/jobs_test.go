package jobs_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/jobs"
	"klantenpaneel/internal/pg/pgtest"
)

// start runs jobs at a moment of the program's clock until the test ends, and returns the days that were worked on.
func start(t *testing.T, d *pgtest.Database, now time.Time, done bool) (days chan civil.Date, swept *atomic.Int32) {
	t.Helper()
	if err := jobs.Migrate(t.Context(), d.OwnerURL); err != nil {
		t.Fatal(err)
	}
	days, swept = make(chan civil.Date, 100), new(atomic.Int32)
	j, err := jobs.Start(context.WithoutCancel(t.Context()), d.URL, jobs.Work{
		Now:   func() time.Time { return now },
		Daily: func(_ context.Context, day civil.Date) error { days <- day; return nil },
		Done:  func(context.Context, civil.Date) (bool, error) { return done, nil },
		Sweep: func(context.Context) error { swept.Add(1); return nil },
		Log:   slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := j.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return days, swept
}

// settled waits until the sweep, which is planned at the same moment, has run on one of the servers.
func settled(t *testing.T, servers ...*atomic.Int32) {
	t.Helper()
	for range 1200 {
		for _, swept := range servers {
			if swept.Load() > 0 {
				time.Sleep(300 * time.Millisecond)
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nothing ran at all")
}

func TestTheDaysWorkIsDoneOnceItsHourHasComeByOneOfTwoServers(t *testing.T) {
	d := pgtest.New(t)
	at := civil.MustParse("2027-03-28").At(4, 0) // a day of 23 hours
	days, swept := start(t, d, at, false)
	more, sweptToo := start(t, d, at, false)
	settled(t, swept, sweptToo)
	if n := len(days) + len(more); n != 1 {
		t.Fatalf("the day's work was begun %d times", n)
	}
	select {
	case day := <-days:
		if day != civil.MustParse("2027-03-28") {
			t.Errorf("worked on %s", day)
		}
	case <-more:
	}
}

func TestBeforeFourAndWhenAllIsDoneNothingHappens(t *testing.T) {
	for name, c := range map[string]struct {
		at   time.Time
		done bool
	}{
		"a minute before four":   {civil.MustParse("2027-03-28").At(3, 59), false},
		"when the work was done": {civil.MustParse("2027-03-28").At(12, 0), true},
	} {
		t.Run(name, func(t *testing.T) {
			days, swept := start(t, pgtest.New(t), c.at, c.done)
			settled(t, swept)
			if len(days) > 0 {
				t.Errorf("worked on %s", <-days)
			}
		})
	}
}
