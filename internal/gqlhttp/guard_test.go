package gqlhttp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

// repeat builds a document part from numbered pieces.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// bomb is a chain of fragments that each spread the next one twice, under different aliases: 2^n fields.
func bomb(n int) string {
	return "{item{...F0}}" + repeat(n, "fragment F%[1]d on Item{a%[1]d:self{...N%[1]d} b%[1]d:self{...N%[1]d}}") +
		repeat(n, "fragment N%[1]d on Item{id ...M%[1]d}") + repeat(n, "fragment M%[1]d on Item{name}")
}

func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{item{...F0}}")
	for i := range n {
		fmt.Fprintf(&b, "fragment F%d on Item{a%d:self{...F%d}b%d:self{...F%d}}", i, i, i+1, i, i+1)
	}
	fmt.Fprintf(&b, "fragment F%d on Item{id}", n)
	return b.String()
}

func TestHostileDocumentsAreRefusedBeforeValidation(t *testing.T) {
	for _, test := range []struct{ name, document, code, kind string }{
		{"32 KB of blanks", "{__typename" + strings.Repeat(" ", 32<<10) + "}", codeLimit, "bytes"},
		{"a comment of 33 KB", "#" + strings.Repeat("x", 33<<10) + "\n{__typename}", codeLimit, "bytes"},
		{"2,001 tokens", "{" + strings.Repeat("id ", 2000) + "}", codeLimit, ""},
		{"10,000 root fields", "{" + strings.Repeat("a:item{id}", 3000) + "}", codeLimit, ""},
		{"31 root fields", "{" + repeat(31, "a%d:caller ") + "}", codeLimit, "root fields"},
		{"31 root fields in fragments", "{...A ...B}fragment A on Query{" + repeat(16, "a%d:caller ") + "}fragment B on Query{" + repeat(15, "b%d:caller ") + "}", codeLimit, "root fields"},
		{"one field repeated 35 KB long", "{item{" + strings.Repeat("id ", 12000) + "}}", codeLimit, "bytes"},
		{"one field eleven times", "{item{" + strings.Repeat("id ", 11) + "}}", codeLimit, "selections of one field"},
		{"one alias eleven times", "{item{" + strings.Repeat("a:name ", 11) + "}}", codeLimit, "selections of one field"},
		{"one field 51 times in inline fragments", "{item{" + strings.Repeat("...{id}", 51) + "}}", codeLimit, "selections of one field with fragments spread"},
		{"one field 60 times in fragments", "{item{" + strings.Repeat("...F ", 60) + "}}fragment F on Item{id}", codeLimit, "selections of one field with fragments spread"},
		{"701 selections", "{item{" + repeat(700, "b%d ") + "}}", codeLimit, "selections"},
		{"2 KB of doubling fragments", doubling(18), codeLimit, "fields with fragments spread"},
		{"doubling fragments, ten deep", doubling(10), codeLimit, "fields with fragments spread"},
		{"151 fragments", bomb(50), codeLimit, "fragments"},
		{"21 levels", "{item{" + strings.Repeat("self{", 19) + "id" + strings.Repeat("}", 19) + "}}", codeLimit, "levels"},
		{"depth 200", "{item{" + strings.Repeat("self{", 198) + "id" + strings.Repeat("}", 198) + "}}", codeLimit, "levels"},
		{"600 inline fragments in each other", "{item{" + strings.Repeat("...{", 600) + "id" + strings.Repeat("}", 600) + "}}", codeLimit, "levels"},
		{"21 levels through fragments", "{item{self{self{...A}}}}fragment A on Item{" + strings.Repeat("self{", 9) + "...B" + strings.Repeat("}", 9) + "}fragment B on Item{" + strings.Repeat("self{", 9) + "id" + strings.Repeat("}", 9) + "}", codeLimit, "levels"},
		{"a fragment that spreads itself", "{item{...A}}fragment A on Item{self{...B}}fragment B on Item{self{...A}}", codeValidation, ""},
		{"a cycle that nothing uses", "{__typename}fragment A on Item{...A}", codeValidation, ""},
		{"51 fragments", "{__typename}" + repeat(51, "fragment F%d on Item{id}"), codeLimit, "fragments"},
		{"51 directives", "{item{" + repeat(51, "a%d:id @skip(if:false) ") + "}}", codeLimit, "directives"},
		{"51 directives on one field", "{caller " + strings.Repeat("@skip(if:false)", 51) + "}", codeLimit, "directives"},
		{"21 operations", repeat(21, "query Q%d{caller}"), codeLimit, "operations"},
		{"101 variables", "query(" + repeat(101, "$v%d:Int ") + "){caller}", codeLimit, "variables"},
		{"a list of 251 literals", "{echo(list:[" + strings.Repeat("1 ", 251) + "])}", codeLimit, "elements in a list"},
		{"literals 21 levels deep", "{echo(nested:" + strings.Repeat("{deeper:", 20) + "{}" + strings.Repeat("}", 20) + ")}", codeLimit, "levels of input"},
		{"a deep default value", "query($n:Nested=" + strings.Repeat("{deeper:", 20) + "{}" + strings.Repeat("}", 20) + "){caller}", codeLimit, "levels of input"},
		{"parentheses without end", strings.Repeat("{", 1500), codeParse, ""},
		{"NUL in a literal", `{echo(text:"\u0000")}`, codeValidation, ""},
		{"half a surrogate pair in a literal", `{echo(text:"\uD83D")}`, codeParse, ""},
		{"two logins", `mutation{a:login(password:"1"){ok} b:login(password:"2"){ok}}`, codeLimit, "mutations that sign in"},
		{"two ways to log in", `mutation{login(password:"1"){ok} loginByCode(code:"2"){ok}}`, codeLimit, "mutations that sign in"},
		{"two logins in a fragment", `mutation{...A ...A}fragment A on Mutation{... on Mutation{login(password:"1"){ok}}}`, codeLimit, "mutations that sign in"},
		{"1,000 logins", "mutation{" + repeat(250, `a%d:login(password:"x"){ok}`) + "}", codeLimit, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{SoleMutations: []string{"login", "loginByCode"}})
			got := a.query(t, test.document, nil, "Accept", mediaGraphQL)
			if got.status != 400 || got.code() != test.code {
				t.Fatalf("answered %d %s, want 400 %s: %s", got.status, got.code(), test.code, got.body)
			}
			if limit, _ := got.Errors[0].Extensions["limit"].(map[string]any); test.kind != "" && limit["kind"] != test.kind {
				t.Errorf("refused for %v, want %s", limit["kind"], test.kind)
			}
			if parsed, validated := a.probe.counts(); parsed+validated > 0 {
				t.Error("gqlgen has parsed or validated the document")
			}
			if a.resolver.Logins.Load() > 0 {
				t.Error("a mutation ran")
			}
		})
	}
}

