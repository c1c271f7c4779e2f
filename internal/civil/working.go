package civil

import "time"

// IsHoliday reports whether d is a public holiday in the Netherlands: the days of the Algemene termijnenwet, article 3
// (Good Friday and every 5 May among them), and the Sundays of Easter and Pentecost.
func (d Date) IsHoliday() bool {
	y, m, day := d.Date()
	switch {
	case m == time.January && day == 1,
		m == time.May && day == 5,
		m == time.December && (day == 25 || day == 26),
		d == royalDay(y):
		return true
	}
	switch d.Sub(easter(y)) {
	case -2, 0, 1, 39, 49, 50: // Good Friday, Easter, Easter Monday, Ascension, Pentecost, Whit Monday
		return true
	}
	return false
}

// IsWorkingDay reports whether d is a day from Monday to Friday that is no holiday.
func (d Date) IsWorkingDay() bool {
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday && !d.IsHoliday()
}

// AddWorkingDays returns the n-th working day after d, or before it when n is negative; n = 0 is d itself, working
// day or not. Used for the 2 days of a confirmation and the 5 of a transfer (M-16).
func (d Date) AddWorkingDays(n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if d.IsWorkingDay() {
			n--
		}
	}
	return d
}

// royalDay returns the day on which the king's or queen's birthday is kept: 27 April since 2014, 30 April before, and
// the day before (since 1980) when that is a Sunday.
func royalDay(year int) Date {
	d := New(year, time.April, 30)
	if year >= 2014 {
		d = New(year, time.April, 27)
	}
	if d.Weekday() == time.Sunday {
		d = d.AddDays(-1)
	}
	return d
}

// easter returns Easter Sunday, by the Gregorian computus in its anonymous form (Meeus, Jones, Butcher).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return New(year, time.Month(n/31), n%31+1)
}
