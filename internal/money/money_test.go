package money_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/money"
	"klantenpaneel/internal/problem"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]money.Cents{
		"0": 0, "12": 1200, "12.3": 1230, "12.34": 1234, "-12.34": -1234, "-0.05": -5, "007.10": 710, "9999999999999.99": 999999999999999,
	} {
		if got, err := money.Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "-", ".", ".5", "1.", "1.234", "1,50", "+1", "--1", " 1", "1 ", "1e3", "0x1", "1.-5", "€ 1", "1.000,00", "١", "99999999999999", "1.5.0", "NaN",
	} {
		if got, err := money.Parse(in); !problem.Is(err, problem.Invalid) {
			t.Errorf("Parse(%q) = %v, %v; want a problem", in, got, err)
		}
	}
}

func TestAmountsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-999_999_999_999_999, 999_999_999_999_999).Draw(t, "cents"))
		if got, err := money.Parse(c.Amount()); err != nil || got != c {
			t.Fatalf("%d is %q, which reads as %d, %v", c, c.Amount(), got, err)
		}
	})
	if got := money.Cents(math.MinInt64).Amount(); got != "-92233720368547758.08" {
		t.Errorf("the least amount is %q", got)
	}
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		cents  money.Cents
		nl, en string
	}{
		{1_234_56, "€\u00a01.234,56", "€1,234.56"},
		{-1_234_56, "€\u00a0-1.234,56", "-€1,234.56"},
		{0, "€\u00a00,00", "€0.00"},
		{5, "€\u00a00,05", "€0.05"},
		{1_234_567_80, "€\u00a01.234.567,80", "€1,234,567.80"},
	} {
		if nl, en := tt.cents.Format("nl"), tt.cents.Format("en"); nl != tt.nl || en != tt.en {
			t.Errorf("%v: got %q and %q, want %q and %q", tt.cents, nl, en, tt.nl, tt.en)
		}
	}
	if got := money.Cents(-5).String(); got != "-0.05 EUR" {
		t.Errorf("got %q", got)
	}
}

func TestRoundHalfUp(t *testing.T) {
	for _, tt := range []struct{ n, d, want int64 }{
		{5, 2, 3}, {-5, 2, -3}, {4, 3, 1}, {5, 3, 2}, {-4, 3, -1}, {-5, 3, -2}, {0, 7, 0}, {57750, 100, 578}, {1, 2, 1}, {-1, 2, -1}, {49, 100, 0},
	} {
		if got := money.RoundHalfUp(tt.n, tt.d); got != tt.want {
			t.Errorf("%d/%d = %d, want %d", tt.n, tt.d, got, tt.want)
		}
	}
}

// Rational numbers are the oracle, far outside 64 bits.
func TestMulDivIsExact(t *testing.T) {
	half := big.NewRat(1, 2)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "a"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "b")
		d := rapid.Int64Range(max(1, b, -b), 1<<62).Draw(t, "d") // so that the result fits
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(d))
		up := new(big.Rat).Add(new(big.Rat).Abs(exact), half)
		want := new(big.Int).Quo(up.Num(), up.Denom()).Int64() * int64(exact.Sign())
		if got := money.MulDiv(a, b, d); got != want || money.MulDiv(-a, b, d) != -want {
			t.Fatalf("%d × %d / %d = %d, want %d", a, b, d, got, want)
		}
	})
}

func TestProRata(t *testing.T) {
	for _, tt := range []struct {
		name        string
		cents       money.Cents
		part, whole int
		want        money.Cents
	}{
		{"7 of 365 days of 36.00 (A23)", 36_00, 7, 365, 69},
		{"7 of 365 days of 9.00 (A23)", 9_00, 7, 365, 17},
		{"nothing", 36_00, 0, 365, 0},
		{"all", 36_00, 365, 365, 36_00},
		{"half a cent goes up", 1, 1, 2, 1},
		{"and down for a credit", -1, 1, 2, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := money.ProRata(tt.cents, tt.part, tt.whole); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// Invariant 21.
func TestSplitAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "cents"))
		parts := money.Split(c, rapid.IntRange(1, 60).Draw(t, "n"))
		var sum money.Cents
		for i, p := range parts {
			sum += p
			if (p-parts[len(parts)-1]).Abs() > 1 || i > 0 && p.Abs() > parts[i-1].Abs() {
				t.Fatalf("%v splits into %v", c, parts)
			}
		}
		if sum != c {
			t.Fatalf("%v splits into %v", c, parts)
		}
	})
}

func TestNonsenseDivisionsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"by zero":       func() { money.RoundHalfUp(1, 0) },
		"by a negative": func() { money.ProRata(1, 1, -1) },
		"no parts":      func() { money.Split(1, 0) },
		"overflow":      func() { money.MulDiv(math.MaxInt64, 2, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
