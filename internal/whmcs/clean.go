package whmcs

import (
	"html"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"klantenpaneel/internal/vat"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// entity is a character reference. Its semicolon is required: WHMCS writes it, and what people type, such as R&D or
// a&copy=1, is no reference.
var entity = regexp.MustCompile(`&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// decode turns what WHMCS stores into what was typed: it escapes all input for HTML, once.
func decode(s string) string {
	if !utf8.ValidString(s) {
		s, _ = charmap.Windows1252.NewDecoder().String(s) // an old table whose text was never converted
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = entity.ReplaceAllStringFunc(s, html.UnescapeString)
	}
	return norm.NFC.String(s)
}

// line returns the text as one line without needless spaces or control characters.
func line(s string) string {
	s = decode(s)
	if plain(s) {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// plain reports whether line would not change s; most text is.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}

// paragraphs returns the text with its lines, without control characters and empty ends.
func paragraphs(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decode(s))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// mailAddress returns the address in lower case (M-05); ok is false when it is none. A list gives its first.
func mailAddress(s string) (address string, ok bool) {
	s = strings.ToLower(line(s))
	if first, _, list := strings.Cut(s, ","); list {
		s = strings.TrimSpace(first)
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || !strings.Contains(s[strings.LastIndexByte(s, '@'):], ".") {
		return "", false
	}
	return s, true
}

// phone returns the number in the form of E.164. A number without country belongs to the customer's or, when it does not
// exist there, to the provider's. What is no number at all is returned as it is, with ok false.
func phone(s, country string) (number string, ok bool) {
	s = line(s)
	if s == "" {
		return "", true
	}
	for _, region := range []string{country, "NL"} {
		n, err := phonenumbers.Parse(strings.ReplaceAll(s, ".", " "), region) // WHMCS writes +31.612345678
		if err == nil && phonenumbers.IsValidNumber(n) {
			return phonenumbers.Format(n, phonenumbers.E164), true
		}
	}
	return s, false
}

// vatID returns the VAT id if its check digits are right. KvK numbers, which people put in the same field, come apart.
func vatID(s, country string) (id vat.ID, kvk string, ok bool) {
	s = line(s)
	if s == "" {
		return "", "", true
	}
	if id, err := vat.ParseID(country, s); err == nil {
		return id, "", true
	}
	if kvk, err := vat.ParseKvK(s); err == nil && country == "NL" {
		return "", kvk, true
	}
	return "", "", false
}
