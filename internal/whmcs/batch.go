package whmcs

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// batch is what one transaction brings over.
type batch struct {
	account, preference, contact, note, membership, evidence *sheet
	subscription, domain, hosting, usage, cancellation       *sheet
	invoice, line, vat, covered                              *sheet
	payment, balance, allocation                             *sheet
	lateBalance, late                                        *sheet // entries and allocations of accounts and invoices that were there already
	quote, quoteLine, order, orderLine                       *sheet
	ticket, message, ticketNote                              *sheet
	refs                                                     *sheet

	now      time.Time
	rows     []*row // whose outcome the batch decides
	clients  int
	planned  figures // what the target is to have, when there is none to ask
	accounts []uuid.UUID
	invoices []uuid.UUID // that are new
}

func newBatch(now time.Time) *batch {
	return &batch{
		now: now, planned: newFigures(),
		account: newSheet("account", "id uuid", "number text", "brand_id uuid", "kind text", "status text", "company_name text", "first_name text", "last_name text", "email text", "phone text",
			"line1 text", "line2 text", "postcode text", "city text", "region text", "country text", "kvk_number text", "vat_id text", "language text", "customer_since date", "balance_cents bigint", "created_at timestamptz"),
		preference: newSheet("billing_preference", "account_id uuid", "invoice_email text", "language text", "updated_at timestamptz"),
		contact:    newSheet("contact", "id uuid", "account_id uuid", "kind text", "name text", "email text", "phone text", "created_at timestamptz"),
		note:       newSheet("account_note", "id uuid", "account_id uuid", "body text", "created_at timestamptz"),
		membership: newSheet("membership", "id uuid", "user_id uuid", "account_id uuid", "role text", "created_at timestamptz"),
		evidence:   newSheet("location_evidence", "id uuid", "account_id uuid", "kind text", "country text", "recorded_at timestamptz"),
		subscription: newSheet("subscription", "id uuid", "account_id uuid", "product_id uuid", "label text", "quantity int", "term_months int", "anchor_on date", "period_start_on date",
			"period_end_on date", "billed_until_on date", "price_cents bigint", "status text", "indefinite boolean", "ends_on date", "end_reason text", "created_at timestamptz"),
		domain: newSheet("domain", "id uuid", "account_id uuid", "subscription_id uuid", "name text", "status text", "registrar text", "registered_on date", "expires_on date", "auto_renew boolean",
			"quarantine_until_on date", "created_at timestamptz"),
		hosting: newSheet("hosting_package", "id uuid", "account_id uuid", "subscription_id uuid", "domain_id uuid", "name text", "node text", "username text", "status text", "disk_limit_bytes bigint",
			"traffic_limit_bytes bigint", "disk_bytes bigint", "traffic_bytes bigint", "measured_at timestamptz", "created_at timestamptz"),
		usage: newSheet("usage_day", "package_id uuid", "day date", "account_id uuid", "disk_bytes bigint", "traffic_bytes bigint", "measured_at timestamptz"),
		cancellation: newSheet("cancellation", "id uuid", "account_id uuid", "subscription_id uuid", "mode text", "status text", "reason_code text", "reason_text text", "received_at timestamptz",
			"entered_at timestamptz", "evidence text", "effective_on date", "rejection text", "decided_at timestamptz"),
		invoice: newSheet("invoice", "id uuid", "account_id uuid", "kind text", "state text", "number text", "origin text", "issued_on date", "due_on date", "language text", "net_cents bigint",
			"vat_cents bigint", "allocated_cents bigint", "credited_cents bigint", "supplier jsonb", "customer jsonb", "search text", "created_at timestamptz"),
		line: newSheet("invoice_line", "id uuid", "invoice_id uuid", "account_id uuid", "position int", "description text", "subscription_id uuid", "product_id uuid", "label text", "unit_cents bigint",
			"net_cents bigint", "vat_category text", "vat_rate int", "period_start_on date", "period_end_on date"),
		vat:     newSheet("invoice_vat", "invoice_id uuid", "account_id uuid", "category text", "rate int", "country text", "net_cents bigint", "vat_cents bigint"),
		covered: newSheet("covered_period", "id uuid", "account_id uuid", "subscription_id uuid", "period daterange", "invoice_line_id uuid"),
		payment: newSheet("payment", "id uuid", "account_id uuid", "direction text", "method text", "status text", "amount_cents bigint", "refunded_cents bigint", "reference text", "provider text",
			"provider_id text", "paid_at timestamptz", "created_at timestamptz"),
		balance: balanceSheet(), lateBalance: balanceSheet(),
		allocation: allocationSheet(), late: allocationSheet(),
		quote: newSheet("quote", "id uuid", "account_id uuid", "number text", "title text", "status text", "introduction text", "valid_until_on date", "net_cents bigint", "vat_cents bigint",
			"sent_at timestamptz", "answered_at timestamptz", "created_at timestamptz"),
		quoteLine: newSheet("quote_line", "id uuid", "quote_id uuid", "account_id uuid", "position int", "description text", "quantity int", "term_months int", "net_cents bigint"),
		order:     newSheet("customer_order", "id uuid", "account_id uuid", "number text", "status text", "invoice_id uuid", "net_cents bigint", "vat_cents bigint", "placed_at timestamptz", "created_at timestamptz"),
		orderLine: newSheet("order_line", "id uuid", "order_id uuid", "account_id uuid", "position int", "product_id uuid", "subscription_id uuid", "label text", "quantity int", "term_months int",
			"net_cents bigint", "delivered_at timestamptz"),
		ticket:     newSheet("ticket", "id uuid", "account_id uuid", "number text", "subject text", "status text", "opened_at timestamptz", "last_message_at timestamptz", "closed_at timestamptz"),
		message:    newSheet("ticket_message", "id uuid", "ticket_id uuid", "account_id uuid", "author text", "author_name text", "author_id uuid", "body text", "sent_at timestamptz"),
		ticketNote: newSheet("ticket_note", "id uuid", "ticket_id uuid", "body text", "created_at timestamptz"),
		refs:       refSheet(),
	}
}

