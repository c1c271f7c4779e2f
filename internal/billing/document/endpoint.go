package document

import (
	"strconv"
	"strings"
)

// Schemes of electronic addresses (EAS) and of register numbers (ISO 6523) that this program writes.
const (
	schemeKvK = "0106" // Dutch trade register
	schemeOIN = "0190" // Dutch government bodies
	schemeBCE = "0208" // Belgian enterprises
)

// vatSchemes holds the EAS scheme in which a VAT id is an electronic address, by ISO 3166 member state. Those that Peppol
// knows by another number only (Denmark, Finland, Sweden) are absent on purpose.
var vatSchemes = map[string]string{
	"AT": "9914", "BE": "9925", "BG": "9926", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931", "ES": "9920", "FR": "9957",
	"GR": "9933", "HR": "9934", "HU": "9910", "IE": "9935", "IT": "0211", "LT": "9937", "LU": "9938", "LV": "9939", "MT": "9943",
	"NL": "9944", "PL": "9945", "PT": "9946", "RO": "9947", "SI": "9949", "SK": "9950",
}

// identifier is a number with the scheme it belongs to; the scheme may be unknown.
type identifier struct{ scheme, id string }

// endpoint returns the electronic address of the party: the one it asked for, else OIN, trade register, VAT id, in that
// order. It is empty for those who have none, consumers mostly.
func (p Party) endpoint() identifier {
	if scheme, id, ok := strings.Cut(p.Endpoint, ":"); ok && scheme != "" && id != "" {
		return identifier{scheme, id}
	}
	if r := p.register(); r.scheme != "" {
		return r
	}
	if scheme := vatSchemes[p.VATID.Country()]; scheme != "" {
		return identifier{scheme, string(p.VATID)}
	}
	return identifier{}
}

// register returns the legal registration of the party (BT-30, BT-47).
func (p Party) register() identifier {
	number := strings.Map(alphanumeric, p.RegistrationNumber)
	switch {
	case p.OIN != "":
		return identifier{schemeOIN, p.OIN}
	case number == "":
		return identifier{}
	case p.country() == "NL" && len(number) == 8:
		return identifier{schemeKvK, number}
	case p.country() == "BE" && isEnterprise(strings.TrimPrefix(number, "BE")):
		return identifier{schemeBCE, strings.TrimPrefix(number, "BE")}
	}
	return identifier{"", p.RegistrationNumber}
}

// isEnterprise reports whether s is a Belgian enterprise number: ten digits, the last two a check.
func isEnterprise(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && len(s) == 10 && 97-(n/100)%97 == n%100
}

func alphanumeric(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}
