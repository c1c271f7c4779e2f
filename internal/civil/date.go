// Package civil owns calendar days as the Netherlands counts them: dates, half-open periods of days, and working days.
//
// A contract ends on a day, not at an instant, and a day begins at midnight in Amsterdam. Nothing here asks what time
// it is, and no result depends on the time zone of the server or of a database connection (invariant 25).
package civil

import (
	"cmp"
	"fmt"
	"time"
	_ "time/tzdata" // Amsterdam must exist on every machine

	"klantenpaneel/internal/problem"
)

// Amsterdam is the zone in which every day of this program begins and ends.
var Amsterdam = mustLoad("Europe/Amsterdam")

// Date is one calendar day. It is comparable with == and may be a map key; the zero value is no day at all.
type Date struct {
	n int32 // days since 0000-12-31, so that 0 is free to mean "none"
}

// unixDay is the n of 1970-01-01.
const unixDay = 719163

// New returns the day, normalised as time.Date does: New(2027, 1, 0) is 2026-12-31.
func New(year int, month time.Month, day int) Date {
	return Date{int32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400) + unixDay}
}

// In returns the day on which the instant t falls in Amsterdam.
func In(t time.Time) Date {
	y, m, d := t.In(Amsterdam).Date()
	return New(y, m, d)
}

// Parse reads a day written as 2026-11-20. Every other spelling, and every day that does not exist, is a
// problem.Invalid.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() == 0 {
		return Date{}, problem.New(problem.Invalid, problem.Text{
			NL: "%q is geen datum; schrijf jaar-maand-dag, zoals 2026-11-20.",
			EN: "%q is not a date; write year-month-day, such as 2026-11-20.",
		}, s)
	}
	return of(t), nil
}

// MustParse is Parse for days written in the program itself; it panics on a wrong one.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is no day at all.
func (d Date) IsZero() bool { return d.n == 0 }

// Date returns the parts of the day.
func (d Date) Date() (year int, month time.Month, day int) { return d.midnight().Date() }

// Year returns the year, which is also the year of an invoice number series.
func (d Date) Year() int { return d.midnight().Year() }

// Month returns the month of the year.
func (d Date) Month() time.Month { return d.midnight().Month() }

// Day returns the day of the month, 1 to 31.
func (d Date) Day() int { return d.midnight().Day() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// AddDays returns the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return Date{d.n + int32(n)} }

// AddMonths returns the same day n months later, or the last day of that month when it is shorter: 31 January plus
// one is 28 or 29 February (§0). Count from the anchor of a contract, never from a day that was clamped already.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Date()
	first, next := New(y, m+time.Month(n), 1), New(y, m+time.Month(n)+1, 1)
	return first.AddDays(min(day, next.Sub(first)) - 1)
}

// FirstOfMonth returns the 1st of d's month.
func (d Date) FirstOfMonth() Date { return d.AddDays(1 - d.Day()) }

// LastOfMonth returns the last day of d's month.
func (d Date) LastOfMonth() Date {
	y, m, _ := d.Date()
	return New(y, m+1, 0)
}

// Sub returns the number of days from o to d, negative when d is earlier.
func (d Date) Sub(o Date) int { return int(d.n) - int(o.n) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.n < o.n }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.n > o.n }

// Equal reports whether d and o are the same day; it is ==, spelled for comparison libraries.
func (d Date) Equal(o Date) bool { return d == o }

// Compare orders days for slices.SortFunc: -1, 0 or 1.
func (d Date) Compare(o Date) int { return cmp.Compare(d.n, o.n) }

// Start returns the instant at which the day begins in Amsterdam, in UTC. It is also the end of the day before:
// whatever must happen "on d" happens in [d.Start(), d.AddDays(1).Start()), which lasts 23, 24 or 25 hours.
func (d Date) Start() time.Time { return d.At(0, 0) }

// At returns the instant at which a clock in Amsterdam shows the time on that day, in UTC. Keep out of 02:00-03:00,
// which one day a year lacks and another has twice.
func (d Date) At(hour, minute int) time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, hour, minute, 0, 0, Amsterdam).UTC()
}

// String returns the day as 2026-11-20, or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight().Format(time.DateOnly)
}

// Earliest returns the earliest of the days.
func Earliest(d Date, more ...Date) Date {
	for _, o := range more {
		if o.Before(d) {
			d = o
		}
	}
	return d
}

// Latest returns the latest of the days.
func Latest(d Date, more ...Date) Date {
	for _, o := range more {
		if o.After(d) {
			d = o
		}
	}
	return d
}

// of returns the day as written in t, whatever its zone.
func of(t time.Time) Date {
	y, m, d := t.Date()
	return New(y, m, d)
}

// midnight carries the day through the standard library; its zone is UTC and never shown.
func (d Date) midnight() time.Time { return time.Unix(int64(d.n-unixDay)*86400, 0).UTC() }

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(fmt.Errorf("civil: time zone %s: %w", name, err))
	}
	return loc
}
