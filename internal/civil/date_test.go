package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/problem"
)

// anyDate draws days that an account of ours could have.
var anyDate = rapid.Custom(func(t *rapid.T) civil.Date {
	return civil.New(1990, 1, 1).AddDays(rapid.IntRange(0, 365*80).Draw(t, "day"))
})

func day(s string) civil.Date { return civil.MustParse(s) }

func TestAddMonths(t *testing.T) {
	for _, tt := range []struct {
		name, from string
		months     int
		want       string
	}{
		{"31 January plus one is the end of February", "2027-01-31", 1, "2027-02-28"},
		{"in a leap year too", "2028-01-31", 1, "2028-02-29"},
		{"a leap day plus a year", "2024-02-29", 12, "2025-02-28"},
		{"a leap day plus four years", "2024-02-29", 48, "2028-02-29"},
		{"back over the year", "2027-01-31", -2, "2026-11-30"},
		{"the 1st stays the 1st", "2027-03-01", -1, "2027-02-01"},
		{"one month back from 31 March", "2027-03-31", -1, "2027-02-28"},
		{"no months", "2027-05-31", 0, "2027-05-31"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := day(tt.from).AddMonths(tt.months); got != day(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheDayChangesAtMidnightInAmsterdam(t *testing.T) {
	for _, tt := range []struct{ name, instant, want string }{
		{"a second before midnight in winter", "2026-12-31T22:59:59Z", "2026-12-31"},
		{"midnight in winter", "2026-12-31T23:00:00Z", "2027-01-01"},
		{"a second before midnight in summer", "2027-06-30T21:59:59Z", "2027-06-30"},
		{"midnight in summer", "2027-06-30T22:00:00Z", "2027-07-01"},
		{"the night summer time begins", "2027-03-27T23:00:00Z", "2027-03-28"},
		{"and the end of that day of 23 hours", "2027-03-28T22:00:00Z", "2027-03-29"},
		{"the night it ends", "2027-10-30T22:00:00Z", "2027-10-31"},
		{"and the end of that day of 25 hours", "2027-10-31T23:00:00Z", "2027-11-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, tt.instant)
			if err != nil {
				t.Fatal(err)
			}
			if got := civil.In(at); got != day(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if start := day(tt.want).Start(); start.After(at) || !day(tt.want).AddDays(1).Start().After(at) {
				t.Errorf("%v starts at %v", tt.want, start)
			}
		})
	}
	for d, hours := range map[string]float64{"2027-03-28": 23, "2027-10-31": 25, "2027-06-01": 24} {
		if got := day(d).AddDays(1).Start().Sub(day(d).Start()).Hours(); got != hours {
			t.Errorf("%s has %v hours, want %v", d, got, hours)
		}
	}
	if got := day("2027-03-28").At(8, 0); !got.Equal(time.Date(2027, 3, 28, 6, 0, 0, 0, time.UTC)) || got.Location() != time.UTC {
		t.Errorf("08:00 on the day summer time begins is %v", got)
	}
}

func TestParseRefusesEverythingElse(t *testing.T) {
	for _, s := range []string{
		"", "2026-2-1", "2026-02-29", "2026-13-01", "20-11-2026", "2026-11-20T00:00:00Z", " 2026-11-20", "0000-00-00", "0000-01-01", "infinity", "99999-01-01",
	} {
		if d, err := civil.Parse(s); !problem.Is(err, problem.Invalid) {
			t.Errorf("Parse(%q) = %v, %v", s, d, err)
		}
	}
}

// The standard library, in UTC, is the oracle for everything but the clamping of months.
func TestDatesAgreeWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate.Draw(t, "date"), rapid.IntRange(-5000, 5000).Draw(t, "n")
		y, m, dd := d.Date()
		std := time.Date(y, m, dd, 0, 0, 0, 0, time.UTC)
		moved := std.AddDate(0, 0, n)
		if got := d.AddDays(n); got.String() != moved.Format(time.DateOnly) || got.Sub(d) != n || got.Weekday() != moved.Weekday() {
			t.Fatalf("%v plus %d days is %v, want %v", d, n, got, moved)
		}
		if got := d.AddDays(n); got.Before(d) != (n < 0) || got.After(d) != (n > 0) || (got == d) != (n == 0) || got.Compare(d) != min(1, max(-1, n)) {
			t.Fatalf("order of %v and %v", got, d)
		}
		if d.LastOfMonth().Day() != std.AddDate(0, 1, -dd).Day() || d.FirstOfMonth().Day() != 1 || d.FirstOfMonth().Month() != m {
			t.Fatalf("month of %v is %v to %v", d, d.FirstOfMonth(), d.LastOfMonth())
		}
		if civil.In(d.Start()) != d || civil.In(d.Start().Add(-time.Nanosecond)) != d.AddDays(-1) {
			t.Fatalf("%v starts at %v", d, d.Start())
		}
	})
}

// Invariant 12.
func TestMonthsClampAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate.Draw(t, "date"), rapid.IntRange(-600, 600).Draw(t, "months")
		got := d.AddMonths(n)
		if want := min(d.Day(), got.LastOfMonth().Day()); got.Day() != want {
			t.Fatalf("%v plus %d months is %v, want day %d", d, n, got, want)
		}
		if months := (got.Year()-d.Year())*12 + int(got.Month()-d.Month()); months != n {
			t.Fatalf("%v plus %d months is %v", d, n, got)
		}
	})
}

