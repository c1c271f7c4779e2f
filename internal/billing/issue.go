package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// Issue issues the draft, dated today: it decides on VAT, keeps both parties as they are now, covers the periods, uses what
// the account has to its credit, replans, and takes the number last (5.2). The account is told.
//
// It returns nil when nothing is to be paid, in which case the periods count as covered (§2.3), and when the VAT must wait
// for staff: then nothing is covered, and the next run tries again. It locks the account. Only jobs may.
func Issue(ctx context.Context, tx *pg.Tx, d Draft) (*Invoice, error) {
	if err := subscription.Lock(ctx, tx, d.AccountID); err != nil {
		return nil, err
	}
	b, err := subscription.BookOf(ctx, tx, d.AccountID)
	if err != nil {
		return nil, err
	}
	return issue(ctx, tx, b, d)
}

// issue is Issue for an account that is locked and read.
func issue(ctx context.Context, tx *pg.Tx, b *subscription.Book, d Draft) (*Invoice, error) {
	if len(d.Lines) == 0 {
		return nil, nil
	}
	v := b.Tax.Decide(tx.Today())
	if v.Hold {
		return nil, hold(ctx, tx, b, "VAT")
	}
	inv := newInvoice(tx, b, d)
	rows := d.rows(inv.ID, inv.Language, v)
	sums := totals(rows)
	inv.NetCents, inv.VatCents, inv.TotalCents = sums.Net, sums.VAT, sums.Gross
	if sums.Gross == 0 && sums.Net == 0 {
		if err := cover(ctx, tx, rows, false); err != nil {
			return nil, err
		}
		return nil, subscription.Replan(ctx, tx, []uuid.UUID{d.AccountID})
	}
	if err := write(ctx, tx, inv, rows, sums, countryOf(b, v), supplier(b), customer(b, v)); err != nil {
		return nil, err
	}
	if err := cover(ctx, tx, rows, true); err != nil {
		return nil, err
	}
	if err := release(ctx, tx, b, "VAT"); err != nil {
		return nil, err
	}
	if err := useBalance(ctx, tx, b, inv); err != nil {
		return nil, err
	}
	if err := subscription.Replan(ctx, tx, []uuid.UUID{d.AccountID}); err != nil {
		return nil, err
	}
	if err := number(ctx, tx, inv, b.Prefix, searchable(rows)); err != nil {
		return nil, err
	}
	return inv, announce(ctx, tx, inv, v)
}

func newInvoice(tx *pg.Tx, b *subscription.Book, d Draft) *Invoice {
	term := 0
	if b.Account.PaymentTermDays != nil {
		term = *b.Account.PaymentTermDays
	}
	inv := &Invoice{ID: key.New(), AccountID: d.AccountID, Kind: KindInvoice, State: "DRAFT", Origin: d.Origin, IssuedOn: tx.Today(),
		DueOn: b.Policy.DueOn(tx.Today(), term), ScheduledOn: d.ScheduledOn, Language: b.Language(), CreatedAt: tx.Now}
	if b.Preference != nil {
		inv.PurchaseReference = b.Preference.PurchaseReference
	}
	return inv
}

// write stores the draft with its lines and sums, and with the parties as they are now.
func write(ctx context.Context, tx *pg.Tx, inv *Invoice, rows []Line, sums vat.Totals, country string, s Supplier, c Customer) error {
	from, err := json.Marshal(s)
	if err != nil {
		return err
	}
	to, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return store(ctx, tx, inv, rows, sums, country, string(from), string(to))
}

// store is write for parties that are JSON already.
func store(ctx context.Context, tx *pg.Tx, inv *Invoice, rows []Line, sums vat.Totals, country, supplier, customer string) error {
	_, err := tx.NewInsert().Model(inv).ExcludeColumn("total_cents", "open_cents").Value("supplier", "?::jsonb", supplier).Value("customer", "?::jsonb", customer).Exec(ctx)
	if err != nil {
		return fmt.Errorf("draft an invoice: %w", err)
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("write %d lines: %w", len(rows), err)
	}
	taxes := make([]VATTotal, len(sums.PerRate))
	for i, t := range sums.PerRate {
		taxes[i] = VATTotal{InvoiceID: inv.ID, AccountID: inv.AccountID, Category: string(t.Category), Rate: int(t.Rate), Country: country, NetCents: t.Net, VatCents: t.VAT}
	}
	if _, err := tx.NewInsert().Model(&taxes).Exec(ctx); err != nil {
		return fmt.Errorf("write the VAT: %w", err)
	}
	return nil
}

