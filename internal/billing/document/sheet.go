package document

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// A4 in millimetres, and the margins inside which everything but the brand's bar is printed.
const (
	pageWidth, pageHeight = 210.0, 297.0
	left, right           = 22.0, pageWidth - 22.0
	bottom                = pageHeight - 33.0
	pt                    = 72 / 25.4 // points per millimetre
)

// style is how text looks.
type style struct {
	font  string
	size  float64 // points
	color Color
	track float64 // letter spacing in thousandths of the size
}

// leading returns the distance between lines in millimetres.
func (s style) leading() float64 { return s.size * 1.42 / pt }

// sheet is a document while it is drawn: paper with a cursor, and the structure of what has been drawn on it. Positions
// are millimetres from the upper left corner; text stands on its baseline.
type sheet struct {
	pdf *fpdf.Fpdf
	y   float64 // of the next line

	lang     string
	title    string
	root, at *element
	hidden   bool // drawing an artifact: decoration that is not read out
	marks    [][]*element
	used     map[rune]bool
}

func newSheet(lang, title string) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	pdf.AddUTF8FontFromBytes(regular, "", regularTTF)
	pdf.AddUTF8FontFromBytes(bold, "", boldTTF)
	root := &element{role: "Document"}
	return &sheet{pdf: pdf, lang: lang, title: title, root: root, at: root, used: map[rune]bool{}}
}

// newPage starts a page; the cursor is for the caller to set.
func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.marks = append(s.marks, nil)
}

// page returns the index of the page being drawn.
func (s *sheet) page() int { return s.pdf.PageNo() - 1 }

// within draws f as an element of the structure.
func (s *sheet) within(role, attrs string, f func()) *element {
	if s.hidden {
		f()
		return nil
	}
	outer := s.at
	s.at = outer.child(role, attrs)
	f()
	inner := s.at
	s.at = outer
	return inner
}

// artifact draws f as decoration.
func (s *sheet) artifact(f func()) {
	if s.hidden {
		f()
		return
	}
	s.hidden = true
	s.pdf.RawWriteStr("/Artifact BMC")
	f()
	s.pdf.RawWriteStr("EMC")
	s.hidden = false
}

// mark draws f as content of the current element.
func (s *sheet) mark(f func()) {
	if s.hidden {
		f()
		return
	}
	page := s.page()
	n := len(s.marks[page])
	s.marks[page] = append(s.marks[page], s.at)
	s.at.kids = append(s.at.kids, content{page, n})
	s.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", s.at.role, n))
	f()
	s.pdf.RawWriteStr("EMC")
}

// text draws one line starting at x.
func (s *sheet) text(x, y float64, st style, text string) {
	text = printable(text)
	for _, r := range text {
		s.used[r] = true
	}
	s.mark(func() {
		s.pdf.SetFont(st.font, "", st.size)
		s.pdf.SetTextColor(int(st.color.R), int(st.color.G), int(st.color.B))
		if st.track != 0 {
			s.pdf.RawWriteStr(fmt.Sprintf("%.3f Tc", st.track*st.size/1000))
			defer s.pdf.RawWriteStr("0 Tc")
		}
		s.pdf.Text(x, y, text)
	})
}

// textRight draws one line ending at x.
func (s *sheet) textRight(x, y float64, st style, text string) {
	s.text(x-s.width(st, text), y, st, text)
}

// width returns the width of a line.
func (s *sheet) width(st style, text string) float64 {
	text = printable(text)
	s.pdf.SetFont(st.font, "", st.size)
	return s.pdf.GetStringWidth(text) + float64(len([]rune(text)))*st.track*st.size/1000/pt
}

// wrap breaks text into lines no wider than w, between words, and inside those that are wider by themselves.
func (s *sheet) wrap(w float64, st style, text string) []string {
	var lines []string
	current := ""
	for _, word := range strings.FieldsFunc(text, breakable) {
		for {
			joined := word
			if current != "" {
				joined = current + " " + word
			}
			if s.width(st, joined) <= w {
				current = joined
				break
			}
			if current != "" {
				lines, current = append(lines, current), ""
				continue
			}
			head := s.fit(w, st, word)
			lines, word = append(lines, head), word[len(head):]
		}
	}
	if current != "" {
		lines = append(lines, current)
	}
	return lines
}

// breakable reports whether a line may end at r; at a no-break space it may not.
func breakable(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// fit returns the longest start of a word that is no wider than w, at least one character, preferably up to a point,
// slash or dash.
func (s *sheet) fit(w float64, st style, word string) string {
	end, nice := 0, 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && s.width(st, word[:next]) > w {
			break
		}
		if end = next; strings.ContainsRune("./-@", r) {
			nice = next
		}
	}
	if nice > end/2 {
		return word[:nice]
	}
	return word[:end]
}

// shorten returns text as far as it fits in w, with an ellipsis when it does not.
func (s *sheet) shorten(w float64, st style, text string) string {
	if s.width(st, text) <= w {
		return text
	}
	return strings.TrimSpace(s.fit(w-s.width(st, "…"), st, text)) + "…"
}

// paragraph draws wrapped text at the cursor and moves it below.
func (s *sheet) paragraph(x, w float64, st style, text string) {
	s.within("P", "", func() {
		for _, l := range s.wrap(w, st, text) {
			s.text(x, s.y, st, l)
			s.y += st.leading()
		}
	})
}

// fill draws a rectangle with round corners.
func (s *sheet) fill(x, y, w, h, radius float64, c Color) {
	s.pdf.SetFillColor(int(c.R), int(c.G), int(c.B))
	if radius == 0 {
		s.pdf.Rect(x, y, w, h, "F")
		return
	}
	s.pdf.RoundedRect(x, y, w, h, radius, "1234", "F")
}

// rule draws a horizontal line.
func (s *sheet) rule(x1, x2, y, width float64, c Color) {
	s.pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
	s.pdf.SetLineWidth(width)
	s.pdf.Line(x1, y, x2, y)
}

// link makes a rectangle lead to url; it belongs to the current element, which must be a Link.
func (s *sheet) link(x, y, w, h float64, url, title string) {
	s.at.kids = append(s.at.kids, link{s.page(), x * pt, (pageHeight - y - h) * pt, (x + w) * pt, (pageHeight - y) * pt, url, title})
}

// output returns what fpdf has written; archive makes it a PDF/A.
func (s *sheet) output() ([]byte, error) {
	var b bytes.Buffer
	if err := s.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write pdf: %w", err)
	}
	return b.Bytes(), nil
}
