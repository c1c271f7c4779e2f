package vat

import (
	"cmp"
	"slices"

	"klantenpaneel/internal/money"
)

// Line is what VAT needs to know of an invoice line.
type Line struct {
	Net      money.Cents // negative on a credit note
	Category Category
	Rate     Rate
}

// Subtotal is the sum of the lines of one category and rate.
type Subtotal struct {
	Category Category
	Rate     Rate
	Net      money.Cents
	VAT      money.Cents
}

// Totals is the end of an invoice.
type Totals struct {
	PerRate []Subtotal // by category, then by falling rate
	Net     money.Cents
	VAT     money.Cents
	Gross   money.Cents
}

// TotalsOf adds up the lines. VAT is computed once per rate over the sum of its lines, rounded half up (§0, §5); of
// a credit note it is the exact negative of the same lines (invariant 3).
func TotalsOf(lines []Line) Totals {
	t := Totals{PerRate: subtotals(lines)}
	for i := range t.PerRate {
		s := &t.PerRate[i]
		s.VAT = s.Rate.Of(s.Net)
	}
	return t.sum()
}

// CreditTotals adds up a credit note, whose lines are negative, against what is left of the invoice: its totals less
// those of earlier credit notes. Crediting line by line rounds differently from the whole, so the credit that takes the
// last of a rate takes all of its remaining VAT, and none takes more than remains: a fully credited invoice is at 0.
func CreditTotals(left Totals, lines []Line) Totals {
	t := Totals{PerRate: subtotals(lines)}
	for i := range t.PerRate {
		s := &t.PerRate[i]
		rest := left.of(s.Category, s.Rate)
		if s.VAT = s.Rate.Of(s.Net); -s.Net == rest.Net || -s.VAT > rest.VAT {
			s.VAT = -rest.VAT
		}
	}
	return t.sum()
}

// Plus returns the totals of both together: an invoice and its credit notes leave what is left.
func (t Totals) Plus(o Totals) Totals {
	sum := Totals{PerRate: slices.Clone(t.PerRate)}
	for _, s := range o.PerRate {
		at := sum.find(s.Category, s.Rate)
		at.Net += s.Net
		at.VAT += s.VAT
	}
	slices.SortFunc(sum.PerRate, compare)
	return sum.sum()
}

// of returns the subtotal of the rate, empty when there is none.
func (t Totals) of(c Category, r Rate) Subtotal {
	for _, s := range t.PerRate {
		if s.Category == c && s.Rate == r {
			return s
		}
	}
	return Subtotal{Category: c, Rate: r}
}

// find returns the subtotal of the rate in t, adding it when there is none.
func (t *Totals) find(c Category, r Rate) *Subtotal {
	for i := range t.PerRate {
		if t.PerRate[i].Category == c && t.PerRate[i].Rate == r {
			return &t.PerRate[i]
		}
	}
	t.PerRate = append(t.PerRate, Subtotal{Category: c, Rate: r})
	return &t.PerRate[len(t.PerRate)-1]
}

func subtotals(lines []Line) []Subtotal {
	var t Totals
	for _, l := range lines {
		t.find(l.Category, l.Rate).Net += l.Net
	}
	slices.SortFunc(t.PerRate, compare)
	return t.PerRate
}

func (t Totals) sum() Totals {
	t.Net, t.VAT = 0, 0
	for _, s := range t.PerRate {
		t.Net += s.Net
		t.VAT += s.VAT
	}
	t.Gross = t.Net + t.VAT
	return t
}

func compare(a, b Subtotal) int {
	return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(b.Rate, a.Rate))
}
