package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klantenpaneel/internal/viewer"
)

// evidence is by what a transaction can be recognised after the connection that committed it broke.
type evidence struct {
	xid         string // "" if it changed nothing
	incarnation string // of the server that gave the xid: after a crash it may give the same one again
	events      []record
}

// lookUp asks PostgreSQL what became of a transaction whose commit was not answered. It was committed, or can be tried
// again, or the error stands.
func (db *DB) lookUp(ctx context.Context, ev evidence, unknown error) (again bool, err error) {
	if ev.xid == "" {
		return true, unknown
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*db.options.ConnectWait)
	defer cancel()
	for {
		status, err := db.status(ctx, ev)
		switch {
		case status == "committed":
			return false, nil
		case status == "aborted":
			return true, unknown
		case err == nil && status == "", err != nil && !Lost(err), ctx.Err() != nil:
			return false, errors.Join(unknown, err)
		}
		time.Sleep(50 * time.Millisecond) // its process has not noticed yet, or PostgreSQL is not back yet
	}
}

// status returns "committed", "aborted", "in progress", or "" if nobody can tell any more.
func (db *DB) status(ctx context.Context, ev evidence) (status string, err error) {
	tx, btx, e, err := db.begin(ctx, beginRead, viewer.ForJob("outcome"))
	if err != nil {
		return "", err
	}
	defer btx.Rollback() //nolint:errcheck // nothing to undo
	switch {
	case e.incarnation == ev.incarnation:
		err = tx.NewRaw("SELECT coalesce(pg_xact_status(?::xid8), '')", ev.xid).Scan(ctx, &status)
	case len(ev.events) > 0: // the server has crashed: whatever ran has ended, and its event is there or not
		err = tx.NewRaw("SELECT CASE WHEN EXISTS (SELECT FROM event WHERE id = ?) THEN 'committed' ELSE 'aborted' END", ev.events[0].ID).Scan(ctx, &status)
	}
	if err != nil {
		return "", fmt.Errorf("look up a transaction: %w", err)
	}
	return status, nil
}
