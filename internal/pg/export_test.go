package pg

import (
	"database/sql"
	"time"

	"github.com/uptrace/bun"
)

// Outside returns the pool as it is outside of a transaction.
func Outside(db *DB) *bun.DB { return db.bun }

// Raw returns the transaction of database/sql in tx.
func Raw(tx *Tx) *sql.Tx { return tx.IDB.(bun.Tx).Tx }

func in2020() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }
