package pg

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"strings"

	"klantenpaneel/internal/viewer"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
)

// Bulk says where many rows go.
type Bulk struct {
	Table      string
	Columns    []string
	OnConflict string // SQL that follows ON CONFLICT, such as "DO NOTHING"; "" makes a row that is there already an error
}

// Copy writes rows, each with a value for each column, and returns how many were added or changed. It is one transaction
// of its own on behalf of v, ten to twenty times faster than inserting; an error, also one that rows gives, undoes it all.
// No event is recorded.
//
// PostgreSQL has no COPY into a table with row-level security, so the rows go by a temporary table: the policies hold.
func (db *DB) Copy(ctx context.Context, v viewer.Viewer, p viewer.Permission, b Bulk, rows iter.Seq2[[]any, error]) (n int64, err error) {
	if err := v.Require(p); err != nil {
		return 0, err
	}
	begin, err := enter(beginWrite, v, db.now(ctx), db.options)
	if err != nil {
		return 0, err
	}
	c, err := bun.NewDB(db.raw, pgdialect.New()).Conn(ctx)
	if err != nil {
		return 0, fmt.Errorf("connect to %s: %w", db.address, err)
	}
	defer c.Close() //nolint:errcheck // goes back to the pool
	hangUp := func() {
		_ = c.Raw(func(dc any) error { return dc.(*pgdriver.Conn).Close() })
	}
	var socket io.Closer
	_ = c.Raw(func(dc any) error { socket = dc.(*pgdriver.Conn).Conn(); return nil })
	unhook := context.AfterFunc(ctx, func() { _ = socket.Close() }) // the server undoes everything
	defer unhook()

	n, err = b.load(ctx, c, db.options.session()+begin, rows)
	if err != nil {
		hangUp() // whatever state it is in
		if ended := context.Cause(ctx); ended != nil {
			err = errors.Join(ended, err)
		}
		return 0, fmt.Errorf("copy into %s: %w", b.Table, translate(err))
	}
	return n, nil
}

// load runs the transaction on c.
func (b Bulk) load(ctx context.Context, c bun.Conn, begin string, rows iter.Seq2[[]any, error]) (int64, error) {
	ctx = context.WithoutCancel(ctx)
	quoted := make([]string, len(b.Columns))
	for i, column := range b.Columns {
		quoted[i] = ident(column)
	}
	columns := strings.Join(quoted, ", ")
	if _, err := c.ExecContext(ctx, begin+"CREATE TEMPORARY TABLE bulk ON COMMIT DROP AS SELECT "+columns+" FROM "+ident(b.Table)+" WITH NO DATA"); err != nil {
		return 0, err
	}
	text := newCopyText(rows, len(b.Columns))
	defer text.stop()
	if _, err := pgdriver.CopyFrom(ctx, c, text, "COPY pg_temp.bulk FROM STDIN"); err != nil {
		return 0, err
	}
	insert := "INSERT INTO " + ident(b.Table) + " (" + columns + ") SELECT * FROM pg_temp.bulk"
	if b.OnConflict != "" {
		insert += " ON CONFLICT " + b.OnConflict
	}
	done, err := c.ExecContext(ctx, insert)
	if err != nil {
		return 0, err
	}
	if _, err := c.ExecContext(ctx, "COMMIT"); err != nil {
		if Lost(err) {
			err = fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
		}
		return 0, err
	}
	return done.RowsAffected()
}

// ident returns a name as an SQL identifier.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// buffered gathers what is written until an answer is read: pgdriver sends COPY's data a kilobyte at a time.
type buffered struct {
	net.Conn
	w *bufio.Writer
}

// openBuffered returns an unwrapped pool with such connections.
func openBuffered(a address) *sql.DB {
	main, plain := a.connectors()
	for _, c := range []*pgdriver.Connector{main, plain} {
		if c == nil {
			continue
		}
		dial := c.Config().Dialer
		c.Config().Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
			nc, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &buffered{nc, bufio.NewWriterSize(nc, 64<<10)}, nil
		}
	}
	return sql.OpenDB(rawConnector{main, plain})
}

// Write keeps b for later.
func (c *buffered) Write(b []byte) (int, error) { return c.w.Write(b) }

// Read sends what was kept, and reads.
func (c *buffered) Read(b []byte) (int, error) {
	if err := c.w.Flush(); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// NetConn returns the connection below, as that of tls.Conn does.
func (c *buffered) NetConn() net.Conn { return c.Conn }
