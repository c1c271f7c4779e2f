package page

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

// cursor is a place in an ordered list: the value it is ordered by, and the id that breaks ties.
type cursor struct {
	value string
	id    uuid.UUID
}

// axis is what cursors are places on: a table in one order.
type axis struct {
	table, order string
	typ          reflect.Type // of the values
}

func (x axis) encode(c cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(x.table + "\x1f" + x.order + "\x1f" + c.id.String() + "\x1f" + c.value))
}

// parse reads a cursor that encode wrote; arg is the argument that held it. Anybody can write a cursor, so what PostgreSQL
// could not read as a value of the column is refused like any other that does not belong here.
func (x axis) parse(arg string, s *string) (*cursor, error) {
	if s == nil {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(*s)
	parts := strings.SplitN(string(raw), "\x1f", 4)
	if err == nil && len(parts) == 4 && parts[0] == x.table && parts[1] == x.order {
		if id, err := uuid.Parse(parts[2]); err == nil && id.String() == parts[2] && x.reads(parts[3]) {
			return &cursor{parts[3], id}, nil
		}
	}
	return nil, problem.New(problem.Invalid, problem.Text{NL: "De cursor hoort niet bij deze lijst en volgorde.", EN: "The cursor does not belong to this list and order."}).At(arg)
}

// reads reports whether s is how text writes some value of the axis.
func (x axis) reads(s string) bool {
	v := reflect.New(x.typ)
	switch into := v.Interface().(type) {
	case *time.Time:
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || t.Year() < 1 {
			return false
		}
		*into = t
	case encoding.TextUnmarshaler:
		if s == "" || into.UnmarshalText([]byte(s)) != nil {
			return false
		}
	default:
		switch v := v.Elem(); {
		case v.CanInt():
			if _, err := fmt.Sscan(s, v.Addr().Interface()); err != nil {
				return false
			}
		case v.Kind() == reflect.String:
			v.SetString(s)
		default:
			return false
		}
	}
	return text(v.Elem()) == s && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

// literal returns the value as it goes into a statement. A number is written as one, since it may be larger than the column
// can hold.
func (x axis) literal(c *cursor) any {
	if reflect.New(x.typ).Elem().CanInt() {
		if n, err := strconv.ParseInt(c.value, 10, 64); err == nil {
			return n
		}
	}
	return c.value
}

// text writes a value of a row as PostgreSQL reads it back.
func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case fmt.Stringer:
		if v.CanInt() { // money prints its currency
			return fmt.Sprint(v.Int())
		}
		return x.String()
	}
	return fmt.Sprint(v.Interface())
}
