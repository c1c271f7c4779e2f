package vat

import (
	"strings"

	"klantenpaneel/internal/problem"
)

// IBAN is a bank account number in the one spelling in which it is kept: capitals and digits without spaces. Only
// ParseIBAN makes one.
type IBAN string

// ibanLengths holds the length of an IBAN in every country of SEPA; direct debits and refunds go nowhere else.
var ibanLengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
	"FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
	"RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}

// ParseIBAN reads an IBAN as people write it, with spaces and small letters. Country, length and check digits must be
// right; anything else is a problem.Invalid.
func ParseIBAN(s string) (IBAN, error) {
	text := strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "").Replace(strings.ToUpper(s))
	if len(text) < 4 || len(text) != ibanLengths[text[:2]] || mod97(text[4:]+text[:4]) != 1 {
		return "", problem.New(problem.Invalid, problem.Text{
			NL: "%q is geen geldig IBAN; controleer de cijfers.",
			EN: "%q is not a valid IBAN; check the digits.",
		}, s)
	}
	return IBAN(text), nil
}

// Country returns the ISO 3166 country of the bank.
func (i IBAN) Country() string {
	if len(i) < 2 {
		return ""
	}
	return string(i[:2])
}

// Format returns the IBAN in groups of four, as on paper.
func (i IBAN) Format() string {
	var b strings.Builder
	for at := 0; at < len(i); at += 4 {
		if at > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(i[at:min(at+4, len(i))]))
	}
	return b.String()
}

// Masked returns the IBAN with all but its country and last four characters hidden, for lists and logs.
func (i IBAN) Masked() string {
	if len(i) < 8 {
		return ""
	}
	return string(i[:2]) + "•• •••• " + string(i[len(i)-4:])
}

// ParseKvK reads a number of the Dutch trade register: eight digits, spaces and points ignored. The register gives no
// check digit. Anything else is a problem.Invalid.
func ParseKvK(s string) (string, error) {
	text := strings.NewReplacer(" ", "", "\u00a0", "", ".", "").Replace(s)
	if len(text) != 8 || strings.Trim(text, "0123456789") != "" || text == "00000000" {
		return "", problem.New(problem.Invalid, problem.Text{
			NL: "%q is geen KvK-nummer; dat heeft acht cijfers.",
			EN: "%q is not a KvK number; it has eight digits.",
		}, s)
	}
	return text, nil
}
