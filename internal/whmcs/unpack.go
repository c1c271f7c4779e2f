package whmcs

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// unpack turns a dump into files of CSV, and counts what it does not read.
func (s *source) unpack(ctx context.Context, path string, size int64, o Options) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the dump: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	if s.temp, err = os.MkdirTemp(s.dir, "whmcs-dump-*"); err != nil {
		return fmt.Errorf("make a place for the dump's tables: %w", err)
	}
	counted := &countingReader{r: f}
	in, err := inflate(counted)
	if err != nil {
		return err
	}
	u := &unpacker{source: s, files: map[string]*csvFile{}, skipped: map[string]bool{}, columns: map[string][]string{}}
	d := &dump{lex: sqlLexer{in: in}, rows: u.row, columns: u.columns}
	bar := newBar(o.Progress, "reading the dump", size)
	d.tick = func() error {
		bar.at(counted.n)
		return ctx.Err()
	}
	if err := d.read(); err != nil {
		return fmt.Errorf("read %s, at byte %d: %w", filepath.Base(path), d.lex.offset, err)
	}
	return u.finish()
}

// unpacker writes each table's rows to a file of its own.
type unpacker struct {
	source  *source
	files   map[string]*csvFile
	skipped map[string]bool
	columns map[string][]string // by table, as CREATE TABLE had them
}

type csvFile struct {
	buf   *bufio.Writer
	w     *csv.Writer
	names []string
}

// row takes one row of the dump.
func (u *unpacker) row(table string, names, values []string) error {
	f := u.files[table]
	if f == nil {
		if u.skipped[table] || rank(table) == unknownTable {
			u.skipped[table] = true
			return nil
		}
		var err error
		if f, err = u.create(table, names); err != nil {
			return err
		}
	}
	if !slices.Equal(names, f.names) {
		return fmt.Errorf("%s: an INSERT with other columns than the one before", table)
	}
	if len(values) != len(names) {
		return fmt.Errorf("%s: a row of %d values for %d columns", table, len(values), len(names))
	}
	for i, v := range values {
		if v == "NULL" || v == `\N` { // somebody is called Null: it must not be read as nothing
			values[i] = v + " "
		}
	}
	return f.w.Write(values)
}

func (u *unpacker) create(table string, names []string) (*csvFile, error) {
	path := filepath.Join(u.source.temp, table+".csv")
	f, err := nameless(path)
	if err != nil {
		return nil, fmt.Errorf("make a file for %s: %w", table, err)
	}
	buf := bufio.NewWriterSize(f, 64<<10)
	c := &csvFile{buf: buf, w: csv.NewWriter(buf), names: slices.Clone(names)}
	u.files[table], u.source.files[table] = c, tableFile{open: f}
	return c, c.w.Write(names)
}

// finish writes what is left, and makes a file for each table that has no rows.
func (u *unpacker) finish() error {
	for table, names := range u.columns {
		if rank(table) == unknownTable || u.files[table] != nil {
			continue
		}
		if _, err := u.create(table, names); err != nil {
			return err
		}
	}
	for table, f := range u.files {
		f.w.Flush()
		if err := errors.Join(f.w.Error(), f.buf.Flush()); err != nil {
			return fmt.Errorf("write %s: %w", table, err)
		}
	}
	for table := range u.skipped {
		u.source.ignored = append(u.source.ignored, Ignored{table, whyIgnored(table)})
	}
	return nil
}

// nameless makes a file and takes its name away at once, where the system can: it is gone when it is closed.
func nameless(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		_ = os.Remove(path) // else the folder is removed with it in the end
	}
	return f, err
}

// countingReader counts what is read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
