package demo

import "klantenpaneel/internal/civil"

// calendar names the days that the stories hang on, so that they are true on whatever day it is.
type calendar struct {
	today civil.Date
	run   civil.Date // of the next invoices: the first of the coming month
}

func newCalendar(today civil.Date) calendar {
	return calendar{today: today, run: today.LastOfMonth().AddDays(1)}
}

// group returns a renewal date that the next run invoices, together with all others of the same month. The day is 5 to 28:
// the first days of March belong to an earlier run (§2.2), and later ones are not in every month.
func (c calendar) group(day int) civil.Date { return c.run.AddMonths(1).AddDays(day - 1) }

// ahead returns the day that many days ahead, or a few more so that it is in every month.
func (c calendar) ahead(days int) civil.Date {
	d := c.today.AddDays(days)
	for d.Day() > 28 {
		d = d.AddDays(1)
	}
	return d
}

// years returns the same day that many years before.
func years(day civil.Date, n int) civil.Date { return day.AddMonths(-12 * n) }
