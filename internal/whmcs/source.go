package whmcs

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is what a provider hands over, as a file of CSV for each table. A dump is turned into such files first, so that
// a table can be read by itself, and more than once.
type source struct {
	files   map[string]tableFile
	ignored []Ignored
	except  map[string]bool // rows to leave out, as "table:id"
	temp    string          // to be removed
	dir     string          // for temporary files
}

// tableFile is where the rows of a table are: in a file of the provider's or, of a dump, in one of ours that has no name,
// so that a kill leaves no copy of anybody's data behind.
type tableFile struct {
	path string
	open *os.File
}

// open finds out what path is. The caller closes the source.
func open(ctx context.Context, path string, o Options) (*source, error) {
	s := &source{files: map[string]tableFile{}, except: map[string]bool{}, dir: o.TempDir}
	for _, e := range o.Except {
		table, id, ok := strings.Cut(e, ":")
		if !ok || rank(table) == unknownTable || number(id) == 0 {
			return nil, fmt.Errorf("except %q: name a row as table:id, such as tblinvoices:123", e)
		}
		s.except[e] = true
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the source: %w", err)
	case info.IsDir():
		err = s.list(path)
	default:
		err = s.unpack(ctx, path, info.Size(), o)
	}
	if err == nil {
		err = s.check(path)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *source) close() {
	for _, f := range s.files {
		if f.open != nil {
			_ = f.open.Close()
		}
	}
	if s.temp != "" {
		_ = os.RemoveAll(s.temp)
	}
}

// list finds the tables in a folder of CSV files.
func (s *source) list(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	for _, e := range entries {
		table, isCSV := strings.CutSuffix(strings.TrimSuffix(strings.ToLower(e.Name()), ".gz"), ".csv")
		if !isCSV || e.IsDir() {
			continue
		}
		if other, twice := s.files[table]; twice {
			return fmt.Errorf("%s and %s are the same table", filepath.Base(other.path), e.Name())
		}
		if rank(table) == unknownTable {
			s.ignored = append(s.ignored, Ignored{table, whyIgnored(table)})
			continue
		}
		s.files[table] = tableFile{path: filepath.Join(dir, e.Name())}
	}
	return nil
}

// check refuses what cannot be a WHMCS, before anything is done with it.
func (s *source) check(path string) error {
	var wrong []error
	for _, t := range tables {
		if _, there := s.files[t.name]; !there {
			if t.required {
				wrong = append(wrong, fmt.Errorf("no table %s", t.name))
			}
			continue
		}
		h, err := s.head(t.name)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, c := range t.needs {
			if _, there := h.columns[c]; !there {
				wrong = append(wrong, fmt.Errorf("%s has no column %s", t.name, c))
			}
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s is not a whole WHMCS: %w", path, errors.Join(wrong...))
	}
	return nil
}

// head returns the columns of a table.
func (s *source) head(table string) (*head, error) {
	f, c, err := s.reader(table)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	return readHead(table, c)
}

func readHead(table string, c *csv.Reader) (*head, error) {
	names, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	h := &head{table: table, columns: make(map[string]int, len(names))}
	for i, name := range names {
		h.columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	return h, nil
}

// rows reads a table; one that the source does not have is empty. A row is good until the next. Reading stops at an
// error.
func (s *source) rows(table string) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		if _, there := s.files[table]; !there {
			return
		}
		f, c, err := s.reader(table)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close() //nolint:errcheck // only read
		h, err := readHead(table, c)
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			fields, err := c.Read()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", table, err))
				return
			}
			if !yield(s.row(h, fields), nil) {
				return
			}
		}
	}
}

// row makes a row of the fields.
func (s *source) row(h *head, fields []string) *row {
	for i, f := range fields {
		if f == "NULL" || f == `\N` { // how phpMyAdmin and mysqldump --tab write it
			fields[i] = ""
		}
	}
	r := &row{head: h, fields: fields}
	if r.id = r.integer("id"); r.id == 0 && h.table != "tblconfiguration" {
		r.refuse("id %q is not a number", r.raw("id"))
	}
	if len(s.except) > 0 && s.except[exceptKey(h.table, r.id)] {
		r.leaveOut("named in --except")
	}
	return r
}

func exceptKey(table string, id int64) string { return fmt.Sprintf("%s:%d", table, id) }

// collect reads all of a small table.
func (s *source) collect(table string) (all []*row, err error) {
	for r, err := range s.rows(table) {
		if err != nil {
			return nil, err
		}
		r.fields = slices.Clone(r.fields)
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b *row) int { return cmp.Compare(a.id, b.id) })
	return all, nil
}

// reader opens a table's file.
func (s *source) reader(table string) (io.Closer, *csv.Reader, error) {
	var f io.ReadCloser
	if t := s.files[table]; t.open != nil {
		f = io.NopCloser(io.NewSectionReader(t.open, 0, math.MaxInt64))
	} else {
		var err error
		if f, err = os.Open(t.path); err != nil {
			return nil, nil, fmt.Errorf("open %s: %w", table, err)
		}
	}
	in, err := inflate(f)
	if err != nil {
		_ = f.Close()
		return nil, nil, fmt.Errorf("open %s: %w", table, err)
	}
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	c := csv.NewReader(in)
	c.ReuseRecord = true
	if start, _ := in.Peek(4096); semicolons(start) {
		c.Comma = ';'
	}
	return f, c, nil
}

// semicolons reports whether the first line is divided by them.
func semicolons(start []byte) bool {
	first, _, _ := bytes.Cut(start, []byte("\n"))
	return bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(","))
}

// inflate returns what f holds, unpacked if it is gzip.
func inflate(f io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(f, 1<<20)
	if magic, _ := in.Peek(2); !bytes.Equal(magic, []byte("\x1f\x8b")) {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return bufio.NewReaderSize(z, 1<<20), nil
}
