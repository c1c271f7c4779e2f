package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/gqlhttp/gqltest"

	"github.com/99designs/gqlgen/graphql"
)

// api is the test schema, served.
type api struct {
	*httptest.Server
	resolver *gqltest.Resolver
	probe    *probe
	log      *logText
}

// callerKey is where the tests put who asks.
type callerKey struct{}

func callerOf(ctx context.Context) string {
	name, _ := ctx.Value(callerKey{}).(string)
	return name
}

// serveAPI serves the test schema; the header Test-Caller says who asks, Test-Language in which language.
func serveAPI(t *testing.T, opts Options) *api {
	t.Helper()
	a := &api{resolver: &gqltest.Resolver{Caller: callerOf}, probe: &probe{}, log: &logText{}}
	a.resolver.Cost = func(ctx context.Context) int { return CostFrom(ctx).Requested }
	opts.Logger = slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opts.Extensions = append(opts.Extensions, a.probe)
	if opts.Caller == nil {
		opts.Caller = callerOf
	}
	handler := RequestIDs(AccessLog(opts.Logger, New(gqltest.New(a.resolver), opts)))
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), callerKey{}, r.Header.Get("Test-Caller"))
		handler.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(a.Close)
	return a
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
	Extensions map[string]any
}

// code is the code of the first error, "" when there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// send makes a request; headers come in pairs.
func (a *api) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, a.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := a.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{status: response.StatusCode, header: response.Header, body: string(text)}
	_ = json.Unmarshal(text, &got) // streams are not JSON; tests of JSON look at what is in it
	return got
}

// post sends a body as JSON.
func (a *api) post(t *testing.T, body string, headers ...string) answer {
	t.Helper()
	return a.send(t, http.MethodPost, "/graphql", body, append([]string{"Content-Type", "application/json"}, headers...)...)
}

// query sends a document with variables, nil for none.
func (a *api) query(t *testing.T, document string, variables map[string]any, headers ...string) answer {
	t.Helper()
	return a.post(t, operation(t, document, variables), headers...)
}

// operation is the JSON of an operation.
func operation(t *testing.T, document string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// probe sees how far operations came.
type probe struct {
	mu        sync.Mutex
	parsed    int // by the executor, after the guard
	validated int
}

func (*probe) ExtensionName() string                   { return "Probe" }
func (*probe) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse counts the stages that an operation has entered.
func (p *probe) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	stats := graphql.GetOperationContext(ctx).Stats
	p.mu.Lock()
	if !stats.Parsing.Start.IsZero() {
		p.parsed++
	}
	if !stats.Validation.Start.IsZero() {
		p.validated++
	}
	p.mu.Unlock()
	return next(ctx)
}

// counts returns and clears what was seen.
func (p *probe) counts() (parsed, validated int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parsed, validated = p.parsed, p.validated
	p.parsed, p.validated = 0, 0
	return parsed, validated
}

// logText is a log that tests can read while it is written.
type logText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func always(context.Context) bool { return true }

// introspectionQuery is what GraphiQL sends first.
const introspectionQuery = `query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
  types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func startTrace() context.Context { return graphql.StartOperationTrace(context.Background()) }

func rawQuery(document string) *graphql.RawParams { return &graphql.RawParams{Query: document} }

func testSchema() graphql.ExecutableSchema { return gqltest.New(&gqltest.Resolver{Caller: callerOf}) }

func logger(text *logText) *slog.Logger { return slog.New(slog.NewTextHandler(text, nil)) }

// sendUntil posts an operation and stops waiting for the answer when ctx ends.
func sendUntil(ctx context.Context, a *api, body string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, strings.NewReader(body))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/json")
	if response, err := a.Client().Do(request); err == nil {
		_ = response.Body.Close()
	}
}

// eventually waits until something has become true; it gives up after a time that only a hang takes.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 3000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}
