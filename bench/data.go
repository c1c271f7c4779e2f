package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/pg/migrate"
	"klantenpaneel/migrations"
)

var (
	//go:embed data/fill.sql
	fillSQL string
	//go:embed data/peer.sql
	peerSQL string
)

// database starts a private PostgreSQL in out with the provider in it. A provider of this size that is there already is
// used again, unless the tables or the rows have changed since.
func database(ctx context.Context, out string, customers int) (*local.Server, error) {
	name, err := nameOf(customers)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(out, 0o755); err != nil { // PostgreSQL may run as somebody else
		return nil, err
	}
	server, err := local.Start(ctx, filepath.Join(out, "postgres"), local.Options{Database: name, Unsafe: true,
		Settings: []string{"shared_buffers=1GB", "work_mem=32MB", "maintenance_work_mem=512MB"}})
	if err != nil {
		return nil, err
	}
	db, err := pg.Unguarded(server.SuperURL(name))
	if err != nil {
		return server, err
	}
	defer db.Close() //nolint:errcheck // all is written
	var filled bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('bench.filled') IS NOT NULL").Scan(&filled); err != nil {
		return server, err
	}
	if !filled {
		say("making a provider with %d customers; this is done once", customers)
		if err := fill(ctx, db, server, customers); err != nil {
			return server, fmt.Errorf("make the data: %w", err)
		}
		if err := dropOthers(ctx, db, name); err != nil {
			return server, err
		}
	}
	if _, err := db.ExecContext(ctx, "DROP SCHEMA IF EXISTS peer CASCADE;\n"+peerSQL); err != nil {
		return server, fmt.Errorf("make the views for PostGraphile: %w", err)
	}
	return server, nil
}

// nameOf returns the name of the database, which tells how many customers it has and what it was made from.
func nameOf(customers int) (string, error) {
	tables, err := migrate.Hash(migrations.Files)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(tables + fillSQL))
	return fmt.Sprintf("bench_%d_%s", customers, hex.EncodeToString(sum[:4])), nil
}

func fill(ctx context.Context, db *sql.DB, server *local.Server, customers int) error {
	if _, err := db.ExecContext(ctx, "DROP SCHEMA IF EXISTS bench CASCADE"); err != nil { // of a run that was broken off
		return err
	}
	if _, err := migrate.Up(ctx, server.OwnerURL(), migrations.Files); err != nil {
		return err
	}
	set := "SET bench.customers = " + strconv.Itoa(customers) + ";\n"
	for _, statement := range []string{set + fillSQL, "VACUUM (ANALYZE)", "CREATE TABLE bench.filled ()"} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// dropOthers drops the databases of this size that were made from something else.
func dropOthers(ctx context.Context, db *sql.DB, name string) error {
	size := name[:strings.LastIndexByte(name, '_')+1]
	rows, err := db.QueryContext(ctx, "SELECT datname FROM pg_database WHERE datname LIKE $1 AND datname <> $2", size+"%", name)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // read to the end
	var old []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return err
		}
		old = append(old, n)
	}
	for _, n := range old {
		if _, err := db.ExecContext(ctx, `DROP DATABASE "`+n+`"`); err != nil {
			return err
		}
	}
	return rows.Err()
}
