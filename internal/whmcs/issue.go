package whmcs

import (
	"cmp"
	"slices"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// takeInvoices decides about the invoices; takeMoney adds them when it is known what is paid on them.
func (c *customer) takeInvoices() {
	for _, r := range c.rows["tblinvoices"] {
		i := c.invoices[r.id]
		switch {
		case r.out():
			continue
		case i.request:
			c.leaveRequest(i)
			continue
		}
		i.id, i.isNew = c.target(r)
		switch {
		case i.status == cancelled:
			r.warn("it is cancelled in WHMCS: it keeps its number and counts as credited in full, without a credit note")
		case i.status == refunded:
			r.warn("it is refunded in WHMCS: it counts as credited, without a credit note")
		case i.status == collections:
			r.warn("it is with a collector: what is open stays open")
		case i.status == draft:
			r.warn("it is a draft, without a number, and is not issued: issue or drop it by hand")
		}
		if i.issuedOn.Before(archiveSince) {
			r.warn("it is from before 2014: it is kept, and customers do not see it")
		}
		for _, l := range i.lines {
			if l.row == nil {
				continue
			}
			if l.row.take(); !i.isNew {
				l.row.known()
			}
			if s := c.services[l.service]; s == nil && l.service.id != 0 {
				l.row.warn("its %s %d is not there: the line names no subscription", l.service.table, l.service.id)
			} else if l.bills() && l.period.IsZero() && s.months > 0 {
				l.row.warn("its description names no period")
			}
		}
	}
}

// leaveRequest leaves out an invoice that only asks for money: what it pays is on other invoices.
func (c *customer) leaveRequest(i *invoice) {
	i.row.leaveOut("it asks for payment of other invoices, or to add to the balance, and is no invoice itself: what was paid on it counts there")
	for _, l := range i.lines {
		if l.row != nil {
			l.row.leaveOut("it is part of a request for payment")
		}
	}
}

// write adds an invoice with its lines.
func (c *customer) write(i *invoice) {
	r := i.row
	due := r.day("duedate")
	if due.IsZero() {
		due = i.issuedOn.AddDays(c.brand.PaymentTermDays)
	}
	kind, state, number := "INVOICE", "ISSUED", any(nil)
	if i.gross < 0 && !asksFor(i.status) {
		kind = "CREDIT_NOTE"
		r.warn("its total is negative: it is taken as a credit note")
	}
	if i.status == draft {
		state = "DRAFT"
	} else {
		number = c.invoiceNumber(r)
	}
	category, country := c.category(i)
	lines := c.split(i, category)
	c.b.invoice.add(i.id, c.id, kind, state, number, "IMPORT", i.issuedOn, due, c.lang, i.net, i.vat, i.settled, i.credited, c.supplier, c.snapshot, i.searchable(number), i.issuedOn.Start())
	c.b.invoices = append(c.b.invoices, i.id)
	if state == "ISSUED" {
		c.b.planned.count("invoices", i.issuedOn.Year(), i.net+i.vat)
		if open := i.net + i.vat - i.settled - i.credited; open != 0 && kind == "INVOICE" {
			c.b.planned.count("open", i.issuedOn.Year(), open)
		}
	}
	for n, l := range i.lines {
		c.writeLine(i, l, n+1, lines[n])
	}
	c.writeVAT(i, lines, category, country)
	if text := r.body("notes"); text != "" {
		c.b.note.add(key.New(), c.id, "Bij factuur "+cmp.Or(r.text("invoicenum"), r.raw("id"))+": "+text, i.issuedOn.Start())
	}
}

// lineVAT is the VAT of one line.
type lineVAT struct {
	category vat.Category
	rate     vat.Rate
}

// split returns the VAT of each line.
func (c *customer) split(i *invoice, category vat.Category) []lineVAT {
	all := make([]lineVAT, len(i.lines))
	for n, l := range i.lines {
		switch {
		case l.taxed && i.rate > 0:
			all[n] = lineVAT{vat.Standard, i.rate}
		default:
			all[n] = lineVAT{category, 0}
		}
	}
	return all
}

// category returns what a line without VAT is, and the country whose VAT the others carry.
func (c *customer) category(i *invoice) (vat.Category, string) {
	country := "NL"
	if home := vat.RateOn("NL", i.issuedOn); i.rate > 0 && i.rate != home && i.rate == vat.RateOn(c.country, i.issuedOn) {
		country = c.country
	}
	switch {
	case !vat.IsMember(c.country):
		return vat.OutOfScope, country
	case c.country != "NL" && c.business:
		return vat.ReverseCharge, country
	}
	return zeroRated, country
}

// zeroRated is for lines without VAT that package vat would never decide on.
const zeroRated vat.Category = "Z"

func (c *customer) writeLine(i *invoice, l *invoiceLine, position int, v lineVAT) {
	var product, subscription uuid.UUID
	label := ""
	if s := c.services[l.service]; s != nil {
		product, subscription, label = s.product, s.subscription, s.label
	}
	text := l.text
	if text == "" {
		text = label
	}
	c.b.line.add(l.id, i.id, c.id, position, text, subscription, product, label, l.net, l.net, string(v.category), int(v.rate), l.period.Start, l.period.End)
}

// writeVAT adds the sums per rate. The amount of VAT is the one that was invoiced; how it was rounded then is history.
func (c *customer) writeVAT(i *invoice, lines []lineVAT, category vat.Category, country string) {
	nets := map[lineVAT]money.Cents{}
	var order []lineVAT
	for n, v := range lines {
		if _, seen := nets[v]; !seen {
			order = append(order, v)
		}
		nets[v] += i.lines[n].net
	}
	left := i.vat
	slices.SortFunc(order, func(a, b lineVAT) int { return cmp.Compare(b.rate, a.rate) })
	for _, v := range order {
		amount := money.Cents(0)
		if v.rate > 0 {
			amount, left = left, 0
			if diff := (amount - v.rate.Of(nets[v])).Abs(); diff > money.Cents(len(lines)) {
				i.row.warn("its VAT is %s, and %s%% of %s is %s: it stays as it was invoiced", amount.Amount(), v.rate.Percent(), nets[v].Amount(), v.rate.Of(nets[v]).Amount())
			}
		}
		c.b.vat.add(i.id, c.id, string(v.category), int(v.rate), c.countryOf(v, country), nets[v], amount)
	}
	if left != 0 {
		i.row.warn("it has VAT of %s and no line that carries it", left.Amount())
		c.b.vat.add(i.id, c.id, string(vat.Standard), int(i.rate), country, money.Cents(0), left)
	}
}

// countryOf returns the country of a sum: that of the VAT or, where there is none, that of the customer.
func (c *customer) countryOf(v lineVAT, country string) string {
	if v.rate > 0 {
		return country
	}
	return c.country
}

// searchable returns what an invoice is found by. Periods are left out: nobody types them, and they would make the index
// half as large again.
func (i *invoice) searchable(number any) string {
	words := []string{}
	if n, ok := number.(string); ok {
		words = append(words, n)
	}
	for _, l := range i.lines {
		if t := withoutPeriod(l.text); !slices.Contains(words, t) {
			words = append(words, t)
		}
	}
	return strings.ToLower(strings.Join(words, " "))
}

// writeCovered adds what must not be billed again, for subscriptions that are new.
func (c *customer) writeCovered() {
	lines := map[uuid.UUID]bool{}
	for _, i := range c.invoices {
		for _, l := range i.lines {
			lines[l.id] = i.isNew
		}
	}
	for _, s := range c.services {
		if !s.isNew || s.subscription == uuid.Nil {
			continue
		}
		for _, p := range s.covered {
			line := p.line
			if !lines[line] {
				line = uuid.Nil
			}
			c.b.covered.add(key.New(), c.id, s.subscription, civil.Period{Start: p.Start, End: p.End}, line)
		}
	}
}
