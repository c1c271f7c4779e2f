package document

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// sRGB is the colour space in which the documents are meant; assets/colour/README.md says whose it is.
//
//go:embed assets/colour/sRGB.icc
var sRGB []byte

// attachment is a file inside a PDF that says the same as the pages.
type attachment struct {
	name, description string
	data              []byte
}

// meta is what a PDF says about itself.
type meta struct {
	title, author, subject string
	at                     time.Time // of creation: the beginning of the day of issue
}

const producer = "klantenpaneel"

// The fonts as fpdf names them and as they should be called: a subset of Inter (ISO 32000-1, 9.6.4).
var fontNames = strings.NewReplacer("/utf8"+regular, "/INTRRG+Inter-Regular", "/utf8"+bold, "/INTRSB+Inter-SemiBold")

var toUnicode = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)

// archive turns a drawn document into PDF/A-3, level A: tagged, searchable, with its colours defined, its fonts inside,
// and the attachment, when there is one, as an alternative to the pages. It also meets PDF/UA-1.
func (s *sheet) archive(m meta, a *attachment) ([]byte, error) {
	drawn, err := s.output()
	if err != nil {
		return nil, err
	}
	f, err := parse(drawn)
	if err != nil {
		return nil, fmt.Errorf("read back pdf: %w", err)
	}
	s.fixFonts(f)
	pages := f.pages()
	tree := writeStructure(f, s.root, pages, s.marks)
	for i, n := range pages {
		body := bytes.TrimSuffix(f.objects[n-1], []byte(">>"))
		f.put(n, fmt.Sprintf("%s /StructParents %d /Tabs /S%s >>", body, i, annotations(tree.links[i])))
	}
	f.writeCatalog(s.lang, m, a)
	f.put(f.info, m.info())
	return f.bytes(), nil
}

// pages returns the object numbers of the pages in order.
func (f *file) pages() (numbers []int) {
	for i, body := range f.objects {
		if bytes.HasPrefix(body, []byte("<</Type /Page\n")) {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

func annotations(numbers []int) string {
	if len(numbers) == 0 {
		return ""
	}
	refs := make([]string, len(numbers))
	for i, n := range numbers {
		refs[i] = ref(n)
	}
	return " /Annots [" + strings.Join(refs, " ") + "]"
}

// fixFonts names the fonts properly and maps just the characters that were used back to Unicode.
func (s *sheet) fixFonts(f *file) {
	cmap := s.toUnicode()
	for i, body := range f.objects {
		if !bytes.HasPrefix(body, []byte("<</Type /Font")) { // fonts and their descriptors
			continue
		}
		f.objects[i] = []byte(fontNames.Replace(string(body)))
		if m := toUnicode.FindSubmatch(body); m != nil {
			f.objects[i] = toUnicode.ReplaceAll(f.objects[i], fmt.Appendf(nil, "/ToUnicode %s", ref(f.stream("", cmap))))
		}
	}
}

// toUnicode returns the map from codes to characters. fpdf's codes are the characters themselves.
func (s *sheet) toUnicode() []byte {
	var runes []rune
	for r := range s.used {
		runes = append(runes, r)
	}
	slices.Sort(runes)
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for chunk := range slices.Chunk(runes, 100) { // as many as one operator takes
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, r := range chunk {
			fmt.Fprintf(&b, "<%04X> <%04X>\n", r, r)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

func (f *file) writeCatalog(lang string, m meta, a *attachment) {
	icc := f.stream("/N 3", sRGB)
	xmp := f.raw("/Type /Metadata /Subtype /XML", m.xmp(lang))
	body := fmt.Sprintf("<< /Type /Catalog /Pages 1 0 R /Lang %s /MarkInfo << /Marked true >> /StructTreeRoot %s /ViewerPreferences << /DisplayDocTitle true >> /Metadata %s"+
		" /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1) /DestOutputProfile %s >>]",
		literal(lang), ref(f.structRoot), ref(xmp), ref(icc))
	if a != nil {
		embedded := f.stream(fmt.Sprintf("/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /Size %d /ModDate %s >>", len(a.data), pdfDate(m.at)), a.data)
		spec := f.add(fmt.Sprintf("<< /Type /Filespec /F %s /UF %s /Desc %s /AFRelationship /Alternative /EF << /F %s /UF %s >> >>",
			literal(a.name), textString(a.name), textString(a.description), ref(embedded), ref(embedded)))
		body += fmt.Sprintf(" /AF [%s] /Names << /EmbeddedFiles << /Names [%s %s] >> >>", ref(spec), literal(a.name), ref(spec))
	}
	f.put(f.catalog, body+" >>")
}

// info repeats the metadata for readers that know no XMP.
func (m meta) info() string {
	return fmt.Sprintf("<< /Title %s /Author %s /Subject %s /Producer %s /CreationDate %s /ModDate %s >>",
		textString(m.title), textString(m.author), textString(m.subject), literal(producer), pdfDate(m.at), pdfDate(m.at))
}

func pdfDate(t time.Time) string { return t.UTC().Format("(D:20060102150405Z)") }
