package document

import "fmt"

// summaryHeight is that of the box under the heading: what is to be paid, when, and to where, to be seen at a glance.
const summaryHeight = 28.0

// fact is a column of the box.
type fact struct{ Label, Value, More string }

// summaryFacts returns the columns: the amount first.
func (inv Invoice) summaryFacts() []fact {
	w, p := inv.words(), inv.Payment
	switch {
	case inv.IsCredit():
		return []fact{{w.totalCredit, inv.money(-inv.Totals.Gross), ""}, {w.original, inv.Credits.Number, inv.day(inv.Credits.IssuedOn)}}
	case inv.Payable() == 0:
		return []fact{{w.settled, inv.money(inv.Totals.Gross), ""}, {w.payable, inv.money(0), ""}}
	case inv.Payable() < 0:
		return []fact{{w.refund, inv.money(-inv.Payable()), ""}}
	case inv.isDebited():
		return []fact{{w.debited, inv.money(inv.Payable()), ""}, {w.debitOn, inv.day(p.Debit.On), ""}, {w.debitFrom, p.Debit.IBAN.Masked(), fmt.Sprintf(w.debitMandate, p.Debit.Mandate)}}
	}
	return []fact{{w.payable, inv.money(inv.Payable()), ""}, {w.payBy, inv.day(inv.DueOn), ""}, {w.payTo, p.IBAN.Format(), fmt.Sprintf(w.quoting, inv.Reference())}}
}

// payLink returns where to pay online, "" when there is nothing to pay or no page to pay it.
func (inv Invoice) payLink() string {
	if inv.IsCredit() || inv.Payable() <= 0 || inv.isDebited() {
		return ""
	}
	return inv.Payment.Link
}

func (d *invoiceSheet) summary() {
	top := d.y
	d.artifact(func() { d.fill(left, top, right-left, summaryHeight, 2.6, d.inv.Brand.Accent.mix(0.09)) })
	amount := style{font: bold, size: 17, color: d.inv.Brand.Accent, track: -15}
	for amount.size > 10 && d.width(amount, d.inv.summaryFacts()[0].Value) > 42 {
		amount.size--
	}
	value := style{font: bold, size: 10.4, color: ink}
	xs := []float64{left + 7, left + 51, left + 91}
	for i, f := range d.inv.summaryFacts() {
		st, y := value, top+15.0
		if i == 0 {
			st, y = amount, top+17.2
		}
		d.within("P", "", func() {
			d.text(xs[i], top+8.2, label, f.Label)
			d.text(xs[i], y, st, f.Value)
			if f.More != "" {
				d.text(xs[i], top+20.6, small, f.More)
			}
		})
	}
	if url := d.inv.payLink(); url != "" {
		d.payButton(xs[1], top+18.2, url)
		d.qr(right-24.4, top+3.6, 20.8, url, d.w.qr)
	}
	d.y = top + summaryHeight + 12
}

// payButton draws a button that opens the payment page.
func (d *invoiceSheet) payButton(x, y float64, url string) {
	st := style{font: bold, size: 8.2, color: white}
	w := d.width(st, d.w.payNow) + 7
	d.artifact(func() { d.fill(x, y, w, 6.2, 1.6, d.inv.Brand.Accent) })
	d.within("P", "", func() {
		d.within("Link", "", func() {
			d.text(x+3.5, y+4.15, st, d.w.payNow)
			d.link(x, y, w, 6.2, url, d.w.payNow)
		})
	})
}
