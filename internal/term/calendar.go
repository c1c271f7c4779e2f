package term

import "klantenpaneel/internal/civil"

// SingleInvoiceOn returns the invoice date of one renewal: the latest 1st of a month that is at least
// InvoiceLeadDays before it (§2.1, P-26). With 30 days the lead is always 30 to 60.
func (p Policy) SingleInvoiceOn(renewal civil.Date) civil.Date {
	return renewal.AddDays(-p.InvoiceLeadDays).FirstOfMonth()
}

// GroupInvoiceOn returns the invoice date of renewals in one calendar month of one account, none of them billed yet:
// that of the earliest (§2.2, P-29).
func (p Policy) GroupInvoiceOn(renewal civil.Date, more ...civil.Date) civil.Date {
	return p.SingleInvoiceOn(civil.Earliest(renewal, more...))
}

// MonthlyInvoiceOn returns the invoice date of the renewal at the end of the running period, for terms under three
// months: as SingleInvoiceOn, but not before the first 1st on or after the start of the running period (§2.3).
func (p Policy) MonthlyInvoiceOn(running civil.Period) civil.Date {
	return civil.Latest(p.SingleInvoiceOn(running.End), firstOnOrAfter(running.Start))
}

// firstOnOrAfter returns the first 1st of a month on or after the day.
func firstOnOrAfter(d civil.Date) civil.Date {
	if first := d.FirstOfMonth(); first == d {
		return d
	}
	return d.LastOfMonth().AddDays(1)
}
