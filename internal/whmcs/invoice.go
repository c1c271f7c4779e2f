package whmcs

import (
	"cmp"
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// invoice is a row of tblinvoices with its lines.
type invoice struct {
	row      *row
	id       uuid.UUID
	isNew    bool
	status   string
	issuedOn civil.Date
	net, vat money.Cents
	gross    money.Cents // before WHMCS took the credit off
	credit   money.Cents // paid from the balance
	rate     vat.Rate
	request  bool // it asks to pay other invoices, or to add to the balance, and is for nothing itself
	lines    []*invoiceLine

	settled  money.Cents // what allocations of this run and earlier ones add up to
	credited money.Cents
}

type invoiceLine struct {
	row      *row // nil for one that we add
	id       uuid.UUID
	text     string
	amount   money.Cents // as WHMCS has it
	net      money.Cents
	taxed    bool
	service  service
	period   civil.Period
	targeted int64 // of a request: the invoice to pay
}

// The states of an invoice in WHMCS.
const (
	draft          = "Draft"
	unpaid         = "Unpaid"
	paid           = "Paid"
	cancelled      = "Cancelled"
	refunded       = "Refunded"
	collections    = "Collections"
	paymentPending = "Payment Pending"
)

// asksFor reports whether what is unpaid of an invoice in that state is asked for.
func asksFor(status string) bool {
	return status == unpaid || status == collections || status == paymentPending || status == "Overdue"
}

// readInvoices reads the invoices and their lines, and refuses what does not add up.
func (c *customer) readInvoices() {
	for _, r := range c.rows["tblinvoices"] {
		i := &invoice{row: r, status: r.text("status"), request: c.requests[r.id]}
		c.invoices[r.id] = i
		if r.out() {
			continue
		}
		i.read(c)
	}
	c.checkPayments()
	for _, r := range c.rows["tblinvoiceitems"] {
		i := c.invoices[r.integer("invoiceid")]
		if r.out() || r.follow(i.row, "invoice") {
			continue
		}
		l := &invoiceLine{row: r, id: key.New(), text: r.body("description"), amount: r.cents("amount"), taxed: r.flag("taxed"), service: serviceOf(r)}
		if r.out() {
			i.row.refuse("its line %d is refused", r.id)
			continue
		}
		if r.raw("type") == "Invoice" {
			l.targeted = r.integer("relid")
		} else if i.request && r.raw("type") != "AddFunds" {
			i.row.refuse("it pays other invoices and has lines of its own: split it in WHMCS")
		}
		i.lines = append(i.lines, l)
	}
	for _, r := range c.rows["tblinvoices"] {
		i := c.invoices[r.id]
		if !r.out() {
			i.share()
			continue
		}
		for _, l := range i.lines {
			if !l.row.out() {
				l.row.follow(r, "invoice")
			}
		}
	}
}

func (i *invoice) read(c *customer) {
	r := i.row
	i.net, i.vat, i.credit = r.cents("subtotal"), r.cents("tax")+r.cents("tax2"), r.cents("credit")
	i.gross = r.cents("total") + i.credit
	rate, err := parseRate(r.raw("taxrate"), r.raw("taxrate2"))
	if err != nil {
		r.refuse("its tax rate %q is not in hundredths of a percent", r.raw("taxrate"))
	}
	i.rate = rate
	i.issuedOn = cmp.Or(r.day("date"), r.day("datepaid"), r.day("duedate"))
	switch {
	case r.out():
	case i.status != draft && i.status != paid && i.status != cancelled && i.status != refunded && !asksFor(i.status):
		r.refuse("its status %q is unknown", i.status)
	case i.net+i.vat != i.gross:
		r.refuse("subtotal %s and tax %s make %s, but total and credit make %s", i.net.Amount(), i.vat.Amount(), (i.net + i.vat).Amount(), i.gross.Amount())
	case i.issuedOn.IsZero():
		r.refuse("it has no date")
	case r.day("date").IsZero():
		r.warn("it has no date: %v is taken", i.issuedOn)
	}
	if r.text("notes") != "" && !i.request {
		r.warn("its notes are kept as a note on the account")
	}
}

// parseRate returns the rates of WHMCS, such as 21.000, together.
func parseRate(texts ...string) (rate vat.Rate, err error) {
	for _, t := range texts {
		c, err := parseCents(t)
		if err != nil || c < 0 || c > 10_000 {
			return 0, fmt.Errorf("rate %q: %w", t, cmp.Or(err, fmt.Errorf("out of range")))
		}
		rate += vat.Rate(c)
	}
	return rate, nil
}

// serviceOf returns what a line is for.
func serviceOf(r *row) service {
	id := r.integer("relid")
	switch kind := r.text("type"); {
	case id == 0:
	case kind == "Hosting", kind == "Setup", strings.HasPrefix(kind, "PromoHosting"):
		return service{"tblhosting", id}
	case strings.HasPrefix(kind, "Domain"), strings.HasPrefix(kind, "PromoDomain"):
		return service{"tbldomains", id}
	case kind == "Addon":
		return service{"tblhostingaddons", id}
	}
	return service{}
}

// bills reports whether the line is for a period of its service, and not a fee or a discount beside it.
func (l *invoiceLine) bills() bool {
	if l.row == nil || l.service.id == 0 {
		return false
	}
	kind := l.row.text("type")
	return kind != "Setup" && !strings.HasPrefix(kind, "Promo")
}

// periodsOf returns the periods of a service that are on invoices, and notes them on the lines.
func (c *customer) periodsOf(s service, anchor civil.Date, months int) (all []billedPeriod) {
	for _, r := range c.rows["tblinvoiceitems"] {
		if r.out() || serviceOf(r) != s {
			continue
		}
		i := c.invoices[r.integer("invoiceid")]
		for _, l := range i.lines {
			if l.row != r || !l.bills() {
				continue
			}
			if l.period = c.periods.read(l.text, anchor, months); !l.period.IsZero() {
				all = append(all, billedPeriod{l.period, l.id, i.row.id, i.status == cancelled})
			}
		}
	}
	return all
}

// share gives every line its net amount. A provider may write lines with VAT; if they add up to neither the net nor the
// gross amount there is one more line.
func (i *invoice) share() {
	var sum, taxed money.Cents
	for _, l := range i.lines {
		sum += l.amount
		if l.taxed {
			taxed += l.amount
		}
	}
	taxedNet := taxed
	if inclusive := sum == i.gross && sum != i.net && taxed != 0; inclusive {
		taxedNet = i.net - (sum - taxed)
	}
	var before money.Cents // of the taxed lines, so that roundings do not add up
	for _, l := range i.lines {
		l.net = l.amount
		if l.taxed && taxedNet != taxed {
			l.net = share(before+l.amount, taxedNet, taxed) - share(before, taxedNet, taxed)
			before += l.amount
		}
		sum -= l.amount - l.net
	}
	if rest := i.net - sum; rest != 0 || len(i.lines) == 0 {
		if !i.request {
			i.row.warn("its lines make %s and its subtotal is %s: a line for the difference is added", sum.Amount(), i.net.Amount())
		}
		i.lines = append(i.lines, &invoiceLine{id: key.New(), text: "Verschil met de regels in WHMCS", amount: rest, net: rest, taxed: i.vat != 0})
	}
}

// share returns a part of whole that is to all as part is to all.
func share(part, whole, all money.Cents) money.Cents {
	if part < 0 != (all < 0) {
		return -share(-part, whole, all)
	}
	if all < 0 {
		part, all = -part, -all
	}
	return money.Cents(money.MulDiv(int64(part), int64(whole), int64(all)))
}
