package whmcs

import (
	"fmt"
	"strings"
	"testing"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func lines(periods ...string) (all []billedPeriod) {
	for n, p := range periods {
		text, isCancelled := strings.CutPrefix(p, "!")
		from, until, _ := strings.Cut(text, "/")
		all = append(all, billedPeriod{Period: civil.Period{Start: day(from), End: day(until)}, line: uuid.New(), invoice: int64(n + 1), cancelled: isCancelled})
	}
	return all
}

func maybe(s string) civil.Date {
	if s == "" {
		return civil.Date{}
	}
	return day(s)
}

// The day is 20 November 2026.
func TestContracts(t *testing.T) {
	for _, tt := range []struct {
		name                            string
		months                          int
		registered, due, invoiced, ends string
		ended                           bool
		lines                           []billedPeriod

		anchor, period, billedUntil, endsOn string
		covered                             string // linked periods are marked with a *
		warning                             string
	}{
		{name: "invoiced until the due date", months: 12, registered: "2020-05-26", due: "2027-05-26", invoiced: "2027-05-26", lines: lines("2025-05-26/2026-05-26", "2026-05-26/2027-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2027-05-26", covered: "[2020-05-26,2026-05-26) [2026-05-26,2027-05-26)*"},
		{name: "the period after the due date is invoiced already", months: 12, registered: "2015-12-11", due: "2026-12-11", invoiced: "2027-12-11", lines: lines("2025-12-11/2026-12-11", "2026-12-11/2027-12-11"),
			anchor: "2015-12-11", period: "[2025-12-11,2026-12-11)", billedUntil: "2027-12-11", covered: "[2015-12-11,2025-12-11) [2025-12-11,2026-12-11)* [2026-12-11,2027-12-11)*"},
		{name: "that invoice was cancelled", months: 1, registered: "2018-01-14", due: "2026-12-14", invoiced: "2027-01-14", lines: lines("2026-11-14/2026-12-14", "!2026-12-14/2027-01-14"),
			anchor: "2018-01-14", period: "[2026-11-14,2026-12-14)", billedUntil: "2027-01-14", covered: "[2018-01-14,2026-11-14) [2026-11-14,2026-12-14)* [2026-12-14,2027-01-14)", warning: "was cancelled"},
		{name: "the 31st comes back", months: 3, registered: "2022-08-31", due: "2026-11-30", invoiced: "2027-02-28", lines: lines("2026-08-31/2026-11-30", "2026-11-30/2027-02-28"),
			anchor: "2022-08-31", period: "[2026-08-31,2026-11-30)", billedUntil: "2027-02-28", covered: "[2022-08-31,2026-08-31) [2026-08-31,2026-11-30)* [2026-11-30,2027-02-28)*"},
		{name: "a leap day", months: 12, registered: "2024-02-29", due: "2027-02-28", invoiced: "2027-02-28", lines: lines("2026-02-28/2027-02-28"),
			anchor: "2024-02-29", period: "[2026-02-28,2027-02-28)", billedUntil: "2027-02-28", covered: "[2024-02-29,2026-02-28) [2026-02-28,2027-02-28)*"},
		{name: "a due date that the start does not give", months: 12, registered: "2020-05-26", due: "2027-03-01", invoiced: "2027-03-01", lines: lines("2026-03-01/2027-03-01"),
			anchor: "2026-03-01", period: "[2026-03-01,2027-03-01)", billedUntil: "2027-03-01", covered: "[2026-03-01,2027-03-01)*", warning: "does not renew on"},
		{name: "a due date on the 31st that the start does not give", months: 1, registered: "2026-01-15", due: "2027-03-31", invoiced: "2027-03-31",
			anchor: "2026-10-31", period: "[2026-10-31,2026-11-30)", billedUntil: "2027-03-31", covered: "[2026-10-31,2027-03-31)", warning: "does not renew on"},
		{name: "no start date", months: 12, due: "2027-05-26", invoiced: "2027-05-26",
			anchor: "2026-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2027-05-26", covered: "[2026-05-26,2027-05-26)", warning: "no start date"},
		{name: "new and not invoiced yet", months: 12, registered: "2026-11-19", due: "2026-11-19", invoiced: "2026-11-19",
			anchor: "2026-11-19", period: "[2026-11-19,2027-11-19)", billedUntil: "2026-11-19"},
		{name: "unpaid since long, and invoiced", months: 12, registered: "2020-05-26", due: "2025-05-26", invoiced: "2027-05-26", lines: lines("2025-05-26/2026-05-26", "2026-05-26/2027-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2027-05-26", covered: "[2020-05-26,2026-05-26) [2026-05-26,2027-05-26)*"},
		{name: "forgotten", months: 12, registered: "2020-05-26", due: "2024-05-26", invoiced: "2024-05-26", lines: lines("2023-05-26/2024-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2024-05-26", covered: "[2020-05-26,2024-05-26)", warning: "not invoiced since"},
		{name: "WHMCS moved on without invoices", months: 12, registered: "2016-12-26", due: "2026-12-26", invoiced: "2026-12-26", lines: lines("2022-12-26/2023-12-26"),
			anchor: "2016-12-26", period: "[2025-12-26,2026-12-26)", billedUntil: "2026-12-26", covered: "[2016-12-26,2026-12-26)", warning: "nothing is billed before that"},
		{name: "an invoice beyond what WHMCS knows", months: 12, registered: "2020-05-26", due: "2027-05-26", invoiced: "2027-05-26", lines: lines("2026-05-26/2027-05-26", "2027-05-26/2028-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2028-05-26", covered: "[2020-05-26,2026-05-26) [2026-05-26,2027-05-26)* [2027-05-26,2028-05-26)*", warning: "an invoice covers it until 2028-05-26"},
		{name: "the next invoice date is before the due date", months: 12, registered: "2020-05-26", due: "2027-05-26", invoiced: "2026-05-26", lines: lines("2026-05-26/2027-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2027-05-26", covered: "[2020-05-26,2026-05-26) [2026-05-26,2027-05-26)*", warning: "is before its due date"},
		{name: "invoiced twice", months: 12, registered: "2020-05-26", due: "2027-05-26", invoiced: "2027-05-26", lines: lines("2026-05-26/2027-05-26", "2026-05-26/2027-05-26"),
			anchor: "2020-05-26", period: "[2026-05-26,2027-05-26)", billedUntil: "2027-05-26", covered: "[2020-05-26,2026-05-26) [2026-05-26,2027-05-26)*", warning: "invoices 1 and 2 both cover"},
		{name: "starts later", months: 12, registered: "2026-12-01", due: "2027-12-01", invoiced: "2027-12-01", lines: lines("2026-12-01/2027-12-01"),
			anchor: "2026-12-01", period: "[2026-12-01,2027-12-01)", billedUntil: "2027-12-01", covered: "[2026-12-01,2027-12-01)*"},

		{name: "terminated on a day", months: 12, registered: "2020-02-09", ends: "2025-07-24", ended: true, lines: lines("2023-02-09/2024-02-09"),
			anchor: "2020-02-09", period: "[2025-02-09,2026-02-09)", billedUntil: "2024-02-09", endsOn: "2025-07-24", covered: "[2020-02-09,2024-02-09)"},
		{name: "cancelled, and WHMCS moved the due date on", months: 12, registered: "2018-06-13", due: "2027-06-13", invoiced: "2027-06-13", ended: true, lines: lines("2024-06-13/2025-06-13"),
			anchor: "2018-06-13", period: "[2024-06-13,2025-06-13)", billedUntil: "2025-06-13", endsOn: "2025-06-13", covered: "[2018-06-13,2025-06-13)"},
		{name: "cancelled while it is paid for", months: 12, registered: "2018-06-13", due: "2027-06-13", invoiced: "2027-06-13", ended: true, lines: lines("2026-06-13/2027-06-13"),
			anchor: "2018-06-13", period: "[2026-06-13,2027-06-13)", billedUntil: "2027-06-13", endsOn: "2026-11-20", covered: "[2018-06-13,2027-06-13)", warning: "does not say when it ended"},
		{name: "ended before it began", months: 12, registered: "2025-10-25", ends: "2025-07-03", ended: true,
			anchor: "2025-10-25", period: "[2025-10-25,2026-10-25)", billedUntil: "2025-10-25", endsOn: "2025-10-25", warning: "before it began"},
		{name: "ends in the future though it is ended", months: 12, registered: "2020-02-09", ends: "2027-02-09", ended: true,
			anchor: "2020-02-09", period: "[2026-02-09,2027-02-09)", billedUntil: "2026-11-20", endsOn: "2026-11-20", covered: "[2020-02-09,2026-11-20)", warning: "still to come"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := contract{months: tt.months, registered: maybe(tt.registered), due: maybe(tt.due), invoiced: maybe(tt.invoiced), endedOn: maybe(tt.ends), ended: tt.ended, billed: tt.lines}
			var warnings []string
			if err := c.settle(day("2026-11-20"), func(f string, a ...any) { warnings = append(warnings, fmt.Sprintf(f, a...)) }); err != nil {
				t.Fatal(err)
			}
			var covered []string
			for _, p := range c.covered {
				mark := ""
				if p.line != uuid.Nil {
					mark = "*"
				}
				covered = append(covered, p.String()+mark)
			}
			got := [5]string{c.anchor.String(), c.period.String(), c.billedUntil.String(), c.endsOn.String(), strings.Join(covered, " ")}
			if want := [5]string{tt.anchor, tt.period, tt.billedUntil, tt.endsOn, tt.covered}; got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if said := strings.Join(warnings, "; "); tt.warning == "" && said != "" || !strings.Contains(said, tt.warning) {
				t.Errorf("warnings %q, want %q", said, tt.warning)
			}
		})
	}
}

func TestAContractWithoutAnyDateIsRefused(t *testing.T) {
	c := contract{months: 12}
	if err := c.settle(day("2026-11-20"), func(string, ...any) {}); err == nil {
		t.Error("it was settled")
	}
}

// Nothing is billed twice or skipped: what is covered are disjoint periods from the start to billedUntil without a gap,
// and the due date of a running contract is a renewal.
func TestContractsCoverExactlyWhatIsBilled(t *testing.T) {
	today := day("2026-11-20")
	rapid.Check(t, func(t *rapid.T) {
		date := func(name string) civil.Date {
			if rapid.IntRange(0, 9).Draw(t, name+" missing") == 0 {
				return civil.Date{}
			}
			return day("2013-01-01").AddDays(rapid.IntRange(0, 6000).Draw(t, name))
		}
		c := contract{months: rapid.SampledFrom([]int{1, 3, 6, 12, 24, 36}).Draw(t, "months"), registered: date("registered"), due: date("due"), invoiced: date("invoiced"), endedOn: date("ended on"),
			ended: rapid.Bool().Draw(t, "ended"), free: rapid.IntRange(0, 9).Draw(t, "free") == 0}
		for n := range rapid.IntRange(0, 6).Draw(t, "lines") {
			from := day("2013-01-01").AddDays(rapid.IntRange(0, 6000).Draw(t, "from"))
			c.billed = append(c.billed, billedPeriod{Period: civil.Period{Start: from, End: from.AddDays(rapid.IntRange(1, 800).Draw(t, "days"))}, line: uuid.New(), invoice: int64(n), cancelled: rapid.Bool().Draw(t, "cancelled")})
		}
		due := c.due
		if err := c.settle(today, func(string, ...any) {}); err != nil {
			if !c.registered.IsZero() || !due.IsZero() && !c.ended && !c.free || len(c.billed) > 0 {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		for n, p := range c.covered {
			if p.Days() == 0 || n > 0 && c.covered[n-1].End != p.Start {
				t.Fatalf("covered %v", c.covered)
			}
		}
		if n := len(c.covered); n > 0 && (c.covered[n-1].End != c.billedUntil || c.covered[0].Start.After(c.anchor)) {
			t.Fatalf("covered %v, billed until %v, from %v", c.covered, c.billedUntil, c.anchor)
		}
		switch {
		case c.ended && (c.endsOn.IsZero() || c.endsOn.After(civil.Latest(today, c.anchor)) || c.endsOn.Before(c.anchor)):
			t.Fatalf("ends on %v", c.endsOn)
		case !c.ended && !c.period.Contains(civil.Latest(today, c.anchor)):
			t.Fatalf("the running period is %v", c.period)
		case !c.ended && !c.free && !due.IsZero() && term.PeriodOn(c.anchor, c.months, due).Start != due:
			t.Fatalf("a contract of %d months since %v does not renew on %v", c.months, c.anchor, due)
		case !c.ended && !c.free && c.billedUntil.Before(civil.Latest(due, c.invoiced, c.lastBilled(false))):
			t.Fatalf("billed until %v, before what is invoiced", c.billedUntil)
		}
	})
}
