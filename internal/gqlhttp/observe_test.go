package gqlhttp

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestRequestIDs(t *testing.T) {
	for _, test := range []struct {
		name, sent string
		kept       bool
	}{
		{"none", "", false},
		{"a proxy's", "3f2b8c1e-77aa-4d10-9c55-0123456789ab", true},
		{"too short", "1", false},
		{"too long", strings.Repeat("x", 65), false},
		{"one that forges a line of the log", "12345678\" level=ERROR", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var inside string
			handler := RequestIDs(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { inside = RequestID(r.Context()) }))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("X-Request-Id", test.sent)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if got := w.Header().Get("X-Request-Id"); got != inside || len(got) < 8 || (got == test.sent) != test.kept {
				t.Errorf("answered with %q, inside %q", got, inside)
			}
		})
	}
	if id := RequestID(context.Background()); id != "" {
		t.Errorf("outside of a request the id is %q", id)
	}
}

func TestTheLogTellsWhatRanButNotWithWhat(t *testing.T) {
	a := serveAPI(t, Options{})
	a.query(t, `mutation SignIn($p: String!) { login(password: $p) { ok } }`, map[string]any{"p": "hunter2"}, "X-Request-Id", "request-0002")
	a.query(t, `mutation { login(password: "hunter3") { ok } }`, nil)
	a.send(t, "GET", "/graphql?query=%7Bcaller%7D&variables=%7B%22x%22%3A%22hunter4%22%7D", "")
	a.query(t, "{ refused fails }", nil)
	log := a.log.String()
	for _, want := range []string{
		"request_id=request-0002 type=mutation operation=SignIn",
		"cost=12", "responses=1", "codes=[]",
		`msg="HTTP request" request_id=request-0002 method=POST path=/graphql status=200`,
		"method=GET path=/graphql status=200",
		"FORBIDDEN", "INTERNAL",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if strings.Contains(log, "hunter") {
		t.Errorf("the log holds what was sent: %s", log)
	}
}

func TestTracesSpanOperationsAndResolvers(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	a := serveAPI(t, Options{Tracer: provider})
	a.query(t, `query Named($t: String) { item { id name self { tags { word } } } echo(text: $t) fails }`, map[string]any{"t": "hunter2"},
		"Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	var names []string
	for _, span := range spans.GetSpans() {
		names = append(names, span.Name)
		if span.SpanContext.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("%s belongs to another trace", span.Name)
		}
		if text := fmt.Sprint(span.Attributes, span.Events, span.Status, span.Name); strings.Contains(text, "hunter2") || strings.Contains(text, "secret") {
			t.Errorf("a span holds data: %s", text)
		}
	}
	slices.Sort(names)
	want := []string{"Item.self", "Item.tags", "Query.echo", "Query.fails", "Query.item", "query"}
	if !slices.Equal(names, want) {
		t.Errorf("spans %v, want %v", names, want)
	}

	spans.Reset()
	a.query(t, "subscription { tick(count: 3) { number caller } }", nil, "Accept", mediaEvents)
	operations := 0
	for _, span := range spans.GetSpans() {
		if span.Name == "subscription" {
			operations++
		} else if span.Name != "Tick.caller" {
			t.Errorf("a span %s", span.Name)
		}
	}
	if operations != 1 || len(spans.GetSpans()) != 4 {
		t.Errorf("%d operations, %d spans", operations, len(spans.GetSpans()))
	}
}

func TestMetricsCountOperationsUnderAFewLabels(t *testing.T) {
	registry := prometheus.NewRegistry()
	a := serveAPI(t, Options{Metrics: registry})
	for i := range 5 {
		a.query(t, fmt.Sprintf("query Name%d { caller }", i), nil)
	}
	a.query(t, "{ refused }", nil)
	a.query(t, "{ fails }", nil)
	a.query(t, "{ nothing }", nil)
	a.query(t, "subscription { tick(count: 2) { number } }", nil, "Accept", mediaEvents)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, metric := range family.Metric {
			got[family.GetName()+labels(metric)] = metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	for name, want := range map[string]float64{
		"graphql_operation_duration_seconds{ok query}":        5,
		"graphql_operation_duration_seconds{error query}":     1,
		"graphql_operation_duration_seconds{fault query}":     1,
		"graphql_operation_duration_seconds{ok subscription}": 1,
		"graphql_operation_cost{query}":                       7,
		"graphql_operation_cost{subscription}":                1,
		"graphql_refusals_total{GRAPHQL_VALIDATION_FAILED}":   1,
		"graphql_open_connections{stream}":                    0,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("there is more: %v", got)
	}
}

func labels(metric *dto.Metric) string {
	var values []string
	for _, label := range metric.Label {
		values = append(values, label.GetValue())
	}
	return "{" + strings.Join(values, " ") + "}"
}
