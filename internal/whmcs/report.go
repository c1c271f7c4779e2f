package whmcs

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Imported Outcome = "imported"
	Warned   Outcome = "imported with a warning"
	LeftOut  Outcome = "left out"
	Refused  Outcome = "refused"
	Known    Outcome = "already imported"
)

// Finding is something to know about one row.
type Finding struct {
	Table   string
	ID      string
	Outcome Outcome // Warned, LeftOut or Refused
	Reason  string
}

// TableReport counts the outcomes of the rows of one table. Rows is their sum.
type TableReport struct {
	Table                                           string
	Rows, Imported, Warned, LeftOut, Refused, Known int
}

// Report is what an import did or, after a rehearsal, would do.
type Report struct {
	DryRun         bool
	Tables         []TableReport
	Findings       []Finding // by table, in the order of the source
	Ignored        []Ignored
	Accounts       int // of this provider, when it was done
	Reconciliation Reconciliation
}

// Ignored is a table of the source that is not read.
type Ignored struct {
	Table string
	Why   string
}

// Refused returns how many rows were refused.
func (r *Report) Refused() (n int) {
	for _, t := range r.Tables {
		n += t.Refused
	}
	return n
}

// table returns the counts of the table, adding it when it is new.
func (r *Report) table(name string) *TableReport {
	for i := range r.Tables {
		if r.Tables[i].Table == name {
			return &r.Tables[i]
		}
	}
	r.Tables = append(r.Tables, TableReport{Table: name})
	return &r.Tables[len(r.Tables)-1]
}

// tally adds what became of a row. One that nobody decided on is a fault of the import, and counts as refused.
func (r *Report) tally(rw *row) {
	if rw.outcome == "" {
		rw.refuse("nobody looked at it: a fault of the import")
	}
	t := r.table(rw.table)
	t.Rows++
	switch rw.outcome {
	case Imported:
		t.Imported++
	case Warned:
		t.Warned++
	case LeftOut:
		t.LeftOut++
	case Refused:
		t.Refused++
	case Known:
		t.Known++
		return // what there is to know about it was said when it was imported
	}
	for _, why := range rw.reasons {
		if rw.outcome == Warned || why.outcome != Warned {
			r.Findings = append(r.Findings, Finding{rw.table, strconv.FormatInt(rw.id, 10), why.outcome, why.text})
		}
	}
}

// sort puts tables and findings in the order in which people read them.
func (r *Report) sort() {
	slices.SortFunc(r.Tables, func(a, b TableReport) int { return cmp.Compare(rank(a.Table), rank(b.Table)) })
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(rank(a.Table), rank(b.Table)) })
	slices.SortFunc(r.Ignored, func(a, b Ignored) int { return cmp.Compare(a.Table, b.Table) })
}

// WriteCSV writes every finding as a line: table, id, outcome, reason.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"table", "id", "outcome", "reason"}) // the error stays and comes back from Flush
	for _, f := range r.Findings {
		_ = out.Write([]string{f.Table, f.ID, string(f.Outcome), f.Reason})
	}
	out.Flush()
	return out.Error()
}

// WriteTo writes the report for people: the counts, then every finding row by row, and the reconciliation.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	p := &printer{w: w}
	r.writeTables(p)
	for _, i := range r.Ignored {
		p.printf("not read: %s (%s)\n", i.Table, i.Why)
	}
	for n, f := range r.Findings {
		if n == 0 || r.Findings[n-1].Table != f.Table {
			p.printf("\n%s\n", f.Table)
		}
		p.printf("  %8s  %-8s  %s\n", f.ID, short(f.Outcome), f.Reason)
	}
	p.printf("\n")
	r.Reconciliation.write(p)
	return p.n, p.err
}

func (r *Report) writeTables(p *printer) {
	done := "imported"
	if r.DryRun {
		done = "would import"
	}
	p.printf("%-20s %10s %13s %13s %9s %9s %9s\n", "table", "rows", done, "with warning", "left out", "refused", "known")
	for _, t := range r.Tables {
		p.printf("%-20s %10d %13d %13d %9d %9d %9d\n", t.Table, t.Rows, t.Imported, t.Warned, t.LeftOut, t.Refused, t.Known)
	}
}

// short names an outcome in one word.
func short(o Outcome) string {
	if o == Warned {
		return "warning"
	}
	return string(o)
}

// printer keeps the first error of many writes.
type printer struct {
	w   io.Writer
	n   int64
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		var n int
		n, p.err = fmt.Fprintf(p.w, format, args...)
		p.n += int64(n)
	}
}
