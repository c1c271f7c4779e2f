package billing

import (
	"context"
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"

	"github.com/google/uuid"
)

// Statement is what a consumer declares in the second of the two steps.
type Statement struct {
	Agreement
	Name  string
	Email string // where the acknowledgement goes; "" for the account's
}

// Withdrawn is recorded when a consumer has withdrawn from a contract.
type Withdrawn struct {
	Account    uuid.UUID   `json:"-"`
	ID         uuid.UUID   `json:"-"`
	Contract   string      `json:"contract"`
	Services   []string    `json:"services"`
	Credit     money.Cents `json:"creditCents"`
	Refund     money.Cents `json:"refundCents"`
	RefundByOn string      `json:"refundByOn"`
}

// Kind returns withdrawal.declared.
func (Withdrawn) Kind() string { return "withdrawal.declared" }

// About returns the withdrawal.
func (e Withdrawn) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// DeclareWithdrawal ends the contract, credits what is not owed, orders the refund, and acknowledges the statement at once with
// its day and time (A23). It is legally received when it was received, and that has to be within the 14 days.
func (b *Billing) DeclareWithdrawal(ctx context.Context, a Asked, s Statement) (w *Withdrawal, err error) {
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > 200 {
		return nil, invalid("Vul de naam in van wie de overeenkomst sloot.", "Fill in the name of who made the contract.", "name")
	}
	if len(s.Email) > 254 {
		return nil, invalid("Dit mailadres is te lang.", "This mail address is too long.", "email")
	}
	find := func(tx *pg.Tx) (uuid.UUID, error) {
		c := &contract{Agreement: s.Agreement}
		err := c.read(ctx, tx)
		return c.AccountID, err
	}
	err = b.carryOut(ctx, a, find, func(tx *pg.Tx, in received) error {
		c, err := contractOf(ctx, tx, s.Agreement, in.At)
		if err != nil {
			return err
		}
		w, err = c.withdraw(ctx, tx, s, in)
		return err
	})
	return w, err
}

// withdraw ends the contract.
func (c *contract) withdraw(ctx context.Context, tx *pg.Tx, s Statement, in received) (*Withdrawal, error) {
	w := &Withdrawal{ID: key.New(), AccountID: c.AccountID, OrderID: orNil(c.Order), OfferID: orNil(c.Offer), Status: "ACCEPTED", Name: s.Name, Email: s.Email,
		DeclaredAt: in.At, EnteredAt: tx.Now, Channel: in.Channel, Evidence: in.Evidence}
	if w.Email == "" {
		w.Email = c.book.Account.Email
	}
	if _, err := tx.NewInsert().Model(w).Exec(ctx); err != nil {
		return nil, fmt.Errorf("note a withdrawal: %w", err)
	}
	found, err := c.billed(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range c.parts {
		if err := c.endPart(ctx, tx, &c.parts[i], w); err != nil {
			return nil, err
		}
	}
	if err := subscription.Replan(ctx, tx, []uuid.UUID{c.AccountID}); err != nil {
		return nil, err
	}
	if err := c.refund(ctx, tx, w, found); err != nil {
		return nil, err
	}
	return w, c.acknowledge(ctx, tx, w)
}

// endPart ends one service: what began now, what was only renewed at the end of the term that runs.
func (c *contract) endPart(ctx context.Context, tx *pg.Tx, p *part, w *Withdrawal) error {
	status := subscription.CancellationExecuted
	service := c.book.Service(p.ID)
	switch {
	case service == nil: // not delivered yet
		if _, err := tx.NewRaw(`update subscription set status = 'VOIDED', ends_on = ?, end_reason = 'WITHDRAWN' where id = ?`, p.end.On, p.ID).Exec(ctx); err != nil {
			return fmt.Errorf("void a subscription: %w", err)
		}
	case p.end.On.After(tx.Today()):
		status = subscription.CancellationConfirmed
		if err := c.book.EndAt(ctx, tx, service, p.end.On, subscription.EndWithdrawn); err != nil {
			return err
		}
	default:
		if err := subscription.End(ctx, tx, c.book, service, p.end.On, subscription.EndWithdrawn); err != nil {
			return err
		}
		if c.Order != uuid.Nil {
			if _, err := tx.NewRaw(`update subscription set status = 'VOIDED' where id = ?`, p.ID).Exec(ctx); err != nil { // 1.18
				return fmt.Errorf("void a subscription: %w", err)
			}
		}
	}
	if c.Offer != uuid.Nil {
		if _, err := tx.NewRaw(`update renewal_offer set status = 'SUPERSEDED' where id = ?`, c.Offer).Exec(ctx); err != nil {
			return fmt.Errorf("undo a renewal: %w", err)
		}
	}
	x := &subscription.Cancellation{ID: key.New(), AccountID: c.AccountID, SubscriptionID: p.ID, Mode: "WITHDRAWAL", Status: status, ReceivedAt: w.DeclaredAt, EnteredAt: tx.Now, Channel: w.Channel,
		Evidence: w.Evidence, EffectiveOn: p.end.On, OwedUntilOn: p.end.OwedUntil, DecidedAt: &tx.Now, WithdrawalID: &w.ID}
	if _, err := tx.NewInsert().Model(x).Exec(ctx); err != nil {
		return fmt.Errorf("note the end of a withdrawn service: %w", err)
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.AccountID, Kind: "WITHDRAWAL_RECEIVED", SubjectType: key.Subscription, SubjectID: &p.ID,
		Data: map[string]string{"name": p.Label, "day": p.end.On.Short()}})
}

