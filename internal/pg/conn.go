package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// A conn is a connection of the serving pool. It adds to pgdriver what a server needs:
//
//   - A context that ends stops the statement in PostgreSQL, not only the waiting for it.
//   - A statement is a unit: its rows are read before it returns, so that goroutines that share a transaction take
//     turns. (pgdriver reads them one by one from the socket, and mixes them up.)
//   - BEGIN and the settings of the viewer travel with the first statement of the transaction, in one message.
//   - What went wrong is noted where the transaction can find it, however the error is wrapped on its way up.
type conn struct {
	*pgdriver.Conn
	pid         int64
	incarnation string // of the server: changes when it crashes, not when it restarts in order
	killer      *sql.DB

	entry *entry // of the transaction that is going on
	begin string // what still has to be sent ahead of the next statement

	prepared map[string]string // by Fetch: role and statement -> name
}

// entry is how a transaction begins and what became of it. The driver fills it in; only one goroutine at a time runs a
// statement, but others may look.
type entry struct {
	begin       string       // BEGIN and the settings
	incarnation string       // of the server that it is on
	statements  atomic.Int64 // that succeeded
	failed      atomic.Bool  // a statement failed: PostgreSQL will only roll back
	lost        atomic.Bool  // the connection broke before COMMIT was sent: nothing happened
	conflict    atomic.Bool  // serialization failure or deadlock: worth another try
	unknown     atomic.Bool  // the connection broke after COMMIT was sent
}

type entryKey struct{}

// errNoEntry is the answer to a transaction on the serving pool that package pg did not begin.
var errNoEntry = errors.New("pg: a transaction needs a viewer: use Read, Write or a Snapshot")

// commitWait bounds COMMIT and ROLLBACK, which no context ends.
const commitWait = 30 * time.Second

// BeginTx notes how the transaction in ctx begins; PostgreSQL hears of it with the first statement.
func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	e, ok := ctx.Value(entryKey{}).(*entry)
	if !ok {
		return nil, errNoEntry
	}
	if !c.IsValid() {
		return nil, driver.ErrBadConn
	}
	c.entry, c.begin, e.incarnation = e, e.begin, c.incarnation
	return (*transaction)(c), nil
}

// ExecContext runs a statement that returns no rows.
func (c *conn) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (r driver.Result, err error) {
	err = c.run(ctx, statement, args, func(statement string) error {
		r, err = c.Conn.ExecContext(context.WithoutCancel(ctx), statement, args)
		return err
	})
	return r, err
}

// QueryContext runs a statement and reads all its rows.
func (c *conn) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (r driver.Rows, err error) {
	err = c.run(ctx, statement, args, func(statement string) error {
		all, err := c.rows(ctx, statement, args)
		r = all
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// rows sends a statement and reads what it gives.
func (c *conn) rows(ctx context.Context, statement string, args []driver.NamedValue) (*rows, error) {
	r, err := c.Conn.QueryContext(context.WithoutCancel(ctx), statement, args)
	if err != nil {
		return nil, err
	}
	return readRows(r)
}

// PrepareContext refuses: a prepared statement would go round everything that conn adds.
func (c *conn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errors.New("pg: the serving pool has no prepared statements")
}

// run sends one statement, with the transaction's beginning ahead of it if that is still to come.
func (c *conn) run(ctx context.Context, statement string, args []driver.NamedValue, send func(string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.entry != nil && c.begin == "" && c.entry.statements.Load() == 0 && c.entry.failed.Load() {
		// The very first message was refused as a whole, BEGIN with it: what follows would run outside of it.
		return errors.New("pg: the transaction has failed, its other statements are not run")
	}
	counted(ctx)
	end := traced(ctx, statement)
	statement = c.begin + withoutComments(statement, args)
	c.begin = ""
	stop := c.watch(ctx)
	err := c.note(send(statement))
	if stop() && err != nil {
		err = errors.Join(context.Cause(ctx), err)
	}
	end(err)
	return err
}

// note keeps what err says about the transaction, and lets go of a connection that broke.
func (c *conn) note(err error) error {
	if err == nil {
		if c.entry != nil {
			c.entry.statements.Add(1)
		}
		return nil
	}
	broken := Lost(err)
	if _, _, ok := server(err); broken || !ok {
		_ = c.Close() // or what is left of the answer would be read as the next one's
	}
	if c.entry != nil {
		c.entry.failed.Store(true)
		c.entry.lost.Store(c.entry.lost.Load() || broken)
		c.entry.conflict.Store(c.entry.conflict.Load() || conflict(err))
	}
	return err
}

// watch cancels what the server is doing for c when ctx ends, until the returned func is called, which reports whether
// ctx has ended. That waits for a cancellation under way: a late one must not hit the next statement.
func (c *conn) watch(ctx context.Context) (stop func() (ended bool)) {
	if ctx.Done() == nil {
		return func() bool { return false }
	}
	sent := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(sent)
		k, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if _, err := c.killer.ExecContext(k, "SELECT pg_cancel_backend($1)", c.pid); err != nil {
			_ = c.Conn.Conn().Close() // the server cannot be told: at least let go
		}
	})
	return func() bool {
		if unhook() {
			return false
		}
		<-sent
		return true
	}
}

// transaction is the driver's handle of the transaction that goes on in a conn.
type transaction conn

// Commit makes the transaction last. After an error of PostgreSQL nothing happened; after any other, entry.unknown tells
// whether it may have.
func (t *transaction) Commit() error {
	e, statement := t.end()
	switch {
	case !statement:
		return nil
	case !t.IsValid():
		e.lost.Store(true)
		return driver.ErrBadConn
	}
	commit := "COMMIT"
	if e.failed.Load() {
		// PostgreSQL answers COMMIT of a failed transaction with a friendly ROLLBACK. A savepoint makes it an error.
		commit = "SAVEPOINT committing; COMMIT"
	}
	err := t.send(commit)
	switch {
	case err == nil:
	case errors.Is(err, driver.ErrBadConn): // not a byte was sent
		e.lost.Store(true)
	case Lost(err):
		_ = t.Close()
		e.unknown.Store(true)
		err = fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
	default:
		e.conflict.Store(conflict(err))
	}
	return err
}

// Rollback undoes the transaction.
func (t *transaction) Rollback() error {
	_, statement := t.end()
	switch {
	case !statement:
		return nil
	case !t.IsValid():
		return driver.ErrBadConn // the server rolls back by itself
	}
	return t.send("ROLLBACK")
}

// end forgets the transaction; statement reports whether the server has heard of it.
func (t *transaction) end() (e *entry, statement bool) {
	e, statement = t.entry, t.begin == ""
	t.entry, t.begin = nil, ""
	return e, statement
}

func (t *transaction) send(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitWait)
	defer cancel()
	_, err := t.Conn.ExecContext(ctx, statement, nil)
	_ = t.Conn.Conn().SetDeadline(time.Time{})
	return err
}
