package demo

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/order"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// place carries out an order as the order form will: subscriptions that begin today, what they stand for, and the invoice of
// their first terms at once.
func (s *seeder) place(ctx context.Context, tx *pg.Tx, c *customer, p purchase) error {
	if !c.known {
		if err := s.enter(ctx, tx, c); err != nil {
			return err
		}
	}
	o := &order.Order{ID: key.New(), AccountID: c.ID, Number: s.orderNumber(tx.Today()), Status: "COMPLETED", PlacedAt: &tx.Now, CreatedAt: tx.Now}
	var services []uuid.UUID
	var lines []order.Line
	for i, it := range p.items {
		sub, err := s.begins(ctx, tx, c, it)
		if err != nil {
			return err
		}
		net := s.price(it, tx.Today())
		services = append(services, sub.ID)
		o.NetCents += net
		lines = append(lines, order.Line{ID: key.New(), OrderID: o.ID, AccountID: c.ID, Position: i + 1, ProductID: sub.ProductID, SubscriptionID: &sub.ID, Label: it.label,
			Quantity: 1, TermMonths: sub.TermMonths, NetCents: net, DeliveredAt: &tx.Now})
	}
	inv, err := billing.BillNow(ctx, tx, c.ID, billing.OriginOrder, services...)
	if err != nil {
		return fmt.Errorf("invoice order %s: %w", o.Number, err)
	}
	if inv != nil {
		o.InvoiceID, o.VatCents = &inv.ID, inv.VatCents
	}
	if _, err := tx.NewInsert().Model(o).Exec(ctx); err != nil {
		return fmt.Errorf("add order %s: %w", o.Number, err)
	}
	if _, err := tx.NewInsert().Model(&lines).Exec(ctx); err != nil {
		return fmt.Errorf("add the lines of order %s: %w", o.Number, err)
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "ORDER_DELIVERED", SubjectType: key.Order, SubjectID: &o.ID, Data: map[string]string{"number": o.Number}})
}

// orderNumber returns the next number of the year.
func (s *seeder) orderNumber(day civil.Date) string {
	s.orders[day.Year()]++
	return fmt.Sprintf("ORD-%d-%04d", day.Year(), s.orders[day.Year()])
}

// begins starts one service, delivered at once.
func (s *seeder) begins(ctx context.Context, tx *pg.Tx, c *customer, it item) (*subscription.Subscription, error) {
	product, months, today := s.product(it.code), it.term(), tx.Today()
	first := term.PeriodOn(today, months, today)
	sub := &subscription.Subscription{ID: key.New(), AccountID: c.ID, ProductID: product.ID, Label: it.label, Quantity: 1, TermMonths: months, AnchorOn: today,
		PeriodStartOn: first.Start, PeriodEndOn: first.End, BilledUntilOn: today, Status: subscription.Active, Indefinite: c.ActsAsConsumer() && months < 3, CreatedAt: tx.Now}
	if _, err := tx.NewInsert().Model(sub).Exec(ctx); err != nil {
		return nil, fmt.Errorf("add %s for %s: %w", it.code, it.label, err)
	}
	switch product.Kind {
	case catalog.Domain:
		d := &domainname.Domain{ID: key.New(), AccountID: c.ID, SubscriptionID: &sub.ID, Name: it.label, Status: "ACTIVE", Registrar: registrarOf(product.Tld), RegisteredOn: today, ExpiresOn: first.End,
			AutoRenew: true, AutoRenewConfirmedAt: &tx.Now, Locked: product.Tld == "com", NameServers: []string{"ns1.noorderhost.example", "ns2.noorderhost.example"}, CreatedAt: tx.Now}
		if _, err := tx.NewInsert().Model(d).Exec(ctx); err != nil {
			return nil, fmt.Errorf("add domain name %s: %w", it.label, err)
		}
	case catalog.Hosting, catalog.Reseller, catalog.VPS:
		if err := s.provide(ctx, tx, c, sub, product); err != nil {
			return nil, err
		}
	}
	return sub, nil
}

// provide adds the hosting package of a subscription.
func (s *seeder) provide(ctx context.Context, tx *pg.Tx, c *customer, sub *subscription.Subscription, product *catalog.Product) error {
	var domains []uuid.UUID
	if err := tx.NewRaw(`select id from domain where account_id = ? and name = ?`, c.ID, sub.Label).Scan(ctx, &domains); err != nil {
		return fmt.Errorf("find a domain name: %w", err)
	}
	s.packages++
	node := map[catalog.Kind]string{catalog.VPS: "vps", catalog.Reseller: "rs"}[product.Kind]
	h := &hosting.Package{ID: key.New(), AccountID: c.ID, SubscriptionID: &sub.ID, Name: sub.Label, Node: fmt.Sprintf("%s%02d.noorderhost.example", cmp.Or(node, "web"), 1+s.packages%4),
		Username: fmt.Sprintf("%.8s%d", strings.Map(letters, sub.Label), s.packages), Status: "ACTIVE", DiskLimitBytes: product.DiskLimitBytes, TrafficLimitBytes: product.TrafficLimitBytes,
		InodeLimit: product.InodeLimit, CreatedAt: tx.Now}
	if len(domains) > 0 {
		h.DomainID = &domains[0]
	}
	mailboxes, databases := 3+s.packages%12, 1+s.packages%4
	h.MailboxCount, h.DatabaseCount = &mailboxes, &databases
	if _, err := tx.NewInsert().Model(h).Exec(ctx); err != nil {
		return fmt.Errorf("add hosting package %s: %w", h.Name, err)
	}
	return nil
}

func (i item) term() int { return cmp.Or(i.months, 12) }

// price returns what the item costs for one term on a day.
func (s *seeder) price(it item, day civil.Date) money.Cents {
	for _, a := range priceList {
		if a.code == it.code {
			for _, p := range catalog.On(a.prices(uuid.Nil), day) {
				if p.TermMonths == it.term() {
					return p.AmountCents
				}
			}
		}
	}
	panic("demo: " + it.code + " is not sold for that term")
}

func registrarOf(tld string) string {
	switch tld {
	case "nl":
		return "SIDN"
	case "be":
		return "DNS Belgium"
	case "eu":
		return "EURid"
	}
	return "Openprovider"
}

func letters(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r
	}
	return -1
}

// receive has the customer pay what is open of an invoice.
func (s *seeder) receive(ctx context.Context, c *customer, invoice uuid.UUID, at time.Time) error {
	return s.do(ctx, at, func(tx *pg.Tx) error {
		var open money.Cents
		var number string
		if err := tx.NewRaw(`select open_cents, number from invoice where id = ?`, invoice).Scan(ctx, &open, &number); err != nil {
			return fmt.Errorf("find what is open: %w", err)
		}
		if open <= 0 {
			return nil
		}
		return s.pay(ctx, tx, c, &billing.Invoice{ID: invoice, Number: number}, open)
	})
}

// pay has money of the customer come in for the invoice.
func (s *seeder) pay(ctx context.Context, tx *pg.Tx, c *customer, inv *billing.Invoice, amount money.Cents) error {
	s.payments++
	provider := "MOLLIE"
	if c.pays == "BANK_TRANSFER" || c.pays == "DIRECT_DEBIT" {
		provider = "BANK"
	}
	_, err := billing.Receive(ctx, tx, billing.Receipt{AccountID: c.ID, InvoiceID: inv.ID, Method: c.pays, Amount: amount, Reference: inv.Number,
		Provider: provider, ProviderID: fmt.Sprintf("demo_%06d", s.payments)})
	if err != nil {
		return fmt.Errorf("pay %s: %w", inv.Number, err)
	}
	return nil
}
