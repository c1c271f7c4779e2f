package term

import (
	"fmt"

	"github.com/google/uuid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/problem"
)

// Rule says why a line is billed on its day. It is part of the API.
type Rule string

// The rules of section 2 and the exceptions that invariant 10 lists.
const (
	Calendar Rule = "CALENDAR" // the latest 1st at least 30 days before the renewal
	Grouped  Rule = "GROUPED"  // the same, of an earlier renewal in the same month
	Monthly  Rule = "MONTHLY"  // the 1st within the running month
	First    Rule = "FIRST"    // at once, when ordered
	Accepted Rule = "CONSUMER" // at once, when a consumer accepted the renewal
)

// Line is one period of one contract on an upcoming invoice.
type Line struct {
	ContractID   uuid.UUID
	Period       civil.Period // starts at the renewal it is for
	Net          money.Cents
	Rule         Rule
	ScheduledOn  civil.Date // the date that the rule gives
	Late         bool       // ScheduledOn had passed: billed by the first run that could (V34)
	EarliestOn   civil.Date // Grouped: the renewal that set the date; else zero
	LastNoticeOn civil.Date // the last day to cancel and not owe this line (§2.4); zero where no such day exists

	contract int // index into the contracts given
	leadDays int // what the policy promised
}

// Explain returns the sentence that tells a customer why the line is billed when it is.
func (l *Line) Explain() problem.Text {
	t := l.reason()
	if l.Late {
		t.NL += fmt.Sprintf(" De gewone datum, %s, was al voorbij.", l.ScheduledOn.Format("nl"))
		t.EN += fmt.Sprintf(" The usual date, %s, had passed.", l.ScheduledOn.Format("en"))
	}
	return t
}

func (l *Line) reason() problem.Text {
	r := l.Period.Start
	switch l.Rule {
	case First:
		return problem.Text{
			NL: "Eerste periode: de factuur volgt direct op de bestelling.",
			EN: "First period: invoiced at once when ordered.",
		}
	case Accepted:
		return problem.Text{
			NL: "U heeft deze verlenging bevestigd; de factuur volgt daar direct op.",
			EN: "You accepted this renewal; it is invoiced at once.",
		}
	case Monthly:
		return problem.Text{
			NL: fmt.Sprintf("Kort abonnement: de verlenging op %s staat op de factuur van de 1e van de maand daarvoor, nadat de lopende periode is begonnen.", r.Format("nl")),
			EN: fmt.Sprintf("Short term: the renewal on %s is on the invoice of the 1st before it, once the running period has begun.", r.Format("en")),
		}
	case Grouped:
		return problem.Text{
			NL: fmt.Sprintf("Eén factuur voor alle verlengingen in %s; de eerste, op %s, bepaalt de datum.", r.FormatMonth("nl"), l.EarliestOn.Format("nl")),
			EN: fmt.Sprintf("One invoice for all renewals in %s; the first, on %s, sets the date.", r.FormatMonth("en"), l.EarliestOn.Format("en")),
		}
	}
	return problem.Text{
		NL: fmt.Sprintf("De laatste 1e van een maand die ten minste %d dagen voor de verlenging op %s ligt.", l.leadDays, r.Format("nl")),
		EN: fmt.Sprintf("The latest 1st of a month that is at least %d days before the renewal on %s.", l.leadDays, r.Format("en")),
	}
}
