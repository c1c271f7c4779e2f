package civil

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// Period is the half-open run of days [Start, End): "18-04-2014 tot 18-04-2015" ends on 18-04-2015, the last day it
// covers is the 17th (§0). The zero value is no period.
type Period struct{ Start, End Date }

// IsZero reports whether p is no period at all.
func (p Period) IsZero() bool { return p == Period{} }

// Contains reports whether the day is one of p's.
func (p Period) Contains(d Date) bool { return !d.Before(p.Start) && d.Before(p.End) }

// Days returns the number of days in p, 0 when it ends before it starts.
func (p Period) Days() int { return max(0, p.End.Sub(p.Start)) }

// Overlaps reports whether p and o share a day; periods that touch do not.
func (p Period) Overlaps(o Period) bool {
	return p.Start.Before(o.End) && o.Start.Before(p.End) && p.Days() > 0 && o.Days() > 0
}

// Last returns the last day of p.
func (p Period) Last() Date { return p.End.AddDays(-1) }

// String returns p as PostgreSQL writes a daterange: [2014-04-18,2015-04-18).
func (p Period) String() string {
	if p.IsZero() {
		return ""
	}
	return "[" + p.Start.String() + "," + p.End.String() + ")"
}

// Value stores p as a PostgreSQL daterange; no period is NULL.
func (p Period) Value() (driver.Value, error) {
	if p.IsZero() {
		return nil, nil
	}
	return p.String(), nil
}

// Scan reads a bounded PostgreSQL daterange in its canonical form; NULL is no period. Empty and unbounded ranges are
// refused: nothing in this program covers them.
func (p *Period) Scan(src any) error {
	var s string
	switch v := src.(type) {
	case nil:
		*p = Period{}
		return nil
	case []byte:
		s = string(v)
	case string:
		s = v
	default:
		return fmt.Errorf("civil: cannot read a period from %T", src)
	}
	inner, open := strings.CutPrefix(s, "[")
	inner, closed := strings.CutSuffix(inner, ")")
	from, to, found := strings.Cut(inner, ",")
	if !open || !closed || !found {
		return fmt.Errorf("civil: scan period: %q is not a bounded daterange", s)
	}
	var read Period
	if err := read.Start.scanText(from); err != nil {
		return fmt.Errorf("civil: scan period: start: %w", err)
	}
	if err := read.End.scanText(to); err != nil {
		return fmt.Errorf("civil: scan period: end: %w", err)
	}
	*p = read
	return nil
}