// refund credits, and orders that what was paid of it goes back the way it came.
func (c *contract) refund(ctx context.Context, tx *pg.Tx, w *Withdrawal, found []creditable) error {
	var invoices []uuid.UUID
	before := c.book.Account.BalanceCents
	for _, f := range found {
		note, err := Credit(ctx, tx, f.invoice, "withdrawn", f.lines...)
		if err != nil {
			return err
		}
		if note != nil {
			w.CreditNetCents, w.CreditVatCents = w.CreditNetCents-note.NetCents, w.CreditVatCents-note.VatCents
			invoices = append(invoices, f.invoice)
		}
	}
	var after money.Cents
	if err := tx.NewRaw(`select balance_cents from account where id = ?`, c.AccountID).Scan(ctx, &after); err != nil {
		return fmt.Errorf("read the balance: %w", err)
	}
	if w.RefundCents = max(0, after-before); w.RefundCents > 0 {
		id, err := payBack(ctx, tx, c.AccountID, w.RefundCents, c.Name, invoices)
		if err != nil {
			return err
		}
		w.PaymentID = &id
		w.RefundByOn = civil.In(w.DeclaredAt).AddDays(refundDays)
	}
	_, err := tx.NewUpdate().Model(w).Column("credit_net_cents", "credit_vat_cents", "refund_cents", "refund_by_on", "payment_id").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("note a refund: %w", err)
	}
	return nil
}

// acknowledge mails the content of the statement with its day and time, on a durable medium, and records it (rules 3.6).
func (c *contract) acknowledge(ctx context.Context, tx *pg.Tx, w *Withdrawal) error {
	content := notify.WithdrawalReceived{Statement: w.Name, Contract: c.Name, DeclaredAt: w.DeclaredAt, EndsOn: c.parts[0].end.On, Credit: w.Credit().Gross(), Refund: w.RefundCents, RefundBy: w.RefundByOn}
	event := Withdrawn{Account: w.AccountID, ID: w.ID, Contract: c.Name, Credit: w.Credit().Gross(), Refund: w.RefundCents, RefundByOn: w.RefundByOn.String()}
	for _, p := range c.parts {
		content.Services = append(content.Services, p.Label)
		event.Services = append(event.Services, key.Format(key.Subscription, p.ID))
	}
	err := notify.Queue(ctx, tx, notify.Mail{Account: w.AccountID, DedupeKey: "withdrawal:" + w.ID.String(), Name: w.Name, To: w.Email, Language: c.book.Account.Language, Content: content})
	if err != nil {
		return err
	}
	return tx.Record(event)
}
