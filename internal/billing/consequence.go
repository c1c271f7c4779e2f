package billing

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// Consequence is what the end of a service brings in money.
type Consequence struct {
	Invoices  []AffectedInvoice
	Credit    money.Price // what is credited of them, as positive amounts
	ToBalance money.Cents // of it, what was paid already
	Due       money.Price // what is still invoiced for the service until it ends
}

// AffectedInvoice is an issued invoice with something of the service on it that is credited or still to be paid.
type AffectedInvoice struct {
	InvoiceID uuid.UUID
	Credit    money.Price
	OpenAfter money.Cents // what is open of the whole invoice then
}

// ConsequenceOf returns what it brings in money that a service is owed until one day and ends on another. It computes what
// CreditFrom and the billing run will do, and changes nothing.
func ConsequenceOf(ctx context.Context, tx *pg.Tx, c *subscription.Case, owedUntil, endsOn civil.Date) (Consequence, error) {
	var q Consequence
	found, err := billedFrom(ctx, tx, c.Service.ID, owedUntil)
	if err != nil {
		return q, err
	}
	for _, f := range found {
		if err := q.credit(ctx, tx, f); err != nil {
			return q, err
		}
	}
	if err := q.open(ctx, tx, c.Service.ID); err != nil {
		return q, err
	}
	q.invoice(c, tx, endsOn)
	return q, nil
}

// credit adds the credit note for one invoice.
func (q *Consequence) credit(ctx context.Context, tx *pg.Tx, f creditable) error {
	note := &credit{}
	if err := tx.NewSelect().Model(&note.invoice).Where("i.id = ?", f.invoice).Scan(ctx); err != nil {
		return fmt.Errorf("find the invoice to credit: %w", err)
	}
	if err := note.rest(ctx, tx); err != nil {
		return err
	}
	var lines []vat.Line
	for _, l := range f.lines {
		before := len(note.rows)
		if err := note.take(l); err != nil {
			return err
		}
		for _, row := range note.rows[before:] {
			lines = append(lines, vat.Line{Net: row.NetCents, Category: vat.Category(row.VatCategory), Rate: vat.Rate(row.VatRate)})
		}
	}
	sums := vat.CreditTotals(note.totals, lines)
	inv := &note.invoice
	surplus := max(0, min(inv.AllocatedCents+inv.CreditedCents-sums.Gross-inv.TotalCents, inv.AllocatedCents))
	q.Invoices = append(q.Invoices, AffectedInvoice{InvoiceID: inv.ID, Credit: money.Price{Net: -sums.Net, VAT: -sums.VAT}, OpenAfter: inv.OpenCents + sums.Gross + surplus})
	q.Credit.Net, q.Credit.VAT, q.ToBalance = q.Credit.Net-sums.Net, q.Credit.VAT-sums.VAT, q.ToBalance+surplus
	return nil
}

// open adds the invoices that have the service on them and stay open as they are.
func (q *Consequence) open(ctx context.Context, tx *pg.Tx, service uuid.UUID) error {
	var open []Invoice
	err := tx.NewSelect().Model(&open).Where("i.open_cents > 0").Where("i.id in (select l.invoice_id from invoice_line l where l.subscription_id = ?)", service).
		Order("i.issued_on", "i.number").Scan(ctx)
	if err != nil {
		return fmt.Errorf("find what is open of a service: %w", err)
	}
	known := map[uuid.UUID]bool{}
	for _, i := range q.Invoices {
		known[i.InvoiceID] = true
	}
	for _, i := range open {
		if !known[i.ID] {
			q.Invoices = append(q.Invoices, AffectedInvoice{InvoiceID: i.ID, OpenAfter: i.OpenCents})
		}
	}
	return nil
}

// invoice adds what the billing runs until the end will still ask for the service.
func (q *Consequence) invoice(c *subscription.Case, tx *pg.Tx, endsOn civil.Date) {
	contracts := c.Book.Contracts()
	for i := range contracts {
		if contracts[i].ID == c.Service.ID {
			contracts[i].CancelRequested, contracts[i].EndsOn = false, endsOn
		}
	}
	for _, u := range c.Book.Policy.NextInvoices(contracts, term.NextRunOn(tx.Now), endsOn) {
		var net money.Cents
		for _, l := range u.Lines {
			if l.ContractID == c.Service.ID {
				net += l.Net
			}
		}
		q.Due.Net += net
		q.Due.VAT += c.Book.Tax.Decide(u.On).Rate.Of(net)
	}
}

// Preview is what cancelling a service would bring, with the amounts.
type Preview struct {
	subscription.Preview
	Options []Option
}

// Option is one way to end a service, with what it costs.
type Option struct {
	subscription.Option
	Consequence
}

// PreviewCancellation returns what cancelling a running service at that time brings, zero for now, given a choice for its
// linked domain name; "" for none. It joins the viewer's transaction, who must be allowed to read the account, its services and its
// invoices, and changes nothing.
func PreviewCancellation(ctx context.Context, tx *pg.Tx, s *subscription.Subscription, at time.Time, choice string) (*Preview, error) {
	b, err := subscription.BookOf(ctx, tx, s.AccountID)
	if err != nil {
		return nil, err
	}
	service := b.Service(s.ID)
	if service == nil {
		return nil, subscription.NotRunning(s)
	}
	c, err := subscription.CaseOf(ctx, tx, b, service)
	if err != nil {
		return nil, err
	}
	if at.IsZero() {
		at = tx.Now
	}
	p := &Preview{}
	if p.Preview, err = c.Preview(at, choice); err != nil {
		return nil, err
	}
	for _, o := range p.Preview.Options {
		q, err := consequence(ctx, tx, c, o.Mode, o.OwedUntil, o.EffectiveOn)
		if err != nil {
			return nil, err
		}
		p.Options = append(p.Options, Option{o, q})
	}
	return p, nil
}

// consequence is ConsequenceOf for a way to end a service: what ends at once is not invoiced any more (M-13).
func consequence(ctx context.Context, tx *pg.Tx, c *subscription.Case, mode term.Mode, owedUntil, endsOn civil.Date) (Consequence, error) {
	q, err := ConsequenceOf(ctx, tx, c, owedUntil, endsOn)
	if mode == term.Immediate {
		q.Due = money.Price{}
	}
	return q, err
}
