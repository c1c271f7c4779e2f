package vat

import (
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// home is the supplier's country.
const home = "NL"

// Rate is a VAT rate in hundredths of a percent: 2100 is 21 %.
type Rate int32

// Of returns the VAT on a net amount, rounded half up, away from zero for credits.
func (r Rate) Of(net money.Cents) money.Cents {
	return money.Cents(money.MulDiv(int64(net), int64(r), 10_000))
}

// Percent returns the rate as a decimal without needless zeros: "21", "25.5".
func (r Rate) Percent() string {
	s := fmt.Sprintf("%d.%02d", r/100, r%100)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// Format returns the rate as people read it: "25,5%" in Dutch ("nl"), "25.5%" in any other language.
func (r Rate) Format(language string) string {
	if language == "nl" {
		return strings.Replace(r.Percent(), ".", ",", 1) + "%"
	}
	return r.Percent() + "%"
}

// IsMember reports whether the ISO 3166 country is in the EU today.
func IsMember(country string) bool {
	_, ok := standardRates[country]
	return ok
}

// RateOn returns the standard rate of a member state on the day; 0 for any other country and for days before 2014.
func RateOn(country string, day civil.Date) (rate Rate) {
	for _, step := range standardRates[country] {
		if day.Before(step.from) {
			break
		}
		rate = step.rate
	}
	return rate
}
