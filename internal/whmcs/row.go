package whmcs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// head is what the rows of one table share.
type head struct {
	table   string
	columns map[string]int
}

// row is one row of the source, and what becomes of it.
type row struct {
	*head
	id      int64
	fields  []string
	outcome Outcome // "" until somebody has decided
	reasons []reason
}

type reason struct {
	outcome Outcome
	text    string
}

// take says that the row is imported, unless something else was said before.
func (r *row) take() {
	if r.outcome == "" {
		r.outcome = Imported
	}
}

// warn says that the row is imported, but not quite as it is.
func (r *row) warn(format string, args ...any) {
	r.reasons = append(r.reasons, reason{Warned, fmt.Sprintf(format, args...)})
	if r.outcome == "" || r.outcome == Imported {
		r.outcome = Warned
	}
}

// leaveOut says that the row is not imported, which is as it should be.
func (r *row) leaveOut(format string, args ...any) {
	r.reasons = append(r.reasons, reason{LeftOut, fmt.Sprintf(format, args...)})
	if r.outcome != Refused {
		r.outcome = LeftOut
	}
}

// refuse says that the row cannot be imported, which keeps the import from being done.
func (r *row) refuse(format string, args ...any) {
	r.reasons = append(r.reasons, reason{Refused, fmt.Sprintf(format, args...)})
	r.outcome = Refused
}

// out reports whether the row is refused or left out.
func (r *row) out() bool { return r.outcome == Refused || r.outcome == LeftOut }

// follow gives the row the fate of the one that it belongs to, if that is not imported.
func (r *row) follow(parent *row, what string) bool {
	switch {
	case parent.outcome == Refused:
		r.refuse("its %s %d is refused", what, parent.id)
	case parent.outcome == LeftOut:
		r.leaveOut("its %s %d is left out", what, parent.id)
	}
	return parent.out()
}

// known says that an earlier run imported the row.
func (r *row) known() {
	if !r.out() {
		r.outcome = Known
	}
}

// raw returns the field as it is, "" when the table has no such column.
func (r *row) raw(column string) string {
	if i, ok := r.columns[column]; ok {
		return r.fields[i]
	}
	return ""
}

// text returns the field as one clean line.
func (r *row) text(column string) string { return line(r.raw(column)) }

// body returns the field as clean text of one or more lines.
func (r *row) body(column string) string { return paragraphs(r.raw(column)) }

// integer returns the field as a number, 0 when it is none.
func (r *row) integer(column string) int64 { return number(r.raw(column)) }

// flag returns the field as yes or no.
func (r *row) flag(column string) bool {
	switch strings.ToLower(strings.TrimSpace(r.raw(column))) {
	case "", "0", "off", "no", "false":
		return false
	}
	return true
}

// cents returns the field as an amount. What is not an exact number of cents refuses the row.
func (r *row) cents(column string) money.Cents {
	c, err := parseCents(r.raw(column))
	if err != nil {
		r.refuse("%s %q is not an amount in cents", column, r.raw(column))
	}
	return c
}

// day returns the field as a day, none when it is empty or zeros. What is no date is none, with a warning.
func (r *row) day(column string) civil.Date {
	d, err := parseDay(r.raw(column))
	if err != nil {
		r.warn("%s %q is not a date", column, r.raw(column))
	}
	return d
}

// at returns the field as an instant, zero when it is empty or zeros. What is none is zero, with a warning.
func (r *row) at(column string) time.Time {
	t, err := parseInstant(r.raw(column))
	if err != nil {
		r.warn("%s %q is not a time", column, r.raw(column))
	}
	return t
}

func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
