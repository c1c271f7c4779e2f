package pg_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestAContextThatEndsStopsTheStatementOnTheServer(t *testing.T) {
	s := newShop(t)
	super := s.Super(t)
	for _, test := range []struct {
		name string
		why  error
		ctx  func() (context.Context, context.CancelFunc)
	}{
		{"cancelled", context.Canceled, func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(50*time.Millisecond, cancel)
			return ctx, cancel
		}},
		{"past its deadline", context.DeadlineExceeded, func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 50*time.Millisecond)
		}},
	} {
		ctx, cancel := test.ctx()
		_, err := ask[string](ctx, s.DB, job, "SELECT pg_sleep(600)::text")
		cancel()
		if !errors.Is(err, test.why) {
			t.Errorf("%s: %v", test.name, err)
		}
		var left int
		if err := super.NewRaw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()").
			Scan(t.Context(), &left); err != nil || left != 0 {
			t.Errorf("%s: %d statements still run (%v)", test.name, left, err)
		}
	}
}

func TestALateCancellationHitsNoOtherStatement(t *testing.T) {
	s := newShop(t)
	db := s.reopen(t, s.URL, pg.Options{MaxConns: 4})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 150 {
				ctx, cancel := context.WithTimeout(context.Background(), rand.N(1500*time.Microsecond))
				_, _ = ask[string](ctx, db, job, "SELECT pg_sleep(0.0005)::text")
				cancel()
				if n, err := ask[int](context.Background(), db, job, "SELECT 1 FROM pg_sleep(0.0002)"); n != 1 || err != nil {
					t.Errorf("a statement that nobody cancelled: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestGoroutinesThatShareATransactionGetTheirOwnRows(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	snapshot := s.DB.Snapshot(ctx, job)
	defer snapshot.Close()
	var wg sync.WaitGroup
	for g := range 30 {
		wg.Go(func() {
			for i := range 50 {
				from := g*1000 + i
				err := snapshot.Read(ctx, viewer.ReadAccount, func(tx *pg.Tx) error {
					var got []int
					if err := tx.NewRaw("SELECT n FROM generate_series(?, ?) n", from, from+20).Scan(ctx, &got); err != nil {
						return err
					}
					if len(got) != 21 || got[0] != from || got[20] != from+20 {
						return fmt.Errorf("asked from %d, got %v", from, got)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestASnapshotIsOneState(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	snapshot := s.DB.Snapshot(ctx, job)
	defer snapshot.Close()
	count := func() (n int) {
		if err := snapshot.Read(ctx, viewer.ReadAccount, func(tx *pg.Tx) error {
			return tx.NewRaw("SELECT count(*) FROM account").Scan(ctx, &n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	if err := write(ctx, s.DB, job, "INSERT INTO account VALUES (gen_random_uuid())"); err != nil {
		t.Fatal(err)
	}
	if now := count(); now != before {
		t.Errorf("it changed from %d to %d accounts", before, now)
	}
	if err := errors.Join(snapshot.Close(), snapshot.Close()); err != nil {
		t.Error(err)
	}
	if err := snapshot.Read(ctx, viewer.ReadAccount, func(*pg.Tx) error { return nil }); err == nil {
		t.Error("it can be read after Close")
	}
	unused := s.DB.Snapshot(ctx, job)
	if err := unused.Close(); err != nil {
		t.Errorf("closing one that was never read: %v", err)
	}
	if in := s.DB.Stats().InUse; in != 0 {
		t.Errorf("%d connections are still in use", in)
	}
}

func TestAnApostropheInACommentHidesNoArgument(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	const statement = `SELECT $1 -- it's "a" comment with $2
		|| '--' /* so is /* this */ don't */ || $2 || $tag$ -- ' $tag$ || 'it''s'`
	err := s.DB.Read(ctx, job, viewer.ReadAccount, func(tx *pg.Tx) error {
		var got string
		if err := pg.Raw(tx).QueryRowContext(ctx, statement, "a'", "b").Scan(&got); err != nil || got != "a'--b -- ' it's" {
			t.Errorf("got %q, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStatementsAreCountedAndTracedWithoutTheirValues(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	old := otel.GetTracerProvider()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)))
	defer otel.SetTracerProvider(old)
	s := newShop(t)
	ctx, span := otel.Tracer("test").Start(t.Context(), "operation")
	ctx, n := pg.Count(ctx)
	if err := s.DB.Read(ctx, job, viewer.ReadAccount, func(tx *pg.Tx) error {
		for range 3 {
			if err := tx.NewRaw("SELECT count(*) FROM note WHERE body = ?", "secret").Scan(ctx, new(int)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	span.End()
	if n.Load() != 3 {
		t.Errorf("%d statements counted, want 3", n.Load())
	}
	spans := recorder.Ended()
	if len(spans) != 4 {
		t.Errorf("%d spans, want 4", len(spans))
	}
	for _, span := range spans {
		if text := fmt.Sprint(span.Name(), span.Attributes()); strings.Contains(text, "secret") {
			t.Errorf("a value is in the span: %s", text)
		}
	}
}
