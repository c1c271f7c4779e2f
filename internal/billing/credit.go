package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// CreditLine says what of a line is taken back.
type CreditLine struct {
	LineID uuid.UUID
	Net    money.Cents // how much of it; 0 for all that is left
	From   civil.Date  // its period is no longer covered from this day on; zero for the whole of it
	Money  bool        // only money goes back: the service stays covered
}

// Credit issues a credit note, dated today, for lines of one invoice, or for all of it when none are named (3.11). Its
// amounts are the exact negative of what they credit, and the credit that takes the last of a rate takes the last of its
// VAT (invariant 3). What was paid too much goes to the account's balance. It is a problem to credit more than is left.
//
// It returns nil when only lines without an amount are credited. It locks the account, and replans it. Only jobs may.
func Credit(ctx context.Context, tx *pg.Tx, invoice uuid.UUID, reason string, lines ...CreditLine) (*Invoice, error) {
	c := &credit{reason: reason}
	if err := c.read(ctx, tx, invoice); err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		lines = c.all()
	}
	for _, l := range lines {
		if err := c.take(l); err != nil {
			return nil, err
		}
	}
	return c.issue(ctx, tx, lines)
}

// CreditFrom credits whatever is billed to a subscription for days from owedUntil on: the end that was agreed comes before
// the end of what was invoiced (invariant 15). A period that it cuts short is owed for its share of days (term.Unused). There
// is one credit note for each invoice.
func CreditFrom(ctx context.Context, tx *pg.Tx, service uuid.UUID, owedUntil civil.Date, reason string) (notes []*Invoice, err error) {
	found, err := billedFrom(ctx, tx, service, owedUntil)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		note, err := Credit(ctx, tx, f.invoice, reason, f.lines...)
		if err != nil {
			return nil, err
		}
		if note != nil {
			notes = append(notes, note)
		}
	}
	return notes, nil
}

// creditable is what of one invoice is to be credited.
type creditable struct {
	invoice uuid.UUID
	lines   []CreditLine
}

// billedFrom returns what is billed to a subscription for days from owedUntil on, by invoice, the latest period first.
func billedFrom(ctx context.Context, tx *pg.Tx, service uuid.UUID, owedUntil civil.Date) (found []creditable, err error) {
	var spans []struct {
		InvoiceID, LineID uuid.UUID
		Net, Credited     money.Cents // of the line; what was credited of it is negative
		StartOn, EndOn    civil.Date  // its period, of which an earlier end may have cut a part off
	}
	err = tx.NewRaw(`select l.invoice_id, l.id as line_id, l.net_cents as net, l.period_start_on as start_on, l.period_end_on as end_on,
			(select coalesce(sum(n.net_cents), 0)::bigint from invoice_line n where n.refers_to_id = l.id) as credited
		from covered_period c join invoice_line l on l.id = c.invoice_line_id
		where c.subscription_id = ? and not c.credited and upper(c.period) > ? order by upper(c.period) desc`, service, owedUntil).Scan(ctx, &spans)
	if err != nil {
		return nil, fmt.Errorf("find what is billed after an end: %w", err)
	}
	for _, s := range spans {
		period := civil.Period{Start: s.StartOn, End: s.EndOn}
		line := CreditLine{LineID: s.LineID, Net: term.Unused(s.Net, period, owedUntil) + s.Credited}
		if line.Net <= 0 && s.Net != 0 {
			continue // as much was given back already
		}
		if owedUntil.After(period.Start) {
			line.From = owedUntil
		}
		at := slices.IndexFunc(found, func(f creditable) bool { return f.invoice == s.InvoiceID })
		if at < 0 {
			at, found = len(found), append(found, creditable{invoice: s.InvoiceID})
		}
		found[at].lines = append(found[at].lines, line)
	}
	return found, nil
}

// credit is a credit note in the making.
type credit struct {
	reason   string
	invoice  Invoice
	supplier json.RawMessage
	customer json.RawMessage
	country  string
	prefix   string
	lines    []Line
	left     map[uuid.UUID]money.Cents // of each line, net
	totals   vat.Totals                // what is left of the invoice
	rows     []Line
}

