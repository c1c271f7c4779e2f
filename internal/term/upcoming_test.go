package term_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/term"
)

// price is enough wherever the amount does not matter.
var price = []term.Price{{From: day("2000-01-01"), Net: 100_00}}

func at(net money.Cents) []term.Price { return []term.Price{{From: day("2000-01-01"), Net: net}} }

// yearly is a business contract that renews on that day and is billed until then.
func yearly(renewal string, net money.Cents) term.Contract {
	r := day(renewal)
	return term.Contract{
		ID: uuid.New(), Kind: term.Business, AnchorOn: r.AddMonths(-12), Months: 12, Prices: at(net), BilledUntil: r,
	}
}

// show writes the lines of an invoice as "start..end net rule", for comparison.
func show(lines []term.Line) string {
	var out []string
	for _, l := range lines {
		late := ""
		if l.Late {
			late = " late"
		}
		out = append(out, l.Period.Start.String()+".."+l.Period.End.String()+" "+l.Net.Amount()+" "+string(l.Rule)+late)
	}
	return strings.Join(out, "; ")
}

func TestDue(t *testing.T) {
	a01 := term.Contract{Kind: term.Business, AnchorOn: day("2014-04-18"), Months: 12, Prices: at(72_00), BilledUntil: day("2015-04-18")}
	a02 := []term.Contract{yearly("2027-05-05", 9_00), yearly("2027-05-31", 120_00)}
	order := term.Contract{Kind: term.Business, AnchorOn: day("2026-11-20"), Months: 12, Prices: at(72_00)}
	vps := term.Contract{Kind: term.Business, AnchorOn: day("2027-04-01"), Months: 1, Prices: at(12_00), BilledUntil: day("2027-05-01")}
	with := func(c term.Contract, change func(*term.Contract)) []term.Contract {
		change(&c)
		return []term.Contract{c}
	}
	for _, tt := range []struct {
		name      string
		contracts []term.Contract
		on, want  string
	}{
		{"A01, the day before", []term.Contract{a01}, "2015-02-28", ""},
		{"A01, the day", []term.Contract{a01}, "2015-03-01", "2015-04-18..2016-04-18 72.00 CALENDAR"},
		{"A02, one invoice for the month", a02, "2027-04-01",
			"2027-05-05..2028-05-05 9.00 CALENDAR; 2027-05-31..2028-05-31 120.00 GROUPED"},
		{"A19, an order is billed at once", []term.Contract{order}, "2026-11-20", "2026-11-20..2027-11-20 72.00 FIRST"},
		{"members that would be alone on the same day are not called grouped",
			[]term.Contract{yearly("2027-04-22", 9_00), yearly("2027-04-18", 72_00)}, "2027-03-01",
			"2027-04-18..2028-04-18 72.00 CALENDAR; 2027-04-22..2028-04-22 9.00 CALENDAR"},
		{"three months on one date are one invoice (V30-V32)",
			[]term.Contract{yearly("2027-01-31", 1_00), yearly("2027-02-10", 2_00), yearly("2027-03-02", 3_00)}, "2027-01-01",
			"2027-01-31..2028-01-31 1.00 CALENDAR; 2027-02-10..2028-02-10 2.00 CALENDAR; 2027-03-02..2028-03-02 3.00 CALENDAR"},
		{"after an outage the day of the run counts", a02, "2027-04-03",
			"2027-05-05..2028-05-05 9.00 CALENDAR late; 2027-05-31..2028-05-31 120.00 GROUPED late"},
		{"a late item waits for its own date (V33)", []term.Contract{yearly("2027-03-20", 1_00)}, "2027-01-31", ""},
		{"an open cancellation request is not billed",
			with(a02[0], func(c *term.Contract) { c.CancelRequested = true }), "2027-04-01", ""},
		{"an end at the renewal is not billed",
			with(a02[0], func(c *term.Contract) { c.EndsOn = day("2027-05-05") }), "2027-04-01", ""},
		{"an end inside the next term is billed up to it",
			with(a02[0], func(c *term.Contract) { c.EndsOn = day("2027-05-15") }), "2027-04-01",
			"2027-05-05..2027-05-15 0.25 CALENDAR"},
		{"an end that is taken back leaves the rest of the term",
			with(a02[0], func(c *term.Contract) { c.BilledUntil = day("2027-05-15") }), "2027-05-10",
			"2027-05-15..2028-05-05 8.75 CALENDAR late"},
		{"a quantity multiplies", with(a02[0], func(c *term.Contract) { c.Quantity = 3 }), "2027-04-01", "2027-05-05..2028-05-05 27.00 CALENDAR"},
		{"a month from the 1st is billed on the 1st (V44)", []term.Contract{vps}, "2027-04-01", "2027-05-01..2027-06-01 12.00 MONTHLY"},
		{"a month ordered on the 1st gets both periods",
			with(vps, func(c *term.Contract) { c.BilledUntil = civil.Date{} }), "2027-04-01",
			"2027-04-01..2027-05-01 12.00 FIRST; 2027-05-01..2027-06-01 12.00 MONTHLY"},
		{"a consumer's month is billed like any",
			with(vps, func(c *term.Contract) { c.Kind = term.Consumer }), "2027-04-01", "2027-05-01..2027-06-01 12.00 MONTHLY"},
		{"a consumer's first year is billed",
			with(order, func(c *term.Contract) { c.Kind = term.Consumer }), "2026-11-20", "2026-11-20..2027-11-20 72.00 FIRST"},
		{"a consumer's next year is not",
			with(a02[0], func(c *term.Contract) { c.Kind = term.Consumer }), "2027-04-01", ""},
		{"unless accepted, and then at once",
			with(a02[0], func(c *term.Contract) { c.Kind, c.AgreedUntil = term.Consumer, day("2028-05-05") }), "2027-03-06",
			"2027-05-05..2028-05-05 9.00 CONSUMER"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := term.PING.Due(tt.contracts, day(tt.on))
			if got := show(u.Lines); got != tt.want || u.On != day(tt.on) || len(u.Held) > 0 {
				t.Errorf("got  %s\nwant %s (held %v)", got, tt.want, u.Held)
			}
		})
	}
}

