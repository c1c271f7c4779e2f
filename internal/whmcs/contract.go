package whmcs

import (
	"cmp"
	"fmt"
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// contract is what WHMCS knows of the time of a service, and what we make of it.
type contract struct {
	months     int
	registered civil.Date // regdate or registrationdate
	due        civil.Date // nextduedate: what is paid, at least for, ends here
	invoiced   civil.Date // nextinvoicedate: what is invoiced ends here
	free       bool       // it costs nothing, and is never billed
	ended      bool
	endedOn    civil.Date // termination_date, if there is one
	billed     []billedPeriod

	anchor      civil.Date
	period      civil.Period
	billedUntil civil.Date
	endsOn      civil.Date // first day without service; zero while it runs on
	covered     []coveredPeriod
}

// billedPeriod is the period of an invoice line.
type billedPeriod struct {
	civil.Period
	line      uuid.UUID
	invoice   int64
	cancelled bool // the invoice is, so that it bills nothing
}

// coveredPeriod is one that is not to be billed again; line is Nil when no invoice is behind it.
type coveredPeriod struct {
	civil.Period
	line uuid.UUID
}

// settle works out the contract on a day. What does not fit is told to warn. It is an error if nothing can be made of it.
func (c *contract) settle(today civil.Date, warn func(string, ...any)) error {
	slices.SortFunc(c.billed, func(a, b billedPeriod) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.invoice, b.invoice))
	})
	if err := c.settleAnchor(today, warn); err != nil {
		return err
	}
	switch {
	case c.ended:
		c.settleEnd(today, warn)
	case c.free:
		c.period = term.PeriodOn(c.anchor, c.months, civil.Latest(today, c.anchor))
		c.billedUntil = civil.Latest(c.period.End, c.lastBilled(false))
	default:
		c.settleBilled(today, warn)
	}
	c.settleCovered(today, warn)
	return nil
}

// settleAnchor chooses the day from which renewals are counted, such that one falls on the next due date.
func (c *contract) settleAnchor(today civil.Date, warn func(string, ...any)) error {
	due := c.due
	if c.ended || c.free {
		due = civil.Date{} // of what ended WHMCS moves it on, or wipes it
	}
	switch {
	case renews(c.registered, c.months, due):
		c.anchor = c.registered
	case !due.IsZero():
		c.anchor = anchorBefore(due, c.months, today)
		if c.registered.IsZero() {
			warn("it has no start date: renewals are counted from %v", c.anchor)
		} else {
			warn("a contract of %d months that began on %v does not renew on %v: renewals are counted from %v", c.months, c.registered, due, c.anchor)
		}
	case !c.registered.IsZero():
		c.anchor = c.registered
		if !c.ended && !c.free {
			warn("it has no next due date: renewals are counted from its start")
		}
	case len(c.billed) > 0:
		c.anchor = c.billed[0].Start
		warn("it has no start date: its first invoiced day is taken")
	default:
		return fmt.Errorf("it has neither a start date nor a next due date")
	}
	return nil
}

// anchorBefore returns the latest day, not after today, of which the day is a renewal.
func anchorBefore(day civil.Date, months int, today civil.Date) civil.Date {
	for n := 1; n < 1200; n++ {
		if a := day.AddMonths(-n * months); !a.After(today) && renews(a, months, day) {
			return a
		}
	}
	return day
}

