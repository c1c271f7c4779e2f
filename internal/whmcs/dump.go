package whmcs

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	defer u.discard()
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
	f     *os.File
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
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file for %s: %w", table, err)
	}
	buf := bufio.NewWriterSize(f, 64<<10)
	c := &csvFile{f: f, buf: buf, w: csv.NewWriter(buf), names: slices.Clone(names)}
	u.files[table], u.source.files[table] = c, path
	return c, c.w.Write(names)
}

// finish closes the files, and makes one for each table that has no rows.
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
		err := f.w.Error()
		if err == nil {
			err = f.buf.Flush()
		}
		if err == nil {
			err = f.f.Close()
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", table, err)
		}
	}
	u.files = nil
	for table := range u.skipped {
		u.source.ignored = append(u.source.ignored, Ignored{table, whyIgnored(table)})
	}
	return nil
}

// discard closes what finish did not.
func (u *unpacker) discard() {
	for _, f := range u.files {
		_ = f.f.Close()
	}
}

// dump reads a mysqldump file: the columns of each CREATE TABLE and the rows of each INSERT.
type dump struct {
	lex     sqlLexer
	columns map[string][]string
	rows    func(table string, names, values []string) error // names and values are good until it returns
	tick    func() error                                     // called now and then

	values  []string
	backing []byte
	ends    []int
}

// read reads the whole dump.
func (d *dump) read() error {
	for {
		t, err := d.lex.next()
		if err != nil || t == tokenEOF {
			return err
		}
		if t == ';' {
			continue
		}
		verb := ""
		if t == tokenWord {
			verb = strings.ToUpper(string(d.lex.text))
		}
		switch verb {
		case "CREATE":
			err = d.create()
		case "INSERT", "REPLACE":
			err = d.insert()
		case "DELIMITER":
			err = d.program()
		default:
			err = d.skip()
		}
		if err == nil && d.tick != nil {
			err = d.tick()
		}
		if err != nil {
			return err
		}
	}
}

// create reads a CREATE statement after its first word, and keeps the columns if it makes a table.
func (d *dump) create() error {
	t, err := d.lex.next()
	for ; err == nil && t == tokenWord; t, err = d.lex.next() {
		switch strings.ToUpper(string(d.lex.text)) {
		case "TABLE":
			return d.table()
		case "TEMPORARY":
		default:
			return d.skip()
		}
	}
	if err != nil || t == ';' || t == tokenEOF {
		return err
	}
	return d.skip()
}

// table reads "name (definitions) options;".
func (d *dump) table() error {
	name, t, err := d.qualified("IF", "NOT", "EXISTS")
	if err != nil {
		return err
	}
	if t != '(' { // CREATE TABLE … LIKE …
		return d.skipFrom(t)
	}
	var names []string
	for depth, first := 1, true; depth > 0; {
		if t, err = d.lex.next(); err != nil {
			return err
		}
		switch t {
		case tokenEOF:
			return io.ErrUnexpectedEOF
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			first = depth == 1
			continue
		case tokenName:
			if first { // a key begins with a word, a column with its name
				names = append(names, strings.ToLower(string(d.lex.text)))
			}
		}
		first = false
	}
	d.columns[name] = names
	return d.skip()
}

