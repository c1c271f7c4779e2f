package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// RefundOrdered is recorded when money has to go back to a customer.
type RefundOrdered struct {
	Account uuid.UUID   `json:"-"`
	ID      uuid.UUID   `json:"-"`
	Method  string      `json:"method"`
	Amount  money.Cents `json:"amountCents"`
}

// Kind returns refund.ordered.
func (RefundOrdered) Kind() string { return "refund.ordered" }

// About returns the payment.
func (e RefundOrdered) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// payBack takes an amount off the balance and orders its payment, in the way in which the invoices were paid. The payment is
// CREATED until the provider has done it.
func payBack(ctx context.Context, tx *pg.Tx, account uuid.UUID, amount money.Cents, reference string, invoices []uuid.UUID) (uuid.UUID, error) {
	p := &Payment{ID: key.New(), AccountID: account, Direction: "OUT", Method: "BANK_TRANSFER", Status: "CREATED", AmountCents: amount, Reference: reference, CreatedAt: tx.Now}
	var methods []string
	err := tx.NewRaw(`select p.method from allocation l join payment p on p.id = l.payment_id where l.invoice_id = any(?::uuid[]) and l.amount_cents > 0 order by l.allocated_at desc limit 1`, texts(invoices)).Scan(ctx, &methods)
	if err != nil {
		return p.ID, fmt.Errorf("find how an invoice was paid: %w", err)
	}
	if len(methods) > 0 && methods[0] != "DIRECT_DEBIT" { // what was collected goes back by transfer
		p.Method = methods[0]
	}
	_, err = tx.NewRaw(`insert into payment (id, account_id, direction, method, status, amount_cents, reference, created_at) values (?, ?, 'OUT', ?, 'CREATED', ?, ?, ?)`,
		p.ID, account, p.Method, amount, reference, tx.Now).Exec(ctx)
	if err != nil {
		return p.ID, fmt.Errorf("order a refund: %w", err)
	}
	if err := book(ctx, tx, entry{account, -amount, "REFUND", p.ID, uuid.Nil}, uuid.Nil, 0); err != nil {
		return p.ID, err
	}
	return p.ID, tx.Record(RefundOrdered{account, p.ID, p.Method, amount})
}
