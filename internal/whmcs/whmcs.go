// Package whmcs brings the data of a provider that ran WHMCS 8 over: from a folder with a CSV file per table, or from a
// mysqldump file.
//
// Every row of every table it knows ends in one of five ways: imported, imported with a warning, left out on purpose,
// refused with a reason, or known from an earlier run. Nothing is dropped silently, and the end is a reconciliation to
// the cent: an import that does not reconcile says so and is an error. It records no events and makes no messages, so
// nobody is mailed and nothing is provisioned.
package whmcs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Source is the name under which import_ref keeps what came from WHMCS.
const Source = "whmcs"

// ErrNotReconciled is wrapped when rows were refused, or when a figure of the reconciliation differs. What was imported
// stays; the report tells what is missing, and the import can be run again.
var ErrNotReconciled = errors.New("the import does not reconcile")

// job is on whose behalf the rows are written.
var job = viewer.ForJob("import whmcs")

// Options say how to import. The zero value imports under the brand PING.
type Options struct {
	Brand  string // code of the brand that the customers are of; "" for PING
	DryRun bool   // rehearse: everything happens in one transaction that is rolled back

	// Except lists rows to leave out on purpose, as "tblinvoices:123"; what belongs to them is left out too.
	Except []string

	Now time.Time // the present, for a rehearsal without a database

	BatchClients int    // how many clients one transaction brings over; 0 for 500
	TempDir      string // for a dump and for sorting, about as large as the source; "" for the system's

	// Progress is told how far the import is, if not nil.
	Progress func(Progress)

	// AfterLoad is called when all rows are in, with some accounts at a time and every account in the end, also on a
	// run that found nothing new: it must not mind repetition. A rehearsal does not call it.
	AfterLoad func(ctx context.Context, accounts []uuid.UUID) error

	afterBatch func(n int) // for tests: called after each committed batch of clients
}

// Import brings over what is in path, a folder or a .sql or .sql.gz file. It can be stopped at any moment and run again:
// what is in already stays as it is, however it has changed since, and only what is missing is added. With a nil db it
// is a rehearsal that reads and plans only, and compares the source with the plan.
//
// The report is complete also when the error wraps ErrNotReconciled.
func Import(ctx context.Context, db *pg.DB, path string, o Options) (report Report, err error) {
	o = o.withDefaults()
	src, err := open(ctx, path, o)
	if err != nil {
		return Report{}, err
	}
	defer src.close()
	if db == nil && o.Now.IsZero() {
		return Report{}, errors.New("a rehearsal without a database must be told the time")
	}
	if db == nil {
		return rehearseWithout(ctx, src, o)
	}
	if o.DryRun {
		return rehearse(ctx, db, src, o)
	}
	return load(ctx, db, src, o)
}

// Reconcile compares the money in path with what was imported from it before, and changes nothing.
func Reconcile(ctx context.Context, db *pg.DB, path string, o Options) (Reconciliation, error) {
	o = o.withDefaults()
	src, err := open(ctx, path, o)
	if err != nil {
		return Reconciliation{}, err
	}
	defer src.close()
	source, uncounted, err := src.figures()
	if err != nil {
		return Reconciliation{}, err
	}
	var target figures
	err = db.Read(ctx, job, viewer.ReadBilling, func(tx *pg.Tx) (err error) {
		target, err = targetFigures(ctx, tx)
		return err
	})
	if err != nil {
		return Reconciliation{}, err
	}
	rec := compare(source, target)
	rec.Uncounted = uncounted
	if !rec.Equal() {
		return rec, fmt.Errorf("%w: %s", ErrNotReconciled, rec.firstDifference())
	}
	return rec, nil
}

func (o Options) withDefaults() Options {
	if o.Brand == "" {
		o.Brand = "PING"
	}
	if o.BatchClients <= 0 {
		o.BatchClients = 500
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}
