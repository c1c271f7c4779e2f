package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/order"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/quote"
	"klantenpaneel/internal/vat"
)

// offer is a quote and what became of it.
type offer struct {
	serial   int
	customer string
	title    string
	status   string
	sent     int // days ago
	valid    int // days after today; before it when negative
	items    []item
	once     []string // products that are paid once
}

// quotes plans the quotes of the year: one of each kind, among them that of A22.
func (s *seeder) quotes() {
	for _, o := range []offer{
		{serial: 3, customer: "linde", title: "Verhuizing van de website", status: "ACCEPTED", sent: 160, valid: -130, once: []string{"SVC-MOVE"}},
		{serial: 5, customer: "fietsplus", title: "Webshop", status: "EXPIRED", sent: 75, valid: -45, items: []item{{"HOST-PRO", "webshop.fietsplus-voorbeeld.nl", 0}}},
		{serial: 6, customer: "korenaar", title: "Tweede server", status: "REJECTED", sent: 50, valid: -20, items: []item{{"VPS-M", "server.dekorenaar-voorbeeld.nl", 1}}},
		{serial: 7, customer: "korenaar", title: "Groter pakket voor de webshop", status: "SENT", sent: 2, valid: 28, items: []item{{"HOST-PRO", "webshop.dekorenaar-voorbeeld.nl", 0}}, once: []string{"SVC-MOVE"}},
		{serial: 8, customer: "hostwerk", title: "Vijftig accounts", status: "DRAFT", sent: 0, valid: 30, items: []item{{"RES-25", "hostwerk-voorbeeld.nl", 0}, {"RES-25", "hostwerk-voorbeeld.nl", 0}}},
	} {
		s.scene(s.at(o.sent, 10, 30), o.customer, func(ctx context.Context, tx *pg.Tx, c *customer) error { return s.quote(ctx, tx, c, o) })
	}
}

func (s *seeder) quote(ctx context.Context, tx *pg.Tx, c *customer, o offer) error {
	q := &quote.Quote{ID: key.New(), AccountID: c.ID, Number: fmt.Sprintf("OFF-%d-%04d", s.today.Year(), o.serial), Version: 1, Title: o.title, Status: o.status,
		Introduction: "Zoals besproken bieden wij u het volgende aan.", ValidUntilOn: s.today.AddDays(o.valid), CreatedAt: tx.Now}
	var lines []quote.Line
	add := func(code, label string, months int, net money.Cents) {
		p := s.product(code)
		q.NetCents += net
		lines = append(lines, quote.Line{ID: key.New(), QuoteID: q.ID, AccountID: c.ID, Position: len(lines) + 1, ProductID: &p.ID, Description: p.NameNl, Label: label, Quantity: 1, TermMonths: months, NetCents: net})
	}
	for _, it := range o.items {
		add(it.code, it.label, it.term(), s.price(it, s.today))
	}
	for _, code := range o.once {
		add(code, "", 0, s.once(code))
	}
	q.VatCents = vat.RateOn("NL", s.today).Of(q.NetCents)
	if o.status != "DRAFT" {
		q.SentAt = &tx.Now
	}
	if o.status == "ACCEPTED" || o.status == "REJECTED" {
		q.AnsweredAt = new(tx.Now.Add(72 * time.Hour))
	}
	if o.status == "REJECTED" {
		q.RejectReason = "Voorlopig nog niet nodig."
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %v", q.Number, q.Version, q.Title, q.NetCents))
	if _, err := tx.NewInsert().Model(q).Value("version_sha256", "?", sum[:]).Exec(ctx); err != nil {
		return fmt.Errorf("quote %s: %w", q.Number, err)
	}
	if _, err := tx.NewInsert().Model(&lines).Exec(ctx); err != nil {
		return fmt.Errorf("the lines of quote %s: %w", q.Number, err)
	}
	if o.status != "SENT" {
		return nil
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "QUOTE_NEW", SubjectType: key.Quote, SubjectID: &q.ID, Data: map[string]string{"number": q.Number, "day": q.ValidUntilOn.Short()}})
}

// once returns the price of something that is paid once.
func (s *seeder) once(code string) money.Cents {
	for _, a := range priceList {
		if a.code == code {
			return a.once
		}
	}
	panic("demo: there is no product " + code)
}

// openOrders plans orders that are not complete: one that staff look at, one that was called off.
func (s *seeder) openOrders() {
	for _, o := range []struct {
		customer, status string
		days             int
		item             item
	}{{"korenaar", "UNDER_REVIEW", 1, item{"DOM-SHOP", "dekorenaar-voorbeeld.shop", 0}}, {"fatima", "CANCELED", 30, item{"DOM-ONLINE", "fatimabakt-voorbeeld.online", 0}}} {
		s.scene(s.at(o.days, 13, 10), o.customer, func(ctx context.Context, tx *pg.Tx, c *customer) error {
			row, line := s.openOrder(tx, c, o.status, o.item)
			return s.record(ctx, tx, row, line)
		})
	}
}

// openOrder returns an order of one thing that is not delivered.
func (s *seeder) openOrder(tx *pg.Tx, c *customer, status string, it item) (*order.Order, *order.Line) {
	net := s.price(it, tx.Today())
	o := &order.Order{ID: key.New(), AccountID: c.ID, Number: s.orderNumber(tx.Today()), Status: status, NetCents: net, VatCents: vat.RateOn("NL", tx.Today()).Of(net), PlacedAt: &tx.Now, CreatedAt: tx.Now}
	return o, &order.Line{ID: key.New(), OrderID: o.ID, AccountID: c.ID, Position: 1, ProductID: s.product(it.code).ID, Label: it.label, Quantity: 1, TermMonths: it.term(), NetCents: net}
}

// record writes an open order, which the customer is told of.
func (s *seeder) record(ctx context.Context, tx *pg.Tx, o *order.Order, line *order.Line) error {
	if _, err := tx.NewInsert().Model(o).Exec(ctx); err != nil {
		return fmt.Errorf("order %s: %w", o.Number, err)
	}
	if _, err := tx.NewInsert().Model(line).Exec(ctx); err != nil {
		return fmt.Errorf("the line of order %s: %w", o.Number, err)
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: o.AccountID, Kind: "ORDER_CONFIRMED", SubjectType: key.Order, SubjectID: &o.ID, Data: map[string]string{"number": o.Number}})
}
