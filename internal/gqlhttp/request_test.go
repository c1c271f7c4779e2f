package gqlhttp

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRequestsAreRefusedByTheirForm(t *testing.T) {
	const ok = `{"query":"{ __typename }"}`
	json := []string{"Content-Type", "application/json"}
	with := func(headers ...string) []string { return append(append([]string{}, json...), headers...) }
	for _, test := range []struct {
		name    string
		method  string
		path    string
		body    string
		headers []string
		status  int
		code    string
		header  [2]string
	}{
		{"PUT is not allowed", "PUT", "", ok, json, 405, codeMethodNotAllowed, [2]string{"Allow", "GET, POST"}},
		{"DELETE is not allowed", "DELETE", "", "", nil, 405, codeMethodNotAllowed, [2]string{"Allow", "GET, POST"}},
		{"HTML cannot be had", "POST", "", ok, with("Accept", "text/html"), 406, codeNotAcceptable, [2]string{}},
		{"JSON with weight 0 cannot be had", "POST", "", ok, with("Accept", "application/json;q=0"), 406, codeNotAcceptable, [2]string{}},
		{"another charset cannot be had", "POST", "", ok, with("Accept", "application/json;charset=latin1"), 406, codeNotAcceptable, [2]string{}},
		{"deferred multipart cannot be had", "POST", "", ok, with("Accept", "multipart/mixed;deferSpec=20220824"), 406, codeNotAcceptable, [2]string{}},
		{"a form is not taken", "POST", "", "query=%7B__typename%7D", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, codeUnsupportedMediaType, [2]string{"Accept", "application/json"}},
		{"a multipart form, which a page of another site can send, is not taken", "POST", "", "--x\r\n", []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, codeUnsupportedMediaType, [2]string{}},
		{"plain text is not taken", "POST", "", ok, []string{"Content-Type", "text/plain"}, 415, codeUnsupportedMediaType, [2]string{}},
		{"the bare document is not taken", "POST", "", "{ __typename }", []string{"Content-Type", "application/graphql"}, 415, codeUnsupportedMediaType, [2]string{}},
		{"no type is not taken", "POST", "", ok, nil, 415, codeUnsupportedMediaType, [2]string{}},
		{"another charset is not taken", "POST", "", ok, []string{"Content-Type", "application/json; charset=utf-16"}, 415, codeUnsupportedMediaType, [2]string{}},
		{"a compressed body, which may be a bomb, is not taken", "POST", "", gzipped(ok), with("Content-Encoding", "gzip"), 415, codeUnsupportedMediaType, [2]string{}},
		{"a body over 128 KB is too large", "POST", "", `{"query":"` + strings.Repeat(" ", 128<<10) + `"}`, json, 413, codeRequestTooLarge, [2]string{}},
		{"an empty body is no operation", "POST", "", "", json, 400, codeBadRequest, [2]string{}},
		{"half an object is no operation", "POST", "", `{"query":`, json, 400, codeBadRequest, [2]string{}},
		{"two objects are no operation", "POST", "", ok + ok, json, 400, codeBadRequest, [2]string{}},
		{"a batch is refused", "POST", "", "[" + ok + "," + ok + "]", json, 400, codeBadRequest, [2]string{}},
		{"null is no operation", "POST", "", "null", json, 400, codeBadRequest, [2]string{}},
		{"parameters have one spelling", "POST", "", `{"Query":"{ __typename }"}`, json, 400, codeBadRequest, [2]string{}},
		{"query must be text", "POST", "", `{"query":1}`, json, 400, codeBadRequest, [2]string{}},
		{"variables must be an object", "POST", "", `{"query":"{ __typename }","variables":[]}`, json, 400, codeBadRequest, [2]string{}},
		{"extensions must be an object", "POST", "", `{"query":"{ __typename }","extensions":"x"}`, json, 400, codeBadRequest, [2]string{}},
		{"bytes that are not UTF-8 are refused, not altered", "POST", "", "{\"query\":\"{ echo(text: \\\"\xff\\\") }\"}", json, 400, codeBadRequest, [2]string{}},
		{"half a surrogate pair is refused, not altered", "POST", "", `{"query":"query($t: String) { echo(text: $t) }","variables":{"t":"\ud83d"}}`, json, 400, codeBadRequest, [2]string{}},
		{"the wrong half of a pair too", "POST", "", `{"query":"query($t: String) { echo(text: $t) }","variables":{"t":"\ude00\ud83d"}}`, json, 400, codeBadRequest, [2]string{}},
		{"nested beyond what a decoder takes", "POST", "", `{"variables":` + strings.Repeat(`{"a":`, 20000), json, 400, codeBadRequest, [2]string{}},
		{"GET without a query is no operation", "GET", "", "", nil, 400, codeBadRequest, [2]string{}},
		{"GET with malformed variables is no operation", "GET", "?query=%7B__typename%7D&variables=%7B", "", nil, 400, codeBadRequest, [2]string{}},
		{"GET with bytes that are not UTF-8", "GET", "?query=%7B__typename%7D%FF", "", nil, 400, codeBadRequest, [2]string{}},
		{"GET may not write", "GET", "?query=" + url.QueryEscape(`mutation { login(password: "x") { ok } }`), "", nil, 405, codeMethodNotAllowed, [2]string{"Allow", "POST"}},
		{"a subscription needs a stream", "POST", "", `{"query":"subscription { tick { number } }"}`, json, 400, codeStream, [2]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{})
			got := a.send(t, test.method, "/graphql"+test.path, test.body, test.headers...)
			if got.status != test.status || got.code() != test.code {
				t.Errorf("answered %d %s, want %d %s: %s", got.status, got.code(), test.status, test.code, got.body)
			}
			if test.header[0] != "" && got.header.Get(test.header[0]) != test.header[1] {
				t.Errorf("header %s is %q, want %q", test.header[0], got.header.Get(test.header[0]), test.header[1])
			}
			if n := a.resolver.Logins.Load(); n != 0 {
				t.Errorf("%d mutations ran", n)
			}
			if strings.Contains(got.body, `"data"`) {
				t.Errorf("a refusal has data: %s", got.body)
			}
		})
	}
}

