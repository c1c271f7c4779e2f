package billing

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// longestLead is more than the days between an invoice and the renewal it is for: 90 in March of a leap year (§2.2).
const longestLead = 92

// findUnbilled names the accounts with a service that is not billed for long. It goes by what was billed, not by the dates
// that the panel shows: a plan that somebody forgot to renew must not cost an invoice (invariant 2).
func findUnbilled(ctx context.Context, tx *pg.Tx, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`select distinct account_id from subscription where account_id > ? and billed_until_on <= ? and status not in ('PENDING', 'ENDED', 'VOIDED')
		order by account_id limit ?`, after, tx.Today().AddDays(longestLead), batch).Scan(ctx, &ids)
	return ids, err
}

// worthBilling keeps the accounts for which something is due, or waits.
func worthBilling(ctx context.Context, tx *pg.Tx, accounts []uuid.UUID) (worth []uuid.UUID, err error) {
	books, err := subscription.Books(ctx, tx, accounts)
	if err != nil {
		return nil, err
	}
	for _, b := range books {
		if lines, _, held := DueLines(b, tx.Today()); len(lines) > 0 || held && b.Hold == nil {
			worth = append(worth, b.Account.ID)
		}
	}
	return worth, nil
}

// bill invoices everything that is due of the account today on one invoice (§2.1). A second one on a day, for what came up
// in between, waits until the next (invariant 11).
func bill(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error) {
	b, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return false, err
	}
	lines, scheduledOn, held := DueLines(b, tx.Today())
	if held {
		if err := hold(ctx, tx, b, "PRICE"); err != nil {
			return false, err
		}
	} else if err := release(ctx, tx, b, "PRICE"); err != nil {
		return false, err
	}
	if len(lines) == 0 {
		return false, nil
	}
	already, err := tx.NewSelect().Model((*Invoice)(nil)).Where("i.account_id = ?", account).Where("i.issued_on = ?", tx.Today()).Where("i.origin = ?", OriginRun).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look for an invoice of today: %w", err)
	}
	if already {
		return false, nil
	}
	_, err = issue(ctx, tx, b, Draft{AccountID: account, Origin: OriginRun, ScheduledOn: scheduledOn, Lines: lines})
	return err == nil, err
}

// BillNow invoices at once what is due of these services: the first periods of an order (§2.3), or all that is due of the
// account when none are named. It returns nil when nothing is to be paid. It locks the account. Only jobs may.
func BillNow(ctx context.Context, tx *pg.Tx, account uuid.UUID, origin string, services ...uuid.UUID) (*Invoice, error) {
	if err := subscription.Lock(ctx, tx, account); err != nil {
		return nil, err
	}
	b, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	lines, scheduledOn, _ := DueLines(b, tx.Today(), services...)
	return issue(ctx, tx, b, Draft{AccountID: account, Origin: origin, ScheduledOn: scheduledOn, Lines: lines})
}

// findTurns names the accounts of which a service ends or renews by today.
func findTurns(ctx context.Context, tx *pg.Tx, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`select account_id from (
			select s.account_id from subscription s where s.period_end_on <= ?1 and s.status not in ('PENDING', 'ENDED', 'VOIDED')
			union select s.account_id from subscription s where s.ends_on <= ?1 and s.ends_on is not null and s.status not in ('PENDING', 'ENDED', 'VOIDED')
			union select x.account_id from cancellation x where x.effective_on <= ?1 and x.status in ('OPEN', 'IN_PROGRESS', 'CONFIRMED')) t
		where account_id > ?0 order by account_id limit ?2`, after, tx.Today(), batch).Scan(ctx, &ids)
	return ids, err
}

// turn ends and renews the services of the account (1.4, 1.8, 1.9). What was billed for time after an end is credited with
// it (invariant 15).
func turn(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error) {
	b, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return false, err
	}
	for _, s := range b.Services {
		t, ok := b.Turn(s, tx.Today())
		if !ok {
			continue
		}
		changed = true
		if err := subscription.Take(ctx, tx, b, s, t); err != nil {
			return false, err
		}
		if t.Reason == subscription.EndCancelled && s.BilledUntilOn.After(t.EndsOn) {
			if _, err := CreditFrom(ctx, tx, s.ID, t.EndsOn, "cancelled"); err != nil {
				return false, err
			}
		}
	}
	if !changed {
		return false, nil
	}
	return true, subscription.Replan(ctx, tx, []uuid.UUID{account})
}

// findOffers names the accounts of consumers that are to be offered a next term, or reminded of it, by today. It must find
// at least what Book.Offer would do.
func findOffers(ctx context.Context, tx *pg.Tx, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`select distinct s.account_id from subscription s join account a on a.id = s.account_id
		where s.account_id > ?0 and (a.kind = 'CONSUMER' or a.treated_as_consumer) and s.term_months >= 3 and not s.indefinite
		and s.period_end_on > ?1 and s.period_end_on <= ?2 and s.ends_on is null and s.status = any(?3)
		and not exists (select from renewal_offer o where o.subscription_id = s.id and o.renews_on = s.period_end_on and (o.status in ('ACCEPTED', 'DECLINED')
			or o.status = 'SCHEDULED' and o.sends_on > ?1
			or o.status = 'OPEN' and o.reminders >= case when ?1::date >= o.renews_on - 1 then 2 when ?1::date >= o.renews_on - 7 then 1 else 0 end))
		order by s.account_id limit ?4`, after, tx.Today(), tx.Today().AddDays(62), pgdialect.Array([]string{"ACTIVE", "SUSPENDED", "ON_HOLD", "ENDING", "CANCELLATION_REQUESTED"}), batch).Scan(ctx, &ids)
	return ids, err
}

// offer brings the renewal offers of the account up to today.
func offer(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error) {
	b, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return false, err
	}
	return true, b.Offer(ctx, tx)
}
