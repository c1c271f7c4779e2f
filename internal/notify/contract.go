package notify

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// CancellationReceived is the receipt of a cancellation, with its legal time (P-18, 2.1).
type CancellationReceived struct {
	Service    string // what the customer calls it
	Mode       string
	ReceivedAt time.Time
	EndsOn     civil.Date
	Late       bool        // too late for the end of the running term
	Credit     money.Cents // what is credited, VAT included; 0 for nothing
	Due        money.Cents // what is still invoiced until the end, VAT included; 0 for nothing
	UndoUntil  civil.Date  // the last day on which the customer can undo it; zero when it cannot
	Link       string
}

// Kind returns CANCELLATION_RECEIVED.
func (CancellationReceived) Kind() Kind { return "CANCELLATION_RECEIVED" }

// CancellationWaits tells that a product stays active until something is decided about its domain name (M-09, 2.2).
type CancellationWaits struct {
	Service    string
	Domain     string
	ReceivedAt time.Time
	EndsOn     civil.Date // if the choice is made in time
	Link       string
}

// Kind returns CANCELLATION_NEEDS_DOMAIN_CHOICE.
func (CancellationWaits) Kind() Kind { return "CANCELLATION_NEEDS_DOMAIN_CHOICE" }

// CancellationConfirmed tells that a cancellation was processed (2.5), or that a service was ended at once (2.9).
type CancellationConfirmed struct {
	Service    string
	Mode       string
	ReceivedAt time.Time
	EndsOn     civil.Date
	Credit     money.Cents // what was credited, VAT included; 0 for nothing
	CreditNote string      // the numbers of the credit notes
	ErasedAt   time.Time   // of an immediate end: until then the helpdesk may bring the data back; zero when there are none
	Link       string
}

// Kind returns CANCELLATION_CONFIRMED.
func (CancellationConfirmed) Kind() Kind { return "CANCELLATION_CONFIRMED" }

// CancellationRejected tells why a cancellation is none (2.6).
type CancellationRejected struct {
	Service    string
	ReceivedAt time.Time
	Ground     string // NOT_AUTHORISED, DUPLICATE or NOT_OURS
	Link       string
}

// Kind returns CANCELLATION_REJECTED.
func (CancellationRejected) Kind() Kind { return "CANCELLATION_REJECTED" }

// CancellationWithdrawn tells that a cancellation was taken back (2.7).
type CancellationWithdrawn struct {
	Service  string
	RenewsOn civil.Date
	Link     string
}

// Kind returns CANCELLATION_WITHDRAWN.
func (CancellationWithdrawn) Kind() Kind { return "CANCELLATION_WITHDRAWN" }

// SubscriptionEnded tells that a service has stopped (1.8, 1.9).
type SubscriptionEnded struct {
	Service     string
	EndsOn      civil.Date
	NotRenewed  bool       // a consumer did not renew it
	DataUntil   civil.Date // until this day its data can be fetched; zero when it has none
	DomainUntil civil.Date // until this day its domain name can be had back; zero when it has none
}

// Kind returns SUBSCRIPTION_ENDED.
func (SubscriptionEnded) Kind() Kind { return "SUBSCRIPTION_ENDED" }

// OfferedService is one service in a mail about its renewal.
type OfferedService struct {
	Service string
	Product string
	Until   civil.Date  // end of the new term
	Amount  money.Cents // of it, VAT included
}

// RenewalOffer offers a consumer the next term of everything that ends on a day (P-31).
type RenewalOffer struct {
	Services []OfferedService
	EndsOn   civil.Date
	Total    money.Cents
	Reminder int // 0 for the offer itself
	Link     string
}

// Kind returns RENEWAL_OFFER.
func (RenewalOffer) Kind() Kind { return "RENEWAL_OFFER" }

// RenewalAccepted confirms a renewal (3.4).
type RenewalAccepted struct {
	Services      []OfferedService
	From          civil.Date
	Total         money.Cents
	Invoice       string     // its number; "" when it follows
	DueOn         civil.Date // of the invoice
	WithdrawUntil civil.Date // last day of the withdrawal period
	Button        string     // the words on the button
	AcceptedAt    time.Time
	Link          string
}

// Kind returns RENEWAL_ACCEPTED.
func (RenewalAccepted) Kind() Kind { return "RENEWAL_ACCEPTED" }

// RenewalDeclined confirms that a service will not be renewed (3.5).
type RenewalDeclined struct {
	Services []string
	EndsOn   civil.Date
	Link     string
}

// Kind returns RENEWAL_DECLINED.
func (RenewalDeclined) Kind() Kind { return "RENEWAL_DECLINED" }

// WithdrawalReceived is the acknowledgement of a consumer's withdrawal: its content, day and time (rules 3.6).
type WithdrawalReceived struct {
	Statement  string // whose it is, as typed
	Contract   string // such as the order's number
	Services   []string
	DeclaredAt time.Time
	EndsOn     civil.Date
	Credit     money.Cents // VAT included
	Refund     money.Cents // of it, what was paid; 0 for nothing
	RefundBy   civil.Date
}

// Kind returns WITHDRAWAL_RECEIVED.
func (WithdrawalReceived) Kind() Kind { return "WITHDRAWAL_RECEIVED" }

// ServiceRestored tells what came of bringing back a service that had ended (11.8).
type ServiceRestored struct {
	Service  string
	Outcome  string // FULL, PARTIAL or FAILED
	RenewsOn civil.Date
	Note     string
}

// Kind returns HOSTING_RESTORED.
func (ServiceRestored) Kind() Kind { return "HOSTING_RESTORED" }
