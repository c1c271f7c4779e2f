package term

import (
	"time"

	"klantenpaneel/internal/civil"
)

// Mode is how a customer wants to end a contract (M-11).
type Mode string

// The modes of a cancellation (§2.4).
const (
	EndOfTerm  Mode = "END_OF_TERM"
	Immediate  Mode = "IMMEDIATE"
	Switch     Mode = "SWITCH"
	Withdrawal Mode = "WITHDRAWAL"
)

// Cancellation is a request to end a contract, with what was known when it was received.
type Cancellation struct {
	Mode       Mode
	ReceivedAt time.Time // legal time of receipt; when staff entered or confirmed it does not matter (P-19)

	Running Issue // the invoice for the period that runs on ReceivedAt
	Next    Issue // the invoice for the period after it

	Continued    bool         // Consumer: a fixed term that went on tacitly and so became indefinite (§3.1)
	CompletedOn  civil.Date   // Switch: the day on which the customer reported success; zero while it runs
	ExtendedTo   civil.Date   // Switch: the day to which the customer extended the transition, if so
	Withdrawn    civil.Period // Withdrawal: the period that was ordered or accepted
	ContractOn   civil.Date   // Withdrawal: the day of that order or acceptance
	StartedEarly bool         // Withdrawal: the customer expressly asked to start within the 14 days
}

// Issue is what a cancellation needs to know of an invoice. Late with a zero At is one that should have been issued by
// now and is not: the chance to cancel that it will bring is not lost by asking early.
type Issue struct {
	At   time.Time // zero when it is not issued
	Late bool      // issued after its own date, so that a chance to cancel follows (V34)
}

// by returns the day of issue if the invoice existed at that time.
func (i Issue) by(t time.Time) (on civil.Date, issued bool) {
	if i.At.IsZero() || i.At.After(t) {
		return civil.Date{}, false
	}
	return civil.In(i.At), true
}

// End is when a contract ends and what is owed.
type End struct {
	On           civil.Date // the first day without service
	At           time.Time  // the instant: On 00:00, or at once for Immediate and Withdrawal of a running period
	OwedUntil    civil.Date // days before this one stay owed; what is billed from it on is credited (invariant 15)
	RenewalOn    civil.Date // end of the period that ran when the request was received: R
	LastNoticeOn civil.Date // Business: the last day that ended it at RenewalOn; zero where no such day exists
	Timely       bool       // received by that day, or no day applies
}

// EffectiveEnd returns when the contract ends on this request (§2.4). It depends on the time of receipt and never on
// when the request is handled (invariant 14). The only problem it returns is for a Withdrawal that is not the
// customer's to make.
func (p Policy) EffectiveEnd(c *Contract, x Cancellation) (End, error) {
	day := civil.In(x.ReceivedAt)
	switch x.Mode {
	case Withdrawal:
		return p.withdrawalEnd(c, x, day)
	case Switch:
		return p.switchEnd(c, x, day), nil
	}
	end := p.endOfTerm(c, x, day)
	if x.Mode == Immediate {
		end.OwedUntil = p.paidEnd(c, x, end)
		end.On, end.At = day, x.ReceivedAt
	}
	return end, nil
}

// endOfTerm is the recommended mode (M-12).
func (p Policy) endOfTerm(c *Contract, x Cancellation, day civil.Date) End {
	running := c.PeriodOn(day)
	end := End{RenewalOn: running.End, Timely: true}
	switch {
	case c.indefinite(x):
		end.On = civil.Latest(day, c.AnchorOn).AddMonths(1)
	case c.FixedConsumer():
		end.On = civil.Latest(running.End, c.AgreedUntil)
	case p.mayDrop(c, x, running, day):
		return End{RenewalOn: running.Start, Timely: true, On: day.AddDays(1), At: NoticeEndsAt(day), OwedUntil: running.Start}
	default:
		end.LastNoticeOn = p.lastNoticeOn(c, x, running)
		end.Timely = !day.After(end.LastNoticeOn)
		end.On = running.End
		if !end.Timely {
			end.On = c.PeriodOn(running.End).End
		}
	}
	end.OwedUntil, end.At = end.On, end.On.Start()
	return end
}

// lastNoticeOn returns the last day of notice given what was issued when the request came in: until there is an
// invoice, only the length of the notice counts (M-03).
func (p Policy) lastNoticeOn(c *Contract, x Cancellation, running civil.Period) civil.Date {
	if on, issued := x.Next.by(x.ReceivedAt); issued {
		return p.LastNoticeOn(running, c.Months, on, x.Next.Late)
	}
	last := p.noticeOn(running, c.Months)
	if x.Next.Late {
		last = civil.Latest(last, p.graceOn(civil.In(x.ReceivedAt), true))
	}
	return last
}

// mayDrop reports whether a period that has begun already may still be given up, because its invoice came so late that
// the chance to cancel outlasted the renewal (V34). Service then ends with the day, and nothing of the period is owed.
func (p Policy) mayDrop(c *Contract, x Cancellation, running civil.Period, day civil.Date) bool {
	on, issued := x.Running.by(x.ReceivedAt)
	return issued && x.Running.Late && running.Start != c.AnchorOn && !day.After(p.graceOn(on, true))
}

// paidEnd returns the day until which an immediate end leaves a contract owed: what was billed or runs stays so, unless
// notice was in time. Nothing further is billed (M-13).
func (p Policy) paidEnd(c *Contract, x Cancellation, end End) civil.Date {
	if c.Kind == Consumer {
		return end.OwedUntil
	}
	return civil.Latest(civil.Earliest(end.RenewalOn, end.OwedUntil), civil.Earliest(end.OwedUntil, c.BilledUntil))
}

// indefinite reports whether the consumer may leave with a month's notice on any day (§3.1).
func (c *Contract) indefinite(x Cancellation) bool {
	return c.Indefinite() || x.Continued && c.Kind == Consumer
}
