package gqlhttp

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/gqlhttp/gqltest"

	"github.com/prometheus/client_golang/prometheus"
)

// BenchmarkQuery is one request from the first byte to the last, without network.
func BenchmarkQuery(b *testing.B) {
	for name, document := range map[string]string{
		"one field":       `{"query":"{ caller }"}`,
		"fifty items":     `{"query":"query Items($n: Int) { items(first: $n) { nodes { id name tags { word } } totalCount pageInfo { hasNextPage } } }","variables":{"n":50}}`,
		"an unknown text": "",
	} {
		b.Run(name, func(b *testing.B) {
			handler := New(gqltest.New(&gqltest.Resolver{}), Options{
				Logger:  slog.New(slog.NewJSONHandler(io.Discard, nil)),
				Metrics: prometheus.NewRegistry(),
				Spend: func(context.Context, int) (Allowance, error) {
					return Allowance{Limit: 1000, Remaining: 999, ResetAt: time.Now(), OK: true}, nil
				},
			})
			b.ReportAllocs()
			for i := range b.N {
				body := document
				if body == "" { // never in the cache
					body = `{"query":"query Q` + strconv.Itoa(i) + `{ item { id name children(first: 3) { nodes { id name } } } }"}`
				}
				r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
