package page_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/viewer"
	"klantenpaneel/migrations"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// thing has a column of every type that lists are ordered by.
type thing struct {
	bun.BaseModel `bun:"table:thing,alias:th"`

	ID          uuid.UUID `bun:",pk"`
	AccountID   uuid.UUID
	Name        string
	MadeOn      civil.Date
	SeenAt      time.Time
	AmountCents money.Cents
	Position    int
}

var things = page.List[thing]{Parent: "account_id", Default: "NAME", Orders: map[string]page.Order{
	"NAME": {Column: "name"}, "MADE_ON": {Column: "made_on", Desc: true}, "SEEN_AT": {Column: "seen_at"}, "AMOUNT": {Column: "amount_cents"}, "POSITION": {Column: "position"}}}

// shelf is a database with the things of some accounts.
type shelf struct {
	*pgtest.Database
	accounts []uuid.UUID // the first is the partner of the second
}

func newShelf(t testing.TB, accounts int) *shelf {
	t.Helper()
	roles, err := migrations.Files.ReadFile("0001_roles.sql")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := os.ReadFile("testdata/0002_things.sql")
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{Database: pgtest.From(t, fstest.MapFS{"0001_roles.sql": {Data: roles}, "0002_things.sql": {Data: tables}})}
	for n := range accounts {
		s.accounts = append(s.accounts, key.New())
		partner := uuid.NullUUID{UUID: s.accounts[0], Valid: n == 1}
		s.must(t, "insert into account values (?, ?)", s.accounts[n], partner)
	}
	return s
}

type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func (s *shelf) must(t fataler, statement string, args ...any) {
	t.Helper()
	if _, err := s.Owner.NewRaw(statement, args...).Exec(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// fill gives an account n things of which every value but the id occurs more than once.
func (s *shelf) fill(t fataler, account uuid.UUID, n int) {
	t.Helper()
	s.must(t, `insert into thing select gen_random_uuid(), ?, (array['', 'a', 'A', 'é', E'b\u001fc', '%', '''"'])[1 + i % 7], '2024-02-27'::date + i % 5,
		'2026-03-29T00:59:59.999999Z'::timestamptz + (i % 6) * interval '1 microsecond', i % 4 - 2, i % 3 from generate_series(1, ?) i`, account, n)
}

func staff() viewer.Viewer { return viewer.Viewer{Kind: viewer.Staff}.With(viewer.ReadAccount) }

// pages asks for the page of each parent.
func (s *shelf) pages(t testing.TB, v viewer.Viewer, parents []uuid.UUID, q page.Query) (pages map[uuid.UUID]*page.Connection[thing], err error) {
	t.Helper()
	err = s.DB.Read(t.Context(), v, viewer.ReadAccount, func(tx *pg.Tx) (err error) {
		pages, _, err = things.Pages(t.Context(), tx, parents, q)
		return err
	})
	return pages, err
}

// all returns the ids of an account's things in an order, read without package page.
func (s *shelf) all(t fataler, account uuid.UUID, order string, desc bool) (ids []uuid.UUID) {
	t.Helper()
	way := "asc"
	if desc {
		way = "desc"
	}
	rows, err := s.Owner.DB.Query(fmt.Sprintf("select id from thing where account_id = '%s' order by %s %s, id %s", account, things.Orders[order].Column, way, way))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err says it
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return ids
}

func ids(c *page.Connection[thing]) []uuid.UUID {
	ids := make([]uuid.UUID, len(c.Edges))
	for i, e := range c.Edges {
		ids[i] = e.Node.ID
	}
	return ids
}

func ptr[T any](v T) *T { return &v }

// orders are the names of the orders of things.
func orders() []string {
	var names []string
	for name := range things.Orders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