// countryOf returns whose VAT is charged or, where none is, where the customer is: the returns are made by it.
func countryOf(b *subscription.Book, v vat.Decision) string {
	if v.Country != "" {
		return v.Country
	}
	return b.Account.Country
}

// cover marks the periods of the lines as billed; without an invoice they cost nothing. The database refuses a period that
// is covered already (invariant 1).
func cover(ctx context.Context, tx *pg.Tx, rows []Line, invoiced bool) error {
	type span struct {
		ID      uuid.UUID  `json:"id"`
		Service *uuid.UUID `json:"service"`
		Line    *uuid.UUID `json:"line"`
		From    civil.Date `json:"from"`
		Until   civil.Date `json:"until"`
	}
	var spans []span
	for i := range rows {
		if r := &rows[i]; r.SubscriptionID != nil && r.Period() != nil {
			s := span{ID: key.New(), Service: r.SubscriptionID, From: r.PeriodStartOn, Until: r.PeriodEndOn}
			if invoiced {
				s.Line = &r.ID
			}
			spans = append(spans, s)
		}
	}
	if len(spans) == 0 {
		return nil
	}
	text, err := json.Marshal(spans)
	if err != nil {
		return err
	}
	_, err = tx.NewRaw(`with given as (select * from json_to_recordset(?::json) g(id uuid, service uuid, line uuid, "from" date, until date)),
		covered as (insert into covered_period (id, account_id, subscription_id, period, invoice_line_id)
			select g.id, s.account_id, s.id, daterange(g."from", g.until), g.line from given g join subscription s on s.id = g.service)
		update subscription s set billed_until_on = greatest(s.billed_until_on, g.until)
		from (select service, max(until) as until from given group by service) g where s.id = g.service`, string(text)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("cover %d periods: %w", len(spans), err)
	}
	return nil
}

// number makes the draft an invoice. Whoever numbers the next one of the series waits until this transaction has ended, so
// that no number is lost or given twice (invariant 6): nothing slow may follow.
func number(ctx context.Context, tx *pg.Tx, inv *Invoice, prefix, search string) error {
	year := inv.IssuedOn.Year()
	err := tx.NewRaw(`with counter as (
			insert into invoice_counter as c (series, year, last) values (?0, ?1, 1)
			on conflict (series, year) do update set last = c.last + 1 returning last),
		given as (select last, ?0 || ?1::text || '-' || lpad(last::text, greatest(6, length(last::text)), '0') as number from counter)
		update invoice i set state = 'ISSUED', series = ?0, year = ?1, sequence = g.last, number = g.number, search = lower(g.number) || ' ' || ?2
		from given g where i.id = ?3 returning i.number`, prefix, year, search, inv.ID).Scan(ctx, &inv.Number)
	if err != nil {
		return fmt.Errorf("number an invoice: %w", err)
	}
	inv.State = "ISSUED"
	return nil
}

// searchable returns what an invoice is found by, besides its number.
func searchable(rows []Line) string {
	words := make([]string, 0, len(rows))
	for _, r := range rows {
		words = append(words, r.Description)
	}
	return strings.ToLower(strings.Join(words, " "))
}

// announce tells the customer, and records that it happened.
func announce(ctx context.Context, tx *pg.Tx, inv *Invoice, v vat.Decision) error {
	kind := notify.Kind("INVOICE_OPEN")
	if inv.OpenCents <= 0 {
		kind = "INVOICE_PAID"
	}
	if err := tell(ctx, tx, inv, kind); err != nil {
		return err
	}
	return tx.Record(Issued{Account: inv.AccountID, ID: inv.ID, Number: inv.Number, Origin: inv.Origin,
		Total: inv.TotalCents, Open: inv.OpenCents, DueOn: inv.DueOn, Recheck: v.Recheck, Review: v.Review})
}

// tell adds a notification about the invoice.
func tell(ctx context.Context, tx *pg.Tx, inv *Invoice, kind notify.Kind) error {
	return notify.Add(ctx, tx, &notify.Notification{AccountID: inv.AccountID, Kind: kind, SubjectType: key.Invoice, SubjectID: &inv.ID,
		Data: map[string]string{"number": inv.Number, "amount": inv.TotalCents.Abs().Format(inv.Language), "day": inv.DueOn.Short()}})
}
