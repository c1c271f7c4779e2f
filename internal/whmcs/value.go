package whmcs

import (
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
)

// parseCents reads a decimal as MySQL writes it, such as 15.00, -0.5 or 15.0000. Empty is nothing. What is not an exact
// number of cents is an error: an import never rounds.
func parseCents(s string) (money.Cents, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	if whole, fraction, ok := strings.Cut(s, "."); ok && len(fraction) > 2 && strings.Trim(fraction[2:], "0") == "" {
		s = whole + "." + fraction[:2]
	}
	return money.Parse(s)
}

// parseDay reads a date or the date of a datetime. Empty and 0000-00-00 are none.
func parseDay(s string) (civil.Date, error) {
	s = strings.TrimSpace(s)
	if len(s) > len(time.DateOnly) && (s[10] == ' ' || s[10] == 'T') {
		s = s[:10]
	}
	if s == "" || s == "0000-00-00" {
		return civil.Date{}, nil
	}
	return civil.Parse(s)
}

// parseInstant reads a datetime, which WHMCS keeps in the time zone of the provider: Amsterdam. A date alone is its
// midnight. Empty and zeros are none.
func parseInstant(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	switch d, err := parseDay(s); {
	case err != nil || d.IsZero():
		return time.Time{}, err
	case len(s) <= len(time.DateOnly):
		return d.Start(), nil
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", strings.Replace(s, "T", " ", 1), civil.Amsterdam)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a time: %w", err)
	}
	return t.UTC(), nil
}
