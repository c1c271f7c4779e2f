package term

import (
	"time"

	"klantenpaneel/internal/civil"
)

// LastNoticeOn returns the last day on which notice still ends a business contract at the end of its running period, as
// shown on invoices and reminders (§2.4, P-28, M-02, M-03). invoiceOn is the date, planned or real, of the invoice for
// the period after it; late says that this invoice came after its own date (V34). Notice on the day itself counts,
// until 24:00 in Amsterdam.
//
// For terms under three months notice is never due before the running period has begun.
func (p Policy) LastNoticeOn(running civil.Period, months int, invoiceOn civil.Date, late bool) civil.Date {
	last := p.noticeOn(running, months)
	if p.InvoiceFinal {
		last = floor(civil.Earliest(last, invoiceOn.AddDays(-1)), running, months)
	}
	return civil.Latest(last, p.graceOn(invoiceOn, late))
}

// NoticeEndsAt returns the instant at which notice comes too late: the midnight that ends the last day.
func NoticeEndsAt(lastNoticeOn civil.Date) time.Time { return lastNoticeOn.AddDays(1).Start() }

// noticeOn returns the last day by the length of the notice alone.
func (p Policy) noticeOn(running civil.Period, months int) civil.Date {
	return floor(running.End.AddDays(-p.NoticeDays).AddMonths(-p.NoticeMonths), running, months)
}

// graceOn returns the last day that an invoice itself grants, zero when it grants none.
func (p Policy) graceOn(invoiceOn civil.Date, late bool) (last civil.Date) {
	if p.MinDaysAfterInvoice > 0 {
		last = invoiceOn.AddDays(p.MinDaysAfterInvoice)
	}
	if late {
		last = civil.Latest(last, invoiceOn.AddDays(p.LateNoticeDays))
	}
	return last
}

// floor keeps the notice of a short term from being due before that term began.
func floor(day civil.Date, running civil.Period, months int) civil.Date {
	if months < calendarMonths {
		return civil.Latest(day, running.Start)
	}
	return day
}
