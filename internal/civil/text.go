package civil

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

var dutchMonths = [...]string{
	"januari", "februari", "maart", "april", "mei", "juni",
	"juli", "augustus", "september", "oktober", "november", "december",
}

// Format returns the day in words: "18 april 2027" in Dutch ("nl"), "18 April 2027" in any other language.
func (d Date) Format(language string) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Date()
	if language == "nl" {
		return fmt.Sprintf("%d %s %d", day, dutchMonths[m-1], y)
	}
	return fmt.Sprintf("%d %s %d", day, m, y)
}

// FormatMonth returns the month in words: "maart 2027" in Dutch ("nl"), "March 2027" in any other language.
func (d Date) FormatMonth(language string) string {
	if d.IsZero() {
		return ""
	}
	y, m, _ := d.Date()
	if language == "nl" {
		return fmt.Sprintf("%s %d", dutchMonths[m-1], y)
	}
	return fmt.Sprintf("%s %d", m, y)
}

// Short returns the day in figures as both languages of the panel read it: 18-04-2027.
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight().Format("02-01-2006")
}

// MarshalText writes the day as 2026-11-20, in JSON too; no day is empty text.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the day as an SQL date; no day is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads an SQL date; NULL is no day. Of a time.Time it takes the day as written, since drivers disagree about the
// zone they give to a date. Use In for a timestamp: text with any time but midnight is refused here.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = of(v)
		return nil
	case []byte:
		return d.scanText(string(v))
	case string:
		return d.scanText(v)
	}
	return fmt.Errorf("civil: cannot read a date from %T", src)
}

func (d *Date) scanText(s string) error {
	if len(s) > len(time.DateOnly) {
		if day, rest := s[:len(time.DateOnly)], s[len(time.DateOnly):]; strings.HasPrefix(rest, "T00:00:00") || strings.HasPrefix(rest, " 00:00:00") {
			s = day
		}
	}
	parsed, err := Parse(s)
	if err != nil {
		return fmt.Errorf("civil: scan date: %w", err)
	}
	*d = parsed
	return nil
}
