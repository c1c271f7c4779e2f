package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/sebdah/goldie/v2"
)

func TestPDFSaysWhatTheGoldenFileSays(t *testing.T) {
	g := goldie.New(t, goldie.WithFixtureDir("testdata/pdf"), goldie.WithNameSuffix(".txt"))
	for name, inv := range samples() {
		t.Run(name, func(t *testing.T) { g.Assert(t, name, []byte(text(t, must(PDF(inv))))) })
	}
	for name, l := range letters() {
		t.Run(name, func(t *testing.T) { g.Assert(t, "letter-"+name, []byte(text(t, must(LetterPDF(l))))) })
	}
}

func TestEqualDocumentsAreEqualFiles(t *testing.T) {
	for name := range samples() {
		first, second := must(PDF(samples()[name])), must(PDF(samples()[name]))
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two PDFs of one document differ", name)
		}
		for _, date := range regexp.MustCompile(`\(D:(\d{8})`).FindAllSubmatch(first, -1) {
			if issued := samples()[name].IssuedOn.Start().Format("20060102"); string(date[1]) != issued {
				t.Errorf("%s: says %s, not the beginning of its day of issue", name, date[1])
			}
		}
	}
	changed := samples()["domestic"]
	changed.Notes = []string{"Anders."}
	if bytes.Equal(must(PDF(changed)), must(PDF(samples()["domestic"]))) {
		t.Error("a change does not show")
	}
}

func TestPDFHoldsTheEInvoice(t *testing.T) {
	for name, inv := range samples() {
		f := must(parse(must(PDF(inv))))
		var found []byte
		for _, body := range f.objects {
			if bytes.Contains(body, []byte("/Type /EmbeddedFile")) {
				found = unpack(t, body)
			}
		}
		if !bytes.Equal(found, must(UBL(inv))) {
			t.Errorf("%s: the attachment is not the UBL", name)
		}
		catalog := string(f.objects[f.catalog-1])
		for _, want := range []string{"/AF [", "/EmbeddedFiles", "/MarkInfo << /Marked true >>", "/StructTreeRoot", "/OutputIntents", "/Metadata", "/DisplayDocTitle true"} {
			if !strings.Contains(catalog, want) {
				t.Errorf("%s: no %s in the catalog", name, want)
			}
		}
	}
}

func TestObjectsAreWhereTheCrossReferencesSay(t *testing.T) {
	pdf := must(PDF(samples()["many-lines"]))
	start, _ := strconv.Atoi(string(xrefStart.FindSubmatch(pdf)[1]))
	entries := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllSubmatch(pdf[start:], -1)
	for i, e := range entries {
		at, _ := strconv.Atoi(string(e[1]))
		if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(pdf[at:], []byte(want)) {
			t.Fatalf("object %d is not at %d", i+1, at)
		}
	}
	for _, r := range regexp.MustCompile(`(\d+) 0 R`).FindAllSubmatch(pdf, -1) {
		if n, _ := strconv.Atoi(string(r[1])); n == 0 || n > len(entries) {
			t.Errorf("object %d is referred to and absent", n)
		}
	}
}

// Everything on a page is either read out, in an order that the structure knows, or marked as decoration (PDF/UA 7.1).
func TestEverythingDrawnIsTagged(t *testing.T) {
	paints := regexp.MustCompile(` (Tj|re f|f|S|B) |Tj ET`)
	docs := map[string][]byte{"letter": must(LetterPDF(letters()["long"]))}
	for name, inv := range samples() {
		docs[name] = must(PDF(inv))
	}
	for name, pdf := range docs {
		f := must(parse(pdf))
		all := string(pdf)
		for i, n := range f.pages() {
			depth, marks := 0, 0
			for _, l := range strings.Split(string(f.content(t, n)), "\n") {
				switch {
				case strings.HasSuffix(l, " BDC"), l == "/Artifact BMC":
					if depth++; depth > 1 {
						t.Fatalf("%s page %d: marked content within marked content: %s", name, i+1, l)
					}
					if strings.HasSuffix(l, " BDC") {
						marks++
					}
				case l == "EMC":
					depth--
				case depth == 0 && paints.MatchString(l+" "):
					t.Errorf("%s page %d: drawn outside the structure: %q", name, i+1, l)
				}
			}
			if got := len(regexp.MustCompile(fmt.Sprintf(`/MCR /Pg %d 0 R /MCID`, n)).FindAllString(all, -1)); got != marks || depth != 0 {
				t.Errorf("%s page %d: %d pieces of content, %d in the structure, %d left open", name, i+1, marks, got, depth)
			}
		}
	}
}

