package term

import (
	"github.com/google/uuid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// Contract is what the calendar needs to know of a subscription. Fill it from the row.
type Contract struct {
	ID       uuid.UUID
	Kind     Kind
	AnchorOn civil.Date // first day of service
	Months   int        // length of a term, at least 1
	Quantity int        // 0 counts as 1
	Prices   []Price    // in any order

	BilledUntil     civil.Date // end of the last period on a line that is not credited; zero when nothing is billed
	EndsOn          civil.Date // fixed end: the first day without service; zero when it runs on
	AgreedUntil     civil.Date // Consumer: end of the last term ordered or accepted; zero when that is the first term
	CancelRequested bool       // an open cancellation request keeps it from being billed (invariant 14)
}

// Price is what one term costs from a day on.
type Price struct {
	From        civil.Date
	AnnouncedOn civil.Date  // when the customer was told; zero when it was never news
	Net         money.Cents // for one term and one piece
}

// PriceOn returns the net price valid on the day as it was known on knownOn: what a line that starts on that day costs
// when it is issued on knownOn (§2.3). ok is false when there is none.
func PriceOn(prices []Price, day, knownOn civil.Date) (net money.Cents, ok bool) {
	var best Price
	for _, v := range prices {
		if v.From.After(day) || v.AnnouncedOn.After(knownOn) {
			continue
		}
		if !ok || !v.From.Before(best.From) {
			best, ok = v, true
		}
	}
	return best.Net, ok
}

// AnnounceBy returns the last day on which a price can be announced that the renewal invoiced on that day is to have:
// AnnounceDays before the reminder or, without one, before the invoice (§2.3).
func (p Policy) AnnounceBy(invoiceOn civil.Date, withReminder bool) civil.Date {
	if withReminder {
		invoiceOn = invoiceOn.AddDays(-p.ReminderDays)
	}
	return invoiceOn.AddDays(-p.AnnounceDays)
}

// Indefinite reports whether the contract has no fixed end to its commitment: a consumer's monthly one (P-31).
func (c *Contract) Indefinite() bool { return c.Kind == Consumer && c.Months < calendarMonths }

// FixedConsumer reports whether the contract ends unless its holder accepts a renewal (P-31, P-32).
func (c *Contract) FixedConsumer() bool { return c.Kind == Consumer && c.Months >= calendarMonths }

// PeriodOn returns the period of the contract that contains the day.
func (c *Contract) PeriodOn(day civil.Date) civil.Period { return PeriodOn(c.AnchorOn, c.Months, day) }

// agreed returns the end of what a consumer has said yes to.
func (c *Contract) agreed() civil.Date {
	if c.AgreedUntil.IsZero() {
		return Renewal(c.AnchorOn, c.Months, 1)
	}
	return c.AgreedUntil
}

// price returns what the piece of the whole term costs; part of a term costs its share of days.
func (c *Contract) price(piece, whole civil.Period, knownOn civil.Date) (net money.Cents, ok bool) {
	net, ok = PriceOn(c.Prices, whole.Start, knownOn)
	net *= money.Cents(max(1, c.Quantity))
	if piece != whole {
		net = money.ProRata(net, piece.Days(), whole.Days())
	}
	return net, ok
}
