package gqlhttp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"klantenpaneel/internal/gqlhttp/gqltest"
	"klantenpaneel/internal/problem"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// tokens are what random documents are made of: enough of them stand where they may for some documents to be valid.
var tokens = []string{
	"{", "}", "(", ")", "[", "]", ":", "$", "!", "=", "@", "...", "|", "&", `"`, `"""`, "#", ",", "\n", "\\", "\x00", "\ufeff", "\xff",
	"query", "mutation", "subscription", "fragment", "on", "Q", "F", "$v", "Int", "Nested", "Item", "Query", "null", "true", "1", "1.5", "1e999", `"x"`, `"\u0000"`, `"\ud800"`,
	"item", "items", "id", "name", "self", "echo", "nodes", "node", "children", "tags", "word", "text", "nested", "deeper", "choice", "first", "ids", "tick", "number",
	"__typename", "__schema", "__type", "@skip(if: true)", "@include(if: $v)", "@defer", "...F", "... on Item", "... on Query", "{ id }", "{ item { id } }", "(first: 3)", "(first: -1)", "(id: $v)",
	"{ item { ...F } } fragment F on Item { ", "query Q($v: Int = 5) {", "query($v: [Nested!]!) {", "echo(nested: {choice: {name: $v}})", "a: item { id }", "items(last: 2) { nodes { children { edges { node { id } } } } }",
}

func TestRandomRequestsAreAnsweredOrRefused(t *testing.T) {
	log := &logText{}
	es := gqltest.New(&gqltest.Resolver{})
	schema := es.Schema()
	api := New(es, Options{Logger: logger(log), Introspect: always})
	value := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(4) })
	answered := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 30 {
			document := strings.Join(rapid.SliceOfN(rapid.SampledFrom(tokens), 0, 25).Draw(t, "document"), " ")
			if rapid.Bool().Draw(t, "well-formed") {
				document = selections(t, schema, "Query", 5)
			}
			body := map[string]any{"query": document, "variables": map[string]any{"v": value.Draw(t, "v")}}
			if rapid.Bool().Draw(t, "odd") {
				body["extensions"] = value.Draw(t, "extensions")
			}
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(text)))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", mediaGraphQL)
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			var got answer
			answered[w.Code]++
			if w.Code != 200 && w.Code != 400 || json.Unmarshal(w.Body.Bytes(), &got) != nil || strings.Contains(w.Body.String(), codeInternal) {
				t.Fatalf("%s\nwas answered %d %s\n%s", text, w.Code, w.Body, log)
			}
		}
	})
	if answered[200] < 100 || answered[400] < 100 {
		t.Errorf("the documents are all alike: %v", answered)
	}
}

// selections draws a selection set on a type: valid, but for a few arguments.
func selections(t *rapid.T, schema *ast.Schema, typ string, depth int) string {
	var b strings.Builder
	for i := range rapid.IntRange(1, 4).Draw(t, "fields") {
		field := rapid.SampledFrom(schema.Types[typ].Fields).Draw(t, "field")
		below := schema.Types[field.Type.Name()]
		if field.Name == "panics" || field.Name == "fails" || field.Name == "slow" || below.IsCompositeType() && depth == 0 {
			b.WriteString(" __typename")
			continue
		}
		fmt.Fprintf(&b, " f%d: %s", i, field.Name)
		var arguments []string
		for _, argument := range field.Arguments {
			if argument.Type.NonNull || rapid.Bool().Draw(t, "given") {
				arguments = append(arguments, argument.Name+": "+literal(t, schema, argument.Type, 3))
			}
		}
		if len(arguments) > 0 {
			b.WriteString("(" + strings.Join(arguments, ", ") + ")")
		}
		if below.IsCompositeType() {
			b.WriteString(selections(t, schema, below.Name, depth-1))
		}
	}
	return "{" + b.String() + " }"
}

// literal draws a value that is mostly of the type.
func literal(t *rapid.T, schema *ast.Schema, typ *ast.Type, depth int) string {
	if typ.Elem != nil {
		var elements []string
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			elements = append(elements, literal(t, schema, typ.Elem, depth))
		}
		return "[" + strings.Join(elements, " ") + "]"
	}
	switch definition := schema.Types[typ.NamedType]; {
	case definition.Kind == ast.Enum:
		return rapid.SampledFrom(definition.EnumValues).Draw(t, "enum").Name
	case definition.Kind == ast.InputObject:
		var fields []string
		for range rapid.IntRange(0, 2).Draw(t, "keys") {
			if field := rapid.SampledFrom(definition.Fields).Draw(t, "key"); depth > 0 {
				fields = append(fields, field.Name+": "+literal(t, schema, field.Type, depth-1))
			}
		}
		return "{" + strings.Join(fields, " ") + "}"
	}
	return rapid.SampledFrom([]string{"1", "7", "-3", "true", "0.5", `"x"`, `"itm_1"`, `"2026-02-28"`, "null", "99999999999"}).Draw(t, "scalar")
}

func jsonValue(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), toAny[bool]), rapid.Map(rapid.Int64(), toAny[int64]),
		rapid.Map(rapid.Float64(), toAny[float64]), rapid.Map(rapid.String(), toAny[string]), rapid.SampledFrom([]any{"ASC", "itm_1", 5.0, "sha256:x"}),
	)
	if depth == 0 {
		return leaf
	}
	key := rapid.SampledFrom([]string{"deeper", "choice", "name", "number", "numbers", "direction", "persistedQuery", "sha256Hash", "documentId", "version", "__typename", ""})
	below := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(depth - 1) })
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(below, 0, 3), toAny[[]any]),
		rapid.Map(rapid.MapOfN(key, below, 0, 3), toAny[map[string]any]),
	)
}

func toAny[T any](v T) any { return v }

func TestARefusalBeforeTheSchemaHasTheSameForm(t *testing.T) {
	p := problem.New(problem.Unauthenticated, problem.Text{NL: "Uw token is verlopen.", EN: "Your token has expired."})
	for accept, media := range map[string]string{"": mediaJSON, mediaGraphQL: mediaGraphQL, mediaEvents: mediaJSON, "text/html": mediaJSON} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		Refuse(w, r, http.StatusUnauthorized, p, "nl")
		want := `{"errors":[{"message":"Uw token is verlopen.","extensions":{"code":"UNAUTHENTICATED"}}]}`
		if w.Code != 401 || w.Body.String() != want || !strings.HasPrefix(w.Header().Get("Content-Type"), media) {
			t.Errorf("%s: %d %s %s", accept, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
}
