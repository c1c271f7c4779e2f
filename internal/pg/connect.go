package pg

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// A connector opens connections that run as the login role and no more, whoever the address logs in as.
type connector struct {
	*pgdriver.Connector
	address  address
	plain    *pgdriver.Connector // nil when only TLS will do
	role     string
	settings string // SET statements for each session
	wait     time.Duration
	killer   *sql.DB
}

// Connect opens one connection, waiting for a server that is about to return.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	until := time.Now().Add(c.wait)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		opened, err := c.connect(ctx)
		if err == nil {
			return opened, nil
		}
		if !starting(err) || time.Now().After(until) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}

func (c *connector) connect(ctx context.Context) (*conn, error) {
	dc, err := dialOnce(ctx, c.Connector, c.plain)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", c.address, err)
	}
	opened := &conn{Conn: dc.(*pgdriver.Conn), killer: c.killer}
	if err := c.setUp(ctx, opened); err != nil {
		_ = opened.Close()
		return nil, err
	}
	return opened, nil
}

// Close stops what cancels statements.
func (c *connector) Close() error { return c.killer.Close() }

// dialOnce tries TLS first where both will do.
func dialOnce(ctx context.Context, main, plain *pgdriver.Connector) (driver.Conn, error) {
	dc, err := main.Connect(ctx)
	if plain != nil && noTLS(err) {
		return plain.Connect(ctx)
	}
	return dc, err
}

// noTLS reports whether the server said that it has no TLS. pgdriver has no named error for it.
func noTLS(err error) bool { return err != nil && strings.Contains(err.Error(), "SSL is not enabled") }

// setUp makes the session the login role's and notes what identifies it. A session of the owner or of a superuser steps
// down first; nothing in this program steps up again.
func (c *connector) setUp(ctx context.Context, opened *conn) error {
	row, err := oneRow(ctx, opened.Conn, "SELECT pg_backend_pid(), (SELECT stats_reset::text FROM pg_stat_bgwriter), session_user::text, "+
		"(SELECT rolsuper FROM pg_roles WHERE rolname = session_user), EXISTS (SELECT FROM pg_roles WHERE rolname = "+quote(c.role)+")")
	if err != nil {
		return fmt.Errorf("look at the session on %s: %w", c.address, err)
	}
	opened.pid, _ = row[0].(int64)
	opened.incarnation = fmt.Sprint(row[1])
	super, _ := row[3].(bool)
	if exists, _ := row[4].(bool); !exists {
		return fmt.Errorf("%s has no role %q yet: run the migrations first", c.address, c.role)
	}
	enter := ""
	switch {
	case row[2] == c.role:
	case super:
		enter = "SET SESSION AUTHORIZATION " + quote(c.role) + ";"
	default:
		enter = "SET ROLE " + quote(c.role) + ";"
	}
	row, err = oneRow(ctx, opened.Conn, enter+c.settings+"SELECT current_user::text")
	switch {
	case Denied(err):
		return fmt.Errorf("%[2]s may not enter the role %[1]q: GRANT %[1]s to that user, or migrate as that user: %[3]w", c.role, c.address, err)
	case err != nil:
		return fmt.Errorf("set up the session on %s: %w", c.address, err)
	case row[0] != c.role:
		return fmt.Errorf("the session on %s runs as %v and not as %q", c.address, row[0], c.role)
	}
	return nil
}

// oneRow returns the only row that the statement gives.
func oneRow(ctx context.Context, pc *pgdriver.Conn, statement string) ([]driver.Value, error) {
	r, err := pc.QueryContext(ctx, statement, nil)
	if err != nil {
		return nil, err
	}
	all, err := readRows(r)
	switch {
	case err != nil:
		return nil, err
	case len(all.values) == 0 || len(all.values) != len(all.columns):
		return nil, errors.New("not one row")
	}
	return all.values, nil
}

// openPool returns the pool that serves, whose connections are wrapped.
func openPool(a address, o Options) *sql.DB {
	main, plain := a.connectors()
	killer := sql.OpenDB(rawConnector{main, plain})
	killer.SetMaxOpenConns(2)
	killer.SetMaxIdleConns(1)
	killer.SetConnMaxIdleTime(time.Minute)
	return sql.OpenDB(&connector{Connector: main, plain: plain, address: a, role: LoginRole, settings: o.session(), wait: o.ConnectWait, killer: killer})
}

// rawConnector opens connections as pgdriver has them, for COPY, LISTEN and cancelling. Plain is nil if only TLS will do.
type rawConnector struct{ main, plain *pgdriver.Connector }

// Connect opens one connection.
func (c rawConnector) Connect(ctx context.Context) (driver.Conn, error) {
	return dialOnce(ctx, c.main, c.plain)
}

// Driver returns pgdriver's.
func (c rawConnector) Driver() driver.Driver { return c.main.Driver() }

// connectors returns how to connect, and how when the server has no TLS; plain is nil if that will not do.
func (a address) connectors() (main, plain *pgdriver.Connector) {
	main = a.connector(a.tls)
	if a.plainToo && a.tls != nil {
		plain = a.connector((*tls.Config)(nil))
	}
	return main, plain
}

// quote returns s as an SQL literal. A NUL, which PostgreSQL cannot hold, ends the statement with an error.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Unguarded returns a pool that logs in as the address says and never enters a role: for migrations, for making
// databases and for fixtures of tests. What serves must use Open.
func Unguarded(url string) (*sql.DB, error) {
	a, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	main, plain := a.connectors()
	return sql.OpenDB(rawConnector{main, plain}), nil
}

// quietly keeps pgdriver from writing to standard error.
type quietly struct{}

// Printf logs what pgdriver has to say; what matters comes back as an error too.
func (quietly) Printf(ctx context.Context, format string, v ...any) {
	slog.DebugContext(ctx, "pgdriver", "message", fmt.Sprintf(format, v...))
}

func init() { pgdriver.Logger = quietly{} }
