package document

import (
	"math"
	"testing"
)

func TestFileName(t *testing.T) {
	for _, c := range []struct {
		name, sample, number, ext, want string
	}{
		{"a Dutch invoice", "domestic", "2027-000123", "pdf", "factuur-2027-000123.pdf"},
		{"an English invoice", "oss", "2027-000126", "pdf", "invoice-2027-000126.pdf"},
		{"a credit note", "credit-full", "2027-000131", "xml", "creditfactuur-2027-000131.xml"},
		{"an imported number cannot leave the folder", "domestic", "../2014/17 é", "pdf", "factuur-..-2014-17---.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv := samples()[c.sample]
			inv.Number = c.number
			if got := inv.FileName(c.ext); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEveryAccentCarriesWhiteText(t *testing.T) {
	for hue := range 360 {
		for what, other := range map[string]Color{"white": white, "the soft box": AccentOf(hue).mix(0.09)} {
			if c := contrast(AccentOf(hue), other); c < 4.5 { // WCAG 1.4.3
				t.Errorf("hue %d: contrast with %s is %.2f", hue, what, c)
			}
		}
		if c := contrast(muted, AccentOf(hue).mix(0.09)); c < 4.5 {
			t.Errorf("hue %d: contrast of small print in the box is %.2f", hue, c)
		}
	}
}

// contrast is the ratio of WCAG 2.
func contrast(a, b Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c Color) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestALetterNeedsSomethingToSay(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*Letter)
	}{
		{"no subject", func(l *Letter) { l.Subject = "" }},
		{"no text", func(l *Letter) { l.Blocks = nil }},
		{"nobody to send it to", func(l *Letter) { l.To.Name = "" }},
		{"nowhere to send it", func(l *Letter) { l.To.Street = "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := letters()["reminder"]
			c.spoil(&l)
			if _, err := LetterPDF(l); err == nil {
				t.Error("it was written")
			}
		})
	}
}
