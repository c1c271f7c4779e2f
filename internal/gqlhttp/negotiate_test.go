package gqlhttp

import "testing"

func TestTheAcceptHeaderDecidesTheForm(t *testing.T) {
	for _, test := range []struct{ name, accept, single, stream string }{
		{"no header", "", mediaJSON, ""},
		{"anything", "*/*", mediaJSON, ""},
		{"any application type", "application/*", mediaJSON, ""},
		{"a browser's address bar", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", mediaJSON, ""},
		{"both JSON types alike", "application/json, application/graphql-response+json", mediaGraphQL, ""},
		{"the old type preferred", "application/graphql-response+json;q=0.5, application/json", mediaJSON, ""},
		{"the new type preferred", "application/graphql-response+json;q=0.9, application/json;q=0.8", mediaGraphQL, ""},
		{"charset in capitals", "application/json;charset=UTF-8", mediaJSON, ""},
		{"urql's query", "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed", mediaGraphQL, mediaEvents},
		{"urql's subscription", "text/event-stream, multipart/mixed", "", mediaEvents},
		{"Apollo's subscription", "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9", mediaGraphQL, mediaMultipart},
		{"graphql-sse", "text/event-stream", "", mediaEvents},
		{"multipart before events", "multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.5", "", mediaMultipart},
		{"multipart of another kind", "multipart/mixed", "", ""},
		{"nonsense", "???", "", ""},
		{"a weight that is none", "application/json;q=yes", "", ""},
		{"a weight above 1", "application/json;q=7", "", ""},
		{"nothing wanted", "application/json;q=0, text/event-stream;q=0.0", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := negotiate([]string{test.accept})
			if a.single() != test.single || a.stream() != test.stream {
				t.Errorf("%q gives %q and %q, want %q and %q", test.accept, a.single(), a.stream(), test.single, test.stream)
			}
			if none := test.single == "" && test.stream == ""; a.none() != none {
				t.Errorf("%q is not acceptable: %v, want %v", test.accept, a.none(), none)
			}
		})
	}
}