func TestALineWithoutAPriceIsHeld(t *testing.T) {
	c := yearly("2027-05-05", 9_00)
	c.Prices[0].From = day("2027-05-06")
	u := term.PING.Due([]term.Contract{c, yearly("2027-05-20", 1_00)}, day("2027-04-01"))
	if len(u.Held) != 1 || u.Held[0].ContractID != c.ID || len(u.Lines) != 1 || u.Net() != 1_00 {
		t.Errorf("billed %s, held %s", show(u.Lines), show(u.Held))
	}
}

func TestPriceOn(t *testing.T) {
	versions := []term.Price{
		{From: day("2027-01-01"), AnnouncedOn: day("2026-10-01"), Net: 80_00},
		{From: day("2020-01-01"), Net: 72_00},
		{From: day("2027-04-18"), AnnouncedOn: day("2027-03-02"), Net: 90_00},
	}
	for _, tt := range []struct {
		name, on, knownOn string
		want              money.Cents
	}{
		{"the last day of the old price", "2026-12-31", "2026-12-01", 72_00},
		{"the first day of the new one", "2027-01-01", "2026-12-01", 80_00},
		{"known only the day after the invoice", "2027-04-18", "2027-03-01", 80_00},
		{"known on the day of the invoice", "2027-04-18", "2027-03-02", 90_00},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := term.PriceOn(versions, day(tt.on), day(tt.knownOn)); got != tt.want || !ok {
				t.Errorf("got %v, %v; want %v", got, ok, tt.want)
			}
		})
	}
	if _, ok := term.PriceOn(versions, day("2019-12-31"), day("2027-01-01")); ok {
		t.Error("a price before the first version")
	}
	equal(t, "announced before the invoice", term.PING.AnnounceBy(day("2027-03-01"), false), day("2027-01-30"))
	equal(t, "announced before the reminder", term.PING.AnnounceBy(day("2027-03-01"), true), day("2026-12-31"))
}

func TestNextInvoicesOfAYear(t *testing.T) {
	vps := term.Contract{Kind: term.Business, AnchorOn: day("2026-10-18"), Months: 6, Prices: at(60_00), BilledUntil: day("2027-04-18")}
	free := term.Contract{Kind: term.Business, AnchorOn: day("2026-07-10"), Months: 12, Prices: at(0), BilledUntil: day("2027-07-10")}
	all := []term.Contract{yearly("2027-04-22", 9_00), vps, free}
	var got []string
	for _, u := range term.PING.NextInvoices(all, day("2026-11-21"), day("2027-11-20")) {
		got = append(got, u.On.String()+": "+show(u.Lines))
	}
	want := []string{
		"2027-03-01: 2027-04-18..2027-10-18 60.00 CALENDAR; 2027-04-22..2028-04-22 9.00 CALENDAR",
		"2027-09-01: 2027-10-18..2028-04-18 60.00 CALENDAR",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	next := term.PING.NextLines(all, day("2026-11-21"))
	equal(t, "the free one has a date too", next[2].On, day("2027-06-01"))
	equal(t, "of the yearly one", next[0].On, day("2027-03-01"))
}

func TestNextLinesOfWhatHasNone(t *testing.T) {
	ended, consumer := yearly("2027-04-18", 9_00), yearly("2027-04-18", 9_00)
	ended.EndsOn, consumer.Kind = day("2027-04-18"), term.Consumer
	for i, next := range term.PING.NextLines([]term.Contract{ended, consumer}, day("2027-01-01")) {
		if !next.On.IsZero() {
			t.Errorf("contract %d: %+v", i, next)
		}
	}
}

func TestEveryRuleIsExplainedInBothLanguages(t *testing.T) {
	group := term.PING.Due([]term.Contract{yearly("2027-03-01", 1), yearly("2027-03-31", 1)}, day("2027-01-02")).Lines
	text := group[1].Explain()
	if want := "Eén factuur voor alle verlengingen in maart 2027; de eerste, op 1 maart 2027, bepaalt de datum. De gewone datum, 1 januari 2027, was al voorbij."; text.NL != want {
		t.Errorf("got %q", text.NL)
	}
	if want := "One invoice for all renewals in March 2027; the first, on 1 March 2027, sets the date. The usual date, 1 January 2027, had passed."; text.EN != want {
		t.Errorf("got %q", text.EN)
	}
	seen := map[string]bool{}
	for _, rule := range []term.Rule{term.Calendar, term.Grouped, term.Monthly, term.First, term.Accepted} {
		l := term.Line{Rule: rule, Period: civil.Period{Start: day("2027-04-18"), End: day("2028-04-18")}}
		text := l.Explain()
		if text.NL == "" || text.EN == "" || seen[text.NL] || seen[text.EN] {
			t.Errorf("%s: %q", rule, text)
		}
		seen[text.NL], seen[text.EN] = true, true
	}
}
