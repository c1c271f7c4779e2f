package term

import (
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// Upcoming is one invoice of one account that a run makes or will make.
type Upcoming struct {
	On    civil.Date // issue date: the day of the run
	Lines []Line     // by renewal, then in the order of the contracts
	Held  []Line     // due, but without a valid price: for staff, never to be billed as they are
}

// Net returns the sum of the lines, net of VAT. When it is 0 there is no invoice and the periods count as covered.
func (u *Upcoming) Net() (sum money.Cents) {
	for i := range u.Lines {
		sum += u.Lines[i].Net
	}
	return sum
}

// Due returns what a run on that day bills to one account, given all of the account's contracts: everything whose date
// has come, on one invoice (§2.1). It has no lines when nothing is due. Running again after BilledUntil has moved on
// finds nothing (invariant 7); a missed day is caught up by the next run, with its own date.
func (p Policy) Due(contracts []Contract, on civil.Date) Upcoming {
	u := Upcoming{On: on}
	pieces := p.pieces(contracts, on)
	var earliest civil.Date // renewal that leads the group of the month being walked
	for _, piece := range pieces {
		if piece.rule == Calendar {
			if earliest.IsZero() || monthIndex(earliest) != monthIndex(piece.period.Start) {
				earliest = piece.period.Start
			}
			if day := p.SingleInvoiceOn(earliest); day != piece.scheduledOn {
				piece.rule, piece.scheduledOn = Grouped, day
			}
		}
		if piece.scheduledOn.After(on) {
			continue
		}
		line, priced := p.line(contracts, piece, earliest, on)
		if priced {
			u.Lines = append(u.Lines, line)
		} else {
			u.Held = append(u.Held, line)
		}
	}
	return u
}

// NextInvoices returns the invoices that the runs from the day on, up to and including until, will make for the
// account if nothing changes in between (P-16, P-17, invariant 13). from is the day of the next run: tomorrow, once
// today's has been. Invoices without an amount are left out, as none is sent.
func (p Policy) NextInvoices(contracts []Contract, from, until civil.Date) []Upcoming {
	var all []Upcoming
	p.simulate(contracts, from, until, func(u Upcoming) bool {
		if u.Net() != 0 || len(u.Held) > 0 {
			all = append(all, u)
		}
		return true
	})
	return all
}

// NextLine is the next line of one contract and the invoice date it is for; On is zero when none will come.
type NextLine struct {
	On   civil.Date
	Line Line
}

// NextLines returns for each contract of the account, by index, its next line from the run of that day on: what the
// panel shows as next invoice date and amount. Lines for staff (Upcoming.Held) count with amount 0, and so do lines of an
// invoice that will not be sent because it adds up to nothing.
func (p Policy) NextLines(contracts []Contract, from civil.Date) []NextLine {
	next, missing := make([]NextLine, len(contracts)), 0
	for i := range contracts {
		if _, ok := p.unbilled(&contracts[i], contracts[i].BilledUntil, from); ok {
			missing++
		}
	}
	if missing == 0 {
		return next
	}
	p.simulate(contracts, from, from.AddMonths(12*20), func(u Upcoming) bool {
		for _, l := range slices.Concat(u.Lines, u.Held) {
			if next[l.contract].On.IsZero() {
				next[l.contract] = NextLine{On: u.On, Line: l}
				missing--
			}
		}
		return missing > 0
	})
	return next
}

// simulate makes the runs of the days on which something is due, until visit returns false.
func (p Policy) simulate(contracts []Contract, from, until civil.Date, visit func(Upcoming) bool) {
	work := slices.Clone(contracts)
	for on := p.nextRun(work, from); !on.IsZero() && !on.After(until); on = p.nextRun(work, on) {
		u := p.Due(work, on)
		for _, lines := range [...][]Line{u.Lines, u.Held} {
			for i := range lines {
				c := &work[lines[i].contract]
				c.BilledUntil = civil.Latest(c.BilledUntil, lines[i].Period.End)
			}
		}
		if !visit(u) {
			return
		}
	}
}

// nextRun returns the first day from the given one on which something is due, zero when nothing ever is. A group
// cannot be due before its earliest renewal would be alone, so single dates are enough.
func (p Policy) nextRun(contracts []Contract, from civil.Date) (on civil.Date) {
	for i := range contracts {
		piece, ok := p.unbilled(&contracts[i], contracts[i].BilledUntil, from)
		if !ok {
			continue
		}
		if day := civil.Latest(from, piece.scheduledOn); on.IsZero() || day.Before(on) {
			on = day
		}
	}
	return on
}

// line prices the piece for a run on that day.
func (p Policy) line(contracts []Contract, piece piece, earliest, on civil.Date) (l Line, priced bool) {
	c := &contracts[piece.contract]
	l = Line{
		ContractID: c.ID, Period: piece.period, Rule: piece.rule, ScheduledOn: piece.scheduledOn,
		Late:     piece.rule != First && piece.rule != Accepted && on.After(piece.scheduledOn),
		contract: piece.contract, leadDays: p.InvoiceLeadDays,
	}
	if piece.rule == Grouped {
		l.EarliestOn = earliest
	}
	if c.Kind == Business && piece.rule != First {
		l.LastNoticeOn = p.LastNoticeOn(c.PeriodOn(piece.whole.Start.AddDays(-1)), c.Months, on, l.Late)
	}
	l.Net, priced = c.price(piece.period, piece.whole, on)
	return l, priced
}
