package graph

import (
	"context"
	"fmt"

	"klantenpaneel/graph/model"
	"klantenpaneel/internal/account"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// sums is one row of the overview of accounts.
type sums struct {
	ID                           uuid.UUID
	Subscriptions, Domains       int
	Disk, Traffic                int64
	Invoices                     int
	Open, Overdue                money.Cents
	Tickets, UnreadNotifications int
}

const sumsSQL = `select a.id,
	(select count(*) from subscription s where s.account_id = a.id and s.status not in ('ENDED', 'VOIDED')) as subscriptions,
	(select count(*) from domain d where d.account_id = a.id and d.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')) as domains,
	h.disk, h.traffic, i.invoices, i.open, i.overdue,
	(select count(*) from ticket t where t.account_id = a.id and t.status in ('OPEN', 'WAITING_FOR_STAFF', 'WAITING_FOR_CUSTOMER')) as tickets,
	(select count(*) from notification n where n.account_id = a.id and n.read_at is null) as unread_notifications
from unnest(?::uuid[]) a(id)
cross join lateral (select coalesce(sum(disk_bytes), 0)::bigint as disk, coalesce(sum(traffic_bytes) filter (where measured_at >= ?), 0)::bigint as traffic
	from hosting_package h where h.account_id = a.id and h.status <> 'PURGED') h
cross join lateral (select count(*) as invoices, coalesce(sum(open_cents), 0)::bigint as open, coalesce(sum(open_cents) filter (where due_on < ?), 0)::bigint as overdue
	from invoice i where i.account_id = a.id and i.open_cents <> 0 and i.open_cents > 0) i`

// summary returns the counts and sums of an account; those of many accounts come in one statement.
func (r *Resolver) summary(ctx context.Context, id uuid.UUID) (*model.AccountSummary, error) {
	s, err := batched(ctx, "sums", func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]sums, error) {
		var rows []sums
		err := from(ctx).read(ctx, viewer.ReadAccount, func(tx *pg.Tx) error {
			return tx.NewRaw(sumsSQL, array(ids), tx.Today().FirstOfMonth().Start(), tx.Today()).Scan(ctx, &rows)
		})
		found := make(map[uuid.UUID]sums, len(rows))
		for _, row := range rows {
			found[row.ID] = row
		}
		return found, err
	})(id)
	if err != nil {
		return nil, fmt.Errorf("sum up account %s: %w", id, err)
	}
	m := &model.AccountSummary{ActiveSubscriptionCount: s.Subscriptions, DomainCount: s.Domains, DiskBytes: s.Disk, TrafficBytes: s.Traffic,
		OpenTicketCount: s.Tickets, UnreadNotificationCount: s.UnreadNotifications}
	if can(ctx, viewer.ReadBilling) {
		m.OpenAmount, m.OpenInvoiceCount, m.OverdueAmount = &s.Open, &s.Invoices, &s.Overdue
	}
	return m, nil
}

// brand returns the provider: of the account acted in, else the first there is.
func (r *Resolver) brand(ctx context.Context) (*account.Brand, error) {
	if v := from(ctx).who(); v.Account != uuid.Nil && v.Can(viewer.ReadAccount) {
		a, err := one[account.Account](ctx, &v.Account)
		if err != nil || a == nil {
			return nil, err
		}
		return one[account.Brand](ctx, &a.BrandID)
	}
	var brands []account.Brand
	err := from(ctx).read(ctx, viewer.ReadCatalog, func(tx *pg.Tx) error {
		return tx.NewSelect().Model(&brands).Order("created_at", "id").Limit(1).Scan(ctx)
	})
	if err != nil || len(brands) == 0 {
		return nil, err
	}
	return &brands[0], nil
}

// prices returns what the product costs today, for each term.
func (r *Resolver) prices(ctx context.Context, product uuid.UUID) ([]catalog.Price, error) {
	versions, err := many[catalog.Price](ctx, "product_id", product, "term_months, valid_from", "")
	return catalog.On(versions, r.today()), err
}

// termPrice returns what one term of a subscription costs today: as agreed, else by the catalog.
func (r *Resolver) termPrice(ctx context.Context, s *subscription.Subscription) (*money.Cents, error) {
	if !can(ctx, viewer.ReadBilling) || s.PriceCents != nil {
		return s.PriceIf(can(ctx, viewer.ReadBilling)), nil
	}
	prices, err := r.prices(ctx, s.ProductID)
	for _, p := range prices {
		if p.TermMonths == s.TermMonths {
			total := p.AmountCents * money.Cents(s.Quantity)
			return &total, err
		}
	}
	return nil, err
}

// usageHistory returns what a package used in each calendar month, oldest first; many packages come in one statement.
func (r *Resolver) usageHistory(ctx context.Context, id uuid.UUID, months *int) ([]hosting.Month, error) {
	n := hosting.HistoryMonths
	if months != nil {
		n = *months
	}
	if n < 1 || n > hosting.HistoryMonths {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "months moet van 1 tot en met %d zijn.", EN: "months must be from 1 to %d."}, hosting.HistoryMonths).At("months")
	}
	since := r.today().FirstOfMonth().AddMonths(1 - n)
	return batched(ctx, fmt.Sprint("usage ", n), func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]hosting.Month, error) {
		var months map[uuid.UUID][]hosting.Month
		err := from(ctx).read(ctx, viewer.ReadService, func(tx *pg.Tx) (err error) {
			months, err = hosting.History(ctx, tx, ids, since)
			return err
		})
		return months, err
	})(id)
}
