package whmcs

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// passNumbers moves the counters past the numbers that customers and tickets bring along. Counters do not go back when a
// transaction does, so that a rehearsal must not do this.
func (r *run) passNumbers(ctx context.Context, tx *pg.Tx) error {
	highest := int64(0)
	for id := range r.atlas.places {
		highest = max(highest, id)
	}
	for sequence, n := range map[string]int64{"account_number_seq": highest, "ticket_number_seq": r.atlas.lastTicket} {
		if _, err := tx.NewRaw("SELECT setval(?, greatest(last_value, ?)) FROM ?", sequence, n, bun.Ident(sequence)).Exec(ctx); err != nil {
			return fmt.Errorf("move %s past %d: %w", sequence, n, err)
		}
	}
	return nil
}

// afterLoad hands every account that was imported, now or before, to Options.AfterLoad.
func (r *run) afterLoad(ctx context.Context) error {
	if r.o.AfterLoad == nil {
		return nil
	}
	var all []uuid.UUID
	err := r.read(ctx, func(tx *pg.Tx) error {
		return tx.NewRaw("SELECT target_id FROM import_ref WHERE source = ? AND kind = 'tblclients' ORDER BY target_id", Source).Scan(ctx, &all)
	})
	if err != nil {
		return fmt.Errorf("list the accounts: %w", err)
	}
	bar := newBar(r.o.Progress, "planning invoices", int64(len(all)))
	for from := 0; from < len(all); from += r.o.BatchClients {
		some := all[from:min(from+r.o.BatchClients, len(all))]
		if err := r.o.AfterLoad(ctx, some); err != nil {
			return fmt.Errorf("after the import of %d accounts: %w", len(some), err)
		}
		bar.at(int64(from + len(some)))
	}
	return nil
}

// finish returns the report as far as it goes.
func (r *run) finish() Report {
	r.report.DryRun = r.o.DryRun
	r.report.Ignored = r.src.ignored
	r.report.sort()
	return r.report
}

// conclude reconciles, and returns the report. It is an error if anything was refused or differs.
func (r *run) conclude(ctx context.Context) (Report, error) {
	report := r.finish()
	target := r.planned
	err := within(ctx, r.read, func(tx *pg.Tx) (err error) {
		target, err = targetFigures(ctx, tx)
		return err
	})
	if err != nil {
		return report, err
	}
	report.Reconciliation = compare(r.source, target)
	report.Reconciliation.Uncounted = r.uncounted
	if n := report.Refused(); n > 0 {
		return report, fmt.Errorf("%w: %d rows are refused", ErrNotReconciled, n)
	}
	if !report.Reconciliation.Equal() {
		return report, fmt.Errorf("%w: %s", ErrNotReconciled, report.Reconciliation.firstDifference())
	}
	return report, nil
}
