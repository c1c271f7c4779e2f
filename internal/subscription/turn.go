package subscription

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"
)

// EndReason is why a subscription ended.
type EndReason string

// The reasons for an end.
const (
	EndCancelled  EndReason = "CANCELLED"
	EndNotRenewed EndReason = "NOT_RENEWED"
	EndWithdrawn  EndReason = "WITHDRAWN"
	EndSwitched   EndReason = "SWITCHED"
	EndImmediate  EndReason = "IMMEDIATE"
)

// Turn is what the start of a day brings a service: it ends, or its next term begins.
type Turn struct {
	EndsOn civil.Date // zero when it goes on
	Reason EndReason
	Period civil.Period // the term that runs now, when it goes on
}

// Turn decides what has become of the service by the start of the day; ok is false when nothing has. After days without a
// run it looks past all of them. An open request ends it on its legal day, however long staff take (P-19, invariant 14); a
// consumer's fixed term ends unless the next one was accepted (P-32).
func (b *Book) Turn(s *Service, day civil.Date) (t Turn, ok bool) {
	if on, reason := s.end(); !on.IsZero() && !on.After(day) {
		return Turn{EndsOn: on, Reason: reason}, true
	}
	if s.PeriodEndOn.After(day) {
		return Turn{}, false
	}
	c := &s.Contract
	if c.FixedConsumer() {
		if !c.AgreedUntil.After(day) {
			return Turn{EndsOn: c.AgreedUntil, Reason: EndNotRenewed}, true
		}
	}
	return Turn{Period: c.PeriodOn(day)}, true
}

// end returns the day on which the service ends, zero when none is set.
func (s *Service) end() (civil.Date, EndReason) {
	on, reason := s.EndsOn, EndCancelled
	if x := s.Cancellation; x != nil {
		switch term.Mode(x.Mode) {
		case term.Switch:
			reason = EndSwitched
		case term.Immediate:
			reason = EndImmediate
		case term.Withdrawal:
			reason = EndWithdrawn
		}
		if on.IsZero() && x.Status != "AWAITING_DOMAIN_DECISION" {
			on = x.EffectiveOn
		}
	}
	if s.EndReason != nil {
		reason = EndReason(*s.EndReason)
	}
	return on, reason
}
