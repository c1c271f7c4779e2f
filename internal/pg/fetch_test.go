package pg_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

const listNotes = "SELECT json_agg(json_build_object('body', body, 'who', current_user) ORDER BY body) FROM note WHERE body <> $1"

func TestFetchShowsEachViewerItsOwnOnOneConnection(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	one := s.reopen(t, s.URL, pg.Options{MaxConns: 1})
	for body, account := range map[string]uuid.UUID{"of alice": s.alice, "of bob": s.bob, "it's not": s.bob} {
		if err := write(ctx, s.DB, job, "INSERT INTO note VALUES (?, ?, ?)", key.New(), account, body); err != nil {
			t.Fatal(err)
		}
	}
	alice, bob, partner := as(viewer.Customer, s.alice), as(viewer.Customer, s.bob), as(viewer.Partner, s.alice)
	for round := range 8 { // PostgreSQL keeps a plan from the sixth time on
		for _, test := range []struct {
			viewer viewer.Viewer
			want   string
		}{
			{alice, `[{"body" : "of alice", "who" : "panel_customer"}]`},
			{bob, `[{"body" : "of bob", "who" : "panel_customer"}]`},
			{partner, `[{"body" : "of alice", "who" : "panel_partner"}, {"body" : "of bob", "who" : "panel_partner"}]`},
			{as(viewer.Customer, key.New()), ``},
		} {
			ctx, statements := pg.Count(ctx)
			got, err := one.Fetch(ctx, test.viewer, viewer.ReadAccount, listNotes, "it's not")
			if string(got) != test.want || err != nil || statements.Load() != 1 {
				t.Errorf("round %d, %s: %s in %d statements (%v), want %s", round, test.viewer.Kind, got, statements.Load(), err, test.want)
			}
		}
	}
	if _, err := one.Fetch(ctx, alice, viewer.ReadDesk, listNotes, ""); !problem.Is(err, problem.Forbidden) {
		t.Errorf("without the permission: %v", err)
	}
}

func TestAFetchThatFailsLeavesACleanConnection(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	one := s.reopen(t, s.URL, pg.Options{MaxConns: 1})
	v := as(viewer.Customer, s.alice)
	for _, test := range []struct{ name, statement string }{
		{"that cannot be parsed", "SELEC"},
		{"that fails", "SELECT 1/0 || ''"},
		{"that writes", "INSERT INTO note VALUES (gen_random_uuid(), app.account_id(), 'x') RETURNING body"},
		{"with two rows", "VALUES ('a'), ('b')"},
		{"with two columns", "SELECT 'a', 'b'"},
		{"with a number", "SELECT 1"},
		{"without its argument", "SELECT $1::text"},
	} {
		for range 2 {
			if got, err := one.Fetch(ctx, v, viewer.ReadAccount, test.statement); err == nil {
				t.Errorf("a statement %s gives %q", test.name, got)
			}
			if got, err := one.Fetch(ctx, v, viewer.ReadAccount, "SELECT $1 || app.kind()", "as "); string(got) != "as CUSTOMER" || err != nil {
				t.Errorf("after a statement %s: %q, %v", test.name, got, err)
			}
		}
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := one.Fetch(short, v, viewer.ReadAccount, "SELECT pg_sleep(60)::text"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("past its deadline: %v", err)
	}
	var left string
	if err := pg.Outside(one).NewRaw("SELECT concat_ws('|', current_user, current_setting('app.account', true))").Scan(ctx, &left); strings.Trim(left, "|") != "panel_login" || err != nil {
		t.Errorf("left behind: %q (%v)", left, err)
	}
}

func TestFetchFollowsTheTablesAndTheConnection(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	p, url := newProxy(t, s.URL, nil)
	db := s.reopen(t, url, pg.Options{MaxConns: 1})
	fetch := func() string {
		got, err := db.Fetch(ctx, job, viewer.ReadAccount, "SELECT n FROM (SELECT * FROM changing) c")
		if err != nil {
			t.Error(err)
		}
		return string(got)
	}
	change := func(statement string) {
		t.Helper()
		if _, err := s.Owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	change("CREATE TABLE changing AS SELECT 'a'::text AS n; GRANT SELECT ON changing TO panel_system")
	if got := fetch(); got != "a" {
		t.Errorf("got %q", got)
	}
	change("ALTER TABLE changing ALTER COLUMN n TYPE varchar(9), ADD COLUMN more int")
	if got := fetch(); got != "a" {
		t.Errorf("after the table changed %q", got)
	}
	for _, before := range []bool{true, false} {
		p.once("EXECUTE", before)
		if got := fetch(); got != "a" {
			t.Errorf("after the connection broke %q", got)
		}
	}
}

func TestAConnectionKeepsABoundedNumberOfPlans(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	one := s.reopen(t, s.URL, pg.Options{MaxConns: 1})
	for i := range 450 {
		if got, err := one.Fetch(ctx, job, viewer.ReadAccount, fmt.Sprintf("SELECT 'number %d'", i)); string(got) != fmt.Sprint("number ", i) || err != nil {
			t.Fatalf("%q, %v", got, err)
		}
	}
	var kept int
	if err := pg.Outside(one).NewRaw("SELECT count(*) FROM pg_prepared_statements").Scan(ctx, &kept); kept > 200 || kept == 0 || err != nil {
		t.Errorf("%d plans are kept (%v)", kept, err)
	}
}
