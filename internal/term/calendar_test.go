package term_test

import (
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"
)

func day(s string) civil.Date {
	if s == "" {
		return civil.Date{}
	}
	return civil.MustParse(s)
}

// The Gregorian calendar repeats after these years, so a claim that holds in them holds for ever (§2.2).
var firstDay, lastDay = civil.New(2000, 1, 1), civil.New(2399, 12, 31)

func eachDay(f func(d civil.Date)) {
	for d := firstDay; !d.After(lastDay); d = d.AddDays(1) {
		f(d)
	}
}

func leap(d civil.Date) bool { return civil.New(d.Year(), 3, 0).Day() == 29 }

func TestSingleDatesOverFourHundredYears(t *testing.T) {
	days := 0
	eachDay(func(r civil.Date) {
		days++
		got := term.PING.SingleInvoiceOn(r)

		brute := r.FirstOfMonth() // the latest 1st that is at least 30 days before
		for r.Sub(brute) < 30 {
			brute = brute.AddDays(-1).FirstOfMonth()
		}
		if got != brute {
			t.Fatalf("%v is billed on %v, want %v", r, got, brute)
		}
		if lead := r.Sub(got); lead < 30 || lead > 60 {
			t.Fatalf("%v is billed %d days ahead", r, lead)
		}

		previous := r.FirstOfMonth().AddMonths(-1)
		earlyMarch := r.Month() == time.March && (r.Day() == 1 || r.Day() == 2 && !leap(r))
		switch {
		case r.Day() == 31:
			if got != r.FirstOfMonth() || r.Sub(got) != 30 {
				t.Fatalf("%v is billed on %v", r, got)
			}
		case earlyMarch:
			if got != civil.New(r.Year(), time.January, 1) || r.Sub(previous) > 29 {
				t.Fatalf("%v is billed on %v; the 1st of the previous month is %d days ahead", r, got, r.Sub(previous))
			}
		case got != previous || r.Sub(previous) < 30:
			t.Fatalf("%v is billed on %v, want %v", r, got, previous)
		}
	})
	if days != 146097 {
		t.Errorf("looked at %d days", days)
	}
}

func TestTheWholeMonthReadingWouldDoubleJanuary(t *testing.T) { // the third reading of §2.2, which we do not follow
	for year := 2000; year < 2400; year++ {
		for _, month := range []time.Month{time.February, time.March} {
			first := civil.New(year, month, 1)
			if got := term.PING.SingleInvoiceOn(first); got != civil.New(year, time.January, 1) {
				t.Fatalf("%v: %v", first, got)
			}
		}
	}
}

func TestLongestLeadInAGroup(t *testing.T) {
	want := func(d civil.Date) int {
		switch d.Month() {
		case time.January, time.August:
			return 61
		case time.February:
			return d.LastOfMonth().Day() + 30
		case time.March:
			return d.LastOfMonth().Sub(civil.New(d.Year(), time.January, 1))
		}
		return 60
	}
	for d := firstDay; !d.After(lastDay); d = d.AddMonths(1) {
		longest := d.LastOfMonth().Sub(term.PING.GroupInvoiceOn(d.LastOfMonth(), d))
		if longest != want(d) || longest > 90 || longest == 90 != (d.Month() == time.March && leap(d)) {
			t.Fatalf("%s: %d days, want %d", d.FormatMonth("en"), longest, want(d))
		}
	}
}

func TestNoCalendarInvoicePrecedesItsRunningPeriod(t *testing.T) {
	eachDay(func(anchor civil.Date) {
		for _, months := range []int{3, 4, 6, 12, 24, 36} {
			r := term.Renewal(anchor, months, 1)
			earliest := term.PING.GroupInvoiceOn(r, r.FirstOfMonth())
			if earliest.Before(anchor) {
				t.Fatalf("%d months from %v: renewal %v may be billed on %v", months, anchor, r, earliest)
			}
		}
	})
}