// settleBilled decides until when a running contract is billed: nothing may be billed twice, and nothing skipped.
func (c *contract) settleBilled(today civil.Date, warn func(string, ...any)) {
	c.period = term.PeriodOn(c.anchor, c.months, civil.Latest(today, c.anchor))
	if c.due.IsZero() {
		c.due = civil.Latest(c.lastBilled(false), c.anchor)
	}
	c.billedUntil = c.due
	switch {
	case c.invoiced.After(c.due): // the period that starts on the due date is invoiced already
		c.billedUntil = c.invoiced
	case c.invoiced.IsZero():
		warn("it has no next invoice date: it is billed from its due date %v", c.due)
	case c.invoiced.Before(c.due):
		warn("its next invoice date %v is before its due date %v, which counts", c.invoiced, c.due)
	}
	last, cancelled := c.lastBilled(false), c.lastBilled(true)
	switch {
	case last.After(c.billedUntil):
		warn("an invoice covers it until %v though its next invoice date is %v: nothing is billed before %[1]v", last, c.billedUntil)
		c.billedUntil = last
	case last == c.billedUntil || last.IsZero() && c.billedUntil == c.anchor:
	case cancelled == c.billedUntil:
		warn("the invoice for its period until %v was cancelled; WHMCS does not bill that again, nor is it billed here", cancelled)
	case !last.IsZero():
		warn("its invoices cover it until %v, but WHMCS bills it from %v on: nothing is billed before that", last, c.billedUntil)
	}
	if !renews(c.anchor, c.months, c.billedUntil) {
		warn("it is billed until %v, which is no renewal: the next invoice is for a part of a term", c.billedUntil)
	}
	if c.billedUntil.Before(c.period.Start) {
		warn("it is not invoiced since %v: the first run bills what is missing", c.billedUntil)
	}
}

// lastBilled returns the end of the last period on an invoice, zero when there is none; cancelled counts those too that
// are cancelled.
func (c *contract) lastBilled(cancelled bool) (last civil.Date) {
	for _, b := range c.billed {
		if cancelled || !b.cancelled {
			last = civil.Latest(last, b.End)
		}
	}
	return last
}

// settleEnd decides when a contract ended that runs no more.
func (c *contract) settleEnd(today civil.Date, warn func(string, ...any)) {
	last := c.lastBilled(false)
	c.endsOn = c.endedOn
	switch {
	case c.endsOn.IsZero() && !last.IsZero() && !last.After(today):
		c.endsOn = last
	case c.endsOn.IsZero():
		c.endsOn = today
		if !c.due.IsZero() {
			c.endsOn = civil.Earliest(c.due, today)
		}
		warn("WHMCS does not say when it ended: %v is taken", c.endsOn)
	case c.endsOn.After(today):
		warn("it ends on %v, which is still to come, though it is ended: today is taken", c.endsOn)
		c.endsOn = today
	}
	if c.endsOn.Before(c.anchor) {
		warn("it ended on %v, before it began: its start, %v, is taken", c.endsOn, c.anchor)
		c.endsOn = c.anchor
	}
	c.period = term.PeriodOn(c.anchor, c.months, civil.Latest(c.endsOn.AddDays(-1), c.anchor))
	c.billedUntil = civil.Latest(c.anchor, last)
	if last.IsZero() {
		c.billedUntil = c.endsOn
	}
}

// settleCovered lists what is covered from the start to billedUntil. Periods that have not passed name their line, so
// that they can be credited; what is behind us is one stretch.
func (c *contract) settleCovered(today civil.Date, warn func(string, ...any)) {
	from := c.anchor
	if len(c.billed) > 0 && c.billed[0].Start.Before(from) {
		from = c.billed[0].Start
	}
	var previous billedPeriod
	for _, b := range c.billed {
		switch {
		case b.cancelled:
		case previous.End.After(b.Start):
			warn("invoices %d and %d both cover %v", previous.invoice, b.invoice, b.Start)
		default:
			previous = b
			if b.End.After(today) && !c.ended {
				c.cover(from, b.Start, uuid.Nil)
				c.cover(b.Start, b.End, b.line)
				from = b.End
			}
		}
	}
	c.cover(from, c.billedUntil, uuid.Nil)
}

func (c *contract) cover(from, until civil.Date, line uuid.UUID) {
	if from.Before(until) {
		c.covered = append(c.covered, coveredPeriod{civil.Period{Start: from, End: until}, line})
	}
}

// months returns the length of a billing cycle, 0 for what is paid once or never.
func months(cycle string) int {
	switch cycle {
	case "Monthly":
		return 1
	case "Quarterly":
		return 3
	case "Semi-Annually":
		return 6
	case "Annually":
		return 12
	case "Biennially":
		return 24
	case "Triennially":
		return 36
	}
	return 0
}
