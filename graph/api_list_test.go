package graph_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/viewer"

	"github.com/vektah/gqlparser/v2/ast"
)

// list is a field of the schema that is a connection, with the way to it and somebody who sees it.
type list struct {
	name  string // such as Account.invoices
	path  string // a document with the field at %s
	v     viewer.Viewer
	field *ast.FieldDefinition
	node  *ast.Definition
}

// everyList finds the connections of the schema, so that a new one is covered the moment it exists.
func everyList(t testing.TB) (lists []list) {
	t.Helper()
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	ways := map[string]list{
		"Query":   {path: "{ %s }", v: staff()},
		"Account": {path: `{ account(id: "` + gid(key.Account, "account", partner) + `") { %s } }`, v: owner(partner)},
		"Viewer":  {path: "{ viewer { %s } }", v: owner(partner)},
		"Ticket":  {path: `{ node(id: "` + gid(key.Ticket, "ticket", partner) + `") { ... on Ticket { %s } } }`, v: owner(partner)},
	}
	for _, def := range schema.Types {
		for _, f := range def.Fields {
			if node, ok := strings.CutSuffix(f.Type.Name(), "Connection"); ok {
				l, known := ways[def.Name]
				if !known {
					t.Errorf("nobody knows the way to %s.%s", def.Name, f.Name)
					continue
				}
				l.name, l.field, l.node = def.Name+"."+f.Name, f, schema.Types[node]
				lists = append(lists, l)
			}
		}
	}
	slices.SortFunc(lists, func(a, b list) int { return strings.Compare(a.name, b.name) })
	return lists
}

// many gives an account n further rows of everything that is listed.
func (a *api) many(t testing.TB, k, n int) {
	t.Helper()
	sql, err := os.ReadFile("testdata/many.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Owner.DB.Exec(strings.NewReplacer("{k}", strconv.Itoa(k), "{n}", strconv.Itoa(n)).Replace(string(sql))); err != nil {
		t.Fatal(err)
	}
}

// customers gives a partner n further customers.
func (a *api) customers(t testing.TB, k, n int) {
	t.Helper()
	_, err := a.Owner.NewRaw(`insert into account (id, number, brand_id, kind, partner_id, company_name, customer_since, status, created_at)
		select md5('manyaccount-' || ? || '-' || i)::uuid, 'canary-4-many-' || ? || '-' || i, md5('brand')::uuid, case i % 2 when 0 then 'BUSINESS' else 'CONSUMER' end, ?, 'canary-4-many-' || i % 3, '2020-01-01',
		(array['ACTIVE', 'CLOSED', 'ERASED'])[1 + i % 3], '2020-01-01Z'::timestamptz + i % 2 * interval '1 second' from generate_series(1, ?) i`, k, k, id("account", k), n).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
}

// onePage is what came back of a connection.
type onePage struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	Edges []struct {
		Cursor string
		Node   map[string]any
	}
	Nodes []map[string]any
}

func (p onePage) ids() []string { return idsOf(p.Nodes) }

func idsOf(nodes []map[string]any) []string {
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i], _ = n["id"].(string)
	}
	return ids
}

// get asks for a page: arguments as in a document, and what to select of each node.
func (a *api) get(t testing.TB, l list, arguments, selection string) onePage {
	t.Helper()
	if arguments != "" {
		arguments = "(" + arguments + ")"
	}
	query := fmt.Sprintf(l.path, fmt.Sprintf("list: %s%s { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id %s } }", l.field.Name, arguments, selection))
	var data any
	a.must(t, l.v, query, nil).into(t, &data)
	var p onePage
	decode(t, find(data, "list"), &p)
	return p
}

// ordering is one order of a list: what to send, and where the value that it orders by stands in a node.
type ordering struct {
	argument string // "" for the default
	path     []string
	desc     bool
}

