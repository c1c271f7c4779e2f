package document

import (
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"
)

func TestWrappedTextFitsAndLosesNothing(t *testing.T) {
	s := newSheet("nl-NL", "")
	s.newPage()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 200, -1).Draw(t, "text")
		width := rapid.Float64Range(20, 120).Draw(t, "width")
		lines := s.wrap(width, body, text)
		for _, l := range lines {
			if w := s.width(body, l); w > width+0.001 {
				t.Errorf("%q is %.1f wide, not %.1f", l, w, width)
			}
		}
		blanks := strings.NewReplacer(" ", "", "\n", "", "\t", "", "\r", "")
		if got, want := blanks.Replace(strings.Join(lines, "")), blanks.Replace(text); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func TestLinesEndBetweenWords(t *testing.T) {
	s := newSheet("nl-NL", "")
	s.newPage()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"at a blank", "Wij ontvangen het bedrag graag op tijd", []string{"Wij ontvangen het bedrag", "graag op tijd"}},
		{"never at a no-break space", "Wij ontvangen het bedrag € 98,01 graag", []string{"Wij ontvangen het bedrag", "€ 98,01 graag"}},
		{"inside a long name after a point or dash", "een-heel-lange-domeinnaam.die-niet-past.example", []string{"een-heel-lange-", "domeinnaam.die-niet-", "past.example"}},
		{"inside a long word where it must", strings.Repeat("m", 30), []string{strings.Repeat("m", 14), strings.Repeat("m", 14), "mm"}},
		{"an empty text has no lines", "  ", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := s.wrap(40, body, c.text); strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"European scripts stay", "Ångström Łódź Ἀλέξανδρος Иванов Đặng €", "Ångström Łódź Ἀλέξανδρος Иванов Đặng €"},
		{"letters and marks are composed", "Coo\u0308peratie", "Coöperatie"},
		{"a mark that cannot be composed is left out", "b\u0308b", "bb"},
		{"scripts that the fonts lack become boxes", "王小明", "□□□"},
		{"so do pictures", "Bakker 🥖", "Bakker □"},
		{"control characters vanish", "a\x00b\u200bc", "abc"},
		{"a line break is a space", "a\nb", "a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := printable(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBothFontsHaveTheSameCharactersAndFiguresOfOneWidth(t *testing.T) {
	var fonts []*sfnt.Font
	for _, ttf := range [][]byte{regularTTF, boldTTF} {
		fonts = append(fonts, must(sfnt.Parse(ttf)))
	}
	var b sfnt.Buffer
	for r := rune(0x20); r < 0x10000; r++ {
		if first, second := must(fonts[0].GlyphIndex(&b, r)), must(fonts[1].GlyphIndex(&b, r)); (first == 0) != (second == 0) {
			t.Errorf("%c is in one font only", r)
		}
	}
	s := newSheet("nl-NL", "")
	s.newPage()
	for _, st := range []style{body, strong} {
		for _, digit := range "123456789" {
			if s.width(st, string(digit)) != s.width(st, "0") {
				t.Errorf("%s: %c is not as wide as 0", st.font, digit)
			}
		}
	}
}

// PDF and page show every figure of the document, and nothing leaves the paper.
func TestPagesShowTheSameFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := anyInvoice(t)
		pdf, err := PDF(inv)
		if err != nil {
			t.Fatal(err)
		}
		page, err := HTML(inv)
		if err != nil {
			t.Fatal(err)
		}
		onPaper, onScreen := text(t, pdf), string(page.Body)
		for _, l := range inv.Lines {
			for _, want := range []string{inv.money(l.Net), inv.money(l.UnitPrice), inv.period(l)} {
				if !strings.Contains(onPaper, want) || !strings.Contains(onScreen, want) {
					t.Errorf("%q is missing", want)
				}
			}
		}
		for _, row := range inv.totalRows() {
			if !strings.Contains(onPaper, row.Amount) || !strings.Contains(onScreen, row.Amount) {
				t.Errorf("%s %s is missing", row.Label, row.Amount)
			}
		}
	})
}
