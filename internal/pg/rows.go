package pg

import (
	"database/sql/driver"
	"errors"
	"io"
)

// rows are all the rows of a statement.
type rows struct {
	columns []string
	values  []driver.Value // row after row
}

// readRows reads r to its end and closes it.
func readRows(r driver.Rows) (*rows, error) {
	all := &rows{columns: append([]string(nil), r.Columns()...)} // pgdriver uses its own again
	width := len(all.columns)
	for {
		from := len(all.values)
		all.values = append(all.values, make([]driver.Value, width)...)
		switch err := r.Next(all.values[from:]); err {
		case nil:
		case io.EOF:
			all.values = all.values[:from]
			return all, nil
		default:
			return nil, errors.Join(err, r.Close())
		}
	}
}

// Columns returns the names of the columns.
func (r *rows) Columns() []string { return r.columns }

// Next moves the next row into dest.
func (r *rows) Next(dest []driver.Value) error {
	if len(r.values) == 0 {
		return io.EOF
	}
	copy(dest, r.values)
	r.values = r.values[len(r.columns):]
	return nil
}

// Close drops the rows that were not asked for.
func (r *rows) Close() error {
	r.values = nil
	return nil
}