func TestNoticeOverFourHundredYears(t *testing.T) {
	zero := map[string]bool{}
	slack, days := 0, 0
	eachDay(func(r civil.Date) {
		on := term.PING.SingleInvoiceOn(r)
		running := civil.Period{Start: r.AddMonths(-12), End: r}
		ping := term.PING.LastNoticeOn(running, 12, on, false).Sub(on)
		if ping < 0 || ping > 30 {
			t.Fatalf("%v: %d days after the invoice", r, ping)
		}
		slack, days = slack+ping, days+1
		if ping == 0 && r.Year() == 2027 {
			zero[r.String()[5:]] = true
		}
		if mhp := term.MHP.LastNoticeOn(running, 12, on, false); mhp != on.AddDays(-1) || r.Sub(mhp) < 31 || r.Sub(mhp) > 61 {
			t.Fatalf("%v: MHP until %v, %d days ahead", r, mhp, r.Sub(mhp))
		}
	})
	if mean := float64(slack) / float64(days); mean < 14.65 || mean > 14.75 {
		t.Errorf("mean slack %.2f days, want 14.7", mean)
	}
	for _, d := range []string{"01-31", "03-03", "03-31", "05-01", "05-31", "07-01", "07-31", "08-31", "10-01", "10-31", "12-01", "12-31"} {
		if !zero[d] {
			t.Errorf("%s leaves a day of slack", d)
		}
		delete(zero, d)
	}
	if len(zero) > 0 {
		t.Errorf("no slack either on %v", zero)
	}
}

func TestMonthlyRuleForEveryAnchor(t *testing.T) {
	for anchor := civil.New(2028, 1, 1); anchor.Year() == 2028; anchor = anchor.AddDays(1) {
		last := civil.Date{}
		for n := 1; n <= 60; n++ {
			running := civil.Period{Start: term.Renewal(anchor, 1, n-1), End: term.Renewal(anchor, 1, n)}
			on := term.PING.MonthlyInvoiceOn(running)
			if on == last {
				t.Fatalf("anchor %v: two periods on %v", anchor, on)
			}
			if lead := running.End.Sub(on); on.Day() != 1 || lead < 1 || lead > 31 || running.End.After(on.AddMonths(1)) || on.Before(running.Start) {
				t.Fatalf("anchor %v: %v is billed on %v", anchor, running.End, on)
			}
			last = on
		}
	}
}

func TestTwoMonthsFollowTheMonthlyRule(t *testing.T) {
	for _, tt := range []struct{ name, start, end, want string }{
		{"30 days before lies in the running period", "2027-01-31", "2027-03-31", "2027-03-01"},
		{"the longest wait after its start", "2027-05-15", "2027-07-15", "2027-06-01"},
		{"the running period starts on a 1st", "2027-01-01", "2027-03-01", "2027-01-01"},
		{"30 days before lies ahead of it", "2027-01-02", "2027-03-02", "2027-02-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			equal(t, "invoice", term.PING.MonthlyInvoiceOn(civil.Period{Start: day(tt.start), End: day(tt.end)}), day(tt.want))
		})
	}
}

func TestTheStrictMonthlyReadingWouldBillTwice(t *testing.T) { // why decision 1 departs from the letter
	doubled := 0
	for anchor := civil.New(2028, 1, 1); anchor.Year() == 2028; anchor = anchor.AddDays(1) {
		for n := 1; n < 60; n++ {
			if term.PING.SingleInvoiceOn(term.Renewal(anchor, 1, n)) == term.PING.SingleInvoiceOn(term.Renewal(anchor, 1, n+1)) {
				doubled++
				break
			}
		}
	}
	equal(t, "anchor days that get two periods in one run", doubled, 31)
}

// Invariant 12, and that PeriodOn finds the n it should.
func TestPeriodsTileTheCalendar(t *testing.T) {
	eachDay(func(anchor civil.Date) {
		if anchor.Year() >= 2004 { // four years hold every anchor day
			return
		}
		for _, months := range []int{1, 2, 3, 12, 36} {
			p := term.PeriodOn(anchor, months, anchor)
			for n := range 14 {
				want := civil.Period{Start: term.Renewal(anchor, months, n), End: term.Renewal(anchor, months, n+1)}
				if p != want || p.Start.Day() != min(anchor.Day(), p.Start.LastOfMonth().Day()) {
					t.Fatalf("%d months from %v: period %d is %v, want %v", months, anchor, n, p, want)
				}
				if term.PeriodOn(anchor, months, p.Last()) != want {
					t.Fatalf("%d months from %v: %v lies in %v", months, anchor, p.Last(), term.PeriodOn(anchor, months, p.Last()))
				}
				p = term.PeriodOn(anchor, months, p.End)
			}
		}
	})
	equal(t, "a day before the anchor", term.PeriodOn(day("2027-01-31"), 1, day("2026-01-01")), civil.Period{Start: day("2027-01-31"), End: day("2027-02-28")})
}
