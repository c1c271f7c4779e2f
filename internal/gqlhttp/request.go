package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// read takes the operation out of a GET or POST.
func read(w http.ResponseWriter, r *http.Request, accept acceptance, most int64) (*graphql.RawParams, *refusal) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return nil, refuse(http.StatusMethodNotAllowed, codeMethodNotAllowed, "Use POST or GET.").with("Allow", "GET, POST")
	case accept.none():
		return nil, refuse(http.StatusNotAcceptable, codeNotAcceptable, "Accept application/graphql-response+json, application/json or text/event-stream.")
	}
	start := graphql.Now()
	var params *graphql.RawParams
	var refusal *refusal
	if r.Method == http.MethodGet {
		params, refusal = readGet(r)
	} else {
		params, refusal = readPost(w, r, most)
	}
	if refusal != nil {
		return nil, refusal
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

func readPost(w http.ResponseWriter, r *http.Request, most int64) (*graphql.RawParams, *refusal) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := parameters["charset"]
	if err != nil || media != mediaJSON || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, refuse(http.StatusUnsupportedMediaType, codeUnsupportedMediaType, "Send the operation as application/json in UTF-8.").with("Accept", mediaJSON)
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, refuse(http.StatusUnsupportedMediaType, codeUnsupportedMediaType, "Send the request body uncompressed.").with("Accept-Encoding", "identity")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse(http.StatusRequestEntityTooLarge, codeRequestTooLarge, "The request body is too large.")
	case err != nil:
		return nil, badRequest("The request body could not be read.")
	}
	return decode(body)
}

func readGet(r *http.Request) (*graphql.RawParams, *refusal) {
	if !preflighted(r) {
		return nil, refuse(http.StatusForbidden, codeCSRF, "A GET from a page of another site needs one of these headers: "+strings.Join(preflightHeaders, ", ")+".")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("The query string is malformed.")
	}
	members := map[string]json.RawMessage{}
	for _, name := range []string{"query", "operationName", "documentId"} {
		if text := query.Get(name); text != "" {
			if !utf8.ValidString(text) { // json.Marshal would alter it
				return nil, badRequest("The query string is not UTF-8.")
			}
			members[name], _ = json.Marshal(text)
		}
	}
	for _, name := range []string{"variables", "extensions"} {
		if text := query.Get(name); text != "" {
			if !json.Valid([]byte(text)) {
				return nil, badRequest("The parameter " + name + " is not JSON.")
			}
			members[name] = json.RawMessage(text)
		}
	}
	body, err := json.Marshal(members)
	if err != nil {
		return nil, badRequest("The query string is malformed.")
	}
	return decode(body)
}

// decode reads the parameters of one operation from a JSON object. Text that Go's decoder would silently alter is
// refused: bytes that are not UTF-8, and halves of surrogate pairs.
func decode(body []byte) (*graphql.RawParams, *refusal) {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil, badRequest("The request body is empty.")
	case body[0] == '[':
		return nil, badRequest("Batched requests are not supported; send one operation per request.")
	case !utf8.Valid(body) || hasLoneSurrogate(body):
		return nil, badRequest("The request is not valid Unicode.")
	}
	var members map[string]json.RawMessage // not a struct: its fields would match in any case
	if json.Unmarshal(body, &members) != nil {
		return nil, badRequest("The request body is not a JSON object.")
	}
	params := &graphql.RawParams{}
	var documentID string
	for _, member := range []struct {
		name, kind string
		into       any
	}{
		{"query", "a string", &params.Query},
		{"operationName", "a string", &params.OperationName},
		{"documentId", "a string", &documentID},
		{"variables", "an object", &params.Variables},
		{"extensions", "an object", &params.Extensions},
	} {
		raw, given := members[member.name]
		if !given {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber() // a float64 would round large numbers
		if decoder.Decode(member.into) != nil {
			return nil, badRequest("The parameter " + member.name + " must be " + member.kind + ".")
		}
	}
	if documentID != "" {
		if params.Extensions == nil {
			params.Extensions = map[string]any{}
		}
		params.Extensions[extensionDocumentID] = documentID
	}
	if params.Query == "" && documentID == "" && params.Extensions["persistedQuery"] == nil {
		return nil, badRequest("The parameter query is missing.")
	}
	return params, nil
}

// hasLoneSurrogate reports whether text, JSON or GraphQL, escapes half of a surrogate pair (\ud83d without \ude00).
func hasLoneSurrogate(text []byte) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, ok := codeUnit(text[i:])
		switch {
		case !ok:
			i++ // past the escaped character, which may be a backslash
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return true
		case unit >= 0xD800 && unit <= 0xDBFF:
			low, ok := codeUnit(text[i+6:])
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return true
			}
			i += 11
		default:
			i += 5
		}
	}
	return false
}

// codeUnit reads the \uXXXX at the start of text.
func codeUnit(text []byte) (unit int, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			unit = unit<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			unit = unit<<4 | int(c-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
