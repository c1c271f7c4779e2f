package subscription

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Cancellation is a customer's wish to end a subscription (state-machines §2). There is at most one that is open or confirmed.
type Cancellation struct {
	bun.BaseModel `bun:"table:cancellation,alias:ca"`

	ID             uuid.UUID `bun:",pk"`
	AccountID      uuid.UUID
	SubscriptionID uuid.UUID
	Mode           string
	Status         string
	ReasonCode     string
	ReasonText     string
	DomainChoice   *string
	ReceivedAt     time.Time // the legal time of receipt (P-19)
	EnteredAt      time.Time
	Channel        string
	Evidence       string
	EffectiveOn    civil.Date
	Rejection      *string
	DecidedAt      *time.Time

	UndoUntil        *time.Time // until then the customer can take it back by itself; nil when it cannot
	OwedUntilOn      civil.Date // days before it stay owed
	CausedByID       *uuid.UUID // the cancellation of the service that this domain name worked with
	SwitchExtendedAt *time.Time
	WithdrawalID     *uuid.UUID
}

// The states of a cancellation (state-machines §2).
const (
	CancellationOpen      = "OPEN"
	CancellationAwaiting  = "AWAITING_DOMAIN_DECISION"
	CancellationPickedUp  = "IN_PROGRESS"
	CancellationConfirmed = "CONFIRMED"
	CancellationExecuted  = "EXECUTED"
	CancellationWithdrawn = "WITHDRAWN"
	CancellationRejected  = "REJECTED"
)

// Undecided reports whether it can still be confirmed or rejected.
func (c *Cancellation) Undecided() bool {
	return c.Status == CancellationOpen || c.Status == CancellationPickedUp || c.Status == CancellationAwaiting
}

// GlobalID returns the cancellation's id in the API.
func (c *Cancellation) GlobalID() string { return key.Format(key.Cancellation, c.ID) }

// IsNode marks what has an id in the API.
func (*Cancellation) IsNode() {}

// Reason returns the reason from the list; nil when the customer did not say.
func (c *Cancellation) Reason() *string {
	if c.ReasonCode == "" {
		return nil
	}
	return &c.ReasonCode
}

// CancellationConnection and CancellationEdge are a page of cancellations.
type (
	CancellationConnection = page.Connection[Cancellation]
	CancellationEdge       = page.Edge[Cancellation]
)

// Cancellations lists them, newest first.
var Cancellations = page.List[Cancellation]{Parent: "account_id", Default: "RECEIVED_AT",
	Orders: map[string]page.Order{"RECEIVED_AT": {Column: "received_at", Desc: true}}}
