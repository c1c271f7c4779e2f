package money_test

import (
	"testing"

	"klantenpaneel/internal/money"
)

func BenchmarkAmount(b *testing.B) {
	for b.Loop() {
		_ = money.Cents(123456).Amount()
	}
}

func BenchmarkFormat(b *testing.B) {
	for b.Loop() {
		money.Cents(123456).Format("nl")
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		money.MustParse("1234.56")
	}
}

func BenchmarkProRata(b *testing.B) {
	for b.Loop() {
		money.ProRata(36_00, 7, 365)
	}
}
