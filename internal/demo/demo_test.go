package demo_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/demo"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/seal"
)

// house is a database with the demo.
type house struct {
	*pgtest.Database
	gate  *auth.Gate
	today civil.Date
}

func open(t *testing.T, today string) *house {
	t.Helper()
	h := &house{Database: pgtest.New(t), today: civil.MustParse(today)}
	h.Clock.Set(h.today.At(12, 0))
	master, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	h.gate, err = auth.New(auth.Options{DB: h.DB, Key: master, PublicURL: "https://mijn.example.org", Now: h.Clock.Now, Log: slog.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) seed(t *testing.T) {
	t.Helper()
	who, err := demo.Seed(t.Context(), h.DB, h.gate, demo.Options{Today: h.today})
	if err != nil {
		t.Fatal(err)
	}
	if len(who.Logins) == 0 || len(who.Tokens) == 0 {
		t.Error("it tells of nobody who can look at it")
	}
}

// rows returns what a query finds, one line for each row.
func (h *house) rows(t *testing.T, query string, args ...any) string {
	t.Helper()
	var text string
	err := h.Owner.NewRaw(`select coalesce(string_agg(replace(trim(both '()' from q::text), '"', ''), E'\n'), '') from (`+query+`) q`, args...).Scan(t.Context(), &text)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	return text
}

// is compares what a query finds, where ?0 is today.
func (h *house) is(t *testing.T, query, want string) {
	t.Helper()
	if got := h.rows(t, query, h.today); got != want {
		t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}

func TestTheDemo(t *testing.T) {
	h := open(t, "2026-11-20")
	h.seed(t)
	t.Run("the rules hold", h.rules)
	t.Run("the stories are true", h.stories)
	t.Run("everyone can sign in", h.signIn)
	t.Run("it is made once", func(t *testing.T) {
		if _, err := demo.Seed(t.Context(), h.DB, h.gate, demo.Options{Today: h.today}); err == nil {
			t.Error("a second demo is made in the same database")
		}
		if state, err := demo.Look(t.Context(), h.DB); state != demo.Complete || err != nil {
			t.Errorf("the database is %s, %v", state, err)
		}
	})
	t.Run("the next run makes what the panel shows", h.nextRun)
}

func TestTheDemoOnALeapDay(t *testing.T) {
	h := open(t, "2028-02-29")
	h.seed(t)
	h.rules(t)
	h.stories(t)
}

func TestADemoThatWasInterrupted(t *testing.T) {
	h := open(t, "2026-11-20")
	if state, err := demo.Look(t.Context(), h.DB); state != demo.Empty || err != nil {
		t.Errorf("an empty database is %s, %v", state, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	_, err := demo.Seed(ctx, h.DB, h.gate, demo.Options{Today: h.today, Progress: func(day civil.Date) {
		if day.Year() == 2015 {
			cancel(enough)
		}
	}})
	if !errors.Is(err, enough) && !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if state, err := demo.Look(t.Context(), h.DB); state != demo.Interrupted || err != nil {
		t.Errorf("the database is %s, %v", state, err)
	}
}

// The page lists what the commands print: whoever changes one changes the other.
func TestThePageNamesEveryoneWhoCanLook(t *testing.T) {
	page, err := os.ReadFile("../../docs/demo.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, l := range demo.Who().Logins {
		want = append(want, "| `"+l.Email+"` | `"+l.Password+"` | "+l.About+" |")
	}
	for _, k := range demo.Who().Tokens {
		want = append(want, "| `"+k.Token+"` | "+k.About+" |")
	}
	for _, line := range want {
		if !strings.Contains(string(page), "\n"+line+"\n") {
			t.Errorf("docs/demo.md lacks\n%s", line)
		}
	}
}
