package money

import (
	"fmt"
	"math/bits"
)

// RoundHalfUp returns n/d rounded to the nearest whole number, halves away from zero: 5/2 is 3, -5/2 is -3.
// It panics when d is not positive.
func RoundHalfUp(n, d int64) int64 { return MulDiv(n, 1, d) }

// MulDiv returns a×b/d rounded as RoundHalfUp does, exact even where a×b does not fit in 64 bits. It panics when d is
// not positive or the result does not fit.
func MulDiv(a, b, d int64) int64 {
	if d <= 0 {
		panic(fmt.Sprintf("money: division by %d", d))
	}
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	lo, carry := bits.Add64(lo, uint64(d)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(d)) // floor of n/d + 1/2, also for odd d
	if q > 1<<63-1 {
		panic(fmt.Sprintf("money: %d × %d / %d overflows", a, b, d))
	}
	if (a < 0) != (b < 0) {
		return -int64(q)
	}
	return int64(q)
}

// ProRata returns the part of c that part is of whole (days of a period, mostly), rounded half up: 7 of 365 days of
// 36.00 is 0.69 (A23). It panics when whole is not positive.
func ProRata(c Cents, part, whole int) Cents {
	return Cents(MulDiv(int64(c), int64(part), int64(whole)))
}

// Split divides c into n amounts that differ by at most one cent and add up to c exactly (invariant 21); the larger
// ones come first. It panics when n is not positive.
func Split(c Cents, n int) []Cents {
	if n <= 0 {
		panic(fmt.Sprintf("money: split into %d parts", n))
	}
	each, rest := c/Cents(n), c%Cents(n)
	step := Cents(1)
	if rest < 0 {
		step, rest = -1, -rest
	}
	parts := make([]Cents, n)
	for i := range parts {
		parts[i] = each
		if Cents(i) < rest {
			parts[i] += step
		}
	}
	return parts
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
