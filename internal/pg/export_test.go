package pg

import (
	"context"
	"database/sql"
	"time"

	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Outside returns the pool as it is outside of a transaction.
func Outside(db *DB) *bun.DB { return db.bun }

// Raw returns the transaction of database/sql in tx.
func Raw(tx *Tx) *sql.Tx { return tx.IDB.(bun.Tx).Tx }

func in2020() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Incarnation returns what tells this run of the server from the one after a crash.
func Incarnation(ctx context.Context, db *DB) (string, error) {
	_, btx, e, err := db.begin(ctx, beginRead, viewer.ForJob("test"))
	if err != nil {
		return "", err
	}
	return e.incarnation, btx.Rollback()
}

// LookUp asks what became of a transaction; event is Nil if it recorded none.
func LookUp(ctx context.Context, db *DB, xid, incarnation string, event uuid.UUID) (again bool, err error) {
	ev := evidence{xid: xid, incarnation: incarnation}
	if event != uuid.Nil {
		ev.events = []record{{ID: event}}
	}
	return db.lookUp(ctx, ev, ErrUnknownOutcome)
}
