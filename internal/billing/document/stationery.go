package document

import "fmt"

// The styles of every document.
var (
	body      = style{font: regular, size: 9.2, color: ink}
	strong    = style{font: bold, size: 9.2, color: ink}
	small     = style{font: regular, size: 7.9, color: muted}
	label     = style{font: regular, size: 7.9, color: muted}
	tiny      = style{font: regular, size: 7.2, color: muted}
	heading   = style{font: bold, size: 21, color: ink, track: -22}
	headLight = style{font: regular, size: 21, color: muted, track: -22}
)

// stationery is the paper of a brand: what stands at the head and the foot of each page.
type stationery struct {
	brand    Brand
	supplier Party
	bank     []string // lines about the bank account
	words    words
}

// head prints the brand at the top of the first page, with how to reach it.
func (p stationery) head(s *sheet) {
	s.artifact(func() {
		s.fill(0, 0, pageWidth, 2.4, 0, p.brand.Accent)
		s.fill(left, 17, 9.6, 9.6, 2.2, p.brand.Accent)
		initial := style{font: bold, size: 15, color: white}
		letter := p.brand.initial()
		s.text(left+4.8-s.width(initial, letter)/2, 23.75, initial, letter)
	})
	s.within("P", "", func() {
		s.text(left+12.6, 23.6, style{font: bold, size: 14, color: ink, track: -10}, p.brand.Name)
	})
	y := 19.4
	s.within("P", "", func() {
		for _, l := range p.brand.contact() {
			s.textRight(right, y, small, l)
			y += small.leading()
		}
	})
}

// again prints the head of the pages that follow; what names the document once more. Nothing of it is read out twice.
func (p stationery) again(s *sheet, what string) {
	s.artifact(func() {
		s.fill(0, 0, pageWidth, 2.4, 0, p.brand.Accent)
		s.text(left, 16, style{font: bold, size: 10, color: ink}, p.brand.Name)
		s.textRight(right, 16, small, s.shorten(110, small, what))
		s.rule(left, right, 20, 0.2, line)
	})
}

// feet prints the foot of all pages: who the supplier is by law (3.9), and which page it is. On the first page it is part
// of the document, after that a repetition.
func (p stationery) feet(s *sheet) {
	total := s.pdf.PageCount()
	for i := 1; i <= total; i++ {
		s.pdf.SetPage(i)
		s.artifact(func() {
			s.rule(left, right, pageHeight-25, 0.2, line)
			s.textRight(right, pageHeight-20, tiny, fmt.Sprintf(p.words.page, i, total))
		})
		if i == 1 {
			p.foot(s)
			continue
		}
		s.artifact(func() { p.foot(s) })
	}
	s.pdf.SetPage(total)
}

func (p stationery) foot(s *sheet) {
	s.column(left, tiny, []string{p.supplier.Name, p.supplier.Street, p.supplier.place()})
	s.column(left+52, tiny, compact([]string{p.register(), p.words.vatID + " " + string(p.supplier.VATID)}))
	s.column(left+98, tiny, p.bank)
}

// register names the supplier's entry in the trade register.
func (p stationery) register() string {
	if p.supplier.register().scheme == schemeKvK {
		return p.words.kvk + " " + p.supplier.RegistrationNumber
	}
	return p.words.register + " " + p.supplier.RegistrationNumber
}

// column prints lines below each other in the foot.
func (s *sheet) column(x float64, st style, lines []string) {
	if len(lines) == 0 {
		return
	}
	s.within("P", "", func() {
		for i, l := range lines {
			s.text(x, pageHeight-20+float64(i)*st.leading(), st, l)
		}
	})
}

// address prints the recipient where a window envelope shows it (left window, C5/6 and C5) and returns where it ends.
func (s *sheet) address(lines []string) float64 {
	y := 54.0
	s.within("P", "", func() {
		for _, l := range lines {
			for _, part := range s.wrap(84, body, l) {
				s.text(left, y, style{font: regular, size: 10, color: ink}, part)
				y += 4.9
			}
		}
	})
	return y
}
