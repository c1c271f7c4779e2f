package gqlhttp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func byHash(t *testing.T, document, hash string) string {
	t.Helper()
	body := map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}}
	if document != "" {
		body["query"] = document
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAutomaticPersistedQueries(t *testing.T) {
	a := serveAPI(t, Options{})
	const document = "{ caller }"
	hash := hashed(document)
	wants := func(what string, got answer, code string) {
		t.Helper()
		if got.code() != code {
			t.Errorf("%s: %s, want %q", what, got.body, code)
		}
	}
	wants("unknown hash", a.post(t, byHash(t, "", hash)), codeNotPersisted)
	if got := a.post(t, byHash(t, "", hash)); got.Errors[0].Message != "PersistedQueryNotFound" {
		t.Errorf("clients would not understand %q", got.Errors[0].Message)
	}
	wants("hash of another text", a.post(t, byHash(t, "{ item { id } }", hash)), codeHashMismatch)
	wants("still unknown", a.post(t, byHash(t, "", hash)), codeNotPersisted)
	wants("hash with its text", a.post(t, byHash(t, document, hash)), "")
	wants("hash alone", a.post(t, byHash(t, "", hash)), "")
	wants("hash in capitals", a.post(t, byHash(t, "", strings.ToUpper(hash))), "")
	wants("as a documentId", a.post(t, `{"documentId":"sha256:`+hash+`"}`), "")
	wants("hash alone, by GET", a.send(t, "GET", "/graphql?extensions="+url.QueryEscape(fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":"%s"}}`, hash)), ""), "")
	wants("no hash at all", a.post(t, byHash(t, "", "short")), codeBadRequest)
	wants("text for the extension", a.post(t, `{"extensions":{"persistedQuery":"x"}}`), codeBadRequest)

	const invalid, hostile = "{ nothing }", "{ item { id id id id id id id id id id id id } }"
	wants("an invalid document", a.post(t, byHash(t, invalid, hashed(invalid))), codeValidation)
	wants("is not kept", a.post(t, byHash(t, "", hashed(invalid))), codeNotPersisted)
	wants("a hostile document", a.post(t, byHash(t, hostile, hashed(hostile))), codeLimit)
	wants("is not kept either", a.post(t, byHash(t, "", hashed(hostile))), codeNotPersisted)
}

func TestTrustedDocuments(t *testing.T) {
	const known, other = "query Known { caller }", "query Other { caller }"
	a := serveAPI(t, Options{
		Documents:   map[string]string{"known-1": known, hashed("{ item { id } }"): "{ item { id } }"},
		TrustedOnly: func(ctx context.Context) bool { return callerOf(ctx) == "machine" },
	})
	for _, test := range []struct {
		name, body string
		machine    string // code for who may run registered documents only
		person     string
	}{
		{"a registered document by its id", `{"documentId":"known-1"}`, "", ""},
		{"by its hash", byHash(t, "", hashed(known)), "", ""},
		{"by its hash as documentId", `{"documentId":"sha256:` + hashed(known) + `"}`, "", ""},
		{"registered under its hash", `{"documentId":"sha256:` + hashed("{ item { id } }") + `"}`, "", ""},
		{"written out", `{"query":"` + known + `"}`, "", ""},
		{"another document", `{"query":"` + other + `"}`, codeNotTrusted, ""},
		{"another document under a registered id", `{"query":"` + other + `","documentId":"known-1"}`, codeNotTrusted, ""},
		{"another document under a registered hash", byHash(t, other, hashed(known)), codeHashMismatch, codeHashMismatch},
		{"another document with its own hash", byHash(t, other, hashed(other)), codeNotTrusted, ""},
		{"an id that is not registered", `{"documentId":"known-2"}`, codeNotTrusted, codeNotPersisted},
		{"the empty document", `{"query":" "}`, codeNotTrusted, codeValidation},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := a.post(t, test.body, "Test-Caller", "machine"); got.code() != test.machine {
				t.Errorf("a machine: %s, want %q", got.body, test.machine)
			}
			if got := a.post(t, test.body, "Test-Caller", "person"); got.code() != test.person {
				t.Errorf("a person: %s, want %q", got.body, test.person)
			}
		})
	}
}

func TestIntrospectionIsForWhoMay(t *testing.T) {
	a := serveAPI(t, Options{Introspect: func(ctx context.Context) bool { return callerOf(ctx) == "staff" }})
	for name, document := range map[string]string{
		"the schema":             "{ __schema { queryType { name } } }",
		"a type":                 `{ __type(name: "Item") { name } }`,
		"under an alias":         "{ s: __schema { queryType { name } } }",
		"in a fragment":          "{ ...F } fragment F on Query { __schema { queryType { name } } }",
		"in an inline fragment":  "{ ... { ... on Query { __schema { queryType { name } } } } }",
		"in a mutation's answer": `mutation { itemRename(input: {id: "itm_1", name: "x"}) { query { __schema { queryType { name } } } } }`,
		"GraphiQL's query":       introspectionQuery,
	} {
		if got := a.query(t, document, nil, "Test-Caller", "customer"); got.code() != codeIntrospection || len(got.Data) > 0 {
			t.Errorf("a customer got %s: %s", name, got.body)
		}
		if got := a.query(t, document, nil, "Test-Caller", "staff"); len(got.Errors) > 0 || len(got.Data) == 0 {
			t.Errorf("staff did not get %s: %s", name, got.body)
		}
	}
	if n := a.resolver.Renames.Load(); n != 1 {
		t.Errorf("the mutation ran %d times, want once, for staff", n)
	}
	if got := a.query(t, "{ __typename item { __typename } }", nil); len(got.Errors) > 0 {
		t.Errorf("type names are not the schema: %s", got.body)
	}
}

func TestRefusalsGiveNoHints(t *testing.T) {
	a := serveAPI(t, Options{})
	for name, document := range map[string]string{
		"a field":         "{ iten { id } }",
		"an argument":     "{ echo(txt: \"x\") }",
		"a type":          "query($n: Nestd) { echo(nested: $n) }",
		"a fragment type": "{ ... on Quer { caller } }",
		"an enum value":   "{ echo(direction: ACS) }",
		"an input field":  `{ echo(nested: {deepr: {}}) }`,
		"a selection":     "{ item }",
		"a variable":      "query($direction: Direction) { echo(direction: $direction) }",
	} {
		got := a.query(t, document, map[string]any{"direction": "ACS"})
		if got.code() != codeValidation || strings.Contains(got.body, "Did you mean") || strings.Contains(got.body, "deeper") || strings.Contains(got.body, "ASC") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

func TestDeferIsGone(t *testing.T) {
	a := serveAPI(t, Options{Introspect: always})
	if got := a.query(t, "{ item { ... @defer { name } } }", nil); got.code() != codeValidation {
		t.Errorf("@defer: %s", got.body)
	}
	if got := a.query(t, "{ __schema { directives { name } } }", nil); strings.Contains(got.body, "defer") {
		t.Errorf("the schema still has it: %s", got.body)
	}
}
