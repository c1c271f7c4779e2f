package whmcs

import (
	"fmt"
	"testing"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"

	"pgregory.net/rapid"
)

func TestPeriodsInDescriptions(t *testing.T) {
	sample := []string{"x (12-12-2020 - 12-12-2021)", "x (31-01-2020 - 31-01-2021)"}
	lastDays := []string{"x (01/03/2018 - 31/03/2018)", "x (15/03/2018 - 14/03/2019)"}
	for _, tt := range []struct {
		name        string
		source      []string // what the reader learns from
		setting     string
		description string
		anchor      string
		months      int
		want        string
	}{
		{"the day of renewal is named", sample, "", "Webhosting Basis - a.nl (11-12-2025 - 11-12-2026)", "2015-12-11", 12, "[2025-12-11,2026-12-11)"},
		{"the last day is named", lastDays, "", "Webhosting Basis - a.nl (11/12/2025 - 10/12/2026)", "2015-12-11", 12, "[2025-12-11,2026-12-11)"},
		{"one line that differs from the others", sample, "", "a.nl (11-12-2025 - 10-12-2026)", "2015-12-11", 12, "[2025-12-11,2026-12-11)"},
		{"a clamped renewal", lastDays, "", "a.nl (30/11/2026 - 28/02/2027)", "2022-08-31", 3, "[2026-11-30,2027-02-28)"},
		{"without a contract what is usual counts", lastDays, "", "a.nl (01/03/2018 - 31/03/2018)", "", 0, "[2018-03-01,2018-04-01)"},
		{"American, by setting", nil, "MM/DD/YYYY", "a.nl (02/03/2026 - 02/03/2027)", "2026-02-03", 12, "[2026-02-03,2027-02-03)"},
		{"American, by what it cannot be", []string{"x (01/31/2020 - 01/31/2021)"}, "", "a.nl (02/03/2026 - 02/03/2027)", "2026-02-03", 12, "[2026-02-03,2027-02-03)"},
		{"year first", nil, "YYYY-MM-DD", "a.nl (2026-02-03 - 2027-02-03)", "2026-02-03", 12, "[2026-02-03,2027-02-03)"},
		{"points", sample, "DD.MM.YYYY", "a.nl (03.02.2026 - 03.02.2027)", "2026-02-03", 12, "[2026-02-03,2027-02-03)"},
		{"options on further lines", sample, "", "VPS S - a.nl (03-02-2026 - 03-02-2027)\nGeheugen: 4 GB (1 - 2)", "2026-02-03", 12, "[2026-02-03,2027-02-03)"},
		{"a single day", sample, "", "a.nl (03-02-2026 - 03-02-2026)", "", 0, "[2026-02-03,2026-02-04)"},
		{"none", sample, "", "Uurtje werk (spoed)", "", 0, ""},
		{"no date", sample, "", "a.nl (31-02-2026 - 31-02-2027)", "2026-02-03", 12, ""},
		{"backwards", sample, "", "a.nl (03-02-2027 - 03-02-2026)", "2026-02-03", 12, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var p periodReader
			for _, s := range tt.source {
				p.look(s)
			}
			p.decide(tt.setting)
			var anchor civil.Date
			if tt.anchor != "" {
				anchor = day(tt.anchor)
			}
			if got := p.read(tt.description, anchor, tt.months); got.String() != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

// Whatever WHMCS writes for a term of a contract is read back as that term.
func TestPeriodsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		months := rapid.SampledFrom([]int{1, 3, 6, 12, 24, 36}).Draw(t, "months")
		anchor := day("2014-01-01").AddDays(rapid.IntRange(0, 5000).Draw(t, "anchor"))
		layout := rapid.SampledFrom([]string{"%02[3]d-%02[2]d-%[1]d", "%02[3]d/%02[2]d/%[1]d", "%02[3]d.%02[2]d.%[1]d", "%[1]d-%02[2]d-%02[3]d"}).Draw(t, "layout")
		inclusive := rapid.Bool().Draw(t, "inclusive")
		write := func(n int) (string, civil.Period) {
			p := civil.Period{Start: term.Renewal(anchor, months, n), End: term.Renewal(anchor, months, n+1)}
			until := p.End
			if inclusive {
				until = p.Last()
			}
			show := func(d civil.Date) string { y, m, dd := d.Date(); return fmt.Sprintf(layout, y, int(m), dd) }
			return "Pakket - a.nl (" + show(p.Start) + " - " + show(until) + ")", p
		}
		var r periodReader
		for n := range 20 {
			text, _ := write(n)
			r.look(text)
		}
		r.decide("")
		text, want := write(rapid.IntRange(0, 10).Draw(t, "n"))
		if got := r.read(text, anchor, months); got != want {
			t.Fatalf("%q of a contract since %v for %d months is read as %v, want %v", text, anchor, months, got, want)
		}
	})
}
