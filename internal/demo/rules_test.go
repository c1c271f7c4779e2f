package demo_test

import (
	"strings"
	"testing"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/vat"
)

// rules checks the invariants of rules §6 over the whole history. Each query finds what breaks one.
func (h *house) rules(t *testing.T) {
	for _, c := range []struct{ name, broken string }{
		{"1: a service is covered without a gap, from its first day to the last that is billed", `select s.label, s.status, s.anchor_on, s.billed_until_on, min(lower(c.period)), max(upper(c.period))
			from subscription s left join covered_period c on c.subscription_id = s.id and not c.credited where s.status not in ('PENDING')
			group by s.id having min(lower(c.period)) is distinct from s.anchor_on or max(upper(c.period)) is distinct from s.billed_until_on
				or sum(upper(c.period) - lower(c.period)) <> s.billed_until_on - s.anchor_on`},
		{"2: a renewal of which the date has come is billed", `select s.label, s.period_end_on from subscription s join account a on a.id = s.account_id
			where s.status in ('ACTIVE', 'SUSPENDED', 'ON_HOLD') and a.kind = 'BUSINESS' and not a.treated_as_consumer and s.term_months >= 3 and date_trunc('month', s.period_end_on - 30)::date <= ?0::date and s.billed_until_on <= s.period_end_on`},
		{"2: nothing was late, or held", `select i.number from invoice_line l join invoice i on i.id = l.invoice_id where l.late union all select account_id::text from billing_hold`},
		{"3: a total is the sum of its lines, and VAT is rounded once for each rate", `select i.number from invoice i
			where net_cents <> (select sum(net_cents) from invoice_line l where l.invoice_id = i.id) or vat_cents <> (select sum(vat_cents) from invoice_vat v where v.invoice_id = i.id)
			or i.kind = 'INVOICE' and exists (select from (select vat_rate, sum(net_cents) as net from invoice_line l where l.invoice_id = i.id group by 1) l
				join invoice_vat v on v.invoice_id = i.id and v.rate = l.vat_rate where v.vat_cents <> round(l.net * v.rate / 10000.0))`},
		{"4: a consumer's next term was accepted before it was billed", `select i.number, l.description from invoice_line l join invoice i on i.id = l.invoice_id where l.rule = 'CONSUMER'
			and not exists (select from renewal_offer o where o.subscription_id = l.subscription_id and o.renews_on = l.period_start_on and o.status = 'ACCEPTED' and o.answered_at <= i.created_at)`},
		{"5: nobody paid or got back more than was asked", `select number from invoice where kind = 'INVOICE' and (allocated_cents < 0 or credited_cents < 0 or allocated_cents + credited_cents > total_cents)`},
		{"5: the balance is what was booked on it", `select a.number from account a where balance_cents <> coalesce((select sum(amount_cents) from balance_entry b where b.account_id = a.id), 0)`},
		{"6: numbers have no gap, and go with the dates", `select series, year from invoice group by 1, 2 having min(sequence) <> 1 or max(sequence) <> count(*)
			union all select x.number, x.year from (select *, lag(issued_on) over (partition by series, year order by sequence) as before from invoice) x where x.issued_on < x.before or extract(year from x.issued_on) <> x.year`},
		{"10: a calendar line is invoiced on a 1st, at least 30 days ahead", `select i.number, i.issued_on, l.period_start_on from invoice_line l join invoice i on i.id = l.invoice_id
			where l.rule in ('CALENDAR', 'GROUPED') and (extract(day from i.issued_on) <> 1 or l.period_start_on - i.issued_on < 30)`},
		{"11: what renews in one month is on one invoice", `select account_id, date_trunc('month', period_start_on) from invoice_line where rule in ('CALENDAR', 'GROUPED') group by 1, 2 having count(distinct invoice_id) > 1`},
		{"12: a renewal has the day of the anchor, or the last of its month", `select label, anchor_on, period_end_on from subscription
			where extract(day from period_end_on) <> least(extract(day from anchor_on), extract(day from (date_trunc('month', period_end_on) + interval '1 month - 1 day')))`},
		{"15: nothing is billed for time after an end", `select s.label from subscription s join covered_period c on c.subscription_id = s.id where not c.credited and s.status = 'ENDED' and s.end_reason in ('CANCELLED', 'NOT_RENEWED') and upper(c.period) > s.ends_on`},
		{"20: a reversed charge has a proof of at most 90 days", `select i.number from invoice i join invoice_vat v on v.invoice_id = i.id where v.category = 'AE'
			and (v.vat_cents <> 0 or i.customer->>'Consultation' is null or not exists (select from vat_check k where k.account_id = i.account_id and k.outcome = 'VALID' and k.checked_at::date between i.issued_on - 90 and i.issued_on))`},
		{"24: a name renews by itself exactly when its service goes on", `select d.name, d.status, s.status from domain d join subscription s on s.id = d.subscription_id
			where (d.status = 'ACTIVE') <> (s.status not in ('ENDED', 'PENDING')) or s.status = 'ENDED' and d.auto_renew or s.status = 'ACTIVE' and not d.auto_renew`},
		{"P-08: nothing is older than the archive", `select number from invoice where issued_on < '2014-01-01'`},
		{"nothing happens after now", `select kind from notification where created_at > ?0::date + time '12:00' at time zone 'Europe/Amsterdam' union all select kind from event where at > ?0::date + time '12:00' at time zone 'Europe/Amsterdam'
			union all select number from invoice where issued_on > ?0 union all select 'payment' from payment where paid_at > ?0::date + time '12:00' at time zone 'Europe/Amsterdam' union all select 'message' from ticket_message where sent_at > ?0::date + time '12:00' at time zone 'Europe/Amsterdam'`},
		{"nobody is told again of what happened years ago", `select kind from event where relayed_at is null union all select kind from message where status = 'QUEUED'`},
		{"a used-up term has been turned", `select label, period_end_on from subscription where status not in ('ENDED', 'PENDING') and period_end_on <= ?0`},
		{"thirteen months of measurements", `select h.name, min(u.day), max(u.day) from hosting_package h left join usage_day u on u.package_id = h.id where h.status in ('ACTIVE', 'SUSPENDED')
			group by h.id having max(u.day) is distinct from ?0::date or count(*) <> max(u.day) - min(u.day) + 1 or min(u.day) < ?0::date - interval '13 months' or h.disk_bytes is null`},
	} {
		if found := h.rows(t, c.broken, h.today); found != "" {
			t.Errorf("%s:\n%s", c.name, found)
		}
	}
	h.numbers(t)
}

