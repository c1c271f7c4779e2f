package term

import (
	"time"

	"klantenpaneel/internal/civil"
)

// mailHour is the Amsterdam hour from which offers and reminders are sent.
const mailHour = 8

// Offer is the timetable of one renewal offer to a consumer (P-20, P-31, P-32).
type Offer struct {
	Renewal    civil.Period  // what accepting buys; it starts at R
	PanelOn    civil.Date    // the panel takes the answer from this day
	MailOn     civil.Date    // the offer is mailed, from 08:00
	ReminderOn [2]civil.Date // and repeated, unless answered
	ExpiresAt  time.Time     // R 00:00: from then on nothing can be accepted
}

// OfferFor returns the next offer for a consumer's fixed term as seen on that day: for the end of what runs or has been
// accepted. ok is false for a contract that gets none: business, monthly, or ending by then (invariant 22).
func (p Policy) OfferFor(c *Contract, day civil.Date) (o Offer, ok bool) {
	r := civil.Latest(c.PeriodOn(day).End, c.agreed())
	if !c.FixedConsumer() || !c.EndsOn.IsZero() && !c.EndsOn.After(r) {
		return Offer{}, false
	}
	o = Offer{
		Renewal:   c.PeriodOn(r),
		PanelOn:   r.AddDays(-p.OfferInPanelDays),
		MailOn:    r.AddDays(-p.OfferDays),
		ExpiresAt: r.Start(),
	}
	for i, days := range p.OfferReminderDays {
		o.ReminderOn[i] = r.AddDays(-days)
	}
	return o, true
}

// Acceptable reports whether the offer can be accepted at that time.
func (o *Offer) Acceptable(at time.Time) bool {
	return at.Before(o.ExpiresAt) && !at.Before(o.PanelOn.Start())
}

// MailAt returns the earliest instant at which mail of that day goes out: 08:00 in Amsterdam.
func MailAt(day civil.Date) time.Time { return day.At(mailHour, 0) }
