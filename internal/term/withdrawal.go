package term

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/problem"
)

// WithdrawalEndsAt returns the instant at which a consumer's right to withdraw from a contract or an accepted renewal
// of that day ends: 24:00 in Amsterdam on the 14th day after it (§3.5).
func (p Policy) WithdrawalEndsAt(contractOn civil.Date) time.Time {
	return contractOn.AddDays(p.WithdrawalDays + 1).Start()
}

// Unused returns the part of the net price of a billed period that falls on or after the day: what a credit note gives
// back when only the days before it are owed (§3.4, A23). The days kept are rounded half up, the rest follows.
func Unused(net money.Cents, period civil.Period, owedUntil civil.Date) money.Cents {
	kept := min(max(0, owedUntil.Sub(period.Start)), period.Days())
	if kept == period.Days() {
		return 0
	}
	return net - money.ProRata(net, kept, period.Days())
}

// withdrawalEnd ends the period that was ordered or accepted: at once, or at its start when it has not begun. Days that
// were used are owed only if the customer expressly asked to start (§3.5).
func (p Policy) withdrawalEnd(c *Contract, x Cancellation, day civil.Date) (End, error) {
	if c.Kind != Consumer {
		return End{}, problem.New(problem.Forbidden, problem.Text{
			NL: "Herroepen kan alleen bij een consumentenovereenkomst.",
			EN: "Only a consumer contract can be withdrawn from.",
		})
	}
	if !x.ReceivedAt.Before(p.WithdrawalEndsAt(x.ContractOn)) {
		last := x.ContractOn.AddDays(p.WithdrawalDays)
		return End{}, problem.New(problem.Conflict, problem.Text{
			NL: "De bedenktijd is voorbij; herroepen kon tot en met " + last.Format("nl") + ".",
			EN: "The withdrawal period is over; it ran up to and including " + last.Format("en") + ".",
		})
	}
	start := x.Withdrawn.Start
	end := End{On: start, At: start.Start(), OwedUntil: start, RenewalOn: x.Withdrawn.End, Timely: true}
	if !day.Before(start) {
		end.On, end.At = day, x.ReceivedAt
		if x.StartedEarly {
			end.OwedUntil = day
		}
	}
	return end, nil
}
