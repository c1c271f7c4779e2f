package pg

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/viewer"

	"github.com/uptrace/bun"
)

// Tx is a transaction on behalf of one viewer at one instant. Row-level security shows it only the rows that the viewer
// may see. Goroutines may share it: their statements run one after another.
type Tx struct {
	bun.IDB
	Viewer   viewer.Viewer
	Now      time.Time // UTC, to the microsecond, as PostgreSQL holds it
	OnBehalf OnBehalf  // goes with every event; zero when the viewer acts for itself
	events   []record
}

// Today returns the day it is for the business: the one in Amsterdam.
func (tx *Tx) Today() civil.Date { return civil.In(tx.Now) }

// attempts is how often the work of a transaction is tried before its conflict or lost connection is an error.
const attempts = 4

// Read runs f in a read-only transaction, in which nothing changes from one statement to the next, if v may do p. When
// the connection breaks f is run again from its start, so f must do nothing but read and assign what it read.
func (db *DB) Read(ctx context.Context, v viewer.Viewer, p viewer.Permission, f func(tx *Tx) error) error {
	if err := v.Require(p); err != nil {
		return err
	}
	return db.retry(ctx, func() (again bool, err error) {
		tx, btx, e, err := db.begin(ctx, beginRead, v)
		if err != nil {
			return false, err
		}
		defer btx.Rollback() //nolint:errcheck // nothing to undo
		if err := f(tx); err != nil {
			return e.lost.Load(), translate(err)
		}
		return false, nil
	})
}

// Write runs f in a transaction if v may do p, and commits it together with the events that f recorded.
//
// On a deadlock, a serialization failure or a connection that broke before the commit, all of it is undone and f is run
// again from its start: f must do nothing but use tx and assign results. A commit of which the outcome is unknown is
// looked up, never repeated; if PostgreSQL cannot tell, the error is ErrUnknownOutcome. A violation of a constraint
// is the problem that RegisterConstraint says.
func (db *DB) Write(ctx context.Context, v viewer.Viewer, p viewer.Permission, f func(tx *Tx) error) error {
	if err := v.Require(p); err != nil {
		return err
	}
	return db.retry(ctx, func() (again bool, err error) {
		tx, btx, e, err := db.begin(ctx, beginWrite, v)
		if err != nil {
			return false, err
		}
		defer btx.Rollback() //nolint:errcheck // after Commit it does nothing
		xid, err := work(ctx, tx, e, f)
		if err == nil {
			err = btx.Commit()
		}
		if err != nil && e.unknown.Load() {
			return db.lookUp(ctx, evidence{xid, e.incarnation, tx.events}, err)
		}
		return err != nil && (e.lost.Load() || e.conflict.Load()), translate(err)
	})
}

// work runs f, writes its events, and returns the number of the transaction, "" if it changed nothing.
func work(ctx context.Context, tx *Tx, e *entry, f func(tx *Tx) error) (xid string, err error) {
	if err := f(tx); err != nil {
		return "", err
	}
	if len(tx.events) > 0 {
		if _, err := tx.NewInsert().Model(&tx.events).Returning("pg_current_xact_id()::text").Exec(ctx, &xid); err != nil {
			return "", fmt.Errorf("record %d events: %w", len(tx.events), err)
		}
		return xid, nil
	}
	if e.statements.Load() == 0 {
		return "", nil
	}
	err = tx.NewRaw("SELECT coalesce(pg_current_xact_id_if_assigned()::text, '')").Scan(ctx, &xid)
	return xid, err
}

// begin opens a transaction as v. The server hears of it with the first statement.
func (db *DB) begin(ctx context.Context, begin string, v viewer.Viewer) (*Tx, bun.Tx, *entry, error) {
	now := db.now(ctx)
	statement, err := enter(begin, v, now, db.options)
	if err != nil {
		return nil, bun.Tx{}, nil, err
	}
	e := &entry{begin: statement}
	btx, err := db.bun.BeginTx(context.WithValue(ctx, entryKey{}, e), nil)
	if err != nil {
		return nil, bun.Tx{}, nil, fmt.Errorf("begin as %s: %w", v.Actor(), err)
	}
	return &Tx{IDB: btx, Viewer: v, Now: now}, btx, e, nil
}

// retry runs try until it is not to be tried again, a few times at most, with a growing pause.
func (db *DB) retry(ctx context.Context, try func() (again bool, err error)) error {
	for n := 1; ; n++ {
		again, err := try()
		if !again || n == attempts {
			return err
		}
		pause := time.Duration(n*n) * time.Duration(5+rand.IntN(20)) * time.Millisecond
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}
