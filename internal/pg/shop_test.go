package pg_test

import (
	"context"
	"os"
	"testing"
	"testing/fstest"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/viewer"
	"klantenpaneel/migrations"

	"github.com/google/uuid"
)

// shop is a database with the roles of the program and the tables of testdata.
type shop struct {
	*pgtest.Database
	alice, bob uuid.UUID // accounts; alice is bob's partner
}

func files(t testing.TB) fstest.MapFS {
	t.Helper()
	roles, err := migrations.Files.ReadFile("0001_roles.sql")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := os.ReadFile("testdata/0002_shop.sql")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"0001_roles.sql": {Data: roles}, "0002_shop.sql": {Data: tables}}
}

func newShop(t testing.TB) shop {
	t.Helper()
	s := shop{pgtest.From(t, files(t)), key.New(), key.New()}
	if _, err := s.Owner.Exec("INSERT INTO account VALUES (?, NULL), (?, ?)", s.alice, s.bob, s.alice); err != nil {
		t.Fatal(err)
	}
	return s
}

func as(kind viewer.Kind, account uuid.UUID) viewer.Viewer {
	return viewer.Viewer{Kind: kind, Account: account, User: key.New()}.With(viewer.ReadAccount, viewer.ManageAccount)
}

var job = viewer.ForJob("test")

// write runs one statement as v.
func write(ctx context.Context, db *pg.DB, v viewer.Viewer, statement string, args ...any) error {
	return db.Write(ctx, v, viewer.ManageAccount, func(tx *pg.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
}

// ask returns the one value of a statement as v.
func ask[T any](ctx context.Context, db *pg.DB, v viewer.Viewer, statement string, args ...any) (value T, err error) {
	err = db.Read(ctx, v, viewer.ReadAccount, func(tx *pg.Tx) error {
		return tx.QueryRowContext(ctx, statement, args...).Scan(&value)
	})
	return value, err
}

// reopen opens the database once more with other options or another URL.
func (s shop) reopen(t testing.TB, url string, o pg.Options) *pg.DB {
	t.Helper()
	if o.Now == nil {
		o.Now = s.Clock.Now
	}
	db, err := pg.Open(url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
