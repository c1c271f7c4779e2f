package whmcs

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

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
