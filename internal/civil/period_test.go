package civil_test

import (
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
)

func TestPeriodIsHalfOpen(t *testing.T) {
	p := civil.Period{Start: day("2014-04-18"), End: day("2015-04-18")}
	next := civil.Period{Start: p.End, End: day("2016-04-18")}
	if !p.Contains(p.Start) || p.Contains(p.End) || !p.Contains(p.Last()) || p.Last() != day("2015-04-17") || p.Days() != 365 || next.Days() != 366 {
		t.Errorf("%v: last %v, %d days", p, p.Last(), p.Days())
	}
	if p.Overlaps(next) || next.Overlaps(p) || !p.Overlaps(p) {
		t.Error("periods that touch do not overlap")
	}
}

func TestPeriodsAgreeWithTheirDays(t *testing.T) {
	near := rapid.Custom(func(t *rapid.T) civil.Period {
		start := day("2027-01-01").AddDays(rapid.IntRange(0, 20).Draw(t, "start"))
		return civil.Period{Start: start, End: start.AddDays(rapid.IntRange(-2, 20).Draw(t, "days"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := near.Draw(t, "a"), near.Draw(t, "b")
		days, shared := 0, false
		for d := day("2026-12-20"); d.Before(day("2027-03-01")); d = d.AddDays(1) {
			if a.Contains(d) {
				days++
				shared = shared || b.Contains(d)
			}
		}
		if a.Days() != days || a.Overlaps(b) != shared || b.Overlaps(a) != shared {
			t.Fatalf("%v and %v: %d days, overlap %v", a, b, a.Days(), a.Overlaps(b))
		}
	})
}

func TestPeriodInSQL(t *testing.T) {
	want := civil.Period{Start: day("2014-04-18"), End: day("2015-04-18")}
	if v, err := want.Value(); v != "[2014-04-18,2015-04-18)" || err != nil {
		t.Errorf("stored as %v, %v", v, err)
	}
	var p civil.Period
	if err := p.Scan([]byte("[2014-04-18,2015-04-18)")); err != nil || p != want {
		t.Errorf("read %v, %v", p, err)
	}
	for _, src := range []any{"empty", "[2014-04-18,)", "(,2015-04-18)", "[2014-04-18,2015-04-18]", "", 5} {
		if err := p.Scan(src); err == nil || p != want {
			t.Errorf("Scan(%v) = %v, %v", src, p, err)
		}
	}
	if err := p.Scan(nil); err != nil || !p.IsZero() {
		t.Errorf("NULL is %v, %v", p, err)
	}
	if v, err := p.Value(); v != nil || err != nil {
		t.Errorf("no period is stored as %v, %v", v, err)
	}
}
