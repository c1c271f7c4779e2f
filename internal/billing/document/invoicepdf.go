package document

import (
	"fmt"
)

// PDF returns the document as PDF/A-3 with its UBL inside. Equal documents give equal bytes. It fails when Check does.
func PDF(inv Invoice) ([]byte, error) {
	inv = inv.trimmed()
	ubl, err := UBL(inv)
	if err != nil {
		return nil, err
	}
	w := inv.words()
	title := w.title(inv.IsCredit()) + " " + inv.Number
	d := &invoiceSheet{
		sheet: newSheet(w.lang, title), inv: inv, w: w,
		paper: stationery{inv.Brand, inv.Supplier, bankLines(inv.Payment), w},
	}
	d.draw()
	pdf, err := d.archive(
		meta{title: title, author: inv.Supplier.Name, subject: title + ", " + inv.Customer.Name, at: inv.IssuedOn.Start()},
		&attachment{inv.FileName("xml"), "UBL 2.1", ubl})
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", inv.Number, err)
	}
	return pdf, nil
}

func bankLines(p Payment) []string {
	lines := []string{}
	if p.IBAN != "" {
		lines = append(lines, "IBAN "+p.IBAN.Format())
	}
	if p.BIC != "" {
		lines = append(lines, "BIC "+p.BIC)
	}
	return lines
}

// invoiceSheet is an invoice while it is drawn.
type invoiceSheet struct {
	*sheet
	inv   Invoice
	w     words
	paper stationery
}

func (d *invoiceSheet) draw() {
	d.newPage()
	d.paper.head(d.sheet)
	end := d.address(d.inv.Customer.address(d.inv.Supplier.country(), d.inv.Language))
	d.y = max(98, end+9, d.facts()+9) // the heading has its place, unless names or references are very long
	d.heading()
	d.summary()
	d.table()
	d.totals()
	d.notes()
	d.paper.feet(d.sheet)
}

// breakPage goes on to the next page.
func (d *invoiceSheet) breakPage() {
	d.newPage()
	d.paper.again(d.sheet, d.title+" · "+d.w.continued)
	d.y = 30
}

// facts prints number, dates and references beside the address and returns where they end.
func (d *invoiceSheet) facts() float64 {
	const x, valueX = 118.0, 146.0
	y := 54.0
	d.within("Table", "", func() {
		for _, fact := range d.inv.factRows() {
			d.within("TR", "", func() {
				d.within("TH", scope("Row"), func() { d.text(x, y, label, fact[0]) })
				d.within("TD", "", func() {
					for _, part := range d.wrap(right-valueX, body, fact[1]) {
						d.text(valueX, y, body, part)
						y += 4.9
					}
				})
			})
		}
	})
	return y
}

// factRows returns label and value of what identifies the document.
func (inv Invoice) factRows() [][2]string {
	w := inv.words()
	rows := [][2]string{{w.number, inv.Number}, {w.issued, inv.day(inv.IssuedOn)}, {w.due, inv.day(inv.DueOn)}}
	if inv.IsCredit() {
		rows[2] = [2]string{w.original, inv.Credits.Number}
	}
	rows = append(rows, [2]string{w.customerNumber, inv.CustomerNumber}, [2]string{w.reference, inv.BuyerReference}, [2]string{w.order, inv.OrderReference})
	if inv.Customer.VATID != "" {
		rows = append(rows, [2]string{w.yourVATID, string(inv.Customer.VATID)})
	}
	kept := rows[:0]
	for _, row := range rows {
		if row[1] != "" {
			kept = append(kept, row)
		}
	}
	return kept
}

func (d *invoiceSheet) heading() {
	d.within("H1", "", func() {
		title := d.w.title(d.inv.IsCredit()) + " "
		d.text(left-0.4, d.y, heading, title)
		d.text(left-0.4+d.width(heading, title), d.y, headLight, d.inv.Number)
	})
	d.y += 7
}

// notes prints the paragraphs below the totals and how to pay.
func (d *invoiceSheet) notes() {
	d.y += 11
	texts := append(append([]string{}, d.inv.Notes...), d.inv.paymentText())
	for _, text := range compact(texts) {
		d.note(body, text)
	}
	d.note(small, d.w.embedded)
}

// note prints a paragraph, on the next page when it does not fit.
func (d *invoiceSheet) note(st style, text string) {
	const width = right - left
	if d.y+float64(len(d.wrap(width, st, text)))*st.leading() > bottom {
		d.breakPage()
	}
	d.paragraph(left, width, st, text)
	d.y += 2
}
