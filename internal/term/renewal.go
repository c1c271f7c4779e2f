package term

import (
	"fmt"

	"klantenpaneel/internal/civil"
)

// calendarMonths is the shortest term that follows the invoice calendar; shorter ones follow the monthly rule (§2.3).
const calendarMonths = 3

// Renewal returns the n-th renewal of a contract that began on anchor: R_n, clamped to the length of its month, always
// counted from the anchor so that the 31st comes back after a February (§0, invariant 12). Renewal 0 is the anchor.
func Renewal(anchor civil.Date, months, n int) civil.Date { return anchor.AddMonths(n * months) }

// PeriodOn returns the period of the contract that contains the day. A day before the anchor belongs to the first.
// It panics when months is not positive: the column that holds it is checked.
func PeriodOn(anchor civil.Date, months int, day civil.Date) civil.Period {
	if months <= 0 {
		panic(fmt.Sprintf("term: a term of %d months", months))
	}
	n := 0
	if day.After(anchor) {
		n = (monthIndex(day) - monthIndex(anchor)) / months
		if Renewal(anchor, months, n).After(day) {
			n--
		}
	}
	return civil.Period{Start: Renewal(anchor, months, n), End: Renewal(anchor, months, n+1)}
}

// NextRenewal returns the first renewal after the day.
func NextRenewal(anchor civil.Date, months int, day civil.Date) civil.Date {
	return PeriodOn(anchor, months, day).End
}

// monthIndex numbers the months of all years.
func monthIndex(d civil.Date) int {
	y, m, _ := d.Date()
	return y*12 + int(m)
}
