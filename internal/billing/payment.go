package billing

import (
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Payment is money that came in, or went back (state-machines §6).
type Payment struct {
	bun.BaseModel `bun:"table:payment,alias:pm"`

	ID            uuid.UUID `bun:",pk"`
	AccountID     uuid.UUID
	Direction     string
	Method        string
	Status        string
	AmountCents   money.Cents
	RefundedCents money.Cents
	Reference     string
	PaidAt        *time.Time
	CreatedAt     time.Time
}

// GlobalID returns the payment's id in the API.
func (p *Payment) GlobalID() string { return key.Format(key.Payment, p.ID) }

// IsNode marks what has an id in the API.
func (*Payment) IsNode() {}

// PaymentConnection and PaymentEdge are a page of payments.
type (
	PaymentConnection = page.Connection[Payment]
	PaymentEdge       = page.Edge[Payment]
)

// Payments lists them, newest first.
var Payments = page.List[Payment]{Parent: "account_id", Default: "CREATED_AT",
	Orders: map[string]page.Order{"CREATED_AT": {Column: "created_at", Desc: true}}}
