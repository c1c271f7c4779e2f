package billing_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"klantenpaneel/internal/civil"

	"github.com/google/uuid"
)

// vector is a row of the calendar vectors that package term tests its rules with.
type vector struct {
	id       string
	months   int
	late     bool
	on       civil.Date // expected invoice
	known    civil.Date // entered on this day, after its run; zero for always
	row      map[string]string
	account  uuid.UUID
	siblings []string // other renewals of the account in the same month
}

func readVectors(t *testing.T) (all []*vector) {
	t.Helper()
	file, err := os.Open("../term/testdata/calendar-vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		v := &vector{row: map[string]string{}}
		for i, column := range rows[0] {
			v.row[column] = r[i]
		}
		v.id = v.row["id"]
		v.months, _ = strconv.Atoi(v.row["term_months"])
		v.late = strings.HasPrefix(v.row["case"], "late item")
		if v.row["customer"] != "business" || v.id == "V04" { // V50-V53 are offers; V04 lies before the calendar began
			continue
		}
		v.on = civil.MustParse(v.row["expected_invoice_date"])
		if v.late {
			v.known = civil.MustParse(v.row["evaluated_on"])
		}
		for _, other := range strings.Fields(v.row["unbilled_group_same_month"]) {
			if other != v.row["renewal"] {
				v.siblings = append(v.siblings, other)
			}
		}
		all = append(all, v)
	}
	return all
}

// enter adds the account of the vector.
func (v *vector) enter(p *provider) {
	v.account = p.Account("BUSINESS")
	code := "DOM-NL"
	if v.months == 1 {
		code = "VPS-S"
	}
	r := v.row
	p.Service(v.account, code, v.id, v.months, r["anchor"], r["period_start"], r["renewal"])
	for _, other := range v.siblings {
		p.Yearly(v.account, "HOST-BASIS", "sibling", other)
	}
}

func TestCalendarVectorsThroughTheDatabase(t *testing.T) {
	p := newProvider(t, "PING")
	all := readVectors(t)
	if len(all) != 51 {
		t.Fatalf("%d vectors, want 51", len(all))
	}
	var days []civil.Date
	for _, v := range all {
		days = append(days, v.on.AddDays(-1), v.on)
		if !v.late {
			v.enter(p)
		}
	}
	old := p.Account("BUSINESS") // V04
	p.Service(old, "DOM-NL", "V04", 12, "2014-01-30", "2014-01-30", "2015-01-30")
	slices.SortFunc(days, civil.Date.Compare)
	days = slices.DeleteFunc(slices.Compact(days), func(d civil.Date) bool { return d.Year() < 2015 })
	for _, d := range days {
		p.Clock.Set(d.At(4, 0))
		if err := p.Daily(t.Context(), d); err != nil {
			t.Fatalf("the job of %s: %v", d, err)
		}
		for _, v := range all {
			if v.late && v.account == uuid.Nil && !d.Before(v.known) {
				v.enter(p)
			}
		}
	}
	for _, v := range all {
		want := v.on.String() + "," + v.row["ping_last_cancel_day"]
		query := `select i.issued_on, l.last_cancel_on from invoice_line l join invoice i on i.id = l.invoice_id where l.account_id = ? and l.label = ? and l.period_start_on = ?`
		if v.id == "V34" { // "line cancellable until 14 days after this invoice"
			want = "2027-03-11,2027-03-25"
		}
		if got := p.Text(query, v.account, v.id, v.row["renewal"]); got != want {
			t.Errorf("%s %s: got %q, want %q", v.id, v.row["case"], got, want)
		}
		if got := p.Text(`select count(distinct invoice_id) from invoice_line where account_id = ? and period_start_on = any(?)`, v.account, v.renewals()); got != "1" && !v.late {
			t.Errorf("%s: the month is on %s invoices", v.id, got)
		}
	}
	p.is("V04", `select count(*) from invoice_line where account_id = ? and period_start_on = '2015-01-30'`, "0", old)
	p.is("V30-V32 on one day", `select count(*) from invoice where issued_on = '2027-01-01' and net_cents > 0 and account_id = ?`, "1", all[0].find(all, "V30"))
	gapless(p)
}

func (v *vector) renewals() string {
	return "{" + strings.Join(append(v.siblings, v.row["renewal"]), ",") + "}"
}

func (v *vector) find(all []*vector, id string) uuid.UUID {
	return all[slices.IndexFunc(all, func(o *vector) bool { return o.id == id })].account
}

// gapless checks invariant 6: the numbers of each series and year are 1 to N, in the order of issue, with rising dates.
func gapless(p *provider) {
	p.t.Helper()
	p.is("gaps and disorder in the numbers", `select series, year, sequence, number, issued_on from (
		select *, row_number() over w as n, lag(issued_on) over w as before from invoice where state = 'ISSUED' and series is not null
		window w as (partition by series, year order by sequence)) i
		where n <> sequence or before > issued_on or extract(year from issued_on) <> year or number <> series || year || '-' || lpad(sequence::text, 6, '0')`, "")
	p.is("drafts that were left", `select count(*) from invoice where state <> 'ISSUED'`, "0")
}
