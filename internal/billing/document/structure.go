package document

import (
	"fmt"
	"strings"
)

// element is a node of the logical structure by which screen readers read a tagged PDF: a heading, a cell, a paragraph.
type element struct {
	role   string // standard structure type of PDF 1.7: H1, P, TH, …
	attrs  string // attribute objects, as PDF
	alt    string // what a picture shows
	parent *element
	kids   []any // *element, content or link, in reading order
}

// content is a piece of a page that belongs to an element.
type content struct{ page, mark int }

// link is a rectangle on a page that leads to an address.
type link struct {
	page           int
	x1, y1, x2, y2 float64 // in points from the lower left corner
	url, title     string
}

// child adds an element at the end.
func (e *element) child(role, attrs string) *element {
	kid := &element{role: role, attrs: attrs, parent: e}
	e.kids = append(e.kids, kid)
	return kid
}

// scope are the attributes of a table header.
func scope(of string) string { return "/A << /O /Table /Scope /" + of + " >>" }

// span are the attributes of a cell over several columns; with scope too it is a header.
func span(columns int, of string) string {
	if of == "" {
		return fmt.Sprintf("/A << /O /Table /ColSpan %d >>", columns)
	}
	return fmt.Sprintf("/A << /O /Table /ColSpan %d /Scope /%s >>", columns, of)
}

// structure writes the tree as objects of f and returns the number of its root. pages are the object numbers of the
// pages, marks the elements of the marked content of each page, in order. Links become annotations of their pages.
type structure struct {
	f     *file
	pages []int
	marks [][]*element
	links map[int][]int // annotations by page

	numbers map[*element]int
	nums    []string // parent tree: key and value in turn
	keys    int
}

func writeStructure(f *file, root *element, pages []int, marks [][]*element) *structure {
	s := &structure{f: f, pages: pages, marks: marks, links: map[int][]int{}, numbers: map[*element]int{}, keys: len(pages)}
	rootNumber, parents := f.reserve(), f.reserve()
	s.number(root)
	s.element(root, rootNumber)
	var byPage []string
	for page, elements := range marks {
		refs := make([]string, len(elements))
		for i, e := range elements {
			refs[i] = ref(s.numbers[e])
		}
		byPage = append(byPage, fmt.Sprintf("%d [%s]", page, strings.Join(refs, " ")))
	}
	f.put(parents, fmt.Sprintf("<< /Nums [%s] >>", strings.Join(append(byPage, s.nums...), " ")))
	f.put(rootNumber, fmt.Sprintf("<< /Type /StructTreeRoot /K [%s] /ParentTree %s /ParentTreeNextKey %d >>", ref(s.numbers[root]), ref(parents), s.keys))
	f.structRoot = rootNumber
	return s
}

// number gives every element its object number before any is written: they refer to each other.
func (s *structure) number(e *element) {
	s.numbers[e] = s.f.reserve()
	for _, kid := range e.kids {
		if kid, ok := kid.(*element); ok {
			s.number(kid)
		}
	}
}

func (s *structure) element(e *element, parent int) {
	n := s.numbers[e]
	var kids []string
	for _, kid := range e.kids {
		switch kid := kid.(type) {
		case *element:
			kids = append(kids, ref(s.numbers[kid]))
			s.element(kid, n)
		case content:
			kids = append(kids, fmt.Sprintf("<< /Type /MCR /Pg %s /MCID %d >>", ref(s.pages[kid.page]), kid.mark))
		case link:
			kids = append(kids, fmt.Sprintf("<< /Type /OBJR /Pg %s /Obj %s >>", ref(s.pages[kid.page]), ref(s.annotation(kid, n))))
		}
	}
	body := fmt.Sprintf("<< /Type /StructElem /S /%s /P %s /K [%s]", e.role, ref(parent), strings.Join(kids, " "))
	if e.attrs != "" {
		body += " " + e.attrs
	}
	if e.alt != "" {
		body += " /Alt " + textString(e.alt)
	}
	s.f.put(n, body+" >>")
}

// annotation writes a link and enters it in the parent tree, and returns its object number.
func (s *structure) annotation(l link, parent int) int {
	n := s.f.add(fmt.Sprintf("<< /Type /Annot /Subtype /Link /Rect [%.2f %.2f %.2f %.2f] /Border [0 0 0] /F 4 /StructParent %d /Contents %s /A << /S /URI /URI %s >> >>",
		l.x1, l.y1, l.x2, l.y2, s.keys, textString(l.title), literal(l.url)))
	s.nums = append(s.nums, fmt.Sprintf("%d %s", s.keys, ref(parent)))
	s.keys++
	s.links[l.page] = append(s.links[l.page], n)
	return n
}
