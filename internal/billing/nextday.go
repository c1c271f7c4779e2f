package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// NextDay returns the first day after today on which the daily job has something to do if nothing changes before; zero when
// that is never. A clock that is moved on can leave out the days before it: they bring nothing, but for periods that cost
// nothing, which the next job covers too.
func (b *Billing) NextDay(ctx context.Context) (day civil.Date, err error) {
	err = b.db.Read(ctx, job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewRaw(nextDaySQL, tx.Today().AddDays(1)).Scan(ctx, &day)
	})
	if err != nil {
		return day, fmt.Errorf("find the next day: %w", err)
	}
	return day, nil
}

// nextDaySQL is the earliest of: an invoice, an end, a renewal, a cancellation that confirms itself, and what findOffers looks for. What is overdue is for tomorrow.
const nextDaySQL = `select case when n.on is not null then greatest(n.on, ?0::date) end from (select least(
	(select min(next_invoice_on) from subscription where next_invoice_on is not null),
	(select min(period_end_on) from subscription where status not in ('PENDING', 'ENDED', 'VOIDED')),
	(select min(ends_on) from subscription where ends_on is not null and status not in ('PENDING', 'ENDED', 'VOIDED')),
	(select min(effective_on) from cancellation where status in ('OPEN', 'IN_PROGRESS', 'CONFIRMED')),
	(select min((received_at at time zone 'Europe/Amsterdam')::date + 2) from cancellation where status in ('OPEN', 'IN_PROGRESS')),
	(select min(effective_on - 1) from cancellation where status = 'AWAITING_DOMAIN_DECISION' and effective_on > ?0::date),
	(select min(case when o.id is null then s.period_end_on - 60 when o.status = 'SCHEDULED' then o.sends_on
			when o.status = 'OPEN' and o.reminders = 0 then o.renews_on - 7 when o.status = 'OPEN' and o.reminders = 1 then o.renews_on - 1 end)
		from subscription s join account a on a.id = s.account_id
		left join renewal_offer o on o.subscription_id = s.id and o.renews_on = s.period_end_on and o.status <> 'SUPERSEDED'
		where (a.kind = 'CONSUMER' or a.treated_as_consumer) and s.term_months >= 3 and not s.indefinite and s.ends_on is null
		and s.status not in ('PENDING', 'ENDED', 'VOIDED'))) as on) n`