func TestOrdinaryDocumentsPassTheGuard(t *testing.T) {
	for name, document := range map[string]string{
		"30 root fields":                         "{" + repeat(30, "a%d:caller ") + "}",
		"one field ten times":                    "{item{" + strings.Repeat("id ", 10) + "}}",
		"20 levels":                              "{item{" + strings.Repeat("self{", 18) + "id" + strings.Repeat("}", 18) + "}}",
		"40 fragments that each ask for the id":  "{item{" + repeat(40, "...F%d ") + "}}" + repeat(40, "fragment F%d on Item{__typename id}"),
		"a union's members with their type name": `mutation{itemRename(input:{id:"itm_1",name:"x"}){errors{__typename ... on NotFoundError{__typename message}... on InvalidInputError{__typename message path}}}}`,
		"one login":                              `mutation{login(password:"1"){ok}}`,
		"a list of 250":                          "{echo(list:[" + strings.Repeat("1 ", 250) + "])}",
		"doubling fragments, six deep":           doubling(6),
		"the query of GraphiQL":                  introspectionQuery,
	} {
		t.Run(name, func(t *testing.T) {
			a := serveAPI(t, Options{SoleMutations: []string{"login", "loginByCode"}, Introspect: always})
			if got := a.query(t, document, nil); len(got.Errors) > 0 {
				t.Errorf("refused: %s", got.body)
			}
		})
	}
}

func TestASecondRequestSkipsTheGuardButNotTheLimits(t *testing.T) {
	a := serveAPI(t, Options{})
	for range 2 {
		if got := a.query(t, "{ caller }", nil); len(got.Errors) > 0 {
			t.Error(got.body)
		}
		if got := a.query(t, "{ caller nothing }", nil); got.code() != codeValidation {
			t.Error(got.body)
		}
		if got := a.query(t, "query($n: Int) { echo(number: $n) }", map[string]any{"n": "5"}); got.code() != codeValidation {
			t.Error(got.body)
		}
	}
}

// The memoised count of expanded fields is that of a plain expansion.
func TestTheGuardCountsWhatFragmentsExpandTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fragments := rapid.IntRange(1, 8).Draw(t, "fragments")
		sizes := make([]int, fragments+1)
		sizes[fragments] = 1
		document := fmt.Sprintf("{item{...F0}}fragment F%d on Item{id}", fragments)
		for i := fragments - 1; i >= 0; i-- {
			document += fmt.Sprintf("fragment F%d on Item{", i)
			for s := range rapid.IntRange(1, 3).Draw(t, "spreads") {
				to := rapid.IntRange(i+1, fragments).Draw(t, "to")
				document += fmt.Sprintf("a%d_%d:self{...F%d}", i, s, to)
				sizes[i] += 1 + sizes[to]
			}
			document += "}"
		}
		most := rapid.IntRange(1, 200).Draw(t, "most")
		limits := DefaultLimits()
		limits.Expanded = most
		parsed, err := parser.ParseQuery(&ast.Source{Input: document})
		if err != nil {
			t.Fatal(err)
		}
		largest := max(sizes[0]+1, slices.Max(sizes))
		if refusal := newSurvey(limits, nil, parsed).judge(); (refusal != nil) != (largest > most) {
			t.Fatalf("%d fields, of at most %d: %v\n%s", largest, most, refusal, document)
		}
	})
}
