package pg

import (
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// copyText is rows in the text format of COPY, as a reader.
type copyText struct {
	next  func() ([]any, error, bool)
	stop  func()
	width int
	row   int
	buf   []byte // what was made and not yet read
}

func newCopyText(rows iter.Seq2[[]any, error], width int) *copyText {
	next, stop := iter.Pull2(rows)
	return &copyText{next: next, stop: stop, width: width}
}

// Read gives the next part of the text. It never gives text together with an error: pgdriver would drop the text.
func (t *copyText) Read(p []byte) (int, error) {
	for len(t.buf) == 0 {
		row, err, more := t.next()
		switch {
		case !more:
			return 0, io.EOF
		case err != nil:
			return 0, err
		case len(row) != t.width:
			return 0, fmt.Errorf("row %d has %d values for %d columns", t.row+1, len(row), t.width)
		}
		t.row++
		t.buf = t.buf[:0]
		for i, v := range row {
			if i > 0 {
				t.buf = append(t.buf, '\t')
			}
			if t.buf, err = appendCopy(t.buf, v); err != nil {
				return 0, fmt.Errorf("row %d, value %d: %w", t.row, i+1, err)
			}
		}
		t.buf = append(t.buf, '\n')
	}
	n := copy(p, t.buf)
	t.buf = t.buf[n:]
	return n, nil
}

// appendCopy appends one value. Nil, and a nil pointer, is NULL.
func appendCopy(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, `\N`...), nil
	case string:
		return appendCopyText(b, v)
	case []byte:
		if v == nil {
			return append(b, `\N`...), nil
		}
		return hex.AppendEncode(append(b, `\\x`...), v), nil
	case time.Time:
		if v.IsZero() {
			return nil, errors.New("a time that was never set; use nil for none")
		}
		return v.UTC().AppendFormat(b, "2006-01-02 15:04:05.999999Z07:00"), nil
	case driver.Valuer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return append(b, `\N`...), nil
		}
		plain, err := v.Value()
		if err != nil {
			return nil, err
		}
		return appendCopy(b, plain)
	}
	return appendCopyKind(b, reflect.ValueOf(v))
}

// appendCopyKind appends a value of a type that has no rule of its own: named strings, whole numbers, pointers.
func appendCopyKind(b []byte, r reflect.Value) ([]byte, error) {
	switch r.Kind() {
	case reflect.String:
		return appendCopyText(b, r.String())
	case reflect.Bool:
		return strconv.AppendBool(b, r.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, r.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(b, r.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		if math.IsNaN(r.Float()) || math.IsInf(r.Float(), 0) {
			return nil, errors.New("not a number")
		}
		return strconv.AppendFloat(b, r.Float(), 'f', -1, 64), nil
	case reflect.Pointer:
		if r.IsNil() {
			return append(b, `\N`...), nil
		}
		return appendCopy(b, r.Elem().Interface())
	case reflect.Slice: // json.RawMessage and other text in bytes
		if r.Type().Elem().Kind() == reflect.Uint8 {
			if r.IsNil() {
				return append(b, `\N`...), nil
			}
			return appendCopyText(b, string(r.Bytes()))
		}
	}
	return nil, fmt.Errorf("a %s cannot be copied", r.Type())
}

// appendCopyText appends text, or fails on what PostgreSQL cannot hold.
func appendCopyText(b []byte, s string) ([]byte, error) {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return nil, fmt.Errorf("text that is not UTF-8 or has a NUL: %.40q", s)
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			b = append(b, '\\', '\\')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, c)
		}
	}
	return b, nil
}
