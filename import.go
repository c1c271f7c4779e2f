package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"
	"klantenpaneel/internal/whmcs"

	"github.com/google/uuid"
)

type importCommand struct {
	Whmcs whmcsCommand `cmd:"" help:"Import from WHMCS 8: a folder with one CSV file for each table, or a mysqldump (.sql, .sql.gz)."`
}

type whmcsCommand struct {
	Source    string   `arg:"" help:"The folder or the dump." type:"existingpath"`
	DryRun    bool     `help:"Rehearse: tell what would come in, what cannot and why, row by row; nothing is changed."`
	Reconcile bool     `help:"Only compare source and target: counts and sums of invoices, payments and open amounts for each year."`
	Brand     string   `help:"The trade name that the customers come to." default:"PING"`
	Except    []string `help:"Rows to leave out on purpose, such as tblinvoices:123; what belongs to them is left out too." placeholder:"TABLE:ID"`
	Report    string   `help:"Write every warning and refusal to this CSV file." type:"path"`
}

// Run imports, and fails unless source and target are equal to the cent.
func (c *whmcsCommand) Run(ctx context.Context) error {
	a, err := open(ctx)
	if err != nil {
		return err
	}
	if err = a.migrate(ctx); err == nil {
		err = c.bring(ctx, a)
	}
	return errors.Join(err, a.close())
}

func (c *whmcsCommand) bring(ctx context.Context, a *app) error {
	o := whmcs.Options{Brand: c.Brand, DryRun: c.DryRun, Except: c.Except, Progress: whmcs.ShowProgress(os.Stderr), AfterLoad: a.replan}
	if c.Reconcile {
		r, err := whmcs.Reconcile(ctx, a.db, c.Source, o)
		_, writeErr := r.WriteTo(os.Stdout)
		return errors.Join(err, writeErr)
	}
	db := a.db
	nameless, err := a.nameless(ctx)
	switch {
	case err != nil:
		return err
	case nameless && c.DryRun:
		db, o.Now = nil, time.Now() // there is no provider to rehearse with: read and plan only
	case nameless:
		if err := a.ensureBrand(ctx, c.Brand); err != nil {
			return err
		}
	}
	report, err := whmcs.Import(ctx, db, c.Source, o)
	if err != nil && !errors.Is(err, whmcs.ErrNotReconciled) {
		return err
	}
	if _, writeErr := report.WriteTo(os.Stdout); writeErr != nil {
		return errors.Join(err, writeErr)
	}
	if c.Report == "" {
		return err
	}
	file, fileErr := os.Create(c.Report)
	if fileErr != nil {
		return errors.Join(err, fmt.Errorf("write the report: %w", fileErr))
	}
	return errors.Join(err, report.WriteCSV(file), file.Close())
}

// replan computes the next invoices of imported accounts, with the functions of the billing run.
func (a *app) replan(ctx context.Context, accounts []uuid.UUID) error {
	return a.db.Write(ctx, viewer.ForJob("import"), viewer.ManageSubscription, func(tx *pg.Tx) error {
		return subscription.Replan(ctx, tx, accounts)
	})
}
