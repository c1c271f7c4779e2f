package document

import "klantenpaneel/internal/money"

// The columns: where the descriptions end, and the right edges of the figures.
const (
	descriptionWidth = 82.0
	quantityEdge     = left + 102
	priceEdge        = left + 128
	rateEdge         = left + 143
	amountEdge       = right
)

// row is a line of the invoice, broken into lines of text.
type row struct {
	line    Line
	title   []string
	details []string
}

func (r row) height() float64 {
	return 2.2 + float64(len(r.title))*strong.leading() + float64(len(r.details))*small.leading() + 1.6
}

// table prints the lines. On each new page the header stands again above what was brought forward; the last line keeps
// the totals company, so that they are never alone on a page.
func (d *invoiceSheet) table() {
	rows := make([]row, len(d.inv.Lines))
	for i, l := range d.inv.Lines {
		rows[i] = d.row(l)
	}
	const carried = 8.0
	d.within("Table", "", func() {
		d.within("THead", "", func() { d.within("TR", "", d.header) })
		d.within("TBody", "", func() {
			sum := money.Cents(0)
			for i, r := range rows {
				need := r.height() + carried
				if i == len(rows)-1 {
					need = r.height() + d.totalsHeight()
				}
				if d.y+need > bottom && d.y > 60 {
					d.artifact(func() { d.carry(d.w.carriedForward, sum) })
					d.breakPage()
					d.artifact(func() {
						d.header()
						d.carry(d.w.broughtForward, sum)
						d.rule(left, right, d.y, 0.15, line)
					})
				}
				d.within("TR", "", func() { d.drawRow(r) })
				sum += r.line.Net
			}
		})
	})
}

// row breaks a line into text. What it is for and its period share a line of small print when they fit.
func (d *invoiceSheet) row(l Line) row {
	r := row{line: l, title: d.wrap(descriptionWidth, strong, l.Description)}
	details := d.inv.details(l)
	if len(details) > 1 && l.Detail != "" && !l.Period.IsZero() {
		if joined := details[0] + " · " + details[1]; d.width(small, joined) <= descriptionWidth {
			details = append([]string{joined}, details[2:]...)
		}
	}
	for _, text := range details {
		r.details = append(r.details, d.wrap(descriptionWidth, small, text)...)
	}
	return r
}

func (d *invoiceSheet) header() {
	for _, column := range []struct {
		edge float64
		text string
	}{{0, d.w.description}, {quantityEdge, d.w.quantity}, {priceEdge, d.w.price}, {rateEdge, d.w.vat}, {amountEdge, d.w.amount}} {
		d.within("TH", scope("Column"), func() {
			if column.edge == 0 {
				d.text(left, d.y, label, column.text)
				return
			}
			d.textRight(column.edge, d.y, label, column.text)
		})
	}
	d.y += 2.6
	d.artifact(func() { d.rule(left, right, d.y, 0.35, ink) })
}

func (d *invoiceSheet) drawRow(r row) {
	top := d.y + 2.2 + strong.size*0.78/pt + 0.7
	d.within("TD", "", func() {
		y := top
		for _, t := range r.title {
			d.text(left, y, strong, t)
			y += strong.leading()
		}
		for _, t := range r.details {
			d.text(left, y, small, t)
			y += small.leading()
		}
	})
	l := r.line
	for _, cell := range []struct {
		edge float64
		text string
	}{
		{quantityEdge, d.inv.quantity(l)},
		{priceEdge, d.inv.money(l.UnitPrice)},
		{rateEdge, d.inv.rate(l.Category, l.Rate)},
		{amountEdge, d.inv.money(l.Net)},
	} {
		d.within("TD", "", func() { d.textRight(cell.edge, top, body, cell.text) })
	}
	d.y += r.height()
	d.artifact(func() { d.rule(left, right, d.y, 0.15, line) })
}

// carry prints the sum of the lines so far, at the end of a page and at the start of the next.
func (d *invoiceSheet) carry(text string, sum money.Cents) {
	d.text(left, d.y+5, small, text)
	d.textRight(amountEdge, d.y+5, body, d.inv.money(sum))
	d.y += 7.6
}

// total is a line under the table.
type total struct {
	Label, Amount string
	Strong        bool
}

func (inv Invoice) totalRows() []total {
	w, t := inv.words(), inv.Totals
	rows := []total{{w.net, inv.money(t.Net), false}}
	for _, s := range t.PerRate {
		rows = append(rows, total{inv.vatLabel(s), inv.money(s.VAT), false})
	}
	rows = append(rows, total{w.total, inv.money(t.Gross), true})
	if inv.Paid != 0 {
		rows = append(rows, total{w.paid, inv.money(-inv.Paid), false}, total{w.payable, inv.money(inv.Payable()), true})
	}
	return rows
}

const totalsLeft = left + 84

func (d *invoiceSheet) totalsHeight() float64 {
	h := 6.0
	for _, t := range d.inv.totalRows() {
		h += float64(len(d.wrap(totalLabelWidth, body, t.Label))) * 5.4
		if t.Strong {
			h += 3
		}
	}
	return h
}

const totalLabelWidth = right - totalsLeft - 26

// totals prints net, VAT per rate and gross. Long reasons for charging no VAT wrap.
func (d *invoiceSheet) totals() {
	d.y += 6.6
	d.within("Table", "", func() {
		for _, t := range d.inv.totalRows() {
			st := body
			if t.Strong {
				st = style{font: bold, size: 10.4, color: ink}
				d.artifact(func() { d.rule(totalsLeft, right, d.y-3.4, 0.35, ink) })
				d.y += 1.8
			}
			d.within("TR", "", func() {
				y := d.y
				d.within("TH", scope("Row"), func() {
					for _, l := range d.wrap(totalLabelWidth, st, t.Label) {
						d.text(totalsLeft, d.y, st, l)
						d.y += 5.4
					}
				})
				d.within("TD", "", func() { d.textRight(amountEdge, y, st, t.Amount) })
			})
			if t.Strong {
				d.y += 1.6
			}
		}
	})
}
