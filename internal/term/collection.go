package term

import "klantenpaneel/internal/money"

// The bounds of the statutory scale, in cents.
const (
	minCollectionCost = 40_00
	maxCollectionCost = 6_775_00
)

// collectionScale is the Besluit vergoeding voor buitengerechtelijke incassokosten: of each slice of the principal, a
// share in thousandths.
var collectionScale = [...]struct{ slice, permille int64 }{
	{2_500_00, 150},
	{2_500_00, 100},
	{5_000_00, 50},
	{190_000_00, 10},
	{1 << 60, 5},
}

// CollectionCosts returns the costs that may be added to an unpaid principal, in cents, without VAT: the WIK scale with
// its minimum of 40.00 and maximum of 6,775.00 (§3.16). For a letter that bundles invoices the principal is their sum.
// Nothing unpaid costs nothing.
func CollectionCosts(principal money.Cents) money.Cents {
	if principal <= 0 {
		return 0
	}
	var thousandths int64
	rest := int64(principal)
	for _, step := range collectionScale {
		part := min(rest, step.slice)
		thousandths += part * step.permille
		if rest -= part; rest == 0 || thousandths > maxCollectionCost*1000 {
			break
		}
	}
	return money.Cents(min(max(money.RoundHalfUp(thousandths, 1000), minCollectionCost), maxCollectionCost))
}
