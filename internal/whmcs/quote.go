package whmcs

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// takeQuotes adds the quotes with their lines.
func (c *customer) takeQuotes() {
	lines := map[int64][]*row{}
	for _, r := range c.rows["tblquoteitems"] {
		lines[r.integer("quoteid")] = append(lines[r.integer("quoteid")], r)
	}
	for _, r := range c.rows["tblquotes"] {
		c.takeQuote(r, lines[r.id])
	}
}

func (c *customer) takeQuote(r *row, lines []*row) {
	net, vat := r.cents("subtotal"), r.cents("tax1")+r.cents("tax2")
	status := c.quoteStatus(r)
	if !r.out() && status == "" {
		r.refuse("its stage %q is unknown", r.text("stage"))
	}
	var nets []money.Cents
	for _, l := range lines {
		amount, err := quoteAmount(l)
		if err != nil && !l.out() {
			l.refuse("%v", err)
		}
		if l.outcome == Refused && !r.out() {
			r.refuse("its line %d is refused", l.id)
		}
		nets = append(nets, amount)
	}
	if r.out() {
		for _, l := range lines {
			if !l.out() {
				l.follow(r, "quote")
			}
		}
		return
	}
	id, isNew := c.target(r)
	for _, l := range lines {
		if l.take(); !isNew {
			l.known()
		}
	}
	if !isNew {
		return
	}
	created, sent := cmp.Or(r.day("datecreated"), c.since).Start(), r.at("datesent")
	if sent.IsZero() && status != "DRAFT" {
		sent = created
	}
	valid := r.day("validuntil")
	if valid.IsZero() {
		valid = civil.In(created).AddDays(30)
	}
	c.b.quote.add(id, c.id, "WHMCS-"+r.raw("id"), cmp.Or(r.text("subject"), "Offerte "+r.raw("id")), status, r.body("proposal"), valid, net, vat, sent, r.at("dateaccepted"), created)
	for n, l := range lines {
		c.b.quoteLine.add(key.New(), id, c.id, n+1, l.body("description"), 1, 0, nets[n])
	}
}

// quoteAmount returns what a line of a quote comes to: its quantity, which may be a fraction, at the price less a
// discount in percent.
func quoteAmount(r *row) (money.Cents, error) {
	price, err := parseCents(r.raw("unitprice"))
	if err != nil {
		return 0, fmt.Errorf("unitprice %q is not an amount", r.raw("unitprice"))
	}
	quantity, err1 := thousandths(cmp.Or(r.text("quantity"), "1"))
	discount, err2 := thousandths(cmp.Or(r.text("discount"), "0"))
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("quantity %q or discount %q is not a number", r.text("quantity"), r.text("discount"))
	}
	whole := money.MulDiv(int64(price), quantity, 1000)
	return money.Cents(money.MulDiv(whole, 100_000-discount, 100_000)), nil
}

// thousandths reads a decimal number in thousandths, rounded.
func thousandths(s string) (int64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 1e9 {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return int64(math.Round(f * 1000)), nil
}

func (c *customer) quoteStatus(r *row) string {
	switch r.text("stage") {
	case "Draft":
		return "DRAFT"
	case "Delivered", "On Hold":
		if until := r.day("validuntil"); !until.IsZero() && until.Before(c.today) {
			return "EXPIRED"
		}
		return "SENT"
	case "Accepted":
		return "ACCEPTED"
	case "Lost":
		return "REJECTED"
	case "Dead":
		return "WITHDRAWN"
	}
	return ""
}

// takeOrders adds the orders, with what was delivered on them as lines.
func (c *customer) takeOrders() {
	for _, r := range c.rows["tblorders"] {
		if r.out() {
			continue
		}
		status := map[string]string{"Pending": "PLACED", "Active": "COMPLETED", "Cancelled": "CANCELED", "Fraud": "REJECTED"}[r.text("status")]
		if status == "" {
			r.warn("its status %q is unknown: it counts as completed", r.text("status"))
			status = "COMPLETED"
		}
		net, vat := c.net(r.cents("amount")), money.Cents(0)
		if r.out() {
			continue
		}
		var about uuid.UUID
		if i := c.invoices[r.integer("invoiceid")]; i != nil && !i.row.out() && !i.request {
			about, net, vat = i.id, i.net, i.vat
		}
		id, isNew := c.target(r)
		if !isNew {
			continue
		}
		placed := r.at("date")
		if placed.IsZero() {
			placed = c.created
		}
		number := orderNumber(r)
		if !c.orders.take(number) {
			r.warn("number %s is taken by another order: it becomes %[1]s-%d", number, r.id)
			number += "-" + r.raw("id")
		}
		c.b.order.add(id, c.id, number, status, about, net, vat, placed, placed)
		c.addOrderLines(r, id, status)
	}
}

func orderNumber(r *row) string { return cmp.Or(r.text("ordernum"), r.raw("id")) }

// addOrderLines adds what came of an order.
func (c *customer) addOrderLines(order *row, id uuid.UUID, status string) {
	n := 0
	for _, table := range []string{"tblhosting", "tbldomains"} {
		for _, r := range c.rows[table] {
			s := c.services[service{table, r.id}]
			if s == nil || r.integer("orderid") != order.id {
				continue
			}
			n++
			price, _ := parseCents(r.raw("firstpaymentamount")) // what is no amount is refused elsewhere
			delivered := any(nil)
			if status == "COMPLETED" {
				delivered = cmp.Or(s.registered, c.since).Start()
			}
			c.b.orderLine.add(key.New(), id, c.id, n, s.product, s.subscription, s.label, max(1, s.quantity), max(0, s.months), c.net(price), delivered)
		}
	}
}