// defaults are the orders of lists when none is asked for, as the schema describes them. A catalog has its own order, which
// it does not show.
var defaults = map[string]ordering{
	"Account": {path: []string{"name"}}, "ApiToken": {path: []string{"createdAt"}, desc: true}, "Cancellation": {path: []string{"receivedAt"}, desc: true},
	"ChangeRequest": {path: []string{"submittedAt"}, desc: true}, "Domain": {path: []string{"name"}}, "HostingPackage": {path: []string{"name"}},
	"Invoice": {path: []string{"issuedOn"}, desc: true}, "LoginAttempt": {path: []string{"at"}, desc: true}, "Notification": {path: []string{"createdAt"}, desc: true},
	"Order": {path: []string{"createdAt"}, desc: true}, "Payment": {path: []string{"createdAt"}, desc: true}, "Product": {}, "Quote": {path: []string{"createdAt"}, desc: true},
	"RenewalOffer": {path: []string{"renewsOn"}, desc: true}, "SubscriptionContract": {path: []string{"renewsOn"}}, "Ticket": {path: []string{"lastMessageAt"}, desc: true},
	"TicketMessage": {path: []string{"sentAt"}},
}

var underscored = regexp.MustCompile(`_(.)`)

// orderings returns the default order of a list and all that can be asked for.
func (l list) orderings(t testing.TB) []ordering {
	t.Helper()
	byDefault, ok := defaults[l.node.Name]
	if !ok {
		t.Errorf("%s: its order is not described in this test", l.name)
	}
	all := []ordering{byDefault}
	if by := l.field.Arguments.ForName("orderBy"); by != nil {
		schema := exec.NewExecutableSchema(exec.Config{}).Schema()
		for _, value := range schema.Types[schema.Types[by.Type.Name()].Fields.ForName("field").Type.Name()].EnumValues {
			path := []string{underscored.ReplaceAllStringFunc(strings.ToLower(value.Name), func(s string) string { return strings.ToUpper(s[1:]) })}
			if value.Name == "TOTAL" {
				path = []string{"total", "includingVat", "amount"}
			}
			for _, direction := range []string{"ASC", "DESC"} {
				all = append(all, ordering{fmt.Sprintf("orderBy: {field: %s, direction: %s}", value.Name, direction), path, direction == "DESC"})
			}
		}
	}
	return all
}

func (o ordering) selection() string {
	return strings.Join(o.path, " { ") + strings.Repeat(" }", max(0, len(o.path)-1))
}

// isSorted reports whether the nodes stand in the order.
func (o ordering) isSorted(t testing.TB, nodes []map[string]any) bool {
	t.Helper()
	values := make([]any, len(nodes))
	for i, n := range nodes {
		var v any = n
		for _, name := range o.path {
			v = v.(map[string]any)[name]
		}
		values[i] = v
		if at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(v)); err == nil {
			values[i] = at.Format("2006-01-02T15:04:05.000000") // as long as any other
		} else if amount, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil {
			values[i] = fmt.Sprintf("%020.2f", amount+1e9)
		}
	}
	return len(o.path) == 0 || slices.IsSortedFunc(values, func(a, b any) int {
		c := strings.Compare(a.(string), b.(string))
		if o.desc {
			return -c
		}
		return c
	})
}

// TestEveryListCanBeWalkedInEveryOrderFromBothEnds compares walks with the whole list in one page.
func TestEveryListCanBeWalkedInEveryOrderFromBothEnds(t *testing.T) {
	a := newAPI(t)
	for _, k := range []int{alone, partner} {
		a.many(t, k, 27)
	}
	a.customers(t, partner, 27)
	for _, l := range everyList(t) {
		t.Run(l.name, func(t *testing.T) {
			for _, o := range l.orderings(t) {
				whole := a.get(t, l, "first: 100 "+o.argument, o.selection())
				all := whole.ids()
				if len(all) < 12 || whole.TotalCount != len(all) || whole.PageInfo.HasNextPage || whole.PageInfo.HasPreviousPage {
					t.Fatalf("%s: %d objects of %d in one page, %+v", o.argument, len(all), whole.TotalCount, whole.PageInfo)
				}
				if !o.isSorted(t, whole.Nodes) {
					t.Errorf("%q: not in that order: %v", o.argument, whole.Nodes)
				}
				if len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
					t.Errorf("%q: an object twice", o.argument)
				}
				if got := a.walk(t, l, o, "first", "after", 5); !slices.Equal(got, all) {
					t.Errorf("%q: forwards %d of %d objects, or in another order", o.argument, len(got), len(all))
				}
				if got := a.walk(t, l, o, "last", "before", 7); !slices.Equal(got, all) {
					t.Errorf("%q: backwards %d of %d objects, or in another order", o.argument, len(got), len(all))
				}
			}
		})
	}
}