// insert reads "INTO name [(columns)] VALUES (…), (…);".
func (d *dump) insert() error {
	name, t, err := d.qualified("INTO", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY")
	if err != nil {
		return err
	}
	names := d.columns[name]
	if t == '(' {
		if names, err = d.names(); err != nil {
			return err
		}
		if t, err = d.lex.next(); err != nil {
			return err
		}
	}
	if word := strings.ToUpper(string(d.lex.text)); t != tokenWord || word != "VALUES" && word != "VALUE" {
		return fmt.Errorf("INSERT INTO %s: no VALUES", name)
	}
	if names == nil {
		return fmt.Errorf("INSERT INTO %s: its columns are not known, since no CREATE TABLE came before", name)
	}
	return d.tuples(name, names)
}

// tuples reads the rows of an INSERT.
func (d *dump) tuples(table string, names []string) error {
	for n := 0; ; n++ {
		t, err := d.lex.next()
		switch {
		case err != nil:
			return err
		case t == ',' && n > 0:
			n--
			continue
		case t == ';' || t == tokenEOF:
			return nil
		case t == tokenWord && strings.EqualFold(string(d.lex.text), "ON"): // ON DUPLICATE KEY UPDATE
			return d.skip()
		case t != '(':
			return fmt.Errorf("INSERT INTO %s: %q where a row should begin", table, t)
		}
		if err := d.tuple(table); err != nil {
			return err
		}
		if err := d.rows(table, names, d.values); err != nil {
			return err
		}
		if n%256 == 255 && d.tick != nil {
			if err := d.tick(); err != nil {
				return err
			}
		}
	}
}

// tuple reads one row after its parenthesis into d.values. NULL is the empty text.
func (d *dump) tuple(table string) error {
	d.backing, d.ends = d.backing[:0], d.ends[:0]
	for filled := false; ; {
		t, err := d.lex.next()
		switch {
		case err != nil:
			return err
		case t == tokenString && !filled:
			d.backing = append(d.backing, d.lex.text...)
			filled = true
		case t == tokenWord && !filled:
			if !strings.EqualFold(string(d.lex.text), "NULL") {
				d.backing = append(d.backing, d.lex.text...)
			}
			filled = true
		case (t == ',' || t == ')') && filled:
			d.ends = append(d.ends, len(d.backing))
			if filled = false; t == ',' {
				continue
			}
			all, from := string(d.backing), 0
			d.values = d.values[:0]
			for _, end := range d.ends {
				d.values = append(d.values, all[from:end])
				from = end
			}
			return nil
		case t == tokenEOF:
			return io.ErrUnexpectedEOF
		default:
			return fmt.Errorf("INSERT INTO %s: %q inside a row", table, t)
		}
	}
}

// names reads a list of columns after its parenthesis.
func (d *dump) names() (names []string, err error) {
	for {
		t, err := d.lex.next()
		switch {
		case err != nil:
			return nil, err
		case t == tokenName || t == tokenWord:
			names = append(names, strings.ToLower(string(d.lex.text)))
		case t == ')':
			return names, nil
		case t != ',':
			return nil, fmt.Errorf("%q in a list of columns", t)
		}
	}
}

// qualified reads the name of a table after some words, without its database, and the token that follows.
func (d *dump) qualified(words ...string) (name string, t token, err error) {
	for {
		if t, err = d.lex.next(); err != nil {
			return "", 0, err
		}
		switch text := string(d.lex.text); {
		case t == tokenName, t == tokenWord && text != "." && !slices.Contains(words, strings.ToUpper(text)):
			if i := strings.LastIndexByte(text, '.'); i >= 0 && t == tokenWord {
				text = text[i+1:]
			}
			name = strings.ToLower(text)
		case t != tokenWord:
			return name, t, nil
		case text == ".":
			name = "" // what came before was the database
		}
		if name != "" && !d.continues() {
			t, err = d.lex.next()
			return name, t, err
		}
	}
}

// continues reports whether a point follows, after which the name of a table goes on.
func (d *dump) continues() bool { return d.lex.peek(0) == '.' }

// skip reads to the end of the statement.
func (d *dump) skip() error {
	for {
		t, err := d.lex.next()
		if err != nil || t == ';' || t == tokenEOF {
			return err
		}
	}
}

// skipFrom is skip when t is read already.
func (d *dump) skipFrom(t token) error {
	if t == ';' || t == tokenEOF {
		return nil
	}
	return d.skip()
}

// program skips what stands between DELIMITER ;; and DELIMITER ;, such as triggers.
func (d *dump) program() error {
	for first := true; ; first = false {
		text, err := d.lex.in.ReadString('\n')
		d.lex.offset += int64(len(text))
		text = strings.TrimSpace(text)
		if !first {
			delimiter, found := strings.CutPrefix(text, "DELIMITER")
			if text = strings.TrimSpace(delimiter); found && text == ";" {
				return nil
			}
		} else if text == ";" {
			return nil
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
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
