// Package quote owns offers for services at a price, which a customer accepts or rejects (P-12).
package quote

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Quote is one version of an offer.
type Quote struct {
	bun.BaseModel `bun:"table:quote,alias:q"`

	ID           uuid.UUID `bun:",pk"`
	AccountID    uuid.UUID
	Number       string
	Version      int
	Title        string
	Status       string
	Introduction string
	ValidUntilOn civil.Date
	NetCents     money.Cents
	VatCents     money.Cents
	SentAt       *time.Time
	AnsweredAt   *time.Time
	RejectReason string
	CreatedAt    time.Time
}

// GlobalID returns the quote's id in the API.
func (q *Quote) GlobalID() string { return key.Format(key.Quote, q.ID) }

// IsNode marks what has an id in the API.
func (*Quote) IsNode() {}

// Total returns the sums for the first term.
func (q *Quote) Total() money.Price { return money.Price{Net: q.NetCents, VAT: q.VatCents} }

// Line is one line of a quote.
type Line struct {
	bun.BaseModel `bun:"table:quote_line,alias:ql"`

	ID          uuid.UUID `bun:",pk"`
	QuoteID     uuid.UUID
	AccountID   uuid.UUID
	Position    int
	ProductID   *uuid.UUID
	Description string
	Label       string
	Quantity    int
	TermMonths  int
	NetCents    money.Cents
}

// GlobalID returns the line's id in the API.
func (l *Line) GlobalID() string { return key.Format(key.QuoteLine, l.ID) }

// Connection and Edge are a page of quotes.
type (
	Connection = page.Connection[Quote]
	Edge       = page.Edge[Quote]
)

// Quotes lists them, newest first.
var Quotes = page.List[Quote]{Parent: "account_id", Default: "CREATED_AT",
	Orders: map[string]page.Order{"CREATED_AT": {Column: "created_at", Desc: true}}}
