package document

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// file is a PDF as a list of objects, so that what fpdf cannot write can be added and what it writes wrongly replaced.
type file struct {
	objects [][]byte // body of object n at n-1, without "n 0 obj" and "endobj"

	catalog, info, structRoot int // object numbers
}

var (
	trailerRoot = regexp.MustCompile(`/Root (\d+) 0 R\s+/Info (\d+) 0 R`)
	xrefStart   = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
)

// parse takes apart what fpdf has written: one cross-reference table, objects without generations.
func parse(pdf []byte) (*file, error) {
	root, start := trailerRoot.FindSubmatch(pdf), xrefStart.FindSubmatch(pdf)
	if root == nil || start == nil {
		return nil, errors.New("no trailer")
	}
	xref, _ := strconv.Atoi(string(start[1]))
	rows := strings.Split(string(pdf[xref:]), "\n")
	count, err := strconv.Atoi(strings.TrimPrefix(rows[1], "0 "))
	if err != nil {
		return nil, fmt.Errorf("read cross-reference table: %w", err)
	}
	offsets := make([]int, count)
	for i := 1; i < count; i++ {
		if offsets[i], err = strconv.Atoi(rows[2+i][:10]); err != nil {
			return nil, fmt.Errorf("read cross-reference of object %d: %w", i, err)
		}
	}
	order := append(slices.Sorted(slices.Values(offsets[1:])), xref)
	f := &file{}
	for i := 1; i < count; i++ {
		at, _ := slices.BinarySearch(order, offsets[i])
		body := pdf[offsets[i]:order[at+1]]
		body = bytes.TrimPrefix(body, fmt.Appendf(nil, "%d 0 obj\n", i))
		end := bytes.LastIndex(body, []byte("endobj"))
		if end < 0 {
			return nil, fmt.Errorf("object %d has no end", i)
		}
		f.objects = append(f.objects, bytes.TrimSpace(body[:end]))
	}
	f.catalog, _ = strconv.Atoi(string(root[1]))
	f.info, _ = strconv.Atoi(string(root[2]))
	return f, nil
}

// reserve returns the number of a new object that put will fill.
func (f *file) reserve() int {
	f.objects = append(f.objects, nil)
	return len(f.objects)
}

// put sets the body of object n.
func (f *file) put(n int, body string) { f.objects[n-1] = []byte(body) }

// add appends an object and returns its number.
func (f *file) add(body string) int {
	n := f.reserve()
	f.put(n, body)
	return n
}

// stream appends a compressed stream with the entries of dict.
func (f *file) stream(dict string, data []byte) int {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(data) // a bytes.Buffer takes everything
	_ = w.Close()
	return f.raw(dict+" /Filter /FlateDecode", z.Bytes())
}

// raw appends a stream as it is. Metadata must be readable without unpacking.
func (f *file) raw(dict string, data []byte) int {
	n := f.reserve()
	f.objects[n-1] = fmt.Appendf(nil, "<< %s /Length %d >>\nstream\n%s\nendstream", strings.TrimSpace(dict), len(data), data)
	return n
}

// bytes writes the file. Its identifier is the hash of its content, so that equal documents are equal files.
func (f *file) bytes() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(f.objects))
	for i, body := range f.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(body)
		b.WriteString("\nendobj\n")
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	sum := sha256.Sum256(b.Bytes())
	id := strings.ToUpper(hex.EncodeToString(sum[:16]))
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %s /Info %s /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n", len(f.objects)+1, ref(f.catalog), ref(f.info), id, id, xref)
	return b.Bytes()
}

func ref(n int) string { return strconv.Itoa(n) + " 0 R" }

// textString writes s as a PDF text string in UTF-16.
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

// literal writes s, which is ASCII, as a PDF string.
func literal(s string) string {
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
}
