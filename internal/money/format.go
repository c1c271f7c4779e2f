package money

import "github.com/bojanz/currency"

// Formatters are safe for concurrent use once made: formatting only reads them.
var (
	dutch   = currency.NewFormatter(currency.NewLocale("nl"))
	english = currency.NewFormatter(currency.NewLocale("en"))
)

// Format returns the amount as people read it, with a no-break space where the language puts one: "€ 1.234,56" in
// Dutch ("nl"), "€1,234.56" in any other language.
func (c Cents) Format(language string) string {
	f := english
	if language == "nl" {
		f = dutch
	}
	amount, err := currency.NewAmountFromInt64(int64(c), c.Currency())
	if err != nil {
		return c.String() // unreachable: EUR is a currency
	}
	return f.Format(amount)
}
