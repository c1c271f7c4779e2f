package vat

import (
	"strings"

	"klantenpaneel/internal/problem"
)

// ID is a VAT identification number of a member state in the one spelling in which it is kept: capitals and digits,
// prefix first, as in NL004495445B01. Only ParseID makes one.
type ID string

// Country returns the ISO 3166 country that issued the id, "" for none. Greece writes EL and is GR.
func (id ID) Country() string {
	if len(id) < 2 {
		return ""
	}
	if id[:2] == "EL" {
		return "GR"
	}
	return string(id[:2])
}

// Number returns the id without its prefix, as VIES wants it.
func (id ID) Number() string {
	if len(id) < 2 {
		return ""
	}
	return string(id[2:])
}

// ParseID reads a VAT id as people write it, with spaces, points, dashes and small letters, with its prefix or, when
// country (ISO 3166) is given, without. Syntax and check digits must be right; whether it is in use only VIES knows.
// Anything else is a problem.Invalid.
func ParseID(country, s string) (ID, error) {
	text := strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "", "/", "").Replace(strings.ToUpper(s))
	prefix := prefixOf(strings.ToUpper(country))
	if number, ok := strings.CutPrefix(text, prefix); ok && prefix != "" && wellFormed(prefix, number) {
		return ID(prefix + number), nil
	}
	if prefix != "" && wellFormed(prefix, text) {
		return ID(prefix + text), nil
	}
	if len(text) > 2 && wellFormed(prefixOf(text[:2]), text[2:]) {
		return ID(prefixOf(text[:2]) + text[2:]), nil
	}
	return "", problem.New(problem.Invalid, problem.Text{
		NL: "%q is geen geldig btw-nummer; controleer de cijfers, zoals NL004495445B01.",
		EN: "%q is not a valid VAT number; check the digits, such as NL004495445B01.",
	}, s)
}

// prefixOf returns the prefix of the country's ids; of other codes itself, which wellFormed then refuses.
func prefixOf(country string) string {
	if country == "GR" {
		return "EL"
	}
	return country
}

func wellFormed(prefix, number string) bool {
	form, ok := forms[prefix]
	return ok && form.pattern.MatchString(number) && form.check(number)
}
