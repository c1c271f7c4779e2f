package vat

// Source is where an item of evidence about a consumer's country comes from.
type Source string

// The sources that count. Two addresses from one source are one item.
const (
	BillingAddress Source = "BILLING_ADDRESS"
	IPAddress      Source = "IP_ADDRESS"
	BankCountry    Source = "BANK_COUNTRY"
)

// Evidence is one item about where a consumer is, as ISO 3166 country.
type Evidence struct {
	Source  Source
	Country string
}

// Locate returns the country that the evidence agrees on: the one that two sources name and no other two contradict
// (A17). With single, the only country named is enough. ok is false when the evidence does not decide.
func Locate(items []Evidence, single bool) (country string, ok bool) {
	votes := map[string]map[Source]bool{}
	for _, e := range items {
		if e.Country == "" {
			continue
		}
		if votes[e.Country] == nil {
			votes[e.Country] = map[Source]bool{}
		}
		votes[e.Country][e.Source] = true
	}
	for named, sources := range votes {
		if len(sources) < 2 {
			continue
		}
		if ok {
			return "", false
		}
		country, ok = named, true
	}
	if !ok && single && len(votes) == 1 {
		for named := range votes {
			return named, true
		}
	}
	return country, ok
}
