package document

import (
	"errors"
	"fmt"

	"klantenpaneel/internal/civil"
)

// Letter is a message to a customer who gets its mail by post (P-24).
type Letter struct {
	Language string // "nl" or "en"
	On       civil.Date
	Brand    Brand
	Supplier Party
	To       Party

	Reference string // what the letter is about, for who answers it: a customer or invoice number
	Subject   string
	Blocks    []Block
	Closing   string // who signs; the brand when empty
	Action    Action // what the letter asks to do online
}

// Block is a part of a letter: a paragraph, a list and a table, each when there is one, in that order.
type Block struct {
	Text  string
	Items []string
	Rows  []Row
}

// Row is a line of a table in a letter: what, and how much or when.
type Row struct {
	Label  string
	Detail string // small print under the label
	Value  string
	Strong bool // a total
}

// Action is a page that the letter leads to. The address is printed in full and as a QR code.
type Action struct{ Text, URL string }

var letterBody = style{font: regular, size: 10, color: ink}

// LetterPDF returns the letter as PDF/A-3, tagged. Equal letters give equal bytes. The address stands where a window
// envelope shows it. It fails when there is nothing to send or nobody to send it to.
func LetterPDF(l Letter) ([]byte, error) {
	if l.Subject == "" || len(l.Blocks) == 0 || l.To.Name == "" || l.To.Street == "" || l.On.IsZero() || l.Brand.Name == "" {
		return nil, errors.New("document: a letter needs a brand, a recipient with an address, a date, a subject and a text")
	}
	w := wordsOf(l.Language)
	d := &letterSheet{sheet: newSheet(w.lang, l.Subject), letter: l, w: w, paper: stationery{l.Brand, l.Supplier, nil, w}}
	d.draw()
	pdf, err := d.archive(meta{title: l.Subject, author: l.Supplier.Name, subject: l.Subject + ", " + l.To.Name, at: l.On.Start()}, nil)
	if err != nil {
		return nil, fmt.Errorf("letter %q: %w", l.Subject, err)
	}
	return pdf, nil
}

// letterSheet is a letter while it is drawn.
type letterSheet struct {
	*sheet
	letter Letter
	w      words
	paper  stationery
}

func (d *letterSheet) draw() {
	l := d.letter
	d.newPage()
	d.paper.head(d.sheet)
	d.foldMarks()
	d.address(l.To.address(l.Supplier.country(), l.Language))
	d.y = 96
	d.within("P", "", func() {
		d.text(left, d.y, letterBody, compactPlace(l.Supplier.City, l.On.Format(l.Language)))
		if l.Reference != "" {
			d.textRight(right, d.y, small, d.w.ourReference+" "+l.Reference)
		}
	})
	d.y = 108
	subject := style{font: bold, size: 13, color: ink, track: -10}
	d.within("H1", "", func() {
		for _, line := range d.wrap(right-left, subject, l.Subject) {
			d.text(left, d.y, subject, line)
			d.y += subject.leading()
		}
	})
	d.y += 5
	for _, b := range l.Blocks {
		d.block(b)
	}
	d.action(l.Action)
	d.closing()
	d.paper.feet(d.sheet)
}

// room goes on to the next page when h does not fit on this one.
func (d *letterSheet) room(h float64) {
	if d.y+h <= bottom {
		return
	}
	d.newPage()
	d.paper.again(d.sheet, d.letter.Subject)
	d.y = 32
}

func (d *letterSheet) block(b Block) {
	const gap = 3.2
	if b.Text != "" {
		lines := d.wrap(right-left, letterBody, b.Text)
		d.within("P", "", func() { d.lines(left, lines) })
		d.y += gap
	}
	if len(b.Items) > 0 {
		d.within("L", "", func() {
			for _, item := range b.Items {
				d.item(item)
			}
		})
		d.y += gap
	}
	if len(b.Rows) > 0 {
		d.rows(b.Rows)
		d.y += gap + 3
	}
}

// lines prints wrapped text at the cursor, over pages if need be.
func (d *letterSheet) lines(x float64, lines []string) {
	for _, line := range lines {
		d.room(letterBody.leading())
		d.text(x, d.y, letterBody, line)
		d.y += letterBody.leading()
	}
}

func (d *letterSheet) item(text string) {
	const indent = 5.0
	lines := d.wrap(right-left-indent, letterBody, text)
	d.room(letterBody.leading())
	d.within("LI", "", func() {
		d.within("Lbl", "", func() { d.text(left+1, d.y, letterBody, "•") })
		d.within("LBody", "", func() { d.lines(left+indent, lines) })
	})
}

func (d *letterSheet) rows(rows []Row) {
	const valueWidth = 32.0
	d.artifact(func() { d.rule(left, right, d.y-1.5, 0.35, ink) })
	d.y += 4
	d.within("Table", "", func() {
		for _, r := range rows {
			st := letterBody
			if r.Strong {
				st.font = bold
			}
			labels, details := d.wrap(right-left-valueWidth, st, r.Label), d.wrap(right-left-valueWidth, small, r.Detail)
			d.room(float64(len(labels))*st.leading() + float64(len(details))*small.leading())
			d.within("TR", "", func() {
				top := d.y
				d.within("TH", scope("Row"), func() {
					for _, t := range labels {
						d.text(left, d.y, st, t)
						d.y += st.leading()
					}
					for _, t := range details {
						d.text(left, d.y-0.6, small, t)
						d.y += small.leading()
					}
				})
				d.within("TD", "", func() { d.textRight(right, top, st, r.Value) })
			})
			d.artifact(func() { d.rule(left, right, d.y-2.4, 0.15, line) })
			d.y += 3
		}
	})
}

// action prints the box with the page to go to.
func (d *letterSheet) action(a Action) {
	if a.URL == "" {
		return
	}
	const height, code = 25.0, 19.0
	d.room(height + 6)
	top := d.y
	d.artifact(func() { d.fill(left, top, right-left, height, 2.6, d.letter.Brand.Accent.mix(0.09)) })
	d.qr(left+3, top+3, code, a.URL, d.w.actionQR)
	textX, width := left+code+9, right-left-code-14
	d.y = top + 9.5
	strongText := style{font: bold, size: 10.4, color: ink}
	d.within("P", "", func() {
		d.text(textX, d.y, strongText, a.Text)
		d.y += 6
		d.within("Link", "", func() {
			st := style{font: regular, size: 9.2, color: d.letter.Brand.Accent}
			for _, line := range d.wrap(width, st, a.URL) {
				d.text(textX, d.y, st, line)
				d.link(textX, d.y-3.4, d.width(st, line), 4.6, a.URL, a.Text)
				d.y += st.leading()
			}
		})
	})
	d.y = top + height + 8
}

func (d *letterSheet) closing() {
	signed := d.letter.Closing
	if signed == "" {
		signed = d.letter.Brand.Name
	}
	d.room(22)
	d.y += 3
	d.within("P", "", func() { d.text(left, d.y, letterBody, d.w.regards) })
	d.y += 13
	d.within("P", "", func() { d.text(left, d.y, style{font: bold, size: 10, color: ink}, signed) })
}

// foldMarks show where to fold the paper for a window envelope.
func (d *letterSheet) foldMarks() {
	d.artifact(func() {
		d.rule(5, 9, 105, 0.15, muted)
		d.rule(5, 9, 210, 0.15, muted)
	})
}

// compactPlace is the line with the date: "Groningen, 2 maart 2027".
func compactPlace(city, date string) string {
	if city == "" {
		return date
	}
	return city + ", " + date
}
