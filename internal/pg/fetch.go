package pg

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"klantenpaneel/internal/viewer"

	"github.com/uptrace/bun/schema"
)

// preparedLimit is how many statements one connection keeps prepared.
const preparedLimit = 200

// Fetch runs one statement in a read-only transaction as v, if v may do p, and returns the one value that it gives, nil
// when it gives NULL or no row. It is for the hottest reads, a whole answer made as JSON by PostgreSQL: the transaction
// takes one round trip, and the connection keeps the plan.
//
// The statement must be one of few, written with $1, $2, … for args, which must never be put into it.
func (db *DB) Fetch(ctx context.Context, v viewer.Viewer, p viewer.Permission, statement string, args ...any) (value []byte, err error) {
	if err := v.Require(p); err != nil {
		return nil, err
	}
	begin, err := enter(beginRead, v, db.now(ctx), db.options)
	if err != nil {
		return nil, err
	}
	call := db.arguments(args)
	err = db.retry(ctx, func() (again bool, err error) {
		sc, err := db.bun.DB.Conn(ctx)
		if err != nil {
			return false, fmt.Errorf("begin as %s: %w", v.Actor(), err)
		}
		defer sc.Close() //nolint:errcheck // goes back to the pool
		e := &entry{begin: begin}
		err = sc.Raw(func(dc any) error {
			value, again, err = dc.(*conn).fetch(ctx, e, v.Role(), statement, call)
			return err
		})
		return again || e.lost.Load(), err
	})
	return value, err
}

// arguments returns args in parentheses, as EXECUTE takes them.
func (db *DB) arguments(args []any) string {
	if len(args) == 0 {
		return ""
	}
	gen := schema.NewQueryGen(db.bun.Dialect())
	b := []byte{'('}
	for i, arg := range args {
		if i > 0 {
			b = append(b, ',')
		}
		b = gen.Append(b, arg)
	}
	return string(append(b, ')'))
}

// fetch runs the whole transaction in one message. Again tells that the plan was stale and is forgotten now.
func (c *conn) fetch(ctx context.Context, e *entry, role, statement, call string) (value []byte, again bool, err error) {
	// Under row-level security a plan belongs to a role: with one name for all roles it would be made anew at each change.
	key := role + " " + statement
	name, known := c.prepared[key]
	var text strings.Builder
	if !known {
		if len(c.prepared) >= preparedLimit {
			text.WriteString("DEALLOCATE ALL;")
			c.prepared = nil
		}
		name = "fetch_" + strconv.Itoa(len(c.prepared))
		text.WriteString("PREPARE " + name + " AS " + statement + ";")
	}
	text.WriteString("EXECUTE " + name + call + ";COMMIT")

	c.entry, c.begin = e, e.begin
	var all *rows
	err = c.run(ctx, text.String(), nil, func(text string) (err error) {
		all, err = c.rows(ctx, text, nil)
		return err
	})
	if err == nil {
		value, err = all.one()
	}
	c.entry, c.begin = nil, ""
	if err != nil {
		c.forget()
		code, _, _ := server(err)
		return nil, known && (code == "0A000" || code == "26000"), err // the tables have changed; or the session is another's
	}
	if !known {
		if c.prepared == nil {
			c.prepared = map[string]string{}
		}
		c.prepared[key] = name
	}
	return value, false, nil
}

// forget leaves the transaction that failed and everything prepared, or lets go of the connection.
func (c *conn) forget() {
	c.prepared = nil
	if c.IsValid() && (*transaction)(c).send("ROLLBACK; DEALLOCATE ALL") != nil {
		_ = c.Close()
	}
}

// one returns the only value of the rows.
func (r *rows) one() ([]byte, error) {
	switch {
	case len(r.columns) != 1 || len(r.values) > 1:
		return nil, errors.New("pg: a statement that is fetched must give one row of one column")
	case len(r.values) == 0:
		return nil, nil
	}
	switch v := r.values[0].(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	default:
		return nil, fmt.Errorf("pg: a statement that is fetched must give text or JSON, not %T", v)
	}
}
