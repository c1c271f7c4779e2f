package whmcs

import (
	"cmp"
	"slices"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// takeMoney decides what settled each invoice, such that what is open is what WHMCS asks for, and adds invoices,
// payments and the balance.
func (c *customer) takeMoney() {
	payments := c.readPayments()
	slices.SortStableFunc(payments, func(a, b *payment) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.row.id, b.row.id)) })
	c.settleRequests(payments)
	byInvoice := map[*invoice][]*payment{}
	for _, p := range payments {
		byInvoice[p.invoice] = append(byInvoice[p.invoice], p)
	}
	for _, r := range c.rows["tblinvoices"] {
		if i := c.invoices[r.id]; !r.out() && !i.request {
			c.settle(i, byInvoice[i])
		}
	}
	for _, p := range byInvoice[nil] {
		p.row.warn("it is on no invoice: it stays by itself, and the balance is taken from the client as it is")
	}
	for _, r := range c.rows["tblinvoices"] {
		if i := c.invoices[r.id]; !r.out() && !i.request && i.isNew {
			c.write(i)
		}
	}
	c.writeCovered()
	c.writePayments(payments)
	c.openBalance()
}

// settleRequests spreads what was paid on an invoice that pays others over those. WHMCS books it as credit that they
// use up at once.
func (c *customer) settleRequests(payments []*payment) {
	for _, p := range payments {
		i := p.invoice
		if i == nil || !i.request {
			continue
		}
		if i.status != paid && i.status != refunded {
			p.row.warn("it is on the request for payment %d, which is %s: it stays by itself", i.row.id, i.status)
			continue
		}
		if p.out {
			c.enter(p.isNew, -p.amount, "REFUND", p, nil, p.at)
			continue
		}
		for _, l := range i.lines {
			on := c.invoices[l.targeted]
			if on == nil || on.row.out() || on.request {
				continue
			}
			part := min(p.free, l.amount, on.credit)
			if part <= 0 {
				continue
			}
			c.allocate(on, p, uuid.Nil, part, p.at, p.isNew)
			p.free, l.amount, on.credit = p.free-part, l.amount-part, on.credit-part
		}
		c.enter(p.isNew, p.free, "OVERPAYMENT", p, nil, p.at)
		p.free = 0
	}
}

// settle spreads payments and credit over one invoice.
func (c *customer) settle(i *invoice, payments []*payment) {
	left := func() money.Cents { return i.gross - i.settled - i.credited }
	if i.credit != 0 {
		c.fromBalance(i, i.credit, "USED")
	}
	back := false
	for _, p := range payments {
		if p.out {
			part := min(p.amount, max(0, i.settled-i.credit))
			c.allocate(i, p, uuid.Nil, -part, p.at, p.isNew)
			c.enter(p.isNew, part-p.amount, "REFUND", p, i, p.at)
			back = true
			continue
		}
		part := min(p.free, max(0, left()))
		c.allocate(i, p, uuid.Nil, part, p.at, p.isNew)
		if surplus := p.free - part; surplus > 0 {
			p.row.warn("%s of it is more than invoice %d asks for: that is on the balance", surplus.Amount(), i.row.id)
			c.enter(p.isNew, surplus, "OVERPAYMENT", p, i, p.at)
		}
		p.free = 0
	}
	switch rest := left(); {
	case rest == 0 || asksFor(i.status) || i.status == draft:
	case i.status == cancelled || i.status == refunded:
		i.credited = rest
	case back && rest > 0:
		i.row.warn("%s was paid back though it counts as paid: that part counts as credited", rest.Amount())
		i.credited = rest
	case rest > 0:
		i.row.warn("it counts as paid, but %s of it was never booked: a correction settles that", rest.Amount())
		c.enter(i.isNew, rest, "CORRECTION", nil, i, c.settledAt(i))
		c.fromBalance(i, rest, "CORRECTION")
	}
}

// settledAt returns when an invoice was paid.
func (c *customer) settledAt(i *invoice) time.Time {
	if at := i.row.at("datepaid"); !at.IsZero() {
		return at
	}
	return i.issuedOn.Start()
}

// fromBalance settles a part of an invoice from the balance.
func (c *customer) fromBalance(i *invoice, amount money.Cents, reason string) {
	entry := c.enter(i.isNew, -amount, reason, nil, i, c.settledAt(i))
	c.allocate(i, nil, entry, amount, c.settledAt(i), i.isNew)
}

// allocate notes that a payment or an entry on the balance settles a part of an invoice. It is written when isNew: what
// settles, or the invoice, was not there before.
func (c *customer) allocate(i *invoice, p *payment, entry uuid.UUID, amount money.Cents, at time.Time, isNew bool) {
	if amount == 0 {
		return
	}
	i.settled += amount
	if !isNew {
		return
	}
	var from uuid.UUID
	if p != nil {
		from = p.id
	}
	to := c.b.allocation
	if !i.isNew {
		to = c.b.late
	}
	to.add(key.New(), c.id, i.id, from, entry, amount, at)
}

// enter adds an entry to the balance when it is new, and returns its id.
func (c *customer) enter(isNew bool, amount money.Cents, reason string, p *payment, i *invoice, at time.Time) uuid.UUID {
	if amount == 0 || !isNew {
		return uuid.Nil
	}
	var from, about uuid.UUID
	if p != nil {
		from = p.id
	}
	if i != nil {
		about = i.id
	}
	id := key.New()
	c.entries = append(c.entries, entry{id, amount, reason, from, about, at})
	c.balance += amount
	return id
}

// entry is one on the balance.
type entry struct {
	id       uuid.UUID
	amount   money.Cents
	reason   string
	payment  uuid.UUID
	invoice  uuid.UUID
	recorded time.Time
}

// openBalance adds what the entries do not explain of the credit that WHMCS holds for a new client, and writes them.
func (c *customer) openBalance() {
	credit := c.row.cents("credit")
	if rest := credit - c.balance; c.isNew && rest != 0 {
		c.enter(true, rest, "IMPORT", nil, nil, c.created)
	}
	to := c.b.balance
	if !c.isNew {
		to = c.b.lateBalance
	}
	for _, e := range c.entries {
		to.add(e.id, c.id, e.amount, e.reason, e.payment, e.invoice, e.recorded)
	}
	c.checkCredit(credit)
}

// checkCredit holds the credit against its history, of which only the sum is taken.
func (c *customer) checkCredit(credit money.Cents) {
	rows, sum := c.rows["tblcredit"], money.Cents(0)
	for _, r := range rows {
		if !r.out() {
			r.leaveOut("it explains the credit of the client, which is taken as it is")
			amount, _ := parseCents(r.raw("amount")) // what is no amount shows as a difference
			sum += amount
		}
	}
	if len(rows) > 0 && sum != credit {
		c.row.warn("its credit is %s, and its history makes %s", credit.Amount(), sum.Amount())
	}
}
