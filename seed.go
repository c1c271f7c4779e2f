package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/demo"
)

type seedCommand struct {
	Today string `help:"The day that the demo's stories lead up to; today when not given." placeholder:"2026-11-20"`
}

// Run fills an empty database with the demo provider.
func (c *seedCommand) Run(ctx context.Context) error {
	a, err := open(ctx)
	if err != nil {
		return err
	}
	today := civil.In(time.Now())
	if c.Today != "" {
		today, err = civil.Parse(c.Today)
	}
	if err == nil {
		err = a.migrate(ctx)
	}
	if err == nil {
		err = a.seed(ctx, today, os.Stdout)
	}
	return errors.Join(err, a.close())
}

// seed makes the demo provider and tells who can sign in.
func (a *app) seed(ctx context.Context, today civil.Date, out io.Writer) error {
	if !a.config.Sandbox() {
		return errors.New("the demo provider has known passwords: it is only made in a sandbox")
	}
	fmt.Fprintln(out, "Making the demo provider, its history from 2014 on included; this takes up to a minute.")
	summary, err := demo.Seed(ctx, a.db, a.gate, demo.Options{Today: today})
	if err != nil {
		return fmt.Errorf("make the demo provider: %w", err)
	}
	printLogins(out, summary)
	return nil
}

// fill makes the demo provider in the empty database of a sandbox. One that was not finished is refused: half a provider
// would only puzzle.
func (c *serveCommand) fill(ctx context.Context, a *app) error {
	if !a.config.Sandbox() || c.NoSeed {
		return nil
	}
	state, err := demo.Look(ctx, a.db)
	switch {
	case err != nil:
		return err
	case state == demo.Interrupted:
		return errors.New("making the demo provider was interrupted, and half of it is of no use: throw it away (make clean) and start again")
	case state != demo.Empty:
		return nil
	}
	return a.seed(ctx, civil.In(time.Now()), os.Stdout)
}

func printLogins(out io.Writer, s demo.Summary) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nSIGN IN WITH\tPASSWORD\tWHO")
	for _, l := range s.Logins {
		fmt.Fprintf(t, "%s\t%s\t%s\n", l.Email, l.Password, l.About)
	}
	fmt.Fprintln(t, "\nAPI TOKEN\t\tFOR")
	for _, k := range s.Tokens {
		fmt.Fprintf(t, "%s\t\t%s\n", k.Token, k.About)
	}
	_ = t.Flush()
	fmt.Fprintln(out)
}