// walk reads a list page by page, and returns the ids in the order of the list.
func (a *api) walk(t testing.TB, l list, o ordering, count, from string, size int) (all []string) {
	t.Helper()
	cursor := ""
	for range 100 {
		p := a.get(t, l, fmt.Sprintf("%s: %d %s %s", count, size, cursor, o.argument), "")
		if len(p.Edges) != len(p.Nodes) {
			t.Fatalf("%d edges and %d nodes", len(p.Edges), len(p.Nodes))
		}
		for i, e := range p.Edges {
			if e.Node["id"] != p.Nodes[i]["id"] {
				t.Fatalf("edges and nodes differ: %v, %v", e.Node, p.Nodes[i])
			}
		}
		next, more := p.PageInfo.EndCursor, p.PageInfo.HasNextPage
		if from == "before" {
			next, more = p.PageInfo.StartCursor, p.PageInfo.HasPreviousPage
			all = append(p.ids(), all...)
		} else {
			all = append(all, p.ids()...)
		}
		if !more {
			return all
		}
		cursor = fmt.Sprintf("%s: %q", from, *next)
	}
	t.Fatal("the list does not end")
	return nil
}

// TestPagesOutOfRangeAndForeignCursorsAreRefusedByEveryList wants INVALID, the argument's name, and nothing else.
func TestPagesOutOfRangeAndForeignCursorsAreRefusedByEveryList(t *testing.T) {
	a := newAPI(t)
	lists := everyList(t)
	cursors := map[string]string{} // of each type, in its default order
	for _, l := range lists {
		if p := a.get(t, l, "first: 1", ""); len(p.Edges) == 1 {
			cursors[l.node.Name] = p.Edges[0].Cursor
		}
	}
	for _, l := range lists {
		foreign := cursors["Invoice"]
		if l.node.Name == "Invoice" {
			foreign = cursors["Domain"]
		}
		for arguments, path := range map[string]string{
			"first: 0": "first", "first: -1": "first", "first: 101": "first", "first: 1000": "first", "last: 0": "last", "last: 101": "last", "first: 1 last: 1": "last",
			`after: ""`: "after", `before: "x"`: "before", fmt.Sprintf("after: %q", foreign): "after", fmt.Sprintf("before: %q", foreign): "before",
		} {
			got := a.ask(t, l.v, fmt.Sprintf(l.path, l.field.Name+"("+arguments+") { nodes { id } }"), nil)
			if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "INVALID" || fmt.Sprint(got.Errors[0].Extensions["inputPath"]) != "["+path+"]" {
				t.Errorf("%s(%s): %.300s", l.name, arguments, got.raw)
			}
		}
	}
	for _, l := range lists { // and a cursor of the list in another order
		orders := l.orderings(t)
		for i, o := range orders {
			other := orders[(i+2)%len(orders)]
			if len(orders) == 1 || fmt.Sprint(o.path) == fmt.Sprint(other.path) {
				continue
			}
			cursor := a.get(t, l, "first: 1 "+o.argument, "").Edges[0].Cursor
			got := a.ask(t, l.v, fmt.Sprintf(l.path, fmt.Sprintf("%s(after: %q %s) { nodes { id } }", l.field.Name, cursor, other.argument)), nil)
			if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "INVALID" {
				t.Errorf("%s: a cursor of %q in %q: %.300s", l.name, o.argument, other.argument, got.raw)
			}
		}
	}
}
