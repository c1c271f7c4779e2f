// Package local runs a PostgreSQL of our own, for a machine on which nobody gave us one and for tests.
//
// The server listens on a Unix socket only, in a folder that only its owner may enter. Its data stays between runs. A
// server that is left over from a crash is adopted, and a second one on the same data is refused.
package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"klantenpaneel/internal/pg"
)

// The roles of the cluster. Super is who PostgreSQL was made by and is not used to serve or migrate; Owner owns the
// databases and everything in them, without being superuser, as on a managed PostgreSQL.
const (
	Super = "postgres"
	Owner = "panel_owner"
)

// port names the socket; nothing listens on it.
const port = "5432"

// Options say how to run the server. The zero value is for real data.
type Options struct {
	Database   string   // made if it is not there; "" for "panel"
	Unsafe     bool     // no waiting for the disk: much faster, and lost when the machine stops
	Detached   bool     // keeps running after this program; Stop is up to someone else
	Settings   []string // more settings, name=value
	SearchPath []string // more folders to look for PostgreSQL's programs
}

// Server is a running PostgreSQL.
type Server struct {
	dir     string
	socket  string
	bin     Installation
	account *account
	options Options
	lock    *os.File    // held while we are the program that uses dir; nil when detached
	process *os.Process // the postmaster
	exited  chan struct{}
	adopted bool
}

// Start runs a PostgreSQL with its data in dir, which it makes when it is not there, and returns when it answers.
func Start(ctx context.Context, dir string, o Options) (*Server, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if o.Database == "" {
		o.Database = "panel"
	}
	s := &Server{dir: dir, options: o}
	if err := s.start(ctx); err != nil {
		s.release()
		return nil, fmt.Errorf("private PostgreSQL in %s: %w", dir, err)
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) (err error) {
	if s.account, err = unprivileged(); err != nil {
		return err
	}
	if err := s.makeDirs(); err != nil {
		return err
	}
	if !s.options.Detached {
		if s.lock, err = lockDir(s.dir); err != nil {
			return err
		}
	}
	installations, err := Find(s.options.SearchPath...)
	if err != nil {
		return err
	}
	if s.bin, err = choose(installations, s.data()); err != nil {
		return err
	}
	if err := s.initialise(); err != nil {
		return err
	}
	pid, err := s.leftOver()
	switch {
	case err != nil:
		return err
	case pid > 0:
		err = s.adopt(pid)
	default:
		err = s.launch()
	}
	if err != nil {
		return err
	}
	if err := s.wait(ctx); err != nil {
		return err
	}
	return s.furnish(ctx)
}

// Adopted reports whether the server was running already.
func (s *Server) Adopted() bool { return s.adopted }

// URL returns the address of the database for serving: the login role, which has no rights of its own.
func (s *Server) URL() string { return s.address(pg.LoginRole, s.options.Database) }

// OwnerURL returns the address for migrating.
func (s *Server) OwnerURL() string { return s.address(Owner, s.options.Database) }

// SuperURL returns the address of the superuser, for a database of this name: for making databases and looking around.
func (s *Server) SuperURL(database string) string { return s.address(Super, database) }

// Done is closed when the server has ended, by Stop or by itself. It stays open for a detached or adopted one.
func (s *Server) Done() <-chan struct{} { return s.exited }

func (s *Server) address(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database, RawQuery: url.Values{"host": {s.socket}, "port": {port}}.Encode()}
	return u.String()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// wait returns when the server accepts sessions.
func (s *Server) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // a crash may have left much to recover
	defer cancel()
	db, err := pg.Unguarded(s.SuperURL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only looked
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("it did not start; the end of %s says: %s", s.logFile(), tail(s.logFile()))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("it does not answer; see %s", s.logFile()), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// furnish makes the owner and the database when they are not there.
func (s *Server) furnish(ctx context.Context) error {
	db, err := pg.Unguarded(s.SuperURL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only looked
	if _, err := db.ExecContext(ctx, `DO $$ BEGIN
			IF to_regrole('`+Owner+`') IS NULL THEN CREATE ROLE `+Owner+` LOGIN CREATEDB CREATEROLE; END IF;
		END $$`); err != nil {
		return fmt.Errorf("make the owner: %w", err)
	}
	var there bool
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.options.Database).Scan(&there)
	if err == nil && !there {
		_, err = db.ExecContext(ctx, `CREATE DATABASE "`+s.options.Database+`" OWNER `+Owner)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("make the database: %w", err)
	}
	return nil
}

// PID returns the number of the server's process.
func (s *Server) PID() int { return s.process.Pid }
