package term

import (
	"time"

	"klantenpaneel/internal/civil"
)

// runHour is the Amsterdam hour of the daily run: never in the hour that summer time takes or repeats (§2.3).
const runHour = 4

// RunAt returns the instant at which the daily run of that day starts: 04:00 in Amsterdam.
func RunAt(day civil.Date) time.Time { return day.At(runHour, 0) }

// NextRunOn returns the day of the first daily run that has not started at that time: the day to ask NextInvoices from.
func NextRunOn(now time.Time) civil.Date {
	today := civil.In(now)
	if now.Before(RunAt(today)) {
		return today
	}
	return today.AddDays(1)
}

// ConfirmBy returns the day on which a request received on that day confirms itself if staff have not (P-19, 2.5).
func (p Policy) ConfirmBy(receivedOn civil.Date) civil.Date {
	return receivedOn.AddWorkingDays(p.ReviewWorkingDays)
}

// TransferTight reports whether a domain that starts to move on the day may not arrive before R (M-16).
func (p Policy) TransferTight(day, renewal civil.Date) bool {
	return day.After(renewal.AddWorkingDays(-p.TransferWorkingDays))
}

// TransferAdvisedBy returns the last day on which moving a domain before R is without haste.
func (p Policy) TransferAdvisedBy(renewal civil.Date) civil.Date {
	return renewal.AddWorkingDays(-p.TransferAdviceDays)
}
