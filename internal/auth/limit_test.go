package auth_test

import (
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/auth"

	"pgregory.net/rapid"
)

func TestALimitIsSpentAtOnceAndComesBackEvenly(t *testing.T) {
	h := newHouse(t)
	l := auth.NewLimiter(h.DB, h.Clock.Now)
	start := h.Clock.Now()
	for _, c := range []struct {
		name           string
		after          time.Duration // the one before
		cost           int
		ok             bool
		remaining      int
		resetIn, retry time.Duration // from the start
	}{
		{"the first spends", 0, 3, true, 7, 18 * time.Second, 0},
		{"all that is left can go at once", 0, 7, true, 0, time.Minute, 0},
		{"then it is spent", 0, 1, false, 0, time.Minute, 6 * time.Second},
		{"more waits longer", 0, 5, false, 0, time.Minute, 30 * time.Second},
		{"looking is free", 0, 0, true, 0, time.Minute, 0},
		{"just before one is back", 6*time.Second - time.Microsecond, 1, false, 0, time.Minute, 6 * time.Second},
		{"one is back", time.Microsecond, 1, true, 0, 66 * time.Second, 0},
		{"five are back", 30 * time.Second, 4, true, 1, 90 * time.Second, 0},
		{"more than the limit never is", 0, 11, false, 1, 90 * time.Second, 0},
		{"after an hour there is no more than the limit", time.Hour, 10, true, 0, time.Hour + 96*time.Second, 0},
		{"not one more", 0, 1, false, 0, time.Hour + 96*time.Second, time.Hour + 42*time.Second},
	} {
		h.Clock.Advance(c.after)
		a, err := l.Allow(t.Context(), "k", c.cost, 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		retry := time.Duration(0)
		if !a.RetryAt.IsZero() {
			retry = a.RetryAt.Sub(start)
		}
		if a.OK != c.ok || a.Remaining != c.remaining || a.Limit != 10 || a.ResetAt.Sub(start) != c.resetIn || retry != c.retry {
			t.Errorf("%s: it is %+v, back in %s, again in %s", c.name, a, a.ResetAt.Sub(start), retry)
		}
	}
	if a, err := l.Allow(t.Context(), "another", 10, 10, time.Minute); err != nil || !a.OK {
		t.Errorf("another key is spent too: %+v, %v", a, err)
	}
}

func TestNoWindowHoldsMoreThanTwiceTheLimit(t *testing.T) {
	h := newHouse(t)
	l := auth.NewLimiter(h.DB, h.Clock.Now)
	rapid.Check(t, func(t *rapid.T) {
		const limit, window = 7, 10 * time.Second
		name := rapid.StringMatching(`[a-z]{12}`).Draw(t, "key")
		type spending struct {
			at   time.Time
			cost int
		}
		var all []spending
		for range rapid.IntRange(1, 12).Draw(t, "calls") {
			h.Clock.Advance(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
			cost := rapid.IntRange(1, 4).Draw(t, "cost")
			a, err := l.Allow(t.Context(), name, cost, limit, window)
			if err != nil {
				t.Fatal(err)
			}
			if a.OK {
				all = append(all, spending{h.Clock.Now(), cost})
			}
		}
		for i, from := range all {
			sum := 0
			for _, s := range all[i:] {
				sum += s.cost
				// What was there at once, and what came back since.
				if most := limit + int(s.at.Sub(from.at)*limit/window); sum > most {
					t.Fatalf("%d were spent in %s", sum, s.at.Sub(from.at))
				}
			}
		}
	})
}

func TestServersShareALimit(t *testing.T) {
	h := newHouse(t)
	gates := []*auth.Gate{h.Gate, h.otherServer()}
	var mu sync.Mutex
	spent := 0
	var wg sync.WaitGroup
	for n := range 60 {
		wg.Go(func() {
			a, err := gates[n%2].Allow(t.Context(), "k", 3, 50, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if a.OK {
				mu.Lock()
				spent += 3
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if spent != 48 {
		t.Errorf("%d of 50 were spent", spent)
	}
}
