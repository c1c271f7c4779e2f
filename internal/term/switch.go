package term

import "klantenpaneel/internal/civil"

// SwitchPlan is the timetable of a switch to another provider under the Data Act (§3.8, A29).
type SwitchPlan struct {
	NoticeUntil    civil.Date // last day of the notice
	TransitUntil   civil.Date // the switch is complete by this day at the latest
	RetrievalUntil civil.Date // data stay retrievable until this day at least
}

// PlanSwitch returns the timetable of a switch asked for on that day. extendedTo is the day to which the customer
// extended the transition, zero if not; an earlier day than the usual one is ignored.
func (p Policy) PlanSwitch(receivedOn, extendedTo civil.Date) SwitchPlan {
	notice := receivedOn.AddDays(p.SwitchNoticeDays)
	transit := civil.Latest(notice.AddDays(p.SwitchTransitDays), extendedTo)
	return SwitchPlan{NoticeUntil: notice, TransitUntil: transit, RetrievalUntil: transit.AddDays(p.RetrievalDays)}
}

// switchEnd ends the contract when the switch is complete. The term that ran when it was asked for stays owed, and so
// do days of service after it; periods after the end are not.
func (p Policy) switchEnd(c *Contract, x Cancellation, day civil.Date) End {
	end := End{RenewalOn: c.PeriodOn(day).End, Timely: true}
	end.On = p.PlanSwitch(day, x.ExtendedTo).TransitUntil
	if !x.CompletedOn.IsZero() {
		end.On = civil.Earliest(end.On, x.CompletedOn)
	}
	end.OwedUntil, end.At = end.On, end.On.Start()
	if !c.indefinite(x) {
		end.OwedUntil = civil.Latest(end.On, end.RenewalOn)
	}
	return end
}
