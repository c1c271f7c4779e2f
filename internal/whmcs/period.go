package whmcs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"
)

// inParentheses is the period that WHMCS writes into the description of a line: "(12-12-2020 - 12-12-2021)".
var inParentheses = regexp.MustCompile(`\(\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\s*-\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\s*\)`)

// periodReader reads those periods. Providers choose the order of day, month and year, and whether the last day of the
// period or the first of the next is named; the whole source tells.
type periodReader struct {
	dayFirst, monthFirst int // lines that can only be read that way
	whole, lastDay       int // lines whose end is the same day of the month as their start, or the day before

	order     order
	inclusive bool
}

// order is in which order a date is written.
type order byte

const (
	dayMonthYear order = iota
	monthDayYear
	yearMonthDay
)

// look learns from a description.
func (p *periodReader) look(description string) {
	m := inParentheses.FindStringSubmatch(description)
	if m == nil || len(m[1]) == 4 {
		return
	}
	n := numbers(m)
	for _, d := range [][3]int{{n[0], n[1], n[2]}, {n[3], n[4], n[5]}} {
		switch {
		case d[0] > 12:
			p.dayFirst++
		case d[1] > 12:
			p.monthFirst++
		}
	}
	from, err1 := date(dayMonthYear, n[:3])
	until, err2 := date(dayMonthYear, n[3:])
	if err1 != nil || err2 != nil {
		return
	}
	switch {
	case from.Day() == until.Day():
		p.whole++
	case from.Day() == until.AddDays(1).Day():
		p.lastDay++
	}
}

// decide settles the order, by the provider's setting if there is one.
func (p *periodReader) decide(setting string) {
	switch strings.NewReplacer("-", "/", ".", "/").Replace(strings.ToUpper(setting)) {
	case "DD/MM/YYYY":
		p.order = dayMonthYear
	case "MM/DD/YYYY":
		p.order = monthDayYear
	case "YYYY/MM/DD":
		p.order = yearMonthDay
	default:
		if p.monthFirst > p.dayFirst {
			p.order = monthDayYear
		}
	}
	p.inclusive = p.lastDay > p.whole
}

// read returns the period in a description, the zero period if there is none. A renewal of the contract decides whether
// the end is the last day or the next first one; else what is usual in this source does.
func (p *periodReader) read(description string, anchor civil.Date, months int) civil.Period {
	m := inParentheses.FindStringSubmatch(description)
	if m == nil {
		return civil.Period{}
	}
	n, o := numbers(m), p.order
	if len(m[1]) == 4 {
		o = yearMonthDay
	} else if o == yearMonthDay {
		o = dayMonthYear
	}
	from, err1 := date(o, n[:3])
	until, err2 := date(o, n[3:])
	if err1 != nil || err2 != nil || until.Before(from) {
		return civil.Period{}
	}
	next := until.AddDays(1)
	switch {
	case renews(anchor, months, until) && until != from:
	case renews(anchor, months, next), p.inclusive, until == from:
		until = next
	}
	return civil.Period{Start: from, End: until}
}

// withoutPeriod returns the description without it, for searching.
func withoutPeriod(description string) string {
	return strings.TrimSpace(inParentheses.ReplaceAllString(description, ""))
}

// renews reports whether a contract that began on anchor renews on the day.
func renews(anchor civil.Date, months int, day civil.Date) bool {
	return !anchor.IsZero() && !day.Before(anchor) && months > 0 && term.PeriodOn(anchor, months, day).Start == day
}

func numbers(match []string) (n [6]int) {
	for i := range n {
		n[i], _ = strconv.Atoi(match[i+1]) // digits only
	}
	return n
}

func date(o order, n []int) (civil.Date, error) {
	y, m, d := n[2], n[1], n[0]
	switch o {
	case monthDayYear:
		m, d = n[0], n[1]
	case yearMonthDay:
		y, m, d = n[0], n[1], n[2]
	}
	day := civil.New(y, time.Month(m), d)
	if yy, mm, dd := day.Date(); yy != y || int(mm) != m || dd != d || y < 1990 || y > 2200 {
		return civil.Date{}, fmt.Errorf("no date %v", n)
	}
	return day, nil
}
