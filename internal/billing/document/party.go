package document

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"klantenpaneel/internal/vat"
)

// Party is the supplier or the customer as it was on the day of issue. All fields but Name may be empty.
type Party struct {
	Name      string // legal name of a business, full name of a person
	Attention string // who at the business

	Street   string // with the number; real, never only a PO box (3.9)
	Extra    string // second line of the address
	Postcode string
	City     string
	Country  string // ISO 3166; NL when empty

	VATID              vat.ID
	RegistrationNumber string // in the trade register of Country: KvK, Belgian enterprise number, …
	OIN                string // of a Dutch government body
	Email              string
	Phone              string

	// Endpoint is the electronic address on Peppol that the customer asked for, such as 0106:12345678; when empty it is
	// derived from OIN, register and VAT id.
	Endpoint string
}

// country returns the ISO 3166 code.
func (p Party) country() string {
	if p.Country == "" {
		return "NL"
	}
	return p.Country
}

// trimmed returns the party without blanks around its texts.
func (p Party) trimmed() Party {
	for _, s := range []*string{&p.Name, &p.Attention, &p.Street, &p.Extra, &p.Postcode, &p.City, &p.RegistrationNumber, &p.OIN, &p.Email, &p.Phone, &p.Endpoint} {
		*s = strings.TrimSpace(*s)
	}
	return p
}

// address returns the lines of the address window, the country last and in capitals when it is not home.
func (p Party) address(home, lang string) []string {
	lines := []string{p.Name}
	if p.Attention != "" && p.Attention != p.Name {
		lines = append(lines, wordsOf(lang).attention+" "+p.Attention)
	}
	lines = append(lines, p.Street, p.Extra, p.place())
	if p.country() != home {
		lines = append(lines, strings.ToUpper(countryName(p.country(), lang)))
	}
	return compact(lines)
}

// place is the line with the postcode. The Dutch write two spaces between postcode and town, and never break a postcode.
func (p Party) place() string {
	if p.country() == "NL" && p.Postcode != "" {
		return strings.TrimSpace(strings.ReplaceAll(p.Postcode, " ", nbsp) + nbsp + " " + p.City)
	}
	return strings.TrimSpace(p.Postcode + " " + p.City)
}

// countryName returns the name of an ISO 3166 country in the language, or the code itself when it is unknown.
func countryName(code, lang string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	namer := display.English.Regions()
	if lang == "nl" {
		namer = dutchRegions
	}
	return namer.Name(region)
}

var dutchRegions = display.Regions(language.Dutch)

// nbsp is a space at which no line ends.
const nbsp = "\u00a0"

// compact drops the empty lines.
func compact(lines []string) []string {
	kept := lines[:0]
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			kept = append(kept, l)
		}
	}
	return kept
}
