package whmcs

import (
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// payment is money that came in or went back: one side of a row of tblaccounts.
type payment struct {
	row      *row
	id       uuid.UUID
	isNew    bool
	out      bool // it went back to the customer
	amount   money.Cents
	at       time.Time
	invoice  *invoice // nil when it is for none
	free     money.Cents
	refunded money.Cents
}

// outRef is the kind under which import_ref keeps the money that went back, when a row has both sides.
const outRef = "tblaccounts.out"

// checkPayments refuses payments that are no amounts, and with them their invoices: what is paid of those is not known.
func (c *customer) checkPayments() {
	for _, r := range c.rows["tblaccounts"] {
		if r.out() {
			continue
		}
		if in, out := r.cents("amountin"), r.cents("amountout"); !r.out() && in >= 0 && out < 0 {
			r.refuse("amountout %q is negative", r.raw("amountout"))
		}
		if i := c.invoices[r.integer("invoiceid")]; r.out() && i != nil && !i.row.out() {
			i.row.refuse("its payment %d is refused", r.id)
		}
	}
}

// readPayments reads what was paid.
func (c *customer) readPayments() (all []*payment) {
	for _, r := range c.rows["tblaccounts"] {
		if !r.out() {
			all = append(all, c.readPayment(r)...)
		}
	}
	return all
}

// readPayment reads a row, which may have money that came in and money that went back.
func (c *customer) readPayment(r *row) (both []*payment) {
	in, out := r.cents("amountin"), r.cents("amountout")
	if in < 0 { // some gateways write a chargeback so
		in, out = 0, out-in
	}
	i, at := c.invoiceOf(r), r.at("date")
	if at.IsZero() && i != nil {
		at = i.issuedOn.Start()
		r.warn("it has no date: that of its invoice is taken")
	}
	switch {
	case i != nil && r.follow(i.rowUnlessRequest(), "invoice"):
	case in == 0 && out == 0:
		r.leaveOut("no money changed hands")
	case r.integer("currency") != 0 && c.currencyOf(r) != "EUR":
		r.refuse("it is in %s, and here there is only EUR", c.currencyOf(r))
	case at.IsZero():
		r.refuse("it has no date")
	}
	if r.out() {
		return nil
	}
	if at.After(c.now) {
		r.warn("it lies in the future: %s", r.raw("date"))
	}
	if in > 0 {
		p := &payment{row: r, amount: in, free: in, at: at, invoice: i}
		p.id, p.isNew = c.target(r)
		both = append(both, p)
	}
	if out > 0 {
		p := &payment{row: r, out: true, amount: out, at: at, invoice: i}
		if in == 0 {
			p.id, p.isNew = c.target(r)
		} else {
			p.id, p.isNew = c.targetOf(outRef, r)
		}
		both = append(both, p)
	}
	return both
}

// invoiceOf returns the invoice that a payment is for, nil for none.
func (c *customer) invoiceOf(r *row) *invoice {
	n := r.integer("invoiceid")
	i := c.invoices[n]
	if i == nil && n != 0 {
		r.warn("its invoice %d does not exist: it is a payment for no invoice", n)
	}
	return i
}

// rowUnlessRequest returns the row whose fate a payment shares: one that only asks for payment is left out, and still
// what was paid on it is money.
func (i *invoice) rowUnlessRequest() *row {
	if i.request && i.row.outcome == LeftOut {
		return &row{outcome: Imported}
	}
	return i.row
}

// writePayments adds the payments, once it is known what was refunded of them.
func (c *customer) writePayments(all []*payment) {
	c.spread(all)
	for _, p := range all {
		if !p.isNew {
			continue
		}
		r, direction, status := p.row, "IN", "PAID"
		switch {
		case p.out:
			direction = "OUT"
		case p.refunded >= p.amount:
			status = "REFUNDED"
		case p.refunded > 0:
			status = "PARTIALLY_REFUNDED"
		}
		gateway, reference := strings.ToLower(r.text("gateway")), r.text("transid")
		from, id := processor(gateway), any(nil)
		if reference != "" && !p.out && c.transactions.take(from+" "+reference) {
			id = reference
		}
		if reference == "" {
			reference = r.text("description")
		}
		c.b.planned.count(map[bool]string{false: "payments", true: "refunds"}[p.out], civil.In(p.at).Year(), p.amount)
		c.b.payment.add(p.id, c.id, direction, method(gateway), status, p.amount, min(p.refunded, p.amount), reference, from, id, p.at, p.at)
	}
}

// spread tells payments what went back of them: by the id that WHMCS notes, else the last one of the same invoice.
func (c *customer) spread(all []*payment) {
	for _, back := range all {
		if !back.out {
			continue
		}
		left, from := back.amount, back.row.integer("refundid")
		for _, exact := range []bool{true, false} {
			for n := len(all) - 1; n >= 0 && left > 0; n-- {
				p := all[n]
				if p.out || exact != (p.row.id == from) || !exact && (p.invoice == nil || p.invoice != back.invoice) {
					continue
				}
				part := min(left, p.amount-p.refunded)
				p.refunded += part
				left -= part
			}
		}
	}
}

// method returns how money comes in by a gateway.
func method(gateway string) string {
	g := strings.ToLower(gateway)
	for _, m := range []struct{ name, method string }{
		{"directdebit", "DIRECT_DEBIT"}, {"sepa", "DIRECT_DEBIT"}, {"incasso", "DIRECT_DEBIT"}, {"gocardless", "DIRECT_DEBIT"}, {"ideal", "IDEAL"}, {"paypal", "PAYPAL"},
		{"bancontact", "BANCONTACT"}, {"mistercash", "BANCONTACT"}, {"banktransfer", "BANK_TRANSFER"}, {"transfer", "BANK_TRANSFER"}, {"mailin", "BANK_TRANSFER"},
		{"creditcard", "CARD"}, {"stripe", "CARD"}, {"card", "CARD"},
	} {
		if strings.Contains(g, m.name) {
			return m.method
		}
	}
	return "OTHER"
}

// processor returns who handles the payments of a gateway.
func processor(gateway string) string {
	g := strings.ToLower(strings.TrimSpace(gateway))
	for _, p := range []string{"mollie", "paypal", "stripe", "adyen", "gocardless"} {
		if strings.Contains(g, p) {
			return p
		}
	}
	return "whmcs:" + g
}