func TestAnswersSayWhatTheyAre(t *testing.T) {
	a := serveAPI(t, Options{})
	got := a.query(t, "{ __typename }", nil)
	for name, want := range map[string]string{
		"Content-Type":           "application/json; charset=utf-8",
		"Vary":                   "Accept",
		"Cache-Control":          "no-store",
		"X-Content-Type-Options": "nosniff",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
}

func TestARefusedDocumentHasAStatusOfItsMediaType(t *testing.T) {
	a := serveAPI(t, Options{})
	for accept, want := range map[string]int{mediaJSON: 200, mediaGraphQL: 400} {
		got := a.query(t, "{ nothing }", nil, "Accept", accept)
		if got.status != want || got.code() != codeValidation || strings.Contains(got.body, `"data"`) {
			t.Errorf("%s: answered %d %s", accept, got.status, got.body)
		}
	}
}

func TestWhatIsSentIsNotEchoed(t *testing.T) {
	a := serveAPI(t, Options{})
	const secret = "hunter2hunter2"
	for name, body := range map[string]string{
		"broken JSON":           `{"query":"mutation { login(password: \"` + secret + `\") { ok } }"`,
		"variables of a string": `{"query":"{ __typename }","variables":"` + secret + `"}`,
		"a password as Int":     `{"query":"query($n: Int) { echo(number: $n) }","variables":{"n":"` + secret + `"}}`,
		"a password with NUL":   `{"query":"mutation($p: String!) { login(password: $p) { ok } }","variables":{"p":"` + secret + `\u0000"}}`,
	} {
		if got := a.post(t, body); strings.Contains(got.body, secret) || len(got.Errors) == 0 {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if strings.Contains(a.log.String(), secret) {
		t.Error("the log repeats what was sent")
	}
	long := strings.Repeat("x", 30<<10)
	if got := a.query(t, "{ "+long+" }", nil); len(got.body) > 1000 || got.code() != codeValidation {
		t.Errorf("a field name of %d bytes gives an answer of %d", len(long), len(got.body))
	}
	keys := map[string]any{"n": map[string]any{"deeper": map[string]any{long: 1}}}
	if got := a.query(t, "query($n: Nested) { echo(nested: $n) }", keys); len(got.body) > 1000 || got.code() != codeValidation {
		t.Errorf("a key of %d bytes gives an answer of %d", len(long), len(got.body))
	}
	if got := a.query(t, "{ item { "+repeat(300, "nope%d ")+" } }", nil); len(got.Errors) != mostErrors {
		t.Errorf("%d errors", len(got.Errors))
	}
}

func TestSurrogatesAreJudgedByPairs(t *testing.T) {
	for text, want := range map[string]bool{
		`plain`:                    false,
		`\ud83d\ude00`:             false,
		`\uD83D\uDE00 \u00e9`:      false,
		`\\ud83d`:                  false, // an escaped backslash, then letters
		`\\\ud83d`:                 true,
		`\ud83d`:                   true,
		`\ude00`:                   true,
		`\ud83d\ud83d\ude00`:       true,
		`\ud83dx\ude00`:            true,
		`\u{1F600}`:                false, // GraphQL's own form, which the parser checks
		`\n\t\"`:                   false,
		`\ud83d\`:                  true,
		`ends with a backslash \`:  false,
		`\u12`:                     false,
		`\ud83d\ude00\ud83d\ude00`: false,
	} {
		if got := hasLoneSurrogate([]byte(text)); got != want {
			t.Errorf("%s has half a pair: %v, want %v", text, got, want)
		}
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func TestPagesOfOtherSitesCannotUseTheSession(t *testing.T) {
	const body = `{"query":"mutation { login(password: \"x\") { ok } }"}`
	get := "/graphql?query=" + url.QueryEscape("{ __typename }")
	for _, test := range []struct {
		name    string
		method  string
		headers []string
		status  int
	}{
		{"a program posts", "POST", nil, 200},
		{"our own page posts", "POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"another site posts", "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site of the same domain posts", "POST", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser posts from another origin", "POST", []string{"Origin", "https://evil.example"}, 403},
		{"a trusted origin posts", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://panel.example.nl"}, 200},
		{"a program gets", "GET", nil, 200},
		{"our own page gets", "GET", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"a person follows a bookmark", "GET", []string{"Sec-Fetch-Site", "none"}, 200},
		{"another site gets", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"an old browser gets for another origin", "GET", []string{"Origin", "https://evil.example"}, 403},
		{"a simple media type gives no protection", "GET", []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"}, 403},
		{"a header that needs our consent does", "GET", []string{"Sec-Fetch-Site", "cross-site", "Apollo-Require-Preflight", "true"}, 200},
		{"a media type that needs our consent does", "GET", []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"}, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{Origins: []string{"https://panel.example.nl"}})
			path, text, headers := get, "", test.headers
			if test.method == http.MethodPost {
				path, text = "/graphql", body
				headers = append([]string{"Content-Type", "application/json"}, headers...)
			}
			got := a.send(t, test.method, path, text, headers...)
			if got.status != test.status || test.status == 403 && got.code() != codeCSRF {
				t.Errorf("answered %d %s, want %d", got.status, got.body, test.status)
			}
			if test.status == 403 && a.resolver.Logins.Load() > 0 {
				t.Error("the mutation ran")
			}
		})
	}
}
