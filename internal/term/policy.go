// Package term owns the arithmetic of contracts: renewals, the invoice calendar, notice and ends, offers, withdrawal,
// reminders, dunning days and collection costs.
//
// The panel, the reminders, the offers and the billing run all ask here, so that what a customer is shown is what is
// billed (invariant 13). Everything is a function of its arguments: no I/O, no clock, no time zone of a machine.
// References such as §2.1, P-26 and V34 point into the business rules this package carries out.
package term

import "klantenpaneel/internal/civil"

// Kind is the law that a contract falls under. A small business that is treated as a consumer (reflexwerking) is a
// Consumer here, though not for VAT.
type Kind string

// The kinds of customer (§0).
const (
	Business Kind = "BUSINESS"
	Consumer Kind = "CONSUMER"
)

// Policy is the set of terms that a brand has promised its customers (§0). It is plain data: copy one and change it.
type Policy struct {
	Name string

	InvoiceLeadDays int        // an invoice precedes the renewal by at least this many days (P-26)
	CalendarSince   civil.Date // invoice dates before this day belong to an older scheme and are never billed again (V04)

	NoticeDays          int  // business notice in days before the renewal (P-28); 0 when NoticeMonths rules
	NoticeMonths        int  // business notice in calendar months, clamped (M-02); 0 when NoticeDays rules
	InvoiceFinal        bool // an issued invoice stands, and ends the chance to cancel (M-03, M-04)
	MinDaysAfterInvoice int  // notice stays possible this many days after the invoice at least (§1c.6); 0 for none
	LateNoticeDays      int  // the same, for a line that was billed after its date (V34)

	AnnounceDays        int    // a price is announced this many days before the invoice or its reminder (§2.3)
	ReminderDays        int    // an invoice is announced this many days ahead, on request (P-30)
	ReminderMinDays     int    // and still announced when asked for late, with this many days left
	OfferDays           int    // a consumer is offered the renewal this many days ahead (P-31)
	OfferReminderDays   [2]int // and reminded this many days ahead
	OfferInPanelDays    int    // the panel takes the answer from this many days ahead (P-20)
	WithdrawalDays      int    // a consumer may withdraw until the end of this day after the contract (§3.5)
	PaymentTermDays     int    // an invoice is due this many days after its date
	MaxPaymentTermDays  int    // the most that an account may be given instead
	RecoverableDays     int    // after immediate deletion (M-14)
	RetrievalDays       int    // data stay retrievable after an end or a switch (§3.8)
	SwitchNoticeDays    int    // notice of a switch to another provider (§2.4)
	SwitchTransitDays   int    // and the time the switch itself may take
	ReviewWorkingDays   int    // staff answer, and confirm cancellations, within these
	TransferWorkingDays int    // a domain may need this long to move (M-16)
	TransferAdviceDays  int    // and is better given this long, in working days
}

// PING is the default policy: 30 days of notice, and a timely cancellation undoes an invoice that was already sent.
var PING = Policy{
	Name:                "PING",
	InvoiceLeadDays:     30,
	CalendarSince:       civil.New(2015, 1, 1),
	NoticeDays:          30,
	LateNoticeDays:      14,
	AnnounceDays:        30,
	ReminderDays:        30,
	ReminderMinDays:     7,
	OfferDays:           30,
	OfferReminderDays:   [2]int{7, 1},
	OfferInPanelDays:    60,
	WithdrawalDays:      14,
	PaymentTermDays:     14,
	MaxPaymentTermDays:  30,
	RecoverableDays:     14,
	RetrievalDays:       30,
	SwitchNoticeDays:    30,
	SwitchTransitDays:   30,
	ReviewWorkingDays:   2,
	TransferWorkingDays: 5,
	TransferAdviceDays:  10,
}

// MHP is the stricter policy: a calendar month of notice, and before the invoice exists.
var MHP = mhp()

func mhp() Policy {
	p := PING
	p.Name, p.NoticeDays, p.NoticeMonths, p.InvoiceFinal = "MHP", 0, 1, true
	return p
}

// PolicyNamed returns the profile that a brand has chosen; ok is false for a name that is none.
func PolicyNamed(name string) (p Policy, ok bool) {
	switch name {
	case PING.Name:
		return PING, true
	case MHP.Name:
		return MHP, true
	}
	return Policy{}, false
}

// DueOn returns the day on which an invoice of that day must be paid. days is the account's own payment term, 0 when
// it has none; it counts up to MaxPaymentTermDays.
func (p Policy) DueOn(issuedOn civil.Date, days int) civil.Date {
	if days <= 0 {
		days = p.PaymentTermDays
	}
	return issuedOn.AddDays(min(days, p.MaxPaymentTermDays))
}
