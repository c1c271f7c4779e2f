package pg

import (
	"database/sql"

	"github.com/uptrace/bun"
)

// Outside returns the pool as it is outside of a transaction.
func Outside(db *DB) *bun.DB { return db.bun }

// Raw returns the transaction of database/sql in tx.
func Raw(tx *Tx) *sql.Tx { return tx.IDB.(bun.Tx).Tx }
