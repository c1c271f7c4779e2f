// Package scalar writes and reads the API's own scalars, and the enums whose names in the API differ from ours.
package scalar

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/viewer"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalDate writes a day; the zero day is null.
func MarshalDate(d civil.Date) graphql.Marshaler {
	if d.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(d.String())
}

// UnmarshalDate reads a day such as 2027-04-18.
func UnmarshalDate(v any) (civil.Date, error) {
	s, ok := v.(string)
	if !ok {
		return civil.Date{}, fmt.Errorf("a date is text such as 2027-04-18")
	}
	return civil.Parse(s)
}

// MarshalDateTime writes a moment in UTC, to the microsecond where it matters.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalDateTime reads a moment in the form of RFC 3339, in years that a contract can have.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1900 || t.Year() > 9998 {
		return time.Time{}, fmt.Errorf("a moment is text such as 2027-04-18T10:00:00Z")
	}
	return t.UTC(), nil
}

// MarshalDecimal writes an exact number that is text already.
func MarshalDecimal(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalDecimal reads an exact number with at most two decimals.
func UnmarshalDecimal(v any) (string, error) {
	s, ok := v.(string)
	if n, isNumber := v.(json.Number); isNumber {
		s, ok = n.String(), true
	}
	if _, err := money.Parse(s); !ok || err != nil {
		return "", fmt.Errorf("a decimal is text such as 87.12")
	}
	return s, nil
}

// MarshalCents writes an amount as its decimal, where the API says Decimal.
func MarshalCents(c money.Cents) graphql.Marshaler { return graphql.MarshalString(c.Amount()) }

// UnmarshalCents reads an amount such as 87.12.
func UnmarshalCents(v any) (money.Cents, error) {
	s, err := UnmarshalDecimal(v)
	if err != nil {
		return 0, err
	}
	return money.Parse(s)
}

const maxLong = 1<<53 - 1

// MarshalLong writes a whole number.
func MarshalLong(n int64) graphql.Marshaler { return graphql.MarshalInt64(n) }

// UnmarshalLong reads a whole number of which JSON loses no digit.
func UnmarshalLong(v any) (int64, error) {
	var n int64
	var err error
	switch v := v.(type) {
	case json.Number:
		n, err = v.Int64()
		if f, ferr := v.Float64(); err != nil && ferr == nil && f == math.Trunc(f) && math.Abs(f) <= maxLong {
			n, err = int64(f), nil
		}
	case int64:
		n = v
	case int:
		n = int64(v)
	default:
		err = fmt.Errorf("not a number")
	}
	if err != nil || n > maxLong || n < -maxLong {
		return 0, fmt.Errorf("a Long is a whole number from -%d to %d", int64(maxLong), int64(maxLong))
	}
	return n, nil
}

// MarshalLanguage writes "nl" as NL.
func MarshalLanguage(s string) graphql.Marshaler { return graphql.MarshalString(strings.ToUpper(s)) }

// UnmarshalLanguage reads NL as "nl".
func UnmarshalLanguage(v any) (string, error) {
	s, err := graphql.UnmarshalString(v)
	return strings.ToLower(s), err
}

// MarshalPermission writes account:read as ACCOUNT_READ.
func MarshalPermission(p viewer.Permission) graphql.Marshaler {
	return graphql.MarshalString(strings.ToUpper(strings.ReplaceAll(string(p), ":", "_")))
}

// UnmarshalPermission reads ACCOUNT_READ as account:read.
func UnmarshalPermission(v any) (viewer.Permission, error) {
	s, err := graphql.UnmarshalString(v)
	return viewer.Permission(strings.ToLower(strings.Replace(s, "_", ":", 1))), err
}

var vatCategories = map[string]string{"S": "STANDARD", "AE": "REVERSE_CHARGE", "O": "OUT_OF_SCOPE", "Z": "ZERO_RATED", "E": "EXEMPT"}

// MarshalVATCategory writes the code of EN 16931 as its name.
func MarshalVATCategory(code string) graphql.Marshaler {
	return graphql.MarshalString(vatCategories[code])
}

// UnmarshalVATCategory reads the name as the code of EN 16931.
func UnmarshalVATCategory(v any) (string, error) {
	for code, name := range vatCategories {
		if name == v {
			return code, nil
		}
	}
	return "", fmt.Errorf("no VAT category is called %s", strconv.Quote(fmt.Sprint(v)))
}
