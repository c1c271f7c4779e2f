// Package money owns amounts: whole cents of one currency, how they are read, shown, rounded and divided.
//
// There are no floats. Division always says how it rounds, and it rounds half away from zero, so that a credit note is
// the exact negative of what it credits (invariant 3).
package money

import (
	"fmt"
	"strconv"
	"strings"

	"klantenpaneel/internal/problem"
)

// Cents is an amount in euro cents; it may be negative. Without further word it is net of VAT.
type Cents int64

// Amount returns the amount in decimal notation, always with two digits: -12.34.
func (c Cents) Amount() string {
	buf := make([]byte, 0, 24)
	if c < 0 {
		buf = append(buf, '-')
	}
	n := magnitude(int64(c))
	buf = strconv.AppendUint(buf, n/100, 10)
	return string(append(buf, '.', byte('0'+n%100/10), byte('0'+n%10)))
}

// Currency returns the ISO 4217 code of the amount. There is one.
func (c Cents) Currency() string { return "EUR" }

// String returns the amount with its currency, for logs: -12.34 EUR.
func (c Cents) String() string { return c.Amount() + " " + c.Currency() }

// Abs returns the amount without its sign.
func (c Cents) Abs() Cents { return max(c, -c) }

// Parse reads decimal notation: an optional minus, digits, and optionally a point with one or two digits. Anything
// else (signs, spaces, commas, exponents, a third decimal, more than 15 digits) is a problem.Invalid.
func Parse(s string) (Cents, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, pointed := strings.Cut(digits, ".")
	if !isDigits(whole) || len(whole) > 13 || pointed && (!isDigits(fraction) || len(fraction) > 2) {
		return 0, problem.New(problem.Invalid, problem.Text{
			NL: "%q is geen bedrag; schrijf euro's en centen met een punt, zoals 12.34.",
			EN: "%q is not an amount; write euros and cents with a point, such as 12.34.",
		}, s)
	}
	for len(fraction) < 2 {
		fraction += "0"
	}
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("money: parse %q: %w", s, err)
	}
	if negative {
		n = -n
	}
	return Cents(n), nil
}

// MustParse is Parse for amounts written in the program itself; it panics on a wrong one.
func MustParse(s string) Cents {
	c, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return c
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
