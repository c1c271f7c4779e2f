package subscription

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// Renewed is recorded when the next term of a subscription begins.
type Renewed struct {
	Account uuid.UUID  `json:"-"`
	ID      uuid.UUID  `json:"-"`
	Label   string     `json:"label"`
	From    civil.Date `json:"from"`
	Until   civil.Date `json:"until"`
}

// Kind returns subscription.renewed.
func (Renewed) Kind() string { return "subscription.renewed" }

// About returns the subscription.
func (e Renewed) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// HasEnded is recorded when a subscription has stopped.
type HasEnded struct {
	Account uuid.UUID  `json:"-"`
	ID      uuid.UUID  `json:"-"`
	Label   string     `json:"label"`
	On      civil.Date `json:"on"`
	Reason  EndReason  `json:"reason"`
}

// Kind returns subscription.ended.
func (HasEnded) Kind() string { return "subscription.ended" }

// About returns the subscription.
func (e HasEnded) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// OffersOpened is recorded once for all services of an account that one mail offers to renew on a day (P-31).
type OffersOpened struct {
	Account  uuid.UUID     `json:"-"`
	RenewsOn civil.Date    `json:"renewsOn"`
	Offers   []OfferedTerm `json:"offers"`
}

// Kind returns renewal_offer.opened.
func (OffersOpened) Kind() string { return "renewal_offer.opened" }

// About returns the account.
func (e OffersOpened) About() (account, subject uuid.UUID) { return e.Account, e.Account }

// OffersReminded is recorded when the offers of an account for a day that are still open are mailed again (3.3).
type OffersReminded struct {
	Account  uuid.UUID     `json:"-"`
	RenewsOn civil.Date    `json:"renewsOn"`
	Number   int           `json:"number"` // the first or the second time
	Offers   []OfferedTerm `json:"offers"`
}

// Kind returns renewal_offer.reminded.
func (OffersReminded) Kind() string { return "renewal_offer.reminded" }

// About returns the account.
func (e OffersReminded) About() (account, subject uuid.UUID) { return e.Account, e.Account }

// OfferedTerm is one offer as a mail names it.
type OfferedTerm struct {
	ID    string      `json:"id"` // in the API
	Label string      `json:"label"`
	Net   money.Cents `json:"netCents"`
	VAT   money.Cents `json:"vatCents"`
}

// Accepted is recorded when a consumer has said yes to a next term.
type Accepted struct {
	Account      uuid.UUID  `json:"-"`
	ID           uuid.UUID  `json:"-"`
	Subscription string     `json:"subscription"` // its id in the API
	Label        string     `json:"label"`
	RenewsOn     civil.Date `json:"renewsOn"`
	Until        civil.Date `json:"until"`
}

// Kind returns renewal_offer.accepted.
func (Accepted) Kind() string { return "renewal_offer.accepted" }

// About returns the offer.
func (e Accepted) About() (account, subject uuid.UUID) { return e.Account, e.ID }

func offered(s *Service, o *RenewalOffer) OfferedTerm {
	return OfferedTerm{ID: key.Format(key.RenewalOffer, o.ID), Label: s.Label, Net: o.NetCents, VAT: o.VatCents}
}
