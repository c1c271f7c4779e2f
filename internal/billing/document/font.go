package document

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// Inter, reduced to European scripts and with tabular figures; assets/fonts/README.md says how.
var (
	//go:embed assets/fonts/Inter-Regular.ttf
	regularTTF []byte
	//go:embed assets/fonts/Inter-SemiBold.ttf
	boldTTF []byte
)

// The font families as fpdf knows them.
const (
	regular = "regular"
	bold    = "semibold"
)

// missing stands for a character that the fonts do not have, such as Chinese. PDF/A forbids the font's own mark for that.
const missing = '□'

// coverage tells which characters the fonts have; both have the same.
var coverage = sync.OnceValue(func() func(rune) bool {
	font, err := sfnt.Parse(regularTTF)
	if err != nil {
		panic(fmt.Errorf("document: parse the embedded font: %w", err))
	}
	has := map[rune]bool{}
	var b sfnt.Buffer
	for r := rune(0x20); r < 0x10000; r++ {
		if i, err := font.GlyphIndex(&b, r); err == nil && i != 0 {
			has[r] = true
		}
	}
	return func(r rune) bool { return has[r] }
})

// printable returns s as the fonts can print it: composed, on one line, marks that cannot be composed left out, other
// characters without a glyph replaced. The e-invoice keeps the text as it is.
func printable(s string) string {
	has := coverage()
	return strings.Map(func(r rune) rune {
		switch {
		case has(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Mn, unicode.Cf, unicode.Cc):
			return -1
		}
		return missing
	}, norm.NFC.String(s))
}
