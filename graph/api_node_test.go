package graph_test

import (
	"crypto/md5"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/viewer"
)

// TestListsWithinListsAreThoseOfEachObjectAlone asks for the lists of many accounts and tickets together, and one by one.
func TestListsWithinListsAreThoseOfEachObjectAlone(t *testing.T) {
	a := newAPI(t)
	a.many(t, partner, 9)
	a.many(t, ofThis, 4)
	a.customers(t, partner, 3)
	for _, l := range everyList(t) {
		parent, field, _ := strings.Cut(l.name, ".")
		if parent != "Account" && parent != "Ticket" {
			continue
		}
		arguments := []string{"(first: 3)", "(last: 2)", "(first: 100)"}
		if l.field.Arguments.ForName("search") != nil {
			arguments = append(arguments, `(first: 2, search: "many")`)
		}
		for _, v := range []viewer.Viewer{owner(partner), staff()} {
			for _, args := range arguments {
				selection := fmt.Sprintf("id list: %s%s { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } }", field, args)
				var together []any
				decode(t, find(a.anyOf(t, v, fmt.Sprintf("{ %ss(first: 100) { nodes { %s } } }", strings.ToLower(parent), selection)), "nodes"), &together)
				if len(together) < 2 {
					t.Fatalf("%s: %d %ss prove nothing", l.name, len(together), parent)
				}
				for _, one := range together {
					alone := a.anyOf(t, v, fmt.Sprintf("{ node(id: %q) { ... on %s { %s } } }", find(one, "id"), parent, selection))
					if !reflect.DeepEqual(find(alone, "node"), one) {
						t.Errorf("%s%s of %v as %s: alone %v, among others %v", l.name, args, find(one, "id"), v.Kind, find(alone, "node"), one)
					}
				}
			}
		}
	}
}

// anyOf asks for a document without errors, and returns its data.
func (a *api) anyOf(t testing.TB, v viewer.Viewer, query string) (data any) {
	t.Helper()
	a.must(t, v, query, nil).into(t, &data)
	return data
}

// TestEveryTypeOfNodeIsFoundByItsID: a type with an id that cannot be fetched by it is a mistake.
func TestEveryTypeOfNodeIsFoundByItsID(t *testing.T) {
	a := newAPI(t)
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	ids, _ := everyID(t, a)
	ids = append(ids, key.Format(key.Brand, md5.Sum([]byte("brand"))), key.Format(key.Product, md5.Sum([]byte("product"))))
	found := map[string]string{}
	own := owner(alone)
	for _, id := range ids {
		for _, v := range []viewer.Viewer{staff(), own} { // sessions and attempts are seen by their user only
			var got struct {
				Node *struct {
					Typename string `json:"__typename"`
					ID       string
				}
			}
			a.must(t, v, "query($id: ID!) { node(id: $id) { __typename id } }", map[string]any{"id": id}).into(t, &got)
			if got.Node == nil {
				continue
			}
			if got.Node.ID != id {
				t.Errorf("asked for %s, got %s", id, got.Node.ID)
			}
			if prefix, known := found[got.Node.Typename]; known && prefix != id[:3] {
				t.Errorf("%s has the prefixes %s and %s", got.Node.Typename, prefix, id[:3])
			}
			found[got.Node.Typename] = id[:3]
		}
	}
	for _, def := range schema.GetPossibleTypes(schema.Types["Node"]) {
		if found[def.Name] == "" {
			t.Errorf("no %s was found by its id", def.Name)
		}
	}
}

// TestUnknownNotYoursAndMalformedIDsAreOneAnswer compares the answers byte for byte.
func TestUnknownNotYoursAndMalformedIDsAreOneAnswer(t *testing.T) {
	a := newAPI(t)
	_, owners := everyID(t, a)
	strange := []string{"", "x", "inv_", "inv_zz", "zzz_00000000000000000000000000000000", "00000000000000000000000000000000", strings.ToUpper(gid(key.Invoice, "invoice", alone)),
		" " + gid(key.Invoice, "invoice", alone), gid(key.Domain, "invoice", alone), "inv_" + strings.Repeat("f", 33), "'; select 1; --", "ünï_0123", strings.Repeat("a", 10_000)}
	for id, k := range owners {
		if k != alone {
			strange = append(strange, id)
		}
	}
	slices.Sort(strange)
	for _, v := range []viewer.Viewer{owner(alone), owner(alone).With(viewer.Billing.Permissions()...), viewer.Nobody("nl")} {
		want := a.ask(t, v, "query($id: ID!) { node(id: $id) { id } account(id: $id) { id } }", map[string]any{"id": key.Format(key.Invoice, id("no such", 1))})
		for _, id := range strange {
			got := a.ask(t, v, "query($id: ID!) { node(id: $id) { id } account(id: $id) { id } }", map[string]any{"id": id})
			if got.raw != want.raw || len(got.Errors) != 0 {
				t.Errorf("%s asks for %q: %s, and for an id that nothing has: %s", v.Kind, id, got.raw, want.raw)
			}
		}
	}
}

func TestNodesComeInTheOrderAskedFor(t *testing.T) {
	a := newAPI(t)
	mine, theirs := gid(key.Invoice, "invoice", alone), gid(key.Invoice, "invoice", other)
	asked := []string{theirs, gid(key.Domain, "domain", alone), "nonsense", mine, mine, gid(key.Ticket, "ticket", alone)}
	var got struct{ Nodes []*struct{ ID string } }
	a.must(t, owner(alone), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": asked}).into(t, &got)
	want := []string{"", asked[1], "", mine, mine, asked[5]}
	for i, id := range want {
		if node := got.Nodes[i]; (node == nil) != (id == "") || node != nil && node.ID != id {
			t.Errorf("place %d: %v, want %q", i, node, id)
		}
	}
	a.must(t, owner(alone), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": slices.Repeat([]string{mine}, 100)})
	a.must(t, owner(alone), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": []string{}})
	refused := a.ask(t, owner(alone), "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": slices.Repeat([]string{mine}, 101)})
	if len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "INVALID" || fmt.Sprint(refused.Errors[0].Extensions["inputPath"]) != "[ids]" {
		t.Errorf("101 ids: %s", refused.raw)
	}
}
