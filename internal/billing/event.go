package billing

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// Issued is recorded when an invoice or a credit note has its number.
type Issued struct {
	Account uuid.UUID   `json:"-"`
	ID      uuid.UUID   `json:"-"`
	Credit  bool        `json:"-"`
	Number  string      `json:"number"`
	Origin  string      `json:"origin"`
	Total   money.Cents `json:"totalCents"` // negative on a credit note
	Open    money.Cents `json:"openCents"`
	DueOn   civil.Date  `json:"dueOn"`
	Recheck bool        `json:"recheck,omitempty"` // VIES has to be asked again
	Review  bool        `json:"review,omitempty"`  // staff have to look at its VAT
	Reason  string      `json:"reason,omitempty"`  // of a credit note
}

// Kind returns invoice.issued or credit_note.issued.
func (e Issued) Kind() string {
	if e.Credit {
		return "credit_note.issued"
	}
	return "invoice.issued"
}

// About returns the invoice.
func (e Issued) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Held is recorded when something is due that cannot be billed as it is: staff decide.
type Held struct {
	Account uuid.UUID `json:"-"`
	Reason  string    `json:"reason"` // VAT or PRICE
}

// Kind returns invoice.held.
func (Held) Kind() string { return "invoice.held" }

// About returns the account.
func (e Held) About() (account, subject uuid.UUID) { return e.Account, e.Account }

// Received is recorded when money has come in.
type Received struct {
	Account uuid.UUID   `json:"-"`
	ID      uuid.UUID   `json:"-"`
	Method  string      `json:"method"`
	Amount  money.Cents `json:"amountCents"`
	Surplus money.Cents `json:"surplusCents,omitempty"` // went to the balance; staff may have to give it back
}

// Kind returns payment.received.
func (Received) Kind() string { return "payment.received" }

// About returns the payment.
func (e Received) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Paid is recorded when nothing of an invoice is open any more because it was paid.
type Paid struct {
	Account uuid.UUID `json:"-"`
	ID      uuid.UUID `json:"-"`
	Number  string    `json:"number"`
}

// Kind returns invoice.paid.
func (Paid) Kind() string { return "invoice.paid" }

// About returns the invoice.
func (e Paid) About() (account, subject uuid.UUID) { return e.Account, e.ID }
