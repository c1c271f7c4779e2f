package civil_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
)

func TestHolidays(t *testing.T) {
	holidays := map[int][]string{ // without those that are always on a Sunday
		2013: {"01-01", "03-29", "04-01", "04-30", "05-05", "05-09", "05-20", "12-25", "12-26"},
		2014: {"01-01", "04-18", "04-21", "04-26", "05-05", "05-29", "06-09", "12-25", "12-26"}, // the 27th is a Sunday
		2024: {"01-01", "03-29", "04-01", "04-27", "05-05", "05-09", "05-20", "12-25", "12-26"},
		2026: {"01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"},
		2027: {"01-01", "03-26", "03-29", "04-27", "05-05", "05-06", "05-17", "12-25", "12-26"},
		2038: {"01-01", "04-23", "04-26", "04-27", "05-05", "06-03", "06-14", "12-25", "12-26"}, // the latest Easter
	}
	for year, want := range holidays {
		var got []string
		for d := civil.New(year, 1, 1); d.Year() == year; d = d.AddDays(1) {
			if d.IsHoliday() && !(d.Weekday() == 0 && !slices.Contains(want, d.String()[5:])) {
				got = append(got, d.String()[5:])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", year, got, want)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"Friday plus two is Tuesday (A05)", "2027-03-19", 2, "2027-03-23"},
		{"from a Saturday the next is Monday", "2026-11-21", 1, "2026-11-23"},
		{"over Christmas on a Friday", "2026-12-24", 1, "2026-12-28"},
		{"over Good Friday and Easter Monday", "2027-03-25", 1, "2027-03-30"},
		{"King's day, Liberation day and Ascension", "2027-04-26", 7, "2027-05-10"},
		{"five back over a weekend", "2027-04-18", -5, "2027-04-12"},
		{"none", "2026-11-21", 0, "2026-11-21"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := day(tt.from).AddWorkingDays(tt.n); got != day(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWorkingDaysGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate.Draw(t, "date"), rapid.IntRange(1, 30).Draw(t, "n")
		there := d.AddWorkingDays(n)
		if !there.IsWorkingDay() || there.Sub(d) < n {
			t.Fatalf("%v plus %d working days is %v", d, n, there)
		}
		if back := there.AddWorkingDays(-n); d.IsWorkingDay() && back != d || back.After(d) {
			t.Fatalf("%v there and back is %v", d, back)
		}
	})
}
