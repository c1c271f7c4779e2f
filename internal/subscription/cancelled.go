package subscription

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"

	"github.com/google/uuid"
)

// CancellationHappened is recorded when a cancellation was requested, picked up, decided or taken back.
type CancellationHappened struct {
	Account      uuid.UUID  `json:"-"`
	ID           uuid.UUID  `json:"-"`
	What         string     `json:"-"`            // requested, domain_chosen, picked_up, confirmed, rejected, withdrawn, extended
	Subscription string     `json:"subscription"` // its id in the API
	Label        string     `json:"label"`
	Mode         string     `json:"mode"`
	Status       string     `json:"status"`
	ReceivedAt   time.Time  `json:"receivedAt"`
	EffectiveOn  civil.Date `json:"effectiveOn"`
	OwedUntilOn  civil.Date `json:"owedUntilOn"`
	DomainChoice *string    `json:"domainChoice,omitempty"`
	Rejection    *string    `json:"rejection,omitempty"`
}

// Kind returns cancellation.requested and so on.
func (e CancellationHappened) Kind() string { return "cancellation." + e.What }

// About returns the cancellation.
func (e CancellationHappened) About() (account, subject uuid.UUID) { return e.Account, e.ID }

func (c *Case) happened(x *Cancellation, what string) CancellationHappened {
	return CancellationHappened{Account: x.AccountID, ID: x.ID, What: what, Subscription: key.Format(key.Subscription, x.SubscriptionID), Label: c.Service.Label, Mode: x.Mode, Status: x.Status,
		ReceivedAt: x.ReceivedAt, EffectiveOn: x.EffectiveOn, OwedUntilOn: x.OwedUntilOn, DomainChoice: x.DomainChoice, Rejection: x.Rejection}
}
