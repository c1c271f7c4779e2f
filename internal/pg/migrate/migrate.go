// Package migrate brings a database up to date from numbered SQL files.
//
// Each file runs in one transaction together with the row that remembers it, so that a crash leaves a file done and
// remembered, or neither. Several servers may start at once: one migrates, the others wait for it.
package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"klantenpaneel/internal/pg"
)

// minVersion is the oldest PostgreSQL that has what the files use: views that run as their caller.
const minVersion = 150000

// lockKey is the advisory lock of migrating, arbitrary but fixed.
const lockKey = 0x6b706d69

// State is one migration as the database sees it.
type State struct {
	File      string
	AppliedAt time.Time // zero while it is to be applied
}

// Up applies what is to be applied, in order, and returns the names of the files that it applied. The URL logs in as who
// owns, or is to own, the database. A database that knows files which this program does not is newer, and refused.
func Up(ctx context.Context, url string, files fs.FS) (applied []string, err error) {
	err = session(ctx, url, func(c *sql.Conn) error {
		if err := lock(ctx, c); err != nil {
			return err
		}
		defer c.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey) //nolint:errcheck // the session ends anyway
		if err := prepare(ctx, c); err != nil {
			return err
		}
		pending, err := compare(ctx, c, files)
		if err != nil {
			return err
		}
		for _, m := range pending {
			started := time.Now()
			if err := m.apply(ctx, c); err != nil {
				return fmt.Errorf("migration %s: %w", m.name, err)
			}
			slog.DebugContext(ctx, "migrated", "file", m.name, "took", time.Since(started).Round(time.Millisecond))
			applied = append(applied, m.name)
		}
		return nil
	})
	return applied, err
}

// Status returns every migration of the files and when it was applied, in order. A database without any is fine.
func Status(ctx context.Context, url string, files fs.FS) (all []State, err error) {
	known, err := read(files)
	if err != nil {
		return nil, err
	}
	err = session(ctx, url, func(c *sql.Conn) error {
		done, err := remembered(ctx, c)
		if err != nil {
			return err
		}
		for _, m := range known {
			all = append(all, State{m.name, done[m.number].appliedAt})
		}
		return unknown(done, known)
	})
	return all, err
}

// session runs f with one connection to the database, whose loss also loses the lock.
func session(ctx context.Context, url string, f func(*sql.Conn) error) error {
	db, err := pg.Unguarded(url)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing left to lose
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // likewise
	return f(c)
}

// lock waits for the lock of migrating by asking again and again: a session that waits inside PostgreSQL would hold a
// snapshot, for which CREATE INDEX CONCURRENTLY of the holder would wait in turn.
func lock(ctx context.Context, c *sql.Conn) error {
	for {
		var got bool
		if err := c.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", lockKey).Scan(&got); err != nil || got {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(errors.New("another server is still migrating"), ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// prepare checks the server and makes the table that remembers.
func prepare(ctx context.Context, c *sql.Conn) error {
	var version int
	if err := c.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return err
	}
	if version < minVersion {
		return fmt.Errorf("PostgreSQL %d is too old: %d or newer is needed", version/10000, minVersion/10000)
	}
	_, err := c.ExecContext(ctx, `SET client_min_messages = warning; SET timezone = 'UTC'; SET search_path = public;
		CREATE TABLE IF NOT EXISTS schema_migration (
			number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL)`)
	return err
}
