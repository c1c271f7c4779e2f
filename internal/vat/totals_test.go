package vat_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

func lines(rate vat.Rate, nets ...string) (all []vat.Line) {
	for _, net := range nets {
		all = append(all, vat.Line{Net: money.MustParse(net), Category: vat.Standard, Rate: rate})
	}
	return all
}

func negative(all []vat.Line) []vat.Line {
	all = slices.Clone(all)
	for i := range all {
		all[i].Net = -all[i].Net
	}
	return all
}

func TestTotals(t *testing.T) {
	for _, tt := range []struct {
		name            string
		lines           []vat.Line
		net, vat, gross string
	}{
		{"no lines", nil, "0.00", "0.00", "0.00"},
		{"5.775 goes up", lines(2100, "27.50"), "27.50", "5.78", "33.28"},
		{"1.575 goes up", lines(2100, "7.50"), "7.50", "1.58", "9.08"},
		{"three lines are rounded once", lines(2100, "8.40", "8.40", "8.40"), "25.20", "5.29", "30.49"},
		{"a credit note is the negative, half a cent too", lines(2100, "-27.50"), "-27.50", "-5.78", "-33.28"},
		{"A02", lines(2100, "9.00", "120.00"), "129.00", "27.09", "156.09"},
		{"A14", lines(2100, "216.00"), "216.00", "45.36", "261.36"},
		{"A17", lines(1900, "36.00"), "36.00", "6.84", "42.84"},
		{"A23", lines(2100, "-35.31", "-8.83"), "-44.14", "-9.27", "-53.41"},
		{"two rates are rounded apart", append(lines(2100, "7.50"), lines(1900, "8.50")...), "16.00", "3.20", "19.20"},
		{"reverse charge", []vat.Line{{Net: 12345, Category: vat.ReverseCharge}}, "123.45", "0.00", "123.45"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := vat.TotalsOf(tt.lines)
			if got.Net.Amount() != tt.net || got.VAT.Amount() != tt.vat || got.Gross.Amount() != tt.gross {
				t.Errorf("got %v / %v / %v, want %s / %s / %s", got.Net, got.VAT, got.Gross, tt.net, tt.vat, tt.gross)
			}
		})
	}
}

func TestSubtotalsAreInOrder(t *testing.T) {
	got := vat.TotalsOf(append([]vat.Line{{Net: 1, Category: vat.ReverseCharge}}, append(lines(900, "1"), lines(2100, "1")...)...))
	want := []vat.Subtotal{
		{Category: vat.ReverseCharge, Net: 1}, {Category: vat.Standard, Rate: 2100, Net: 100, VAT: 21}, {Category: vat.Standard, Rate: 900, Net: 100, VAT: 9},
	}
	if !slices.Equal(got.PerRate, want) {
		t.Errorf("got %+v", got.PerRate)
	}
}

func TestCreditingLineByLineLeavesNothing(t *testing.T) {
	invoice := vat.TotalsOf(lines(2100, "8.40", "8.40", "8.40"))
	left := invoice
	var taken []string
	for range 3 {
		credit := vat.CreditTotals(left, lines(2100, "-8.40"))
		taken, left = append(taken, credit.VAT.Amount()), left.Plus(credit)
	}
	if !slices.Equal(taken, []string{"-1.76", "-1.76", "-1.77"}) || left.Gross != 0 {
		t.Errorf("took %v, left %v", taken, left.Gross)
	}
}

func TestCreditsNeverTakeMoreVATThanRemains(t *testing.T) {
	left := vat.TotalsOf(lines(2100, "0.03", "0.03", "0.03", "0.03", "0.03")) // 0.15: VAT 0.03, but 0.01 each
	for _, want := range []string{"-0.01", "-0.01", "-0.01", "0.00", "0.00"} {
		credit := vat.CreditTotals(left, lines(2100, "-0.03"))
		if left = left.Plus(credit); credit.VAT.Amount() != want {
			t.Errorf("took %v, want %s", credit.VAT, want)
		}
	}
	if left.Gross != 0 {
		t.Errorf("left %v", left.Gross)
	}
}

var anyLine = rapid.Custom(func(t *rapid.T) vat.Line {
	return vat.Line{
		Net:      money.Cents(rapid.Int64Range(0, 1_000_000).Draw(t, "net")),
		Category: vat.Standard,
		Rate:     rapid.SampledFrom([]vat.Rate{900, 1900, 2100, 2550}).Draw(t, "rate"),
	}
})

// Invariant 3.
func TestTotalsAddUpAndCreditsMirrorThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(anyLine, 0, 20).Draw(t, "lines")
		got := vat.TotalsOf(all)
		var net, tax money.Cents
		perRate := map[vat.Rate]money.Cents{}
		for _, l := range all {
			net += l.Net
			perRate[l.Rate] += l.Net
		}
		for rate, sum := range perRate {
			tax += (sum*money.Cents(rate)*2 + 10_000) / 20_000 // round half up, the schoolbook way
		}
		if got.Net != net || got.VAT != tax || got.Gross != net+tax {
			t.Fatalf("got %+v, want %v + %v", got, net, tax)
		}
		credit := vat.TotalsOf(negative(all))
		if credit.Gross != -got.Gross || credit.VAT != -got.VAT {
			t.Fatalf("credit %+v of %+v", credit, got)
		}
	})
}

// Invariant 5, for what rounding could break: never more VAT back than was charged, and nothing left in the end.
func TestPartialCreditsNeverExceedTheInvoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(anyLine, 1, 12).Draw(t, "lines")
		left := vat.TotalsOf(all)
		for len(all) > 0 {
			n := rapid.IntRange(1, len(all)).Draw(t, "credited at once")
			left = left.Plus(vat.CreditTotals(left, negative(all[:n])))
			all = all[n:]
			for _, s := range left.PerRate {
				if s.VAT < 0 || s.Net < 0 || s.Net == 0 && s.VAT != 0 {
					t.Fatalf("left %+v", s)
				}
			}
		}
		if left.Gross != 0 {
			t.Fatalf("left %v", left.Gross)
		}
	})
}

func TestRateOn(t *testing.T) {
	for _, tt := range []struct {
		name, country, day string
		want               vat.Rate
	}{
		{"last day before Germany lowered", "DE", "2020-06-30", 1900},
		{"first day at 16 %", "DE", "2020-07-01", 1600},
		{"last day at 16 %", "DE", "2020-12-31", 1600},
		{"back at 19 %", "DE", "2021-01-01", 1900},
		{"Finland, the day before", "FI", "2024-08-31", 2400},
		{"Finland, the day", "FI", "2024-09-01", 2550},
		{"Luxembourg is back", "LU", "2026-11-20", 1700},
		{"the Netherlands in 2014", "NL", "2014-01-01", 2100},
		{"before the table", "NL", "2013-12-31", 0},
		{"no member", "CH", "2026-11-20", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := vat.RateOn(tt.country, civil.MustParse(tt.day)); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	if vat.Rate(2550).Percent() != "25.5" || vat.Rate(2000).Percent() != "20" || vat.Rate(2550).Format("nl") != "25,5%" || vat.Rate(0).Percent() != "0" {
		t.Error(vat.Rate(2550).Percent(), vat.Rate(2000).Percent(), vat.Rate(2550).Format("nl"), vat.Rate(0).Percent())
	}
}
