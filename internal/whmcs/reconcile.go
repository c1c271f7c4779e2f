package whmcs

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
)

// Reconciliation holds the money of the source against that of the target, year by year.
type Reconciliation struct {
	Lines     []ReconciliationLine
	Uncounted []Uncounted // what tblinvoices has beside invoices
}

// Uncounted is a kind of row that is in tblinvoices and is no invoice.
type Uncounted struct {
	What  string
	Count int
	Sum   money.Cents
}

func (u *Uncounted) add(sum money.Cents) {
	u.Count++
	u.Sum += sum
}

// ReconciliationLine is one figure of one year: how many there are on each side, and what they add up to.
type ReconciliationLine struct {
	What                     string // "invoices", "payments", "refunds", "open" or "balance"
	Year                     int    // 0 for what has no year
	SourceCount, TargetCount int
	SourceSum, TargetSum     money.Cents
}

// Equal reports whether both sides are the same.
func (l ReconciliationLine) Equal() bool {
	return l.SourceCount == l.TargetCount && l.SourceSum == l.TargetSum
}

// Equal reports whether every figure is the same on both sides, to the cent.
func (r *Reconciliation) Equal() bool {
	return !slices.ContainsFunc(r.Lines, func(l ReconciliationLine) bool { return !l.Equal() })
}

// firstDifference names a figure that differs.
func (r *Reconciliation) firstDifference() string {
	for _, l := range r.Lines {
		if !l.Equal() {
			return fmt.Sprintf("%s of %d: %d for %s in the source, %d for %s here", l.What, l.Year, l.SourceCount, l.SourceSum.Amount(), l.TargetCount, l.TargetSum.Amount())
		}
	}
	return ""
}

// write writes it for people.
func (r *Reconciliation) write(p *printer) {
	p.printf("%-10s %6s %10s %16s %10s %16s %16s\n", "", "year", "source", "sum", "here", "sum", "difference")
	for _, l := range r.Lines {
		mark := ""
		if !l.Equal() {
			mark = "  <-- differs"
		}
		year := fmt.Sprint(l.Year)
		if l.Year == 0 {
			year = ""
		}
		p.printf("%-10s %6s %10d %16s %10d %16s %16s%s\n", l.What, year, l.SourceCount, l.SourceSum.Amount(), l.TargetCount, l.TargetSum.Amount(), (l.TargetSum - l.SourceSum).Amount(), mark)
	}
	for _, u := range r.Uncounted {
		if u.Count > 0 {
			p.printf("not counted as invoices: %d %s for %s\n", u.Count, u.What, u.Sum.Amount())
		}
	}
	if r.Equal() {
		p.printf("Everything is equal to the cent.\n")
	} else {
		p.printf("There are differences: this import is not done.\n")
	}
}

// figures are counts and sums by what and year.
type figures map[figure]*amount

type figure struct {
	what string
	year int
}

type amount struct {
	count int
	sum   money.Cents
}

func newFigures() figures { return figures{} }

// count adds one.
func (f figures) count(what string, year int, sum money.Cents) {
	f.merge(figure{what, year}, amount{1, sum})
}

func (f figures) merge(k figure, a amount) {
	if f[k] == nil {
		f[k] = &amount{}
	}
	f[k].count += a.count
	f[k].sum += a.sum
}

func (f figures) add(o figures) {
	for k, a := range o {
		f.merge(k, *a)
	}
}

// whats are the figures, in the order of the report.
var whats = []string{"clients", "invoices", "open", "payments", "refunds", "balance"}

// compare puts both sides beside each other.
func compare(source, target figures) (r Reconciliation) {
	var keys []figure
	for k := range source {
		keys = append(keys, k)
	}
	for k := range target {
		if source[k] == nil {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b figure) int {
		return cmp.Or(cmp.Compare(slices.Index(whats, a.what), slices.Index(whats, b.what)), cmp.Compare(a.year, b.year))
	})
	for _, k := range keys {
		l := ReconciliationLine{What: k.what, Year: k.year}
		if s := source[k]; s != nil {
			l.SourceCount, l.SourceSum = s.count, s.sum
		}
		if t := target[k]; t != nil {
			l.TargetCount, l.TargetSum = t.count, t.sum
		}
		r.Lines = append(r.Lines, l)
	}
	return r
}

// targetFigures adds up what was imported, as it is now.
func targetFigures(ctx context.Context, tx *pg.Tx) (figures, error) {
	const of = " JOIN import_ref r ON r.target_id = t.id AND r.source = ? AND r.kind = ?"
	f := newFigures()
	for _, q := range []struct{ what, year, sum, from, kind, where string }{
		{"clients", "0", "0", "account t" + of, "tblclients", ""},
		{"balance", "0", "t.balance_cents", "account t" + of, "tblclients", "t.balance_cents <> 0"},
		{"invoices", "extract(year FROM t.issued_on)::int", "t.total_cents", "invoice t" + of, "tblinvoices", "t.state = 'ISSUED'"},
		{"open", "extract(year FROM t.issued_on)::int", "t.open_cents", "invoice t" + of, "tblinvoices", "t.open_cents <> 0"},
		{"payments", "extract(year FROM t.paid_at AT TIME ZONE 'Europe/Amsterdam')::int", "t.amount_cents", "payment t" + of, "tblaccounts", "t.direction = 'IN'"},
		{"refunds", "extract(year FROM t.paid_at AT TIME ZONE 'Europe/Amsterdam')::int", "t.amount_cents", "payment t" + of, "tblaccounts", "t.direction = 'OUT'"},
		{"refunds", "extract(year FROM t.paid_at AT TIME ZONE 'Europe/Amsterdam')::int", "t.amount_cents", "payment t" + of, outRef, "t.direction = 'OUT'"},
	} {
		query := "SELECT " + q.year + " AS year, count(*) AS count, coalesce(sum(" + q.sum + "), 0)::bigint AS sum FROM " + q.from
		if q.where != "" {
			query += " WHERE " + q.where
		}
		var rows []struct {
			Year  int
			Count int
			Sum   int64
		}
		if err := tx.NewRaw(query+" GROUP BY 1", Source, q.kind).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("add up the %s: %w", q.what, err)
		}
		for _, r := range rows {
			f.merge(figure{q.what, r.Year}, amount{r.Count, money.Cents(r.Sum)})
		}
	}
	return f, nil
}

// WriteTo writes the comparison for people: a line for each year and figure, source against target.
func (r *Reconciliation) WriteTo(w io.Writer) (int64, error) {
	p := &printer{w: w}
	r.write(p)
	return p.n, p.err
}
