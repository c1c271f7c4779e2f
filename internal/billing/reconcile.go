package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// Finding is something that must never be: an alarm for staff (state-machines §13, step 12).
type Finding struct {
	Rule   string // of rules §6, in words
	Count  int
	Sample string // what one of them is about: a number, an id
}

// Reconcile looks for what breaks invariants 1 to 6 of rules §6, over everything that was ever billed here, and returns what
// it finds: nothing, if all is well. Imported invoices are only held against themselves.
func (b *Billing) Reconcile(ctx context.Context) (found []Finding, err error) {
	err = b.db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) error {
		found = nil
		for _, c := range checks {
			f := Finding{Rule: c.rule}
			err := tx.NewRaw(`select count(*), coalesce(min(q.what::text), '') from (`+c.query+`) q(what)`, tx.Today()).Scan(ctx, &f.Count, &f.Sample)
			if err != nil {
				return fmt.Errorf("check that %s: %w", c.rule, err)
			}
			if f.Count > 0 {
				found = append(found, f)
			}
		}
		return nil
	})
	return found, err
}

// checks select what breaks a rule. ?0 is today.
var checks = []struct{ rule, query string }{
	{"the billed periods of a subscription follow each other (1)", `select subscription_id from (
		select subscription_id, lower(period) as starts, lag(upper(period)) over (partition by subscription_id order by period) as before from covered_period where not credited) p where starts <> before`},
	{"a subscription is billed until the end of its last period (1)", `select s.id from subscription s
		join (select subscription_id, max(upper(period)) as until from covered_period where not credited group by 1) c on c.subscription_id = s.id where s.billed_until_on < c.until`},
	{"an invoice line with a period covers it, unless it was credited (1)", `select l.id from invoice_line l join invoice i on i.id = l.invoice_id
		where i.state = 'ISSUED' and i.kind = 'INVOICE' and i.origin in ('RUN', 'ORDER', 'RENEWAL') and l.subscription_id is not null and l.period_start_on is not null
		and not exists (select from covered_period c where c.invoice_line_id = l.id)`},
	{"the total is the sum of the lines (3)", `select coalesce(i.number, i.id::text) from invoice i where i.origin <> 'IMPORT' and i.net_cents <> (select coalesce(sum(l.net_cents), 0) from invoice_line l where l.invoice_id = i.id)`},
	{"the VAT is that of the sums per rate (3)", `select coalesce(i.number, i.id::text) from invoice i
		cross join lateral (select sum(v.net_cents) as net, sum(v.vat_cents) as vat from invoice_vat v where v.invoice_id = i.id) v
		where i.origin <> 'IMPORT' and (i.net_cents, i.vat_cents) is distinct from (v.net, v.vat)`},
	{"the VAT of a rate is rounded half up, once (3)", `select i.number from invoice i join invoice_vat v on v.invoice_id = i.id where i.origin <> 'IMPORT' and i.kind = 'INVOICE'
		and v.vat_cents <> sign(v.net_cents) * floor(abs(v.net_cents) * v.rate / 10000.0 + 0.5)`},
	{"no line is credited for more than it was (3)", `select l.id from invoice_line l join (select refers_to_id, sum(net_cents) as credited from invoice_line where refers_to_id is not null group by 1) c on c.refers_to_id = l.id
		where abs(c.credited) > abs(l.net_cents)`},
	{"a consumer's term is billed after an order or an accepted offer (4)", `select l.id from invoice_line l join invoice i on i.id = l.invoice_id where l.rule = 'CONSUMER' and i.state = 'ISSUED'
		and not exists (select from renewal_offer o where o.subscription_id = l.subscription_id and o.renews_on = l.period_start_on and o.status = 'ACCEPTED' and o.answered_at <= i.created_at)`},
	{"what is paid on an invoice is what was put on it (5)", `select i.number from invoice i where i.origin <> 'IMPORT' and i.allocated_cents <> (select coalesce(sum(a.amount_cents), 0) from allocation a where a.invoice_id = i.id)`},
	{"what is credited on an invoice is what its credit notes say (5)", `select i.number from invoice i where i.origin <> 'IMPORT' and i.kind = 'INVOICE'
		and i.credited_cents <> (select coalesce(-sum(n.total_cents), 0) from invoice n where n.refers_to_id = i.id and n.state = 'ISSUED')`},
	{"money that came in is on invoices or on the balance (5)", `select p.id from payment p where p.status = 'PAID' and p.direction = 'IN' and p.provider <> 'IMPORT' and exists (select from allocation a where a.payment_id = p.id)
		and p.amount_cents <> (select coalesce(sum(a.amount_cents), 0) from allocation a where a.payment_id = p.id) + (select coalesce(sum(e.amount_cents), 0) from balance_entry e where e.payment_id = p.id)`},
	{"the balance is the sum of its entries (5)", `select a.number from account a where a.balance_cents <> (select coalesce(sum(e.amount_cents), 0) from balance_entry e where e.account_id = a.id)`},
	{"numbers run from 1 without gaps, in order of issue (6)", `select number from (select number, sequence, year, issued_on, row_number() over w as n, lag(issued_on) over w as before from invoice where state = 'ISSUED' and sequence is not null
		window w as (partition by series, year order by sequence)) i where n <> sequence or before > issued_on or extract(year from issued_on) <> year`},
	{"nothing is billed for time after the end (15)", `select s.id from subscription s join covered_period c on c.subscription_id = s.id and not c.credited
		where s.status = 'ENDED' and s.end_reason in ('CANCELLED', 'NOT_RENEWED') and upper(c.period) > s.ends_on`},
	{"no term is over that was neither renewed nor ended (2)", `select id from subscription where status not in ('PENDING', 'ENDED', 'VOIDED') and period_end_on < ?0`},
}
