// Package pgtest gives each test a migrated PostgreSQL database of its own.
//
// All test programs of this machine share one private server that does not wait for the disk. It is started by the first
// and stops by itself a few minutes after the last. The migrated database is made once for each state of the migrations
// and copied for each test, which takes some tens of milliseconds. TEST_DATABASE_URL names another server to use: its
// user must be allowed to create databases and roles.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/migrations"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Database is a database for one test. It is dropped when the test ends.
type Database struct {
	DB       *pg.DB  // how the program sees it; its clock is Clock
	Owner    *bun.DB // logs in as the owner, whom every policy for jobs lets in: for fixtures
	Clock    *Clock
	URL      string // for serving
	OwnerURL string // for migrating
	SuperURL string // superuser, if the server is our own; else the same as OwnerURL
}

// New returns a fresh database with all migrations applied.
func New(t testing.TB) *Database {
	t.Helper()
	return open(t, migrations.Files)
}

// Empty returns a fresh database without any migration, in which DB cannot be used yet.
func Empty(t testing.TB) *Database {
	t.Helper()
	return open(t, nil)
}

// From returns a fresh database with the migrations of files applied.
func From(t testing.TB, files fs.FS) *Database {
	t.Helper()
	return open(t, files)
}

var serial atomic.Int64

func open(t testing.TB, files fs.FS) *Database {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s, err := shared()
	if err != nil {
		t.Fatal("pgtest:", err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), serial.Add(1))
	if err := s.create(ctx, name, files); err != nil {
		t.Fatal("pgtest:", err)
	}
	t.Cleanup(func() { s.drop(name) })

	d := &Database{Clock: NewClock(), URL: s.address(serving, name), OwnerURL: s.address(owning, name), SuperURL: s.address(super, name)}
	if d.DB, err = pg.Open(d.URL, pg.Options{Now: d.Clock.Now}); err != nil {
		t.Fatal("pgtest:", err)
	}
	t.Cleanup(func() { _ = d.DB.Close() })
	d.Owner = raw(t, d.OwnerURL)
	return d
}

// Super returns a connection that no policy holds back.
func (d *Database) Super(t testing.TB) *bun.DB {
	t.Helper()
	return raw(t, d.SuperURL)
}

func raw(t testing.TB, url string) *bun.DB {
	t.Helper()
	pool, err := pg.Unguarded(url)
	if err != nil {
		t.Fatal("pgtest:", err)
	}
	db := bun.NewDB(pool, pgdialect.New())
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// shared returns the server of this test program.
var shared = sync.OnceValues(func() (*server, error) {
	if url := os.Getenv("TEST_DATABASE_URL"); url != "" {
		return external(url)
	}
	return private()
})

// poolOf opens the pool with which databases are made.
func poolOf(url string) (*sql.DB, error) {
	db, err := pg.Unguarded(url)
	if err == nil {
		db.SetMaxOpenConns(4)
	}
	return db, err
}
