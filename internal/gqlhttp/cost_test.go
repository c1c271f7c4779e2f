package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestCostFollowsPageSizes(t *testing.T) {
	a := serveAPI(t, Options{Weights: map[string]int{"Query.refused": 50}, Introspect: always, Limits: Limits{Cost: 1 << 30}})
	for _, test := range []struct {
		name, document, variables string
		want                      int
	}{
		{"a field", "{ caller }", `{}`, 1},
		{"an object and its field", "{ item { id } }", `{}`, 2},
		{"a type name", "{ __typename }", `{}`, 1},
		{"a page of the default size", "{ items { nodes { id } } }", `{}`, 1 + 20*2},
		{"first", "{ items(first: 100) { nodes { id } } }", `{}`, 1 + 100*2},
		{"last", "{ items(last: 3) { nodes { id } } }", `{}`, 1 + 3*2},
		{"first by variable", "query($n: Int) { items(first: $n) { nodes { id } } }", `{"n": 7}`, 1 + 7*2},
		{"first by a variable that is not given", "query($n: Int) { items(first: $n) { nodes { id } } }", `{}`, 1 + 20*2},
		{"first by a default", "query($n: Int = 4) { items(first: $n) { nodes { id } } }", `{}`, 1 + 4*2},
		{"edges", "{ items(first: 10) { edges { node { id } } } }", `{}`, 1 + 10*3},
		{"the count alone", "{ items(first: 100) { totalCount pageInfo { hasNextPage } } }", `{}`, 1 + 1 + 2},
		{"pages in pages", "{ items(first: 10) { nodes { children(first: 5) { nodes { id } } } } }", `{}`, 1 + 10*(1+1+5*2)},
		{"pages in a fragment", "{ items(first: 10) { ...P } } fragment P on ItemConnection { nodes { id } totalCount }", `{}`, 1 + 10*2 + 1},
		{"one fragment on pages of two sizes", "{ a: items(first: 10) { ...P } b: items(first: 20) { ...P } } fragment P on ItemConnection { nodes { id } }", `{}`, 2 + 10*2 + 20*2},
		{"a plain list", "{ item { tags { word } } }", `{}`, 1 + 5*2},
		{"as many as were asked for", `{ nodes(ids: ["a", "b", "c"]) { id } }`, `{}`, 3 * 2},
		{"left out", "{ item { id name @skip(if: true) self @include(if: false) { id } } }", `{}`, 2},
		{"left out by variable", "query($no: Boolean!) { items(first: 100) @include(if: $no) { nodes { id } } caller }", `{"no": false}`, 1},
		{"a field with a weight", "{ refused }", `{}`, 50},
		{"a mutation", `mutation { login(password: "x") { ok } }`, `{}`, 12},
		{"a size that the resolver will refuse", "{ items(first: -1) { nodes { id } } }", `{}`, 1 + 20*2},
		{"a large variable, used twice", "query($l: [Int!]) { a: echo(list: $l) b: echo(list: $l) }", `{"l": [` + strings.Repeat("1,", 199) + `1]}`, 2 * (1 + 201/20)},
		{"the schema", "{ __schema { queryType { name } } }", `{}`, 2500},
		{"the schema, all of it", introspectionQuery, `{}`, 2500},
		{"a type", `{ __type(name: "Item") { fields { name type { name } } } }`, `{}`, 1 + 20*(1+1+2)},
	} {
		t.Run(test.name, func(t *testing.T) {
			document, _ := json.Marshal(test.document)
			got := a.post(t, fmt.Sprintf(`{"query":%s,"variables":%s}`, document, test.variables))
			cost, _ := got.Extensions["cost"].(map[string]any)
			if cost["requested"] != float64(test.want) {
				t.Errorf("costs %v, want %d: %.300s", cost["requested"], test.want, got.body)
			}
			if header := got.header.Get("X-Operation-Cost"); header != strconv.Itoa(test.want) {
				t.Errorf("the header says %q", header)
			}
		})
	}
}

