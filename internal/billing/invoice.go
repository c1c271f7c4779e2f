// Package billing owns invoices and credit notes, and what is paid on them.
package billing

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Since is the first day of the archive: all invoices from 2014 on can be read (P-08). Older ones are only kept.
var Since = civil.New(2014, time.January, 1)

// InvoiceKind tells invoices from credit notes.
type InvoiceKind string

// The kinds of invoices.
const (
	KindInvoice    InvoiceKind = "INVOICE"
	KindCreditNote InvoiceKind = "CREDIT_NOTE"
)

// Invoice is an invoice or a credit note as it was issued. It never changes; what is paid or credited on it does.
type Invoice struct {
	bun.BaseModel `bun:"table:invoice,alias:i"`

	ID                uuid.UUID `bun:",pk"`
	AccountID         uuid.UUID
	Kind              InvoiceKind
	State             string
	Number            string `bun:",nullzero"`
	Origin            string
	RefersToID        *uuid.UUID
	IssuedOn          civil.Date
	DueOn             civil.Date
	ScheduledOn       civil.Date
	Language          string
	PurchaseReference string
	NetCents          money.Cents
	VatCents          money.Cents
	TotalCents        money.Cents `bun:",nullzero,skipupdate"` // the database computes it
	AllocatedCents    money.Cents
	CreditedCents     money.Cents
	OpenCents         money.Cents `bun:",nullzero,skipupdate"` // the database computes it
	Disputed          bool
	InArrangement     bool
	WrittenOff        bool
	CreatedAt         time.Time
}

// GlobalID returns the invoice's id in the API.
func (i *Invoice) GlobalID() string { return key.Format(key.Invoice, i.ID) }

// IsNode marks what has an id in the API.
func (*Invoice) IsNode() {}

// Shown reports whether customers see it: issued, and from 2014 on (P-08).
func (i *Invoice) Shown() bool { return i.State == "ISSUED" && !i.IssuedOn.Before(Since) }

// Total returns the sums.
func (i *Invoice) Total() money.Price { return money.Price{Net: i.NetCents, VAT: i.VatCents} }

// InvoiceStatus is where an invoice is in its life, by its amounts and the day (state-machines §5).
type InvoiceStatus string

// The states of an invoice as the customer sees them.
const (
	StatusOpen          InvoiceStatus = "OPEN"
	StatusPartiallyPaid InvoiceStatus = "PARTIALLY_PAID"
	StatusOverdue       InvoiceStatus = "OVERDUE"
	StatusDisputed      InvoiceStatus = "DISPUTED"
	StatusInArrangement InvoiceStatus = "IN_ARRANGEMENT"
	StatusPaid          InvoiceStatus = "PAID"
	StatusCredited      InvoiceStatus = "CREDITED"
	StatusWrittenOff    InvoiceStatus = "WRITTEN_OFF"
	StatusSettled       InvoiceStatus = "SETTLED"
)

// StatusOn returns the status on a day. It is never stored, so it cannot be wrong (invariant 5).
func (i *Invoice) StatusOn(today civil.Date) InvoiceStatus {
	switch {
	case i.Kind == KindCreditNote:
		return StatusSettled
	case i.OpenCents <= 0 && i.CreditedCents > 0 && i.CreditedCents >= i.TotalCents:
		return StatusCredited
	case i.OpenCents <= 0:
		return StatusPaid
	case i.WrittenOff:
		return StatusWrittenOff
	case i.Disputed:
		return StatusDisputed
	case i.InArrangement:
		return StatusInArrangement
	case today.After(i.DueOn):
		return StatusOverdue
	case i.AllocatedCents > 0 || i.CreditedCents > 0:
		return StatusPartiallyPaid
	}
	return StatusOpen
}

// statusSQL is StatusOn for the database; a test holds the two against each other.
const statusSQL = `case when ?TableAlias.kind = 'CREDIT_NOTE' then 'SETTLED'
	when ?TableAlias.open_cents <= 0 and ?TableAlias.credited_cents > 0 and ?TableAlias.credited_cents >= ?TableAlias.total_cents then 'CREDITED'
	when ?TableAlias.open_cents <= 0 then 'PAID' when ?TableAlias.written_off then 'WRITTEN_OFF' when ?TableAlias.disputed then 'DISPUTED'
	when ?TableAlias.in_arrangement then 'IN_ARRANGEMENT' when ?TableAlias.due_on < ? then 'OVERDUE'
	when ?TableAlias.allocated_cents > 0 or ?TableAlias.credited_cents > 0 then 'PARTIALLY_PAID' else 'OPEN' end in (?)`

// InvoiceConnection and InvoiceEdge are a page of invoices.
type (
	InvoiceConnection = page.Connection[Invoice]
	InvoiceEdge       = page.Edge[Invoice]
)

// Invoices lists them, newest first.
var Invoices = page.List[Invoice]{Parent: "account_id", Default: "ISSUED_ON", Orders: map[string]page.Order{
	"ISSUED_ON": {Column: "issued_on", Desc: true}, "DUE_ON": {Column: "due_on"}, "NUMBER": {Column: "number"}, "TOTAL": {Column: "total_cents"}}}

// InvoiceFilter narrows a list of invoices; all conditions that are given must hold.
type InvoiceFilter struct {
	AmountFrom  *money.Cents
	AmountUntil *money.Cents
	IssuedFrom  *civil.Date
	IssuedUntil *civil.Date
	Kind        []InvoiceKind
	Number      *string
	Status      []InvoiceStatus
	Year        *int
}

// Where returns the conditions of f and of the words to search for: issued, from 2014 on (P-08).
func (f InvoiceFilter) Where(words string, today civil.Date) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("?TableAlias.state = 'ISSUED'").Where("?TableAlias.issued_on >= ?", Since)
		if f.AmountFrom != nil {
			q = q.Where("?TableAlias.total_cents >= ?", int64(*f.AmountFrom))
		}
		if f.AmountUntil != nil {
			q = q.Where("?TableAlias.total_cents <= ?", int64(*f.AmountUntil))
		}
		if f.IssuedFrom != nil {
			q = q.Where("?TableAlias.issued_on >= ?", *f.IssuedFrom)
		}
		if f.IssuedUntil != nil {
			q = q.Where("?TableAlias.issued_on <= ?", *f.IssuedUntil)
		}
		if f.Year != nil {
			year := max(1, min(*f.Year, 9998)) // of others PostgreSQL knows no days, and there are no invoices
			q = q.Where("?TableAlias.issued_on >= ? and ?TableAlias.issued_on < ?", civil.New(year, time.January, 1), civil.New(year+1, time.January, 1))
		}
		if len(f.Kind) > 0 {
			q = q.Where("?TableAlias.kind in (?)", bun.In(f.Kind))
		}
		if f.Number != nil {
			q = q.Where("?TableAlias.number = ?", *f.Number)
		}
		if len(f.Status) > 0 {
			q = q.Where(statusSQL, today, bun.In(f.Status))
		}
		for _, w := range page.Words(words) {
			q = q.Where("?TableAlias.search like ?", w)
		}
		return q
	}
}
