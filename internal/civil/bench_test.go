package civil_test

import (
	"testing"
	"time"

	"klantenpaneel/internal/civil"
)

func BenchmarkAddMonths(b *testing.B) {
	d := day("2024-01-31")
	for b.Loop() {
		d.AddMonths(37)
	}
}

func BenchmarkIn(b *testing.B) {
	at := time.Date(2027, 3, 19, 22, 30, 0, 0, time.UTC)
	for b.Loop() {
		civil.In(at)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		day("2027-03-19")
	}
}

func BenchmarkAddWorkingDays(b *testing.B) {
	d := day("2027-04-18")
	for b.Loop() {
		d.AddWorkingDays(-5)
	}
}