func TestAnOperationThatCostsTooMuchDoesNotRun(t *testing.T) {
	spent := 0
	a := serveAPI(t, Options{Spend: func(_ context.Context, cost int) (Allowance, error) {
		spent += cost
		return Allowance{Limit: 1000, Remaining: 1, ResetAt: time.Now().Add(time.Minute), OK: true}, nil
	}})
	const document = "{ items(first: 100) { nodes { children(first: 100) { nodes { id } } } } }"
	for accept, status := range map[string]int{mediaJSON: 200, mediaGraphQL: 400} {
		got := a.query(t, document, nil, "Accept", accept)
		if got.status != status || got.code() != codeComplexity || len(got.Data) > 0 {
			t.Errorf("%s: %d %s", accept, got.status, got.body)
		}
	}
	if spent != 2 {
		t.Errorf("two refusals took %d from the budget, want 1 each", spent)
	}
	if got := a.query(t, strings.ReplaceAll(document, "100", "1000000000"), nil); got.code() != codeComplexity {
		t.Errorf("sizes that overflow: %s", got.body)
	}
}

func TestABudgetIsSpent(t *testing.T) {
	resetAt := time.Now().Add(40 * time.Second)
	left := 10
	a := serveAPI(t, Options{
		Language: func(context.Context) string { return "nl" },
		Spend: func(_ context.Context, cost int) (Allowance, error) {
			if cost > left {
				return Allowance{Limit: 10, Remaining: left, ResetAt: resetAt}, nil
			}
			left -= cost
			return Allowance{Limit: 10, Remaining: left, ResetAt: resetAt, OK: true}, nil
		},
	})
	first := a.query(t, "{ a: caller b: caller c: caller cost }", nil)
	if first.Data["cost"] != 4.0 {
		t.Errorf("resolvers are told %v, want 4", first.Data["cost"])
	}
	if got := first.header.Get("RateLimit-Limit") + " " + first.header.Get("RateLimit-Remaining") + " " + first.header.Get("X-Operation-Cost"); got != "10 6 4" {
		t.Errorf("headers say %q, want 10 6 4", got)
	}
	budget := first.Extensions["cost"].(map[string]any)["budget"].(map[string]any)
	if budget["limit"] != 10.0 || budget["remaining"] != 6.0 || budget["resetAt"] != resetAt.UTC().Format(time.RFC3339) {
		t.Errorf("extensions say %v", budget)
	}
	a.query(t, "{ nothing }", nil)     // 1 for a refusal
	a.query(t, "{ caller } }", nil)    // 1 for what cannot be parsed
	a.query(t, "{ item { id } }", nil) // 2
	if left != 2 {
		t.Errorf("%d left, want 2", left)
	}
	for accept := range map[string]bool{mediaJSON: true, mediaGraphQL: true, mediaEvents: true} {
		got := a.query(t, "{ a: caller b: caller c: caller }", nil, "Accept", accept)
		retry, err := strconv.Atoi(got.header.Get("Retry-After"))
		if got.status != 429 || got.code() != codeRateLimited || err != nil || retry < 1 || retry > 40 {
			t.Errorf("%s: %d, Retry-After %q: %s", accept, got.status, got.header.Get("Retry-After"), got.body)
		}
		if !strings.Contains(got.body, "Probeer het over") {
			t.Errorf("not in the caller's language: %s", got.body)
		}
	}
	a.query(t, "{ a: caller b: caller }", nil)
	if got := a.query(t, "{ nothing }", nil); got.status != 429 {
		t.Errorf("refusals go on without a budget: %d %s", got.status, got.body)
	}
}

func TestAnUnknownBudgetStopsNobody(t *testing.T) {
	a := serveAPI(t, Options{Spend: func(context.Context, int) (Allowance, error) { return Allowance{}, errors.New("no database") }})
	if got := a.query(t, "{ caller }", nil); got.status != 200 || len(got.Errors) > 0 {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	if !strings.Contains(a.log.String(), "no database") {
		t.Error("it is not in the log")
	}
}
