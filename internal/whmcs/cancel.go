package whmcs

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// takeCancellations adds the requests to cancel a service. Those that wait stay open; what WHMCS has carried out is
// history.
func (c *customer) takeCancellations() {
	open := map[uuid.UUID]bool{}
	for _, r := range c.rows["tblcancelrequests"] {
		if r.out() {
			continue
		}
		s := c.services[service{"tblhosting", r.integer("relid")}]
		if s == nil || s.subscription == uuid.Nil {
			r.leaveOut("its service %d has no subscription to cancel", r.integer("relid"))
			continue
		}
		received := r.at("date")
		if received.IsZero() {
			r.warn("it has no date: today is taken")
			received = c.now
		}
		id, isNew := c.target(r)
		duplicate := open[s.subscription]
		open[s.subscription] = true
		if !isNew {
			continue
		}
		mode := term.EndOfTerm
		if r.text("type") == "Immediate" {
			mode = term.Immediate
		}
		status, ends, rejection, decided := "OPEN", c.endOf(s, mode, received, r), any(nil), any(nil)
		switch {
		case s.ended:
			status, ends, decided = "EXECUTED", s.endsOn, s.endsOn.Start()
		case duplicate:
			status, rejection, decided = "REJECTED", "DUPLICATE", received
			r.warn("the service has a request to cancel already: this one is kept as a duplicate")
		case mode == term.Immediate:
			r.warn("service %d was to end at once, and still runs: staff look at it before the first run of the jobs", r.integer("relid"))
		}
		reason := r.body("reason")
		c.b.cancellation.add(id, c.id, s.subscription, string(mode), status, reasonCode(reason), reason, received, received, "WHMCS tblcancelrequests "+r.raw("id"), ends, rejection, decided)
	}
}

// endOf returns when the service ends by our rules.
func (c *customer) endOf(s *contracted, mode term.Mode, received time.Time, r *row) civil.Date {
	kind := term.Business
	if !c.business {
		kind = term.Consumer
	}
	contract := term.Contract{ID: s.subscription, Kind: kind, AnchorOn: s.anchor, Months: s.months, BilledUntil: s.billedUntil, AgreedUntil: civil.Latest(s.billedUntil, s.period.End)}
	x := term.Cancellation{Mode: mode, ReceivedAt: received, Running: c.issueOf(s, contract.PeriodOn(civil.In(received)).Start), Next: c.issueOf(s, contract.PeriodOn(civil.In(received)).End)}
	end, err := c.policy.EffectiveEnd(&contract, x)
	if err != nil {
		r.warn("when it ends is for staff to decide: %v", err)
		return s.period.End
	}
	return end.On
}

// issueOf returns the invoice for the period of the service that starts on the day.
func (c *customer) issueOf(s *contracted, start civil.Date) (i term.Issue) {
	for _, b := range s.billed {
		if inv := c.invoices[b.invoice]; b.Start == start && !b.cancelled && inv != nil {
			i.At = inv.issuedOn.Start()
		}
	}
	return i
}

// reasonCode returns the code of a reason that WHMCS keeps as text.
func reasonCode(reason string) string {
	switch {
	case reason == "":
		return ""
	case reason == "Te duur":
		return "TOO_EXPENSIVE"
	}
	return "OTHER"
}
