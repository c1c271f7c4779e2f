package term

import "klantenpaneel/internal/civil"

// ReminderOn returns the day on which an invoice of that date is announced to a customer who asked for it on askedOn
// (zero: always): ReminderDays before it. Asked for later, it comes at once if ReminderMinDays are left, else not at
// all (P-30). Whether there will be an invoice is for NextInvoices to say (invariant 28).
func (p Policy) ReminderOn(invoiceOn, askedOn civil.Date) (on civil.Date, ok bool) {
	on = civil.Latest(invoiceOn.AddDays(-p.ReminderDays), askedOn)
	return on, on == invoiceOn.AddDays(-p.ReminderDays) || invoiceOn.Sub(on) >= p.ReminderMinDays
}
