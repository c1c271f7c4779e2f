package term_test

import (
	"testing"

	"klantenpaneel/internal/term"
)

// reseller is a large account: 60 yearly domains and 25 monthly packages.
func reseller() (all []term.Contract) {
	for i := range 85 {
		c := yearly("2027-01-05", 9_00)
		c.AnchorOn = c.AnchorOn.AddDays(i * 4)
		if i >= 60 {
			c.Months = 1
		}
		c.BilledUntil = c.PeriodOn(start).End
		all = append(all, c)
	}
	return all
}

func small() []term.Contract {
	return []term.Contract{yearly("2027-04-18", 72_00), yearly("2027-04-22", 9_00), yearly("2027-09-01", 9_00)}
}

func BenchmarkPeriodOn(b *testing.B) {
	anchor, on := day("2014-01-31"), day("2026-11-20")
	for b.Loop() {
		term.PeriodOn(anchor, 1, on)
	}
}

func BenchmarkSingleInvoiceOn(b *testing.B) {
	r := day("2027-04-18")
	for b.Loop() {
		term.PING.SingleInvoiceOn(r)
	}
}

func BenchmarkDueSmall(b *testing.B)       { benchmarkDue(b, small(), "2027-03-01") }
func BenchmarkDueNothing(b *testing.B)     { benchmarkDue(b, small(), "2026-12-02") }
func BenchmarkDueReseller(b *testing.B)    { benchmarkDue(b, reseller(), "2026-12-01") }
func BenchmarkNextReseller(b *testing.B)   { benchmarkNext(b, reseller()) }
func BenchmarkNextSmall(b *testing.B)      { benchmarkNext(b, small()) }
func BenchmarkYearAheadSmall(b *testing.B) { benchmarkYear(b, small()) }

func BenchmarkYearAheadReseller(b *testing.B) { benchmarkYear(b, reseller()) }

func BenchmarkEffectiveEnd(b *testing.B) {
	c := small()[0]
	x := term.Cancellation{Mode: term.EndOfTerm, ReceivedAt: instant("2027-03-19 23:30:00")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := term.PING.EffectiveEnd(&c, x); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkDue(b *testing.B, account []term.Contract, on string) {
	d := day(on)
	b.ReportAllocs()
	for b.Loop() {
		term.PING.Due(account, d)
	}
}

func benchmarkNext(b *testing.B, account []term.Contract) {
	b.ReportAllocs()
	for b.Loop() {
		term.PING.NextLines(account, start.AddDays(1))
	}
}

func benchmarkYear(b *testing.B, account []term.Contract) {
	b.ReportAllocs()
	for b.Loop() {
		term.PING.NextInvoices(account, start.AddDays(1), start.AddMonths(12))
	}
}
