package whmcs

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// sheet gathers rows for one table of the target, column by column, and inserts them in one statement. That is as fast
// as COPY, and part of the transaction of all the other tables.
type sheet struct {
	table   string
	columns []column
	rows    int
}

type column struct {
	name, kind string
	array      []byte // the text of a PostgreSQL array, within an SQL literal
}

// newSheet makes one for these columns, each given as "name kind".
func newSheet(table string, columns ...string) *sheet {
	s := &sheet{table: table}
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, " ")
		s.columns = append(s.columns, column{name: name, kind: kind})
	}
	return s
}

// add adds a row: a value for each column. Nil, no day, the zero time and the zero uuid are NULL.
func (s *sheet) add(values ...any) {
	if len(values) != len(s.columns) {
		panic(fmt.Sprintf("whmcs: %d values for the %d columns of %s", len(values), len(s.columns), s.table))
	}
	for i, v := range values {
		c := &s.columns[i]
		if s.rows > 0 {
			c.array = append(c.array, ',')
		}
		c.array = appendElement(c.array, v)
	}
	s.rows++
}

// insert writes the rows and empties the sheet.
func (s *sheet) insert(ctx context.Context, tx *pg.Tx) error {
	if s.rows == 0 {
		return nil
	}
	size := 256
	for _, c := range s.columns {
		size += len(c.array) + 64
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteString("INSERT INTO " + s.table + " (")
	for i, c := range s.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.name)
	}
	b.WriteString(") SELECT * FROM unnest(")
	for i, c := range s.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'{")
		b.Write(c.array)
		b.WriteString("}'::" + c.kind + "[]")
	}
	b.WriteString(")")
	if _, err := tx.ExecContext(ctx, b.String()); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", s.rows, s.table, err)
	}
	return nil
}

// appendElement appends a value as an element of an array in a literal.
func appendElement(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
	case string:
		return appendText(b, v)
	case []byte:
		return appendText(b, string(v))
	case uuid.UUID:
		if v != uuid.Nil {
			return hex.AppendEncode(b, v[:])
		}
	case civil.Date:
		if !v.IsZero() {
			return append(b, v.String()...)
		}
	case time.Time:
		if !v.IsZero() {
			b = append(b, '"')
			b = v.UTC().AppendFormat(b, "2006-01-02 15:04:05.999999Z07:00")
			return append(b, '"')
		}
	case civil.Period:
		return appendText(b, v.String())
	case money.Cents:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case bool:
		return strconv.AppendBool(b, v)
	default:
		panic(fmt.Sprintf("whmcs: no way to write a %T", v))
	}
	return append(b, "NULL"...)
}

// appendText appends text, quoted for the array and for the literal around it.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'':
			b = append(b, "''"...)
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == 0: // PostgreSQL cannot hold it
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
