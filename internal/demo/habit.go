package demo

import (
	"context"
	"fmt"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// habit is how a customer pays.
type habit int

const (
	prompt habit = iota // within the term
	debit               // by direct debit, on the due day
	slow                // after a reminder
)

// bill is an invoice that a customer has received.
type bill struct {
	ID, AccountID   uuid.UUID
	Number          string
	IssuedOn, DueOn civil.Date
	Open            money.Cents
}

// receiveBill has the customer pay the bill, on the day and in the way it is used to.
func (m *maker) receiveBill(b bill) {
	c := m.owner(b.AccountID)
	if !c.quits.IsZero() && !b.IssuedOn.Before(c.quits) {
		return
	}
	n := number(b.Number)
	on, method, provider := b.IssuedOn.AddDays(2+n%11), "BANK_TRANSFER", "BANK"
	switch {
	case c.pays == debit:
		on, method = b.DueOn, "DIRECT_DEBIT"
	case c.pays == slow:
		on = b.DueOn.AddDays(4 + n%13)
	case c.Country == "BE":
		method, provider = "BANCONTACT", "MOLLIE"
	case n%5 == 0:
		method, provider = "PAYPAL", "MOLLIE"
	case n%2 == 0 || c.Kind == "CONSUMER":
		method, provider = "IDEAL", "MOLLIE"
	}
	m.plan(on, 11, n%60, func(ctx context.Context, tx *pg.Tx) error { return m.pay(ctx, tx, b, b.Open, method, provider) })
}

// pay has money come in for the bill.
func (m *maker) pay(ctx context.Context, tx *pg.Tx, b bill, amount money.Cents, method, provider string) error {
	m.payments++
	_, err := billing.Receive(ctx, tx, billing.Receipt{AccountID: b.AccountID, InvoiceID: b.ID, Method: method, Amount: amount,
		Reference: b.Number, Provider: provider, ProviderID: fmt.Sprintf("demo-%06d", m.payments)})
	return err
}

// offered is what one mail offers a consumer to renew.
type offered struct {
	AccountID uuid.UUID
	RenewsOn  civil.Date
	IDs       []uuid.UUID `bun:"ids,array"`
}

// receiveOffer has the consumer renew by the link in the mail, some days later.
func (m *maker) receiveOffer(o offered, day civil.Date) {
	c := m.owner(o.AccountID)
	if !c.leaves.IsZero() && !o.RenewsOn.Before(c.leaves) {
		return
	}
	n := number(c.key + o.RenewsOn.String())
	m.plan(day.AddDays(1+n%9), 20, n%60, func(ctx context.Context, tx *pg.Tx) error {
		inv, err := billing.AcceptOffers(ctx, tx, o.IDs...)
		if err == nil && inv != nil {
			m.receiveBill(billOf(inv))
		}
		return err
	})
}

func billOf(i *billing.Invoice) bill {
	return bill{i.ID, i.AccountID, i.Number, i.IssuedOn, i.DueOn, i.OpenCents}
}
