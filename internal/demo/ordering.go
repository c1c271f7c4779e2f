package demo

import (
	"context"
	"fmt"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/order"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"

	"github.com/google/uuid"
)

// order has a customer order services, which are delivered and invoiced at once (§2.3). What is there from before the
// opening was ordered in another time.
func (m *maker) order(ctx context.Context, tx *pg.Tx, c *customer, services []*service) error {
	var ids []uuid.UUID
	for _, s := range services {
		if err := m.start(ctx, tx, s); err != nil {
			return err
		}
		if !s.from.Before(opening) {
			ids = append(ids, s.id)
		}
	}
	if len(ids) == 0 {
		return subscription.Replan(ctx, tx, []uuid.UUID{c.ID})
	}
	inv, err := billing.BillNow(ctx, tx, c.ID, billing.OriginOrder, ids...)
	if err != nil {
		return err
	}
	if inv == nil {
		return fmt.Errorf("%s orders, and there is no invoice", c.key)
	}
	m.receiveBill(billOf(inv))
	return m.recordOrder(ctx, tx, c, services, inv)
}

// recordOrder writes the order that led to the invoice.
func (m *maker) recordOrder(ctx context.Context, tx *pg.Tx, c *customer, services []*service, inv *billing.Invoice) error {
	year := tx.Today().Year()
	m.orders[year]++
	o := order.Order{ID: key.New(), AccountID: c.ID, Number: fmt.Sprintf("ORD-%d-%04d", year, m.orders[year]), Status: "COMPLETED", InvoiceID: &inv.ID,
		NetCents: inv.NetCents, VatCents: inv.VatCents, PlacedAt: &tx.Now, CreatedAt: tx.Now}
	if _, err := tx.NewInsert().Model(&o).Exec(ctx); err != nil {
		return err
	}
	var prices []struct {
		SubscriptionID uuid.UUID
		Net            money.Cents
	}
	if err := tx.NewRaw(`select subscription_id, net_cents as net from invoice_line where invoice_id = ?`, inv.ID).Scan(ctx, &prices); err != nil {
		return err
	}
	net := map[uuid.UUID]money.Cents{}
	for _, p := range prices {
		net[p.SubscriptionID] = p.Net
	}
	lines := make([]order.Line, len(services))
	for i, s := range services {
		lines[i] = order.Line{ID: key.New(), OrderID: o.ID, AccountID: c.ID, Position: i + 1, ProductID: m.products[s.code].ID, SubscriptionID: &s.id,
			Label: s.label, Quantity: s.quantity, TermMonths: s.months, NetCents: net[s.id], DeliveredAt: &tx.Now}
	}
	_, err := tx.NewInsert().Model(&lines).Exec(ctx)
	return err
}
