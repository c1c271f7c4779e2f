package vat_test

import (
	"testing"

	"klantenpaneel/internal/vat"
)

func BenchmarkTotals(b *testing.B) {
	all := lines(2100, "9.00", "120.00", "8.40", "27.50", "36.00", "9.00")
	b.ReportAllocs()
	for b.Loop() {
		vat.TotalsOf(all)
	}
}

func BenchmarkDecide(b *testing.B) {
	in := vat.Input{On: today, Country: "DE", OSS: true, Evidence: german}
	b.ReportAllocs()
	for b.Loop() {
		vat.Decide(in)
	}
}

func BenchmarkParseID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := vat.ParseID("", "NL004495445B01"); err != nil {
			b.Fatal(err)
		}
	}
}
