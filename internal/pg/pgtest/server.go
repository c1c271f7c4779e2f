package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/pg/migrate"

	"github.com/uptrace/bun/driver/pgdriver"
)

// server is where databases are made.
type server struct {
	admin     *sql.DB
	addresses [3]url.URL // by login
	owner     string     // of what is made; "" for whoever logs in
}

// login says as whom.
type login int

const (
	super login = iota
	owning
	serving
)

// external uses a server that is there already.
func external(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("TEST_DATABASE_URL is not a URL")
	}
	admin, err := poolOf(address)
	return &server{admin: admin, addresses: [3]url.URL{*u, *u, *u}}, err
}

// private uses the server that all test programs share, and starts it if it does not run.
func private() (*server, error) {
	dir, err := keep()
	if err != nil {
		return nil, err
	}
	done, err := exclusively(dir)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o := local.Options{Unsafe: true, Detached: true}
	running, err := local.Start(ctx, dir, o)
	if err != nil { // a machine that stopped leaves rubbish: nothing in it is worth repairing
		if again := os.RemoveAll(dir + "/data"); again != nil {
			return nil, errors.Join(err, again)
		}
		if running, err = local.Start(ctx, dir, o); err != nil {
			return nil, err
		}
	}
	if err := watch(dir, running.PID()); err != nil {
		return nil, err
	}
	s := &server{owner: local.Owner}
	for as, address := range []string{running.SuperURL("postgres"), running.OwnerURL(), running.URL()} {
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		s.addresses[as] = *u
	}
	if s.admin, err = poolOf(running.SuperURL("postgres")); err != nil {
		return nil, err
	}
	return s, s.sweep(ctx)
}

// address returns the URL of a database.
func (s *server) address(as login, database string) string {
	u := s.addresses[as]
	u.Path = "/" + database
	return u.String()
}

// create makes a database from files; nil for an empty one.
func (s *server) create(ctx context.Context, name string, files fs.FS) error {
	if files == nil {
		return s.copy(ctx, name, "template0", "")
	}
	hash, err := migrate.Hash(files)
	if err != nil {
		return err
	}
	template := fmt.Sprintf("tpl_%s_%08x", hash[:16], crc32.ChecksumIEEE([]byte(s.addresses[super].User.Username()))) // only its owner may copy it
	for try := 1; ; try++ {
		err := s.copy(ctx, name, template, "STRATEGY file_copy")
		var e pgdriver.Error
		if err == nil || try == 3 || !errors.As(err, &e) || e.Field('C') != "3D000" { // no such database
			return err
		}
		if err := s.makeTemplate(ctx, template, files); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
}

func (s *server) copy(ctx context.Context, name, from, strategy string) error {
	owner := ""
	if s.owner != "" {
		owner = "OWNER " + s.owner
	}
	_, err := s.admin.ExecContext(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s %s %s", name, from, owner, strategy))
	return err
}

// makeTemplate makes the migrated database that others are copied from, once however many ask for it.
func (s *server) makeTemplate(ctx context.Context, template string, files fs.FS) error {
	c, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // and with it the lock
	if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext($1))", template); err != nil {
		return err
	}
	defer c.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock_all()") //nolint:errcheck // likewise
	var there bool
	if err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", template).Scan(&there); err != nil || there {
		return err
	}
	building := fmt.Sprintf("t_%d_building_%d", os.Getpid(), serial.Add(1))
	if err := s.copy(ctx, building, "template0", ""); err != nil {
		return err
	}
	if _, err := migrate.Up(ctx, s.address(owning, building), files); err != nil {
		s.drop(building)
		return err
	}
	if _, err := c.ExecContext(ctx, "ALTER DATABASE "+building+" ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	if err := s.rename(ctx, c, building, template); err != nil {
		return err
	}
	return s.prune(ctx, c)
}

// rename waits for the last session in the database to be gone: a closed connection takes PostgreSQL a moment to notice.
func (s *server) rename(ctx context.Context, c *sql.Conn, from, to string) error {
	for try := 1; ; try++ {
		_, err := c.ExecContext(ctx, "ALTER DATABASE "+from+" RENAME TO "+to)
		if err == nil || try == 100 {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// prune drops all but the newest templates.
func (s *server) prune(ctx context.Context, c *sql.Conn) error {
	old, err := names(ctx, c, "SELECT datname FROM pg_database WHERE datname LIKE 'tpl\\_%' ORDER BY oid DESC OFFSET 6")
	for _, name := range old {
		_, _ = c.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name) // not while someone copies it
	}
	return err
}

// sweep drops the databases of test programs that were killed.
func (s *server) sweep(ctx context.Context) error {
	c, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // only looked
	left, err := names(ctx, c, "SELECT datname FROM pg_database WHERE datname LIKE 't\\_%'")
	for _, name := range left {
		pid, _ := strconv.Atoi(strings.Split(name, "_")[1])
		if pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			s.drop(name)
		}
	}
	return err
}

func (s *server) drop(name string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, _ = s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") // sweep tries again
}

func names(ctx context.Context, c *sql.Conn, query string) (all []string, err error) {
	rows, err := c.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err says it
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}
