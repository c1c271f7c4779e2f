// Klantenpaneel is the customer API and panel of a hosting provider. This package wires it together: configuration, pools,
// constructors, routes and signals; everything else lives in the packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"1" help:"Serve the API and the panel; in a sandbox without DATABASE_URL on a private PostgreSQL."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to date, or tell whether it is."`
	Seed    seedCommand    `cmd:"" help:"Fill an empty database with the demo provider, and print its logins and tokens."`
	Brand   brandCommand   `cmd:"" help:"Say who the provider is: a trade name with its address, numbers and bank account."`
	Import  importCommand  `cmd:"" help:"Import the data of another billing system."`
	Schema  schemaCommand  `cmd:"" help:"Print the whole schema of the API."`
	Health  healthCommand  `cmd:"" help:"Ask a running server whether it is ready, for containers and supervisors."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parsed := kong.Parse(&c, kong.Name("klantenpaneel"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Description("The customer API and panel of a hosting provider. Configuration comes from the environment; see docs/operations.md."))
	if err := parsed.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "klantenpaneel:", err)
		os.Exit(1)
	}
}
