package pg_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

func listening(t *testing.T, db *pg.DB) *pg.Listener {
	l := db.Listen("panel_event")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); l.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	return l
}

func next(t *testing.T, s *pg.Subscription) pg.Notice {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	n, err := s.Next(ctx)
	if err != nil {
		t.Fatal("nothing is heard:", err)
	}
	return n
}

func announce(t *testing.T, s shop, payload string) {
	t.Helper()
	if err := write(t.Context(), s.DB, job, "SELECT pg_notify('panel_event', ?)", payload); err != nil {
		t.Fatal(err)
	}
}

func TestSubscribersHearWhatTheyWant(t *testing.T) {
	s := newShop(t)
	l := listening(t, s.DB)
	all, some := l.Subscribe(nil), l.Subscribe(func(p string) bool { return strings.HasPrefix(p, "b") })
	defer all.Close()
	defer some.Close()
	for _, sub := range []*pg.Subscription{all, some} {
		if n := next(t, sub); !n.Reread {
			t.Fatalf("before it listens %q was heard", n.Payload)
		}
	}
	announce(t, s, "a1")
	announce(t, s, "b2")
	if err := s.DB.Write(t.Context(), job, viewer.ManageAccount, func(tx *pg.Tx) error { return tx.Record(renamed{Name: "x"}) }); err != nil {
		t.Fatal(err)
	}
	announce(t, s, "b3")
	for sub, want := range map[*pg.Subscription]string{all: "a1 b2 note.renamed b3", some: "b2 b3"} {
		for _, payload := range strings.Fields(want) {
			if n := next(t, sub); n.Payload != payload || n.Reread {
				t.Errorf("heard %+v, want %q", n, payload)
			}
		}
	}
}

func TestAfterAnInterruptionSubscribersReadAnew(t *testing.T) {
	s := newShop(t)
	p, url := newProxy(t, s.URL, nil)
	l := listening(t, s.reopen(t, url, pg.Options{}))
	sub := l.Subscribe(nil)
	defer sub.Close()
	for round := range 5 {
		if n := next(t, sub); !n.Reread {
			t.Fatalf("round %d: heard %+v", round, n)
		}
		announce(t, s, "heard")
		if n := next(t, sub); n.Payload != "heard" {
			t.Fatalf("round %d: heard %+v", round, n)
		}
		p.cut()
		announce(t, s, "lost") // whether it is or not, the subscriber is told to read
		for n := next(t, sub); !n.Reread; n = next(t, sub) {
			if n.Payload != "lost" {
				t.Fatalf("round %d: heard %+v", round, n)
			}
		}
		announce(t, s, "again") // the read that the loop starts with
		if n := next(t, sub); n.Payload != "again" {
			t.Fatalf("round %d: heard %+v", round, n)
		}
		p.cut()
	}
}

func TestASlowSubscriberHoldsNobodyUp(t *testing.T) {
	s := newShop(t)
	l := listening(t, s.DB)
	slow, quick := l.Subscribe(nil), l.Subscribe(nil)
	defer slow.Close()
	defer quick.Close()
	for _, sub := range []*pg.Subscription{slow, quick} {
		next(t, sub)
	}
	for i := range 10 {
		if err := write(t.Context(), s.DB, job, "SELECT pg_notify('panel_event', ? || n) FROM generate_series(1, 100) n", fmt.Sprint(i, "-")); err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 100; n++ {
			if got, want := next(t, quick).Payload, fmt.Sprint(i, "-", n); got != want {
				t.Fatalf("heard %q, want %q", got, want)
			}
		}
	}
	if n := next(t, slow); !n.Reread {
		t.Errorf("after a thousand the slow one hears %+v", n)
	}
}
