// Package migrations holds the database as numbered SQL files: roles, tables, constraints, policies and grants.
//
// A file is never changed once it has been released. Each works under the previous release too: expand first, contract
// later.
package migrations

import "embed"

// Files are the migrations, NNNN_name.sql, for package migrate to run.
//
//go:embed *.sql
var Files embed.FS
