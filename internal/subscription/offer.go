package subscription

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// The states of an offer (state-machines §3).
const (
	OfferScheduled  = "SCHEDULED" // the panel takes the answer, nothing was sent yet
	OfferOpen       = "OPEN"
	OfferAccepted   = "ACCEPTED"
	OfferDeclined   = "DECLINED"
	OfferExpired    = "EXPIRED"
	OfferSuperseded = "SUPERSEDED"
)

// RenewalOffer is an offer to a consumer to renew a subscription (P-31, state-machines §3).
type RenewalOffer struct {
	bun.BaseModel `bun:"table:renewal_offer,alias:ro"`

	ID             uuid.UUID `bun:",pk"`
	AccountID      uuid.UUID
	SubscriptionID uuid.UUID
	RenewsOn       civil.Date
	TermMonths     int
	NetCents       money.Cents
	VatCents       money.Cents
	Status         string
	SendsOn        civil.Date
	Reminders      int // how many were sent, of two
	OpenedAt       *time.Time
	AnsweredAt     *time.Time
	CreatedAt      time.Time
	Mails          int // that were written about it

	AskedEarlyStart bool // expressly, to begin within the withdrawal period (rules 3.5)
}

// GlobalID returns the offer's id in the API.
func (o *RenewalOffer) GlobalID() string { return key.Format(key.RenewalOffer, o.ID) }

// IsNode marks what has an id in the API.
func (*RenewalOffer) IsNode() {}

// Price returns what the new term costs.
func (o *RenewalOffer) Price() money.Price { return money.Price{Net: o.NetCents, VAT: o.VatCents} }

// OfferConnection and OfferEdge are a page of offers.
type (
	OfferConnection = page.Connection[RenewalOffer]
	OfferEdge       = page.Edge[RenewalOffer]
)

// RenewalOffers lists them by renewal date, newest first.
var RenewalOffers = page.List[RenewalOffer]{Parent: "account_id", Default: "RENEWS_ON",
	Orders: map[string]page.Order{"RENEWS_ON": {Column: "renews_on", Desc: true}}}
