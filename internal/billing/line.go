package billing

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Line is one line of an invoice.
type Line struct {
	bun.BaseModel `bun:"table:invoice_line,alias:il"`

	ID             uuid.UUID `bun:",pk"`
	InvoiceID      uuid.UUID
	AccountID      uuid.UUID
	Position       int
	Description    string
	SubscriptionID *uuid.UUID
	ProductID      *uuid.UUID
	Label          string
	Quantity       int
	UnitCents      money.Cents
	NetCents       money.Cents
	VatCategory    string
	VatRate        int // in hundredths of a percent
	PeriodStartOn  civil.Date
	PeriodEndOn    civil.Date
	Rule           term.Rule  // why it was billed when it was (invariant 10); "" when no run decided
	Late           bool       // billed after its own date (V34)
	LastCancelOn   civil.Date // notice until then ends the service before the period; zero when there is no such day
	RefersToID     *uuid.UUID
}

// GlobalID returns the line's id in the API.
func (l *Line) GlobalID() string { return key.Format(key.InvoiceLine, l.ID) }

// Period returns the period that the line is for; nil for something that is paid once.
func (l *Line) Period() *civil.Period {
	if l.PeriodStartOn.IsZero() {
		return nil
	}
	return &civil.Period{Start: l.PeriodStartOn, End: l.PeriodEndOn}
}

// RatePercent returns the VAT rate in percent, such as "21.00".
func (l *Line) RatePercent() string { return money.Cents(l.VatRate).Amount() }

// VATTotal is the sums of an invoice for one VAT rate.
type VATTotal struct {
	bun.BaseModel `bun:"table:invoice_vat,alias:iv"`

	InvoiceID uuid.UUID `bun:",pk"`
	AccountID uuid.UUID
	Category  string `bun:",pk"`
	Rate      int    `bun:",pk"` // in hundredths of a percent
	Country   string `bun:",pk"`
	NetCents  money.Cents
	VatCents  money.Cents
}

// RatePercent returns the VAT rate in percent, such as "21.00".
func (t *VATTotal) RatePercent() string { return money.Cents(t.Rate).Amount() }

// Allocation is money that settled an invoice, whole or in part.
type Allocation struct {
	bun.BaseModel `bun:"table:allocation,alias:al"`

	ID             uuid.UUID `bun:",pk"`
	AccountID      uuid.UUID
	InvoiceID      uuid.UUID
	PaymentID      *uuid.UUID
	BalanceEntryID *uuid.UUID
	AmountCents    money.Cents
	AllocatedAt    time.Time
}
