// Package subscription owns running contracts: their terms, their renewal and how they end.
package subscription

import (
	"time"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Status is where a subscription is in its life (state-machines §1).
type Status string

// The states of a subscription.
const (
	Pending               Status = "PENDING"
	Active                Status = "ACTIVE"
	CancellationRequested Status = "CANCELLATION_REQUESTED"
	Ending                Status = "ENDING"
	Suspended             Status = "SUSPENDED"
	OnHold                Status = "ON_HOLD"
	Ended                 Status = "ENDED"
	Voided                Status = "VOIDED"
)

// Running lists the states that count as active (P-15).
var Running = []Status{Pending, Active, CancellationRequested, Ending, Suspended, OnHold}

// Subscription is what a customer pays for again and again. In the API its type is SubscriptionContract, because
// Subscription is the name of the root for live updates.
type Subscription struct {
	bun.BaseModel `bun:"table:subscription,alias:s"`

	ID            uuid.UUID `bun:",pk"`
	AccountID     uuid.UUID
	ProductID     uuid.UUID
	Label         string
	Quantity      int
	TermMonths    int
	AnchorOn      civil.Date
	PeriodStartOn civil.Date
	PeriodEndOn   civil.Date
	BilledUntilOn civil.Date
	PriceCents    *money.Cents
	Status        Status
	Indefinite    bool
	EndsOn        civil.Date
	EndReason     *string
	NextInvoiceOn civil.Date
	NextInvoiceNetCents,
	NextInvoiceVatCents *money.Cents
	LastCancelOn civil.Date
	OfferOn      civil.Date
	CreatedAt    time.Time
}

// GlobalID returns the subscription's id in the API.
func (s *Subscription) GlobalID() string { return key.Format(key.Subscription, s.ID) }

// IsNode marks what has an id in the API.
func (*Subscription) IsNode() {}

// CurrentPeriod returns the term that runs now.
func (s *Subscription) CurrentPeriod() *civil.Period {
	return &civil.Period{Start: s.PeriodStartOn, End: s.PeriodEndOn}
}

// Connection and Edge are a page of subscriptions.
type (
	Connection = page.Connection[Subscription]
	Edge       = page.Edge[Subscription]
)

// Subscriptions lists them by renewal date.
var Subscriptions = page.List[Subscription]{Parent: "account_id", Default: "RENEWS_ON", Orders: map[string]page.Order{
	"RENEWS_ON": {Column: "period_end_on"}, "LABEL": {Column: "label"}, "CREATED_AT": {Column: "created_at"}}}

// Filter narrows a list of subscriptions; all conditions that are given must hold.
type Filter struct {
	Kind         []catalog.Kind
	RenewsBefore *civil.Date
	RenewsFrom   *civil.Date
	Status       []Status
}

// Where returns the conditions of f and of the words to search for. Without a state, those that run (P-15).
func (f Filter) Where(words string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(f.Status) > 0 {
			q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
		} else {
			q = q.Where("?TableAlias.status not in ('ENDED', 'VOIDED')")
		}
		if len(f.Kind) > 0 {
			q = q.Where("?TableAlias.product_id in (select p.id from product p where p.kind in (?))", bun.In(f.Kind))
		}
		if f.RenewsBefore != nil {
			q = q.Where("?TableAlias.period_end_on < ?", *f.RenewsBefore)
		}
		if f.RenewsFrom != nil {
			q = q.Where("?TableAlias.period_end_on >= ?", *f.RenewsFrom)
		}
		for _, w := range page.Words(words) {
			q = q.Where("lower(?TableAlias.label) like ?", w)
		}
		return q
	}
}

// PriceIf returns the agreed price if the viewer may see it.
func (s *Subscription) PriceIf(allowed bool) *money.Cents {
	if !allowed {
		return nil
	}
	return s.PriceCents
}
