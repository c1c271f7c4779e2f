package billing

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// The origins of an invoice. At most one of OriginRun is issued to an account on a day.
const (
	OriginRun     = "RUN"     // the billing run
	OriginOrder   = "ORDER"   // an order or an accepted quote
	OriginRenewal = "RENEWAL" // a consumer's accepted renewal
	OriginManual  = "MANUAL"  // staff
	OriginCredit  = "CREDIT"  // a credit note
)

// Draft is an invoice that is still to be issued.
type Draft struct {
	AccountID   uuid.UUID
	Origin      string
	ScheduledOn civil.Date // the calendar's day, when that has passed
	Lines       []DraftLine
}

// DraftLine is one line of a draft. With a subscription and a period it covers that period.
type DraftLine struct {
	SubscriptionID uuid.UUID // Nil for something that is paid once
	ProductID      uuid.UUID // Nil for something that is not in the catalog
	Name           string    // what it is, in the customer's language
	Label          string    // what it is for, usually a domain name; may be empty
	Quantity       int       // 0 counts as 1
	Net            money.Cents
	Period         civil.Period // zero for something that is paid once

	Rule         term.Rule
	Late         bool
	LastCancelOn civil.Date
}

// DueLines returns what is due of the account on a day, by the function that the panel asks too (invariant 13), and the
// earliest date that has passed, if one has. With services it is narrowed to those. Held tells that a line is due for which
// no price is valid.
func DueLines(b *subscription.Book, on civil.Date, services ...uuid.UUID) (lines []DraftLine, scheduledOn civil.Date, held bool) {
	wanted := map[uuid.UUID]bool{}
	for _, id := range services {
		wanted[id] = true
	}
	due := b.Policy.Due(b.Contracts(), on)
	for _, l := range due.Lines {
		if len(services) > 0 && !wanted[l.ContractID] {
			continue
		}
		lines = append(lines, lineOf(b, &l))
		if l.Late && (scheduledOn.IsZero() || l.ScheduledOn.Before(scheduledOn)) {
			scheduledOn = l.ScheduledOn
		}
	}
	return lines, scheduledOn, len(due.Held) > 0
}

// lineOf writes a due line for the customer. A consumer pays what the accepted offer said.
func lineOf(b *subscription.Book, l *term.Line) DraftLine {
	s := b.Service(l.ContractID)
	net := l.Net
	for _, o := range s.Offers {
		if o.Status == subscription.OfferAccepted && o.RenewsOn == l.Period.Start {
			net = o.NetCents
		}
	}
	return DraftLine{SubscriptionID: s.ID, ProductID: s.ProductID, Name: s.Product.Name(b.Language()), Label: s.Label, Quantity: s.Quantity, Net: net,
		Period: l.Period, Rule: l.Rule, Late: l.Late, LastCancelOn: l.LastNoticeOn}
}

// describe returns the text of the line: "Webhosting Basis – voorbeeld.nl, 18-04-2027 t/m 17-04-2028".
func (l *DraftLine) describe(language string) string {
	text := l.Name
	if l.Label != "" {
		text += " – " + l.Label
	}
	if !l.Period.IsZero() {
		text += ", " + days(l.Period, language)
	}
	return text
}

func days(p civil.Period, language string) string {
	if p.Days() == 1 {
		return p.Start.Short()
	}
	if language == "nl" {
		return p.Start.Short() + " t/m " + p.Last().Short()
	}
	return p.Start.Short() + " to " + p.Last().Short()
}

// rows returns the lines as they are stored. A quantity that does not divide the amount is shown as one.
func (d *Draft) rows(invoice uuid.UUID, language string, v vat.Decision) []Line {
	rows := make([]Line, len(d.Lines))
	for i := range d.Lines {
		l := &d.Lines[i]
		quantity := max(1, l.Quantity)
		if l.Net%money.Cents(quantity) != 0 {
			quantity = 1
		}
		rows[i] = Line{ID: key.New(), InvoiceID: invoice, AccountID: d.AccountID, Position: i + 1, Description: l.describe(language),
			SubscriptionID: orNil(l.SubscriptionID), ProductID: orNil(l.ProductID), Label: l.Label, Quantity: quantity, UnitCents: l.Net / money.Cents(quantity), NetCents: l.Net,
			VatCategory: string(v.Category), VatRate: int(v.Rate), PeriodStartOn: l.Period.Start, PeriodEndOn: l.Period.End,
			Rule: l.Rule, Late: l.Late, LastCancelOn: l.LastCancelOn}
	}
	return rows
}

// totals adds up rows under one decision.
func totals(rows []Line) vat.Totals {
	lines := make([]vat.Line, len(rows))
	for i, r := range rows {
		lines[i] = vat.Line{Net: r.NetCents, Category: vat.Category(r.VatCategory), Rate: vat.Rate(r.VatRate)}
	}
	return vat.TotalsOf(lines)
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