// read locks the account and the invoice, and finds what is left of it.
func (c *credit) read(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	if err := tx.NewSelect().Model(&c.invoice).Where("i.id = ?", id).Scan(ctx); err != nil {
		return fmt.Errorf("find the invoice to credit: %w", err)
	}
	if err := subscription.Lock(ctx, tx, c.invoice.AccountID); err != nil {
		return err
	}
	var row struct {
		Supplier, Customer json.RawMessage
		Country, Prefix    string
	}
	err := tx.NewRaw(`select i.supplier, i.customer, b.invoice_prefix as prefix, coalesce((select v.country from invoice_vat v where v.invoice_id = i.id limit 1), 'NL') as country
		from invoice i join account a on a.id = i.account_id join brand b on b.id = a.brand_id where i.id = ? for no key update of i`, id).Scan(ctx, &row)
	if err != nil {
		return fmt.Errorf("lock the invoice to credit: %w", err)
	}
	c.supplier, c.customer, c.country, c.prefix = row.Supplier, row.Customer, row.Country, row.Prefix
	if err := tx.NewSelect().Model(&c.invoice).WherePK().Scan(ctx); err != nil { // again, now that it is ours
		return fmt.Errorf("read the invoice to credit: %w", err)
	}
	if c.invoice.Kind != KindInvoice || c.invoice.State != "ISSUED" {
		return problem.New(problem.Conflict, problem.Text{NL: "Alleen een verstuurde factuur kan worden gecrediteerd.", EN: "Only an issued invoice can be credited."})
	}
	return c.rest(ctx, tx)
}

// rest reads the lines of the invoice and of its credit notes.
func (c *credit) rest(ctx context.Context, tx *pg.Tx) error {
	if err := tx.NewSelect().Model(&c.lines).Where("il.invoice_id = ?", c.invoice.ID).Order("il.position").Scan(ctx); err != nil {
		return fmt.Errorf("read the lines to credit: %w", err)
	}
	var earlier []Line
	err := tx.NewSelect().Model(&earlier).Where("il.refers_to_id in (select l.id from invoice_line l where l.invoice_id = ?)", c.invoice.ID).Scan(ctx)
	if err != nil {
		return fmt.Errorf("read what was credited: %w", err)
	}
	c.left = map[uuid.UUID]money.Cents{}
	for _, l := range c.lines {
		c.left[l.ID] = l.NetCents
	}
	for _, l := range earlier {
		c.left[*l.RefersToID] += l.NetCents
	}
	var sums []VATTotal
	err = tx.NewSelect().Model(&sums).Where("iv.invoice_id = ? or iv.invoice_id in (select n.id from invoice n where n.refers_to_id = ?)", c.invoice.ID, c.invoice.ID).Scan(ctx)
	if err != nil {
		return fmt.Errorf("read the VAT to credit: %w", err)
	}
	for _, s := range sums {
		c.totals = c.totals.Plus(vat.Totals{PerRate: []vat.Subtotal{{Category: vat.Category(s.Category), Rate: vat.Rate(s.Rate), Net: s.NetCents, VAT: s.VatCents}}})
	}
	return nil
}

// all names every line of which something is left.
func (c *credit) all() (lines []CreditLine) {
	for _, l := range c.lines {
		if c.left[l.ID] != 0 || l.NetCents == 0 {
			lines = append(lines, CreditLine{LineID: l.ID})
		}
	}
	return lines
}

// take writes the line that takes l back.
func (c *credit) take(l CreditLine) error {
	i := slices.IndexFunc(c.lines, func(o Line) bool { return o.ID == l.LineID })
	if i < 0 {
		return problem.Missing()
	}
	of, left := c.lines[i], c.left[l.LineID]
	net := l.Net
	if net == 0 {
		net = left
	}
	if net.Abs() > left.Abs() || (net < 0) != (left < 0) {
		return problem.New(problem.Conflict, problem.Text{NL: "Er is nog %s over om te crediteren.", EN: "Only %s is left to credit."}, left.Amount())
	}
	if net == 0 {
		return nil
	}
	c.left[l.LineID] -= net
	row := Line{ID: key.New(), AccountID: of.AccountID, Position: len(c.rows) + 1, Description: of.Description, SubscriptionID: of.SubscriptionID, ProductID: of.ProductID, Label: of.Label,
		Quantity: of.Quantity, UnitCents: -of.UnitCents, NetCents: -net, VatCategory: of.VatCategory, VatRate: of.VatRate,
		PeriodStartOn: of.PeriodStartOn, PeriodEndOn: of.PeriodEndOn, RefersToID: &of.ID}
	if net != of.NetCents {
		row.Quantity, row.UnitCents = 1, -net
	}
	if !l.From.IsZero() && of.Period() != nil {
		row.PeriodStartOn = l.From
		row.Description += map[string]string{"nl": " (vanaf ", "en": " (from "}[c.invoice.Language] + l.From.Short() + ")"
	}
	c.rows = append(c.rows, row)
	return nil
}

