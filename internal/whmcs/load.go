package whmcs

import (
	"context"
	"errors"
	"sync"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// writers is how many transactions are under way at once: while PostgreSQL works on one, the next is planned.
const writers = 2

// run is one import, from the survey to the last client.
type run struct {
	src   *source
	atlas *atlas
	spool *spool
	o     Options
	world *world

	read  func(context.Context, func(*pg.Tx) error) error // nil without a database
	write func(context.Context, func(*pg.Tx) error) error // may run what it is given more than once
	one   bool                                            // there is one transaction, for one at a time
	first bool                                            // nothing was imported before

	source    figures
	uncounted []Uncounted

	mu      sync.Mutex // guards what follows
	report  Report
	planned figures
	batches int
}

// first reports whether nothing was imported before.
func first(ctx context.Context, tx *pg.Tx) (empty bool, err error) {
	err = tx.NewRaw("SELECT NOT EXISTS (SELECT FROM import_ref WHERE source = ?)", Source).Scan(ctx, &empty)
	return empty, err
}

// newRun surveys the source. The caller closes its spool.
func newRun(ctx context.Context, src *source, o Options) (r *run, err error) {
	r = &run{src: src, o: o, planned: newFigures()}
	if r.source, r.uncounted, err = src.figures(); err != nil {
		return nil, err
	}
	r.atlas, r.spool, err = survey(ctx, src, o)
	return r, err
}

// load imports for good.
func load(ctx context.Context, db *pg.DB, src *source, o Options) (Report, error) {
	r, err := newRun(ctx, src, o)
	if err != nil {
		return Report{}, err
	}
	defer r.spool.close()
	r.read = func(ctx context.Context, f func(*pg.Tx) error) error { return db.Read(ctx, job, viewer.ManageDesk, f) }
	r.write = func(ctx context.Context, f func(*pg.Tx) error) error { return db.Write(ctx, job, viewer.ManageDesk, f) }
	if err := r.write(ctx, func(tx *pg.Tx) error { return r.passNumbers(ctx, tx) }); err != nil {
		return Report{}, err
	}
	if err := r.all(ctx); err != nil {
		return r.finish(), err
	}
	if err := r.afterLoad(ctx); err != nil {
		return r.finish(), err
	}
	return r.conclude(ctx)
}

// errRehearsed undoes the transaction of a rehearsal.
var errRehearsed = errors.New("rehearsed")

// rehearse does everything in one transaction and undoes it.
func rehearse(ctx context.Context, db *pg.DB, src *source, o Options) (report Report, err error) {
	var result error
	err = db.Write(ctx, job, viewer.ManageDesk, func(tx *pg.Tx) error {
		r, err := newRun(ctx, src, o) // PostgreSQL does not hear of the transaction before it is done
		if err != nil {
			return err
		}
		defer r.spool.close()
		r.read = func(_ context.Context, f func(*pg.Tx) error) error { return f(tx) }
		r.write, r.one = r.read, true
		if err := r.all(ctx); err != nil {
			return err
		}
		report, result = r.conclude(ctx)
		return errRehearsed
	})
	if !errors.Is(err, errRehearsed) {
		return Report{}, err
	}
	return report, result
}

// rehearseWithout plans everything and compares the source with the plan.
func rehearseWithout(ctx context.Context, src *source, o Options) (Report, error) {
	o.DryRun = true
	r, err := newRun(ctx, src, o)
	if err != nil {
		return Report{}, err
	}
	defer r.spool.close()
	r.one = true
	if err := r.all(ctx); err != nil {
		return Report{}, err
	}
	return r.conclude(ctx)
}

// all imports everything in the order in which it depends on each other.
func (r *run) all(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.users(ctx); err != nil {
		return err
	}
	if err := r.clients(ctx); err != nil {
		return err
	}
	return r.orphans()
}

// within runs f in a transaction, or without one when there is no database.
func within(ctx context.Context, do func(context.Context, func(*pg.Tx) error) error, f func(*pg.Tx) error) error {
	if do == nil {
		return nil
	}
	return do(ctx, f)
}

// prepare learns about the target, and brings the catalog over.
func (r *run) prepare(ctx context.Context) (err error) {
	var g *goods
	err = within(ctx, r.read, func(tx *pg.Tx) error {
		if r.first, err = first(ctx, tx); err != nil {
			return err
		}
		if r.world, err = meet(ctx, tx, r.atlas, r.o); err != nil {
			return err
		}
		g, err = r.world.readGoods(ctx, tx, r.src)
		return err
	})
	if err != nil {
		return err
	}
	if r.read == nil {
		now := r.o.Now.UTC()
		r.world = &world{atlas: r.atlas, now: now, today: civil.In(now), users: map[int64]uuid.UUID{}, accounts: newClaims()}
		if err := r.world.become(account.Brand{Code: r.o.Brand, Profile: "PING", Country: "NL", PaymentTermDays: 14}); err != nil {
			return err
		}
		if g, err = r.world.readGoods(ctx, nil, r.src); err != nil {
			return err
		}
	}
	if err := g.plan(r.src); err != nil {
		return err
	}
	if err := r.insert(ctx, g.sheets()); err != nil {
		return err
	}
	r.tally(g.out.rows)
	return nil
}

// insert writes some sheets in a transaction.
func (r *run) insert(ctx context.Context, sheets []*sheet) error {
	return within(ctx, r.write, func(tx *pg.Tx) error {
		for _, s := range sheets {
			if err := s.insert(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// users brings over who can sign in.
func (r *run) users(ctx context.Context) error {
	all, err := r.src.collect("tblusers")
	if err != nil {
		return err
	}
	p, bar := &people{w: r.world, byMail: map[string]uuid.UUID{}}, newBar(r.o.Progress, "importing users", int64(len(all)))
	for from := 0; from < len(all); from += userBatch {
		rows := all[from:min(from+userBatch, len(all))]
		var known refs
		var theirs map[string]uuid.UUID
		err := within(ctx, r.read, func(tx *pg.Tx) (err error) {
			if known, err = findRefs(ctx, tx, map[string][]int64{"tblusers": idsOf(rows)}); err != nil {
				return err
			}
			theirs, err = usersByMail(ctx, tx, rows)
			return err
		})
		if err != nil {
			return err
		}
		if err := r.insert(ctx, p.plan(rows, known, theirs)); err != nil {
			return err
		}
		r.tally(rows)
		bar.at(int64(from + len(rows)))
	}
	return nil
}

// clients brings over the clients with all that is theirs, some in each transaction.
func (r *run) clients(ctx context.Context) error {
	bar := newBar(r.o.Progress, "importing clients", int64(len(r.atlas.places)))
	group, ctx := errgroup.WithContext(ctx)
	planned := make(chan *batch)
	write := func() error {
		for b := range planned {
			if err := r.commit(ctx, b, bar); err != nil {
				return err
			}
		}
		return nil
	}
	if r.one {
		return r.eachBatch(ctx, func(b *batch) error { return r.commit(ctx, b, bar) })
	}
	for range writers {
		group.Go(write)
	}
	group.Go(func() error {
		defer close(planned)
		return r.eachBatch(ctx, func(b *batch) error {
			select {
			case planned <- b:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	})
	return group.Wait()
}

// eachBatch plans batch after batch.
func (r *run) eachBatch(ctx context.Context, then func(*batch) error) error {
	for n := range len(r.spool.files) - 1 {
		clients, err := r.spool.read(n)
		if err != nil {
			return err
		}
		for from := 0; from < len(clients); from += r.o.BatchClients {
			b, err := r.plan(ctx, clients[from:min(from+r.o.BatchClients, len(clients))])
			if err != nil {
				return err
			}
			if err := then(b); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// plan decides about some clients.
func (r *run) plan(ctx context.Context, clients []*clientRows) (*batch, error) {
	known, err := r.known(ctx, clients)
	if err != nil {
		return nil, err
	}
	b := newBatch(r.world.now)
	for _, c := range clients {
		r.world.plan(b, known, c)
	}
	b.clients = len(clients)
	return b, nil
}

// known returns which rows of the clients are in already.
func (r *run) known(ctx context.Context, clients []*clientRows) (known refs, err error) {
	if r.first {
		return nil, nil
	}
	wanted := map[string][]int64{}
	for _, c := range clients {
		for table, rows := range c.rows {
			if table != "tblinvoiceitems" && table != "tblquoteitems" { // parts of something that is kept
				wanted[table] = append(wanted[table], idsOf(rows)...)
			}
		}
	}
	for kind, of := range map[string]string{domainRef: "tbldomains", packageRef: "tblhosting", outRef: "tblaccounts"} {
		wanted[kind] = wanted[of]
	}
	err = within(ctx, r.read, func(tx *pg.Tx) (err error) {
		known, err = findRefs(ctx, tx, wanted)
		return err
	})
	return known, err
}

// commit writes a batch and counts what became of its rows.
func (r *run) commit(ctx context.Context, b *batch, bar *bar) error {
	if err := within(ctx, r.write, func(tx *pg.Tx) error { return b.write(ctx, tx) }); err != nil {
		return err
	}
	r.tally(b.rows)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.planned.add(b.planned)
	r.batches++
	bar.at(bar.p.Done + int64(b.clients))
	if r.o.afterBatch != nil {
		r.o.afterBatch(r.batches)
	}
	return nil
}

func (r *run) tally(rows []*row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rw := range rows {
		r.report.tally(rw)
	}
}

// orphans decides about the rows of nobody.
func (r *run) orphans() error {
	nobody, err := r.spool.read(len(r.spool.files) - 1)
	if err != nil {
		return err
	}
	for _, c := range nobody {
		for _, rows := range c.rows {
			settleOrphans(rows)
			r.tally(rows)
		}
	}
	return nil
}
