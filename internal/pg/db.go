// Package pg opens the database and hands out transactions that know who is looking.
//
// A transaction enters the PostgreSQL role of its viewer and carries the viewer's account, user and permissions as
// settings for the policies of row-level security. Outside of a transaction the pool runs as a login role without any
// right. So a forgotten WHERE shows only the viewer's own rows, and a forgotten check is an error, not a leak.
package pg

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// LoginRole is the PostgreSQL role that serves: it owns nothing and has no rights until it enters a viewer's role.
const LoginRole = "panel_login"

// Options say how to open a DB. The zero value is a server's, but for the clock.
type Options struct {
	Now              func() time.Time // the program's clock; required
	MaxConns         int              // 0 for 16
	StatementTimeout time.Duration    // of a viewer's statement; 0 for 15 s
	JobTimeout       time.Duration    // of a job's statement; 0 for 10 minutes
	LockTimeout      time.Duration    // how long a statement waits for a lock; 0 for 5 s
	ConnectWait      time.Duration    // how long a request waits for a PostgreSQL that is restarting; 0 for 5 s
}

// DB is the only way to the database. It has no method that runs a statement without a viewer.
type DB struct {
	bun     *bun.DB
	raw     *sql.DB // unwrapped, for COPY
	address address
	options Options
}

// Open returns the database at the address, a postgres:// URL; it does not connect yet. The URL may log in as the login
// role, as the owner of the database or as a superuser: what serves is the login role in every case.
func Open(url string, o Options) (*DB, error) {
	if o.Now == nil {
		return nil, fmt.Errorf("open the database: no clock")
	}
	a, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	o.MaxConns = orElse(o.MaxConns, 16)
	o.StatementTimeout = orElse(o.StatementTimeout, 15*time.Second)
	o.JobTimeout = orElse(o.JobTimeout, 10*time.Minute)
	o.LockTimeout = orElse(o.LockTimeout, 5*time.Second)
	o.ConnectWait = orElse(o.ConnectWait, 5*time.Second)

	pool := openPool(a, o)
	pool.SetMaxOpenConns(o.MaxConns)
	pool.SetMaxIdleConns(o.MaxConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	raw := openBuffered(a)
	raw.SetMaxOpenConns(2)
	raw.SetConnMaxIdleTime(time.Minute)
	return &DB{bun: bun.NewDB(pool, pgdialect.New()), raw: raw, address: a, options: o}, nil
}

// Ping reports whether the database answers and is migrated.
func (db *DB) Ping(ctx context.Context) error {
	_, err := db.bun.ExecContext(ctx, "SELECT 1")
	return err
}

// Stats returns the numbers of the pool, for metrics.
func (db *DB) Stats() sql.DBStats { return db.bun.Stats() }

// Close waits for running statements and closes the connections.
func (db *DB) Close() error {
	raw := db.raw.Close()
	if err := db.bun.Close(); err != nil {
		return err
	}
	return raw
}

// session are the settings of a connection, the same for every viewer.
func (o Options) session() string {
	return fmt.Sprintf("SET statement_timeout = %d; SET lock_timeout = %d; SET idle_in_transaction_session_timeout = 60000; "+
		"SET client_connection_check_interval = 1000; SET timezone = 'UTC'; SET datestyle = 'ISO'; SET jit = off; SET search_path = public; ",
		o.StatementTimeout.Milliseconds(), o.LockTimeout.Milliseconds())
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}
