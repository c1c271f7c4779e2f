package billing

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"

	"github.com/google/uuid"
)

// asking are the notifications about an invoice that ask for its payment.
var asking = []notify.Kind{"INVOICE_OPEN", "INVOICE_OVERDUE", "INVOICE_REMINDER_30D", "DUNNING_LETTER", "PAYMENT_FAILED", "DIRECT_DEBIT_ANNOUNCED"}

// Receipt is money that has come in.
type Receipt struct {
	AccountID  uuid.UUID
	InvoiceID  uuid.UUID // what it was paid for; Nil settles what is due longest first (6.6)
	Method     string
	Amount     money.Cents
	Reference  string    // as the payer wrote it
	Provider   string    // who tells us, such as MOLLIE or BANK
	ProviderID string    // by which it knows the payment; "" when it has no name
	PaidAt     time.Time // zero for now
}

// Receive notes the money and settles invoices with it; what is left goes to the account's balance (6.3, 6.6). A payment
// that the provider told of before is returned as it is, and nothing happens: tell it as often as you like (invariant 19).
// It locks the account. Only jobs may.
func Receive(ctx context.Context, tx *pg.Tx, r Receipt) (*Payment, error) {
	if r.Amount <= 0 {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "Een betaling is meer dan nul.", EN: "A payment is more than nothing."})
	}
	if err := subscription.Lock(ctx, tx, r.AccountID); err != nil {
		return nil, err
	}
	at := r.PaidAt
	if at.IsZero() {
		at = tx.Now
	}
	p := &Payment{ID: key.New(), AccountID: r.AccountID, Direction: "IN", Method: r.Method, Status: "PAID", AmountCents: r.Amount, Reference: r.Reference, PaidAt: &at, CreatedAt: tx.Now}
	res, err := tx.NewRaw(`insert into payment (id, account_id, method, status, amount_cents, reference, provider, provider_id, paid_at, created_at)
		values (?, ?, ?, 'PAID', ?, ?, ?, nullif(?, ''), ?, ?) on conflict (provider, provider_id) do nothing`,
		p.ID, p.AccountID, p.Method, p.AmountCents, p.Reference, r.Provider, r.ProviderID, at, p.CreatedAt).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("note a payment: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return nil, err
	} else if n == 1 {
		return p, allocate(ctx, tx, p, r.InvoiceID)
	}
	known := &Payment{}
	err = tx.NewSelect().Model(known).Where("pm.provider = ?", r.Provider).Where("pm.provider_id = ?", r.ProviderID).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find a payment: %w", err)
	}
	return known, nil
}

// Settle makes a payment that was begun a paid one, at the moment that the provider says, and settles the invoice that it
// was for; Nil settles what is due longest first. Settling again changes nothing (6.3, 6.7). It locks the account.
func Settle(ctx context.Context, tx *pg.Tx, payment, invoice uuid.UUID, paidAt time.Time) (*Payment, error) {
	p := &Payment{}
	if err := tx.NewSelect().Model(p).Where("pm.id = ?", payment).Scan(ctx); err != nil {
		return nil, fmt.Errorf("find a payment: %w", err)
	}
	if err := subscription.Lock(ctx, tx, p.AccountID); err != nil {
		return nil, err
	}
	res, err := tx.NewRaw(`update payment set status = 'PAID', paid_at = ? where id = ? and direction = 'IN' and status in ('CREATED', 'PENDING', 'AUTHORIZED', 'FAILED', 'EXPIRED', 'CANCELED')`,
		paidAt, payment).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("settle a payment: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return p, err
	}
	p.Status, p.PaidAt = "PAID", &paidAt
	return p, allocate(ctx, tx, p, invoice)
}

// allocate puts the payment on the invoice, or on all open ones, and the rest on the balance.
func allocate(ctx context.Context, tx *pg.Tx, p *Payment, invoice uuid.UUID) error {
	var open []Invoice
	q := tx.NewSelect().Model(&open).Where("i.account_id = ?", p.AccountID).Where("i.open_cents > 0").OrderExpr("i.disputed, i.due_on, i.issued_on, i.number")
	if invoice != uuid.Nil {
		q = q.Where("i.id = ?", invoice)
	}
	if err := q.Scan(ctx); err != nil {
		return fmt.Errorf("find what is open: %w", err)
	}
	left := p.AmountCents
	for i := range open {
		amount := min(left, open[i].OpenCents)
		if amount <= 0 {
			break
		}
		if err := pay(ctx, tx, p, &open[i], amount); err != nil {
			return err
		}
		left -= amount
	}
	if left > 0 {
		if err := book(ctx, tx, entry{p.AccountID, left, "OVERPAYMENT", p.ID, uuid.Nil}, uuid.Nil, 0); err != nil {
			return err
		}
	}
	return tx.Record(Received{p.AccountID, p.ID, p.Method, p.AmountCents, left})
}

// pay puts an amount of the payment on the invoice.
func pay(ctx context.Context, tx *pg.Tx, p *Payment, inv *Invoice, amount money.Cents) error {
	a := &Allocation{ID: key.New(), AccountID: p.AccountID, InvoiceID: inv.ID, PaymentID: &p.ID, AmountCents: amount, AllocatedAt: tx.Now}
	if _, err := tx.NewInsert().Model(a).Exec(ctx); err != nil {
		return fmt.Errorf("put a payment on an invoice: %w", err)
	}
	if amount < inv.OpenCents {
		return nil
	}
	if err := notify.Resolve(ctx, tx, inv.AccountID, inv.ID, asking...); err != nil {
		return err
	}
	if err := tell(ctx, tx, inv, "INVOICE_PAID"); err != nil {
		return err
	}
	return tx.Record(Paid{inv.AccountID, inv.ID, inv.Number})
}
