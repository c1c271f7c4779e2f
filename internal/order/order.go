// Package order owns what customers order, by the order form or by accepting a quote (P-13, P-14).
package order

import (
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Order is one order.
type Order struct {
	bun.BaseModel `bun:"table:customer_order,alias:o"`

	ID        uuid.UUID `bun:",pk"`
	AccountID uuid.UUID
	Number    string
	Status    string
	QuoteID   *uuid.UUID
	InvoiceID *uuid.UUID
	NetCents  money.Cents
	VatCents  money.Cents
	PlacedAt  *time.Time
	CreatedAt time.Time
}

// GlobalID returns the order's id in the API.
func (o *Order) GlobalID() string { return key.Format(key.Order, o.ID) }

// IsNode marks what has an id in the API.
func (*Order) IsNode() {}

// Total returns the sums for the first term.
func (o *Order) Total() money.Price { return money.Price{Net: o.NetCents, VAT: o.VatCents} }

// Line is one line of an order.
type Line struct {
	bun.BaseModel `bun:"table:order_line,alias:ol"`

	ID             uuid.UUID `bun:",pk"`
	OrderID        uuid.UUID
	AccountID      uuid.UUID
	Position       int
	ProductID      uuid.UUID
	SubscriptionID *uuid.UUID
	Label          string
	Quantity       int
	TermMonths     int
	NetCents       money.Cents
	DeliveredAt    *time.Time
}

// GlobalID returns the line's id in the API.
func (l *Line) GlobalID() string { return key.Format(key.OrderLine, l.ID) }

// Connection and Edge are a page of orders.
type (
	Connection = page.Connection[Order]
	Edge       = page.Edge[Order]
)

// Orders lists them, newest first.
var Orders = page.List[Order]{Parent: "account_id", Default: "CREATED_AT",
	Orders: map[string]page.Order{"CREATED_AT": {Column: "created_at", Desc: true}}}