// issue writes the credit note, gives its amount back, and numbers it.
func (c *credit) issue(ctx context.Context, tx *pg.Tx, lines []CreditLine) (*Invoice, error) {
	if err := uncover(ctx, tx, lines); err != nil {
		return nil, err
	}
	if len(c.rows) == 0 {
		return nil, subscription.Replan(ctx, tx, []uuid.UUID{c.invoice.AccountID})
	}
	note := &Invoice{ID: key.New(), AccountID: c.invoice.AccountID, Kind: KindCreditNote, State: "DRAFT", Origin: OriginCredit, RefersToID: &c.invoice.ID,
		IssuedOn: tx.Today(), DueOn: tx.Today(), Language: c.invoice.Language, PurchaseReference: c.invoice.PurchaseReference, CreatedAt: tx.Now}
	var asked []vat.Line
	for i := range c.rows {
		c.rows[i].InvoiceID = note.ID
		asked = append(asked, vat.Line{Net: c.rows[i].NetCents, Category: vat.Category(c.rows[i].VatCategory), Rate: vat.Rate(c.rows[i].VatRate)})
	}
	sums := vat.CreditTotals(c.totals, asked)
	note.NetCents, note.VatCents, note.TotalCents = sums.Net, sums.VAT, sums.Gross
	if err := store(ctx, tx, note, c.rows, sums, c.country, string(c.supplier), string(c.customer)); err != nil {
		return nil, err
	}
	if err := c.settle(ctx, tx, note); err != nil {
		return nil, err
	}
	if err := subscription.Replan(ctx, tx, []uuid.UUID{note.AccountID}); err != nil {
		return nil, err
	}
	if err := number(ctx, tx, note, c.prefix, searchable(c.rows)); err != nil {
		return nil, err
	}
	if err := tell(ctx, tx, note, "CREDIT_NOTE"); err != nil {
		return nil, err
	}
	return note, tx.Record(Issued{Account: note.AccountID, ID: note.ID, Credit: true, Number: note.Number, Origin: note.Origin, Total: note.TotalCents, Reason: c.reason})
}

// settle lowers what is open of the invoice by the note; what was paid already goes to the balance (5.7, 5.8).
func (c *credit) settle(ctx context.Context, tx *pg.Tx, note *Invoice) error {
	inv := &c.invoice
	if surplus := min(inv.AllocatedCents+inv.CreditedCents-note.TotalCents-inv.TotalCents, inv.AllocatedCents); surplus > 0 {
		if err := book(ctx, tx, entry{inv.AccountID, surplus, "CREDIT_NOTE", uuid.Nil, note.ID}, inv.ID, -surplus); err != nil {
			return err
		}
	}
	var open money.Cents
	err := tx.NewRaw(`update invoice set credited_cents = credited_cents - ? where id = ? returning open_cents`, note.TotalCents, inv.ID).Scan(ctx, &open)
	if err != nil {
		return fmt.Errorf("credit an invoice: %w", err)
	}
	if open > 0 {
		return nil
	}
	return notify.Resolve(ctx, tx, inv.AccountID, inv.ID, asking...)
}

// uncover gives the periods of the lines free, or the part of them from a day on.
func uncover(ctx context.Context, tx *pg.Tx, lines []CreditLine) error {
	for _, l := range lines {
		if l.Money {
			continue
		}
		for _, statement := range []string{
			`insert into covered_period (id, account_id, subscription_id, period, invoice_line_id, credited)
				select gen_random_uuid(), account_id, subscription_id, daterange(?1, upper(period)), invoice_line_id, true
				from covered_period where invoice_line_id = ?0 and not credited and lower(period) < ?1 and upper(period) > ?1`,
			`update covered_period set period = daterange(lower(period), ?1) where invoice_line_id = ?0 and not credited and lower(period) < ?1 and upper(period) > ?1`,
			`update covered_period set credited = true where invoice_line_id = ?0 and not credited and (?1::date is null or lower(period) >= ?1)`,
			`update subscription s set billed_until_on = greatest(s.anchor_on, least(s.billed_until_on, coalesce(
					(select max(upper(c.period)) from covered_period c where c.subscription_id = s.id and not c.credited), coalesce(?1, l.period_start_on))))
				from invoice_line l where l.id = ?0 and s.id = l.subscription_id and l.period_start_on is not null`,
		} {
			if _, err := tx.NewRaw(statement, l.LineID, l.From).Exec(ctx); err != nil {
				return fmt.Errorf("uncover a period: %w", err)
			}
		}
	}
	return nil
}