// numbers checks that what looks like a number of the outside world is one.
func (h *house) numbers(t *testing.T) {
	for _, c := range []struct {
		name, query string
		valid       func(string) error
	}{
		{"VAT ids", `select vat_id from account where vat_id <> '' and country <> 'CH' union select vat_id from brand`, func(s string) error { _, err := vat.ParseID("", s); return err }},
		{"KvK numbers", `select kvk_number from account where kvk_number <> '' and country = 'NL' union select kvk_number from brand`, func(s string) error { _, err := vat.ParseKvK(s); return err }},
		{"IBANs", `select iban from mandate union select iban from brand`, func(s string) error { _, err := vat.ParseIBAN(s); return err }},
	} {
		for s := range strings.Lines(h.rows(t, c.query)) {
			if err := c.valid(strings.TrimSpace(s)); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	h.is(t, `select kvk_number from account where kvk_number <> '' and country = 'NL' and kvk_number not like '9%'`, "")
}

// nextRun lives until the day of the next invoices, and compares them with what the panel promised (invariants 7, 13).
func (h *house) nextRun(t *testing.T) {
	engine := billing.New(h.DB)
	count := `select (select count(*) from event), (select count(*) from notification), (select count(*) from invoice)`
	before := h.rows(t, count)
	if err := engine.Daily(t.Context(), h.today); err != nil {
		t.Fatal(err)
	}
	if after := h.rows(t, count); after != before {
		t.Errorf("the job of today, run again, makes %s of %s", after, before)
	}
	run := h.today.LastOfMonth().AddDays(1)
	promised := h.rows(t, `select number, next_invoice_net_cents, next_invoice_vat_cents from account where next_invoice_on = ? order by number`, run)
	for day := h.today.AddDays(1); !day.After(run); day = day.AddDays(1) {
		if err := engine.Daily(pg.At(t.Context(), day.At(4, 0)), day); err != nil {
			t.Fatal(day, err)
		}
	}
	made := h.rows(t, `select a.number, i.net_cents, i.vat_cents from invoice i join account a on a.id = i.account_id where i.issued_on = ? and i.origin = 'RUN' order by 1`, run)
	if promised == "" || promised != made {
		t.Errorf("the panel promised\n%s\nand the run of %s made\n%s", promised, run, made)
	}
	h.is(t, `select i.issued_on, count(*), min(l.period_start_on), max(l.period_start_on), sum(l.net_cents) from invoice i join invoice_line l on l.invoice_id = i.id join account a on a.id = i.account_id
		where a.company_name like 'Bakkerij De K%' and i.issued_on = '2026-12-01' group by 1`, "2026-12-01,7,2027-01-05,2027-01-22,25500")
}
