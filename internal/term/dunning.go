package term

import "klantenpaneel/internal/civil"

// Reminders are the days of the free steps of dunning, counted from the due date (§4). After a dispute, an arrangement
// that broke or a payment that came back, count from the day on which dunning starts again instead.
type Reminders struct {
	FirstOn  civil.Date
	SecondOn civil.Date
	LetterOn civil.Date // the 14-day letter, with the exact costs
}

// RemindersFrom returns the steps after that day.
func RemindersFrom(dueOn civil.Date) Reminders {
	return Reminders{FirstOn: dueOn.AddDays(3), SecondOn: dueOn.AddDays(10), LetterOn: dueOn.AddDays(18)}
}

// Consequences are the days that follow from a 14-day letter, counted from the day of the letter (§4, §3.16).
type Consequences struct {
	LastFreeOn    civil.Date // last day to pay without costs
	CostsOn       civil.Date // costs may be added, and service for an unpaid period suspended
	TerminationOn civil.Date // notice of termination
	DeletionOn    civil.Date // deletion, as scheduled in that notice
}

// ConsequencesOf returns what follows a letter of that day.
func ConsequencesOf(letterOn civil.Date) Consequences {
	termination := letterOn.AddDays(45)
	return Consequences{
		LastFreeOn:    letterOn.AddDays(14),
		CostsOn:       letterOn.AddDays(15),
		TerminationOn: termination,
		DeletionOn:    termination.AddDays(30),
	}
}

// AfterDispute returns the day from which dunning resumes when a dispute is closed.
func AfterDispute(closedOn civil.Date) civil.Date { return closedOn.AddDays(14) }
