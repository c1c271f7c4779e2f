package money

// Price is an amount for which VAT matters.
type Price struct{ Net, VAT Cents }

// Gross returns what is to be paid.
func (p Price) Gross() Cents { return p.Net + p.VAT }
