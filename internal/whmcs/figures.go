package whmcs

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// figures adds up the money of the source from its rows as they are. It shares nothing with the planning but how a
// number is read, so that a mistake there shows here.
//
// What is no invoice, such as a request to pay others, is not counted, and returned beside.
func (s *source) figures() (f figures, uncounted []Uncounted, err error) {
	f = newFigures()
	for r, err := range s.rows("tblclients") {
		if err != nil {
			return nil, nil, err
		}
		if r.outcome == LeftOut {
			continue
		}
		f.count("clients", 0, 0)
		if credit, err := parseCents(r.raw("credit")); err != nil || credit != 0 {
			f.count("balance", 0, credit)
		}
	}
	invoices, uncounted, err := s.invoiceFigures(f)
	if err != nil {
		return nil, nil, err
	}
	return f, uncounted, s.paymentFigures(f, invoices)
}

// openInvoice is one of the source that WHMCS asks to pay.
type openInvoice struct {
	year int
	left money.Cents
	sign money.Cents // of its total
}

// invoiceFigures adds up the invoices, and returns what is asked for of each before payments. A nil entry is an invoice
// that is settled, or that no row of it is to be counted with.
func (s *source) invoiceFigures(f figures) (all map[int64]*openInvoice, uncounted []Uncounted, err error) {
	requests := map[int64]bool{}
	for r, err := range s.rows("tblinvoiceitems") {
		if err != nil {
			return nil, nil, err
		}
		if kind := r.raw("type"); kind == "Invoice" || kind == "AddFunds" {
			requests[r.integer("invoiceid")] = true
		}
	}
	all, uncounted = map[int64]*openInvoice{}, []Uncounted{{What: "requests for payment"}, {What: "drafts"}, {What: "left out on purpose"}}
	for r, err := range s.rows("tblinvoices") {
		if err != nil {
			return nil, nil, err
		}
		total, _ := parseCents(r.raw("total")) // what is no amount is refused, and counts as nothing here
		credit, _ := parseCents(r.raw("credit"))
		year, status := firstYear(r, "date", "datepaid", "duedate"), r.raw("status")
		switch {
		case r.outcome == LeftOut || s.except[exceptKey("tblclients", r.integer("userid"))]:
			all[r.id] = nil
			uncounted[2].add(total + credit)
		case requests[r.id]:
			uncounted[0].add(total + credit)
		case status == "Draft":
			uncounted[1].add(total + credit)
		default:
			f.count("invoices", year, total+credit)
			if status == "Unpaid" || status == "Collections" || status == "Payment Pending" || status == "Overdue" {
				all[r.id] = &openInvoice{year, total, total + credit}
			}
		}
	}
	return all, uncounted, nil
}

// paymentFigures adds up the payments, and what they leave open.
func (s *source) paymentFigures(f figures, invoices map[int64]*openInvoice) error {
	for r, err := range s.rows("tblaccounts") {
		if err != nil {
			return err
		}
		user, number := r.integer("userid"), r.integer("invoiceid")
		i, listed := invoices[number]
		excepted := listed && i == nil || number == 0 && s.except[exceptKey("tblclients", user)]
		if r.outcome == LeftOut || excepted || user == 0 && number == 0 {
			continue
		}
		in, _ := parseCents(r.raw("amountin"))
		out, _ := parseCents(r.raw("amountout"))
		if in < 0 {
			in, out = 0, out-in
		}
		year := firstYear(r, "date")
		if in != 0 {
			f.count("payments", year, in)
		}
		if out != 0 {
			f.count("refunds", year, out)
		}
		if i != nil {
			i.left += out - in
		}
	}
	for _, i := range invoices {
		if i != nil && (i.left > 0 || i.left < 0 && i.sign < 0) {
			f.count("open", i.year, i.left)
		}
	}
	return nil
}

// firstYear returns the year of the first of the columns that has a date.
func firstYear(r *row, columns ...string) int {
	for _, c := range columns {
		if d, err := parseDay(r.raw(c)); err == nil && d != (civil.Date{}) {
			return d.Year()
		}
	}
	return 0
}