func TestTablesRepeatTheirHeaderAndCarryTheirSum(t *testing.T) {
	pages := strings.Split(text(t, must(PDF(samples()["many-lines"]))), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if i > 0 && !(strings.Contains(page, "Omschrijving") && strings.Contains(page, dutch.broughtForward)) {
			t.Errorf("page %d has no header or nothing brought forward", i+1)
		}
		if last := i == len(pages)-1; strings.Contains(page, dutch.carriedForward) == last {
			t.Errorf("page %d: carried forward is %t", i+1, !last)
		}
		if !strings.Contains(page, fmt.Sprintf("Pagina %d van %d", i+1, len(pages))) {
			t.Errorf("page %d is not numbered", i+1)
		}
	}
	for i := range pages[1:] {
		carried := regexp.MustCompile(dutch.carriedForward + `\s+(.*)`).FindStringSubmatch(pages[i])
		brought := regexp.MustCompile(dutch.broughtForward + `\s+(.*)`).FindStringSubmatch(pages[i+1])
		if carried == nil || brought == nil || carried[1] != brought[1] {
			t.Errorf("page %d carries %q, the next page brings %q", i+1, carried, brought)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	for _, name := range []string{"domestic", "many-lines"} {
		inv := samples()[name]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				must(PDF(inv))
			}
		})
	}
}

// fataler is a test, of testing or of rapid.
type fataler interface {
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// text returns what stands on the pages: a line for each baseline, from the top, the pieces of a line from the left.
func text(t fataler, pdf []byte) string {
	f := must(parse(pdf))
	piece := regexp.MustCompile(`(?s)BT ([\d.-]+) ([\d.-]+) Td \(((?:\\.|[^\\)])*)\) Tj ET`)
	var pages []string
	for _, n := range f.pages() {
		type at struct {
			x, y float64
			text string
		}
		var all []at
		for _, m := range piece.FindAllStringSubmatch(string(f.content(t, n)), -1) {
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			if x < left*pt-1.5 || x > right*pt || y < 18 || y > pageHeight*pt {
				t.Errorf("%q stands outside the margins, at %.0f, %.0f", m[3], x, y)
			}
			all = append(all, at{x, y, decode(m[3])})
		}
		slices.SortStableFunc(all, func(a, b at) int {
			if a.y != b.y {
				return int(b.y*100 - a.y*100)
			}
			return int(a.x*100 - b.x*100)
		})
		var b strings.Builder
		for i, p := range all {
			switch {
			case i == 0:
			case all[i-1].y-p.y > 0.5:
				b.WriteByte('\n')
			default:
				b.WriteString("   ")
			}
			b.WriteString(p.text)
		}
		pages = append(pages, b.String()+"\n")
	}
	return strings.Join(pages, "\f")
}

// decode reads a PDF string of UTF-16.
func decode(s string) string {
	raw := strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")", `\r`, "\r").Replace(s)
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// content returns what is drawn on the page with object number n.
func (f *file) content(t fataler, n int) []byte {
	m := regexp.MustCompile(`/Contents (\d+) 0 R`).FindSubmatch(f.objects[n-1])
	at, _ := strconv.Atoi(string(m[1]))
	return unpack(t, f.objects[at-1])
}

func unpack(t fataler, body []byte) []byte {
	_, data, _ := bytes.Cut(body, []byte("stream\n"))
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return must(io.ReadAll(z))
}