func allocationSheet() *sheet {
	return newSheet("allocation", "id uuid", "account_id uuid", "invoice_id uuid", "payment_id uuid", "balance_entry_id uuid", "amount_cents bigint", "allocated_at timestamptz")
}

func balanceSheet() *sheet {
	return newSheet("balance_entry", "id uuid", "account_id uuid", "amount_cents bigint", "reason text", "payment_id uuid", "invoice_id uuid", "recorded_at timestamptz")
}

func refSheet() *sheet {
	return newSheet("import_ref", "source text", "kind text", "source_id text", "target_id uuid", "imported_at timestamptz")
}

// ref keeps which row became which of ours.
func (b *batch) ref(r *row, target uuid.UUID) {
	b.refs.add(Source, r.table, fmt.Sprint(r.id), target, b.now)
}

// write writes everything in the transaction: all of the clients of the batch, or none. The triggers that keep sums are
// off for what is new, since the sums are part of it; prove then holds them against their parts.
func (b *batch) write(ctx context.Context, tx *pg.Tx) error {
	parts := []struct {
		importing string
		sheets    []*sheet
	}{
		{"on", []*sheet{b.refs, b.account, b.preference, b.contact, b.note, b.membership, b.evidence, b.subscription, b.domain, b.hosting, b.usage, b.cancellation, b.invoice, b.line, b.vat, b.covered, b.payment}},
		{"", []*sheet{b.lateBalance}},
		{"on", []*sheet{b.balance, b.allocation}},
		{"", []*sheet{b.late, b.quote, b.quoteLine, b.order, b.orderLine, b.ticket, b.message, b.ticketNote}},
	}
	for _, p := range parts {
		if _, err := tx.ExecContext(ctx, "SET LOCAL app.import = '"+p.importing+"'"); err != nil {
			return fmt.Errorf("say that this is an import: %w", err)
		}
		for _, s := range p.sheets {
			if err := s.insert(ctx, tx); err != nil {
				return err
			}
		}
	}
	return b.prove(ctx, tx)
}

// prove checks the sums that triggers keep for everyone else.
func (b *batch) prove(ctx context.Context, tx *pg.Tx) error {
	const wrongInvoices = `SELECT count(*) FROM unnest(?::uuid[]) x(id) JOIN invoice i USING (id)
		LEFT JOIN LATERAL (SELECT sum(net_cents) net FROM invoice_line WHERE invoice_id = i.id) l ON true
		LEFT JOIN LATERAL (SELECT sum(net_cents) net, sum(vat_cents) vat FROM invoice_vat WHERE invoice_id = i.id) v ON true
		LEFT JOIN LATERAL (SELECT coalesce(sum(amount_cents), 0) paid FROM allocation WHERE invoice_id = i.id) a ON true
		WHERE (i.net_cents, i.net_cents, i.vat_cents, i.allocated_cents) IS DISTINCT FROM (l.net, v.net, v.vat, a.paid)`
	const wrongAccounts = `SELECT count(*) FROM unnest(?::uuid[]) x(id) JOIN account a USING (id)
		WHERE balance_cents <> (SELECT coalesce(sum(amount_cents), 0) FROM balance_entry WHERE account_id = a.id)`
	for _, c := range []struct {
		what, query string
		ids         []uuid.UUID
	}{{"invoices", wrongInvoices, b.invoices}, {"accounts", wrongAccounts, b.accounts}} {
		var wrong int
		if err := tx.NewRaw(c.query, uuidArray(c.ids)).Scan(ctx, &wrong); err != nil {
			return fmt.Errorf("prove the sums of %d %s: %w", len(c.ids), c.what, err)
		}
		if wrong > 0 {
			return fmt.Errorf("the sums of %d %s do not agree with their parts: a fault of the import", wrong, c.what)
		}
	}
	return nil
}
