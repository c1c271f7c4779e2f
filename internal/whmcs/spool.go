package whmcs

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// spool sorts the rows of a large source by client without holding them: each client's rows go to one of at most two
// hundred files, small enough to be read whole.
type spool struct {
	dir   string
	per   int // clients in a file
	files []*spoolFile
	heads []*head // by rank
	src   *source
}

type spoolFile struct {
	f *os.File
	w *bufio.Writer
}

// nobody is the place of a row that belongs to no client.
const nobody = -1

func newSpool(src *source, clients, batch int) (*spool, error) {
	dir, err := os.MkdirTemp(src.dir, "whmcs-sort-*")
	if err != nil {
		return nil, fmt.Errorf("make a place to sort: %w", err)
	}
	per := max(batch, (clients+199)/200)
	s := &spool{dir: dir, per: per, heads: make([]*head, len(tables)), src: src}
	for i := range (clients+per-1)/per + 1 { // the last is nobody's
		f, err := nameless(filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			s.close()
			return nil, fmt.Errorf("make a file to sort: %w", err)
		}
		s.files = append(s.files, &spoolFile{f, bufio.NewWriterSize(f, 32<<10)})
	}
	return s, nil
}

func (s *spool) close() {
	for _, f := range s.files {
		_ = f.f.Close()
	}
	_ = os.RemoveAll(s.dir)
}

// put keeps a row of the client at that place.
func (s *spool) put(client int, r *row) error {
	t := rank(r.table)
	s.heads[t] = r.head
	f := s.files[len(s.files)-1]
	if client != nobody {
		f = s.files[client/s.per]
	}
	var b []byte
	b = binary.AppendVarint(b, int64(client))
	b = binary.AppendUvarint(b, uint64(t))
	b = binary.AppendUvarint(b, uint64(len(r.fields)))
	for _, field := range r.fields {
		b = binary.AppendUvarint(b, uint64(len(field)))
		b = append(b, field...)
	}
	if _, err := f.w.Write(b); err != nil {
		return fmt.Errorf("sort a row of %s: %w", r.table, err)
	}
	return nil
}

// clientRows are all rows of one client, by table and in the order of their ids.
type clientRows struct {
	place int
	rows  map[string][]*row
}

// read returns the clients of file n in the order of their places. The rows of nobody are in the last file.
func (s *spool) read(n int) ([]*clientRows, error) {
	f := s.files[n]
	if err := f.w.Flush(); err != nil {
		return nil, fmt.Errorf("sort: %w", err)
	}
	if _, err := f.f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("sort: %w", err)
	}
	in, byPlace := bufio.NewReaderSize(f.f, 256<<10), map[int]*clientRows{}
	for {
		place, r, err := s.one(in)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read what was sorted: %w", err)
		}
		c := byPlace[place]
		if c == nil {
			c = &clientRows{place: place, rows: map[string][]*row{}}
			byPlace[place] = c
		}
		c.rows[r.table] = append(c.rows[r.table], r)
	}
	all := make([]*clientRows, 0, len(byPlace))
	for _, c := range byPlace {
		for _, rows := range c.rows {
			slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Compare(a.id, b.id) })
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *clientRows) int { return cmp.Compare(a.place, b.place) })
	return all, nil
}

// one reads one row.
func (s *spool) one(in *bufio.Reader) (place int, r *row, err error) {
	p, err := binary.ReadVarint(in)
	if err != nil {
		return 0, nil, err
	}
	t, err := binary.ReadUvarint(in)
	if err != nil {
		return 0, nil, unexpected(err)
	}
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return 0, nil, unexpected(err)
	}
	fields := make([]string, n)
	for i := range fields {
		size, err := binary.ReadUvarint(in)
		if err != nil {
			return 0, nil, unexpected(err)
		}
		if size == 0 {
			continue
		}
		b := make([]byte, size)
		if _, err := io.ReadFull(in, b); err != nil {
			return 0, nil, unexpected(err)
		}
		fields[i] = string(b)
	}
	return int(p), s.src.row(s.heads[t], fields), nil
}
