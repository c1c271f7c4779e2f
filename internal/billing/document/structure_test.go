package document

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// node is an element of the structure as a screen reader finds it.
type node struct {
	number     int
	role, body string
	kids       []*node
	marks      []string // page and mark of its content
	links      []int    // annotations
}

var (
	elementRole = regexp.MustCompile(`^<< /Type /StructElem /S /(\w+) /P (\d+) 0 R /K \[(.*?)\]`)
	elementKid  = regexp.MustCompile(`<< /Type /MCR /Pg (\d+) 0 R /MCID (\d+) >>|<< /Type /OBJR /Pg \d+ 0 R /Obj (\d+) 0 R >>|(\d+) 0 R`)
)

// readStructure follows the structure of a PDF from its root, checking that each element knows its parent.
func readStructure(t *testing.T, f *file) *node {
	root := regexp.MustCompile(`/StructTreeRoot (\d+) 0 R`).FindSubmatch(f.objects[f.catalog-1])
	number, _ := strconv.Atoi(string(root[1]))
	first := regexp.MustCompile(`/K \[(\d+) 0 R\]`).FindSubmatch(f.objects[number-1])
	top, _ := strconv.Atoi(string(first[1]))
	var read func(n, parent int) *node
	read = func(n, parent int) *node {
		body := string(f.objects[n-1])
		m := elementRole.FindStringSubmatch(body)
		if m == nil || m[2] != strconv.Itoa(parent) {
			t.Fatalf("object %d is no element of %d: %s", n, parent, body)
		}
		e := &node{number: n, role: m[1], body: body}
		for _, k := range elementKid.FindAllStringSubmatch(m[3], -1) {
			switch {
			case k[1] != "":
				e.marks = append(e.marks, k[1]+" "+k[2])
			case k[3] != "":
				link, _ := strconv.Atoi(k[3])
				e.links = append(e.links, link)
			default:
				kid, _ := strconv.Atoi(k[4])
				e.kids = append(e.kids, read(kid, n))
			}
		}
		return e
	}
	return read(top, number)
}

func (n *node) walk(f func(*node)) {
	f(n)
	for _, kid := range n.kids {
		kid.walk(f)
	}
}

// What each element may hold: PDF/UA 7.2, as far as these documents go.
var mayHold = map[string]string{
	"Document": "P H1 Table L Figure", "Table": "TR THead TBody", "THead": "TR", "TBody": "TR", "TR": "TH TD", "L": "LI", "LI": "Lbl LBody", "P": "Link",
	"TH": "", "TD": "", "H1": "", "Figure": "", "Lbl": "", "LBody": "", "Link": "",
}

func TestStructureIsWhatScreenReadersExpect(t *testing.T) {
	docs := map[string][]byte{}
	for name, inv := range samples() {
		docs[name] = must(PDF(inv))
	}
	for name, l := range letters() {
		docs["letter-"+name] = must(LetterPDF(l))
	}
	for name, pdf := range docs {
		f := must(parse(pdf))
		headings := 0
		readStructure(t, f).walk(func(n *node) {
			for _, kid := range n.kids {
				if !strings.Contains(" "+mayHold[n.role]+" ", " "+kid.role+" ") {
					t.Errorf("%s: %s in %s", name, kid.role, n.role)
				}
			}
			switch n.role {
			case "H1":
				headings++
			case "Table":
				checkColumns(t, name, n)
			case "TH":
				if !strings.Contains(n.body, "/Scope") {
					t.Errorf("%s: a header cell of nothing", name)
				}
			case "Figure":
				if !strings.Contains(n.body, "/Alt <FEFF") {
					t.Errorf("%s: a picture without words", name)
				}
			case "Link":
				checkLinks(t, name, f, n)
			}
		})
		if headings != 1 {
			t.Errorf("%s: %d headings", name, headings)
		}
	}
}

func checkColumns(t *testing.T, name string, table *node) {
	columns := 0
	table.walk(func(n *node) {
		if n.role != "TR" {
			return
		}
		if columns == 0 {
			columns = len(n.kids)
		}
		if len(n.kids) != columns {
			t.Errorf("%s: a row of %d cells in a table of %d columns", name, len(n.kids), columns)
		}
	})
}

// checkLinks wants of each annotation that it prints, says where it leads, and leads back to its element (7.18).
func checkLinks(t *testing.T, name string, f *file, n *node) {
	if len(n.links) == 0 {
		t.Errorf("%s: a link to nowhere", name)
	}
	for _, link := range n.links {
		body := string(f.objects[link-1])
		key := regexp.MustCompile(`/StructParent (\d+)`).FindStringSubmatch(body)
		if !strings.Contains(body, "/F 4 ") || !strings.Contains(body, "/Contents <FEFF") || key == nil {
			t.Fatalf("%s: link %s", name, body)
		}
		if back := fmt.Sprintf(" %s %d 0 R", key[1], n.number); !strings.Contains(parentTree(f), back) {
			t.Errorf("%s: the link is not in the parent tree as%s", name, back)
		}
	}
}

// From a piece of a page, a reader finds its element through the parent tree.
func TestEachPieceOfAPageFindsItsElement(t *testing.T) {
	for name, inv := range samples() {
		f := must(parse(must(PDF(inv))))
		owner := map[string]int{}
		readStructure(t, f).walk(func(n *node) {
			for _, m := range n.marks {
				owner[m] = n.number
			}
		})
		found := 0
		for key, page := range f.pages() {
			row := regexp.MustCompile(fmt.Sprintf(`[\[ ]%d \[([^\]]*)\]`, key)).FindStringSubmatch(parentTree(f))
			for mark, e := range regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(row[1], -1) {
				if found++; strconv.Itoa(owner[fmt.Sprintf("%d %d", page, mark)]) != e[1] {
					t.Errorf("%s: mark %d of page %d belongs to %d, not %s", name, mark, key+1, owner[fmt.Sprintf("%d %d", page, mark)], e[1])
				}
			}
		}
		if found != len(owner) {
			t.Errorf("%s: %d pieces in the parent tree, %d in the structure", name, found, len(owner))
		}
	}
}

func parentTree(f *file) string {
	for _, body := range f.objects {
		if strings.HasPrefix(string(body), "<< /Nums [") {
			return string(body)
		}
	}
	return ""
}
