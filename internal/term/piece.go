package term

import (
	"slices"

	"klantenpaneel/internal/civil"
)

// piece is a stretch of a contract that is to be billed: a whole term, or what an end or an earlier bill leaves of it.
type piece struct {
	contract    int
	period      civil.Period
	whole       civil.Period // the term it lies in
	rule        Rule
	scheduledOn civil.Date // by its own renewal, before grouping
}

// pieces returns every unbilled piece that a run on the day may have to bill, by renewal.
func (p Policy) pieces(contracts []Contract, on civil.Date) []piece {
	var found []piece
	for i := range contracts {
		c := &contracts[i]
		for at := c.BilledUntil; ; {
			next, ok := p.unbilled(c, at, on)
			if !ok || p.earliestOn(next).After(on) {
				break
			}
			next.contract, at = i, next.period.End
			found = append(found, next)
		}
	}
	slices.SortStableFunc(found, func(a, b piece) int { return a.period.Start.Compare(b.period.Start) })
	return found
}

// earliestOn returns the first day on which the piece can be billed, whatever else the account renews that month.
func (p Policy) earliestOn(next piece) civil.Date {
	if next.rule == Calendar {
		return p.SingleInvoiceOn(next.period.Start.FirstOfMonth())
	}
	return next.scheduledOn
}

// unbilled returns the first billable piece of the contract from the day `at` (zero: from its start), as a run on the
// day `on` sees it; ok is false when there is none.
func (p Policy) unbilled(c *Contract, at, on civil.Date) (next piece, ok bool) {
	for at = civil.Latest(at, c.AnchorOn); ; at = next.period.End {
		next = piece{whole: c.PeriodOn(at)}
		next.period = civil.Period{Start: at, End: next.whole.End}
		if !c.EndsOn.IsZero() {
			next.period.End = civil.Earliest(next.period.End, c.EndsOn)
		}
		if next.period.Days() == 0 || c.CancelRequested || c.FixedConsumer() && !at.Before(c.agreed()) {
			return piece{}, false
		}
		target := p.schedule(c, &next, on)
		if oldScheme := target.Before(p.CalendarSince) && !on.Before(p.CalendarSince); !oldScheme {
			return next, true
		}
	}
}

// schedule sets the rule and the date of the piece, and returns the day that decides whether it belongs to the
// calendar at all. What is billed at once has today's date.
func (p Policy) schedule(c *Contract, next *piece, on civil.Date) civil.Date {
	renewal := next.period.Start
	switch {
	case renewal == c.AnchorOn:
		next.rule, next.scheduledOn = First, on
		return renewal
	case c.FixedConsumer():
		next.rule, next.scheduledOn = Accepted, on
		return renewal
	case c.Months < calendarMonths:
		next.rule = Monthly
		next.scheduledOn = p.MonthlyInvoiceOn(civil.Period{Start: c.PeriodOn(renewal.AddDays(-1)).Start, End: renewal})
	default:
		next.rule, next.scheduledOn = Calendar, p.SingleInvoiceOn(renewal)
	}
	return next.scheduledOn
}