// Invariant 25.
func TestResultsDoNotDependOnTheZoneOfTheServer(t *testing.T) {
	local := time.Local
	t.Cleanup(func() { time.Local = local })
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for _, name := range []string{"UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = zone
		if got := civil.In(at.In(zone)); got != day("2027-01-01") {
			t.Errorf("%s: %v", name, got)
		}
		if got := day("2027-01-01").Start(); !got.Equal(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: starts at %v", name, got)
		}
		var scanned civil.Date
		if err := scanned.Scan(time.Date(2027, 1, 1, 0, 0, 0, 0, zone)); err != nil || scanned != day("2027-01-01") {
			t.Errorf("%s: scanned %v, %v", name, scanned, err)
		}
	}
}

func TestJSONAndSQL(t *testing.T) {
	type row struct {
		On, None civil.Date
		Left     civil.Date `json:",omitzero"`
	}
	in := row{On: day("2026-11-20")}
	out, err := json.Marshal(in)
	if err != nil || string(out) != `{"On":"2026-11-20","None":""}` {
		t.Fatalf("%s, %v", out, err)
	}
	var back row
	if err := json.Unmarshal(out, &back); err != nil || back != in {
		t.Errorf("%+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"On":"20-11-2026"}`), &back); !problem.Is(err, problem.Invalid) {
		t.Errorf("a wrong day: %v", err)
	}
	for _, src := range []any{
		"2026-11-20", []byte("2026-11-20"), "2026-11-20T00:00:00Z", "2026-11-20 00:00:00+00", time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
	} {
		var d civil.Date
		if err := d.Scan(src); err != nil || d != in.On {
			t.Errorf("Scan(%v) = %v, %v", src, d, err)
		}
	}
	for _, src := range []any{"2026-11-20T23:30:00Z", "infinity", 20261120, ""} {
		d := in.On
		if err := d.Scan(src); err == nil || d != in.On {
			t.Errorf("Scan(%v) = %v, %v", src, d, err)
		}
	}
	var none civil.Date
	if v, err := none.Value(); v != nil || err != nil {
		t.Errorf("no day is stored as %v, %v", v, err)
	}
	if v, err := in.On.Value(); v != "2026-11-20" || err != nil {
		t.Errorf("stored as %v, %v", v, err)
	}
	if err := in.On.Scan(nil); err != nil || !in.On.IsZero() {
		t.Errorf("NULL is %v, %v", in.On, err)
	}
}

func TestWords(t *testing.T) {
	d := day("2027-04-08")
	for got, want := range map[string]string{
		d.Format("nl"): "8 april 2027", d.Format("en"): "8 April 2027", d.Short(): "08-04-2027", d.FormatMonth("nl"): "april 2027",
		day("2028-03-31").FormatMonth("en"): "March 2028", day("2027-05-01").Format("nl"): "1 mei 2027",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var none civil.Date
	if none.Format("nl")+none.Short()+none.FormatMonth("en")+none.String() != "" {
		t.Error("no day has words")
	}
}
