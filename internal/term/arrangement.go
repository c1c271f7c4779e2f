package term

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// Instalment is one payment of an arrangement (M-22).
type Instalment struct {
	On     civil.Date
	Amount money.Cents
}

// Instalments splits an open amount over n months from the first day on. They add up to it exactly (invariant 21);
// later days are counted from the first and clamped. It panics when n is not positive.
func Instalments(open money.Cents, n int, firstOn civil.Date) []Instalment {
	amounts := money.Split(open, n)
	plan := make([]Instalment, n)
	for i, amount := range amounts {
		plan[i] = Instalment{On: firstOn.AddMonths(i), Amount: amount}
	}
	return plan
}

// RemindOn returns the day on which an unpaid instalment is reminded of, once.
func (i Instalment) RemindOn() civil.Date { return i.On.AddDays(1) }

// BreaksOn returns the day on which an unpaid instalment breaks the arrangement.
func (i Instalment) BreaksOn() civil.Date { return i.On.AddDays(5) }
