package graph_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"klantenpaneel/graph"
	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/gqlhttp"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
)

// The accounts of the fixture.
const (
	alone    = 1 // a customer of the provider
	other    = 2 // another
	partner  = 3 // a partner
	ofThis   = 4 // a customer of the partner
	ofThat   = 5 // a customer of the other partner
	partner2 = 6
	accounts = 6
)

// api is the server under test, over a database in which every account has one of everything.
type api struct {
	*pgtest.Database
	handler http.Handler
}

func newAPI(t testing.TB) *api {
	t.Helper()
	d := pgtest.New(t)
	run := func(statement string) {
		t.Helper()
		if _, err := d.Owner.DB.Exec(statement); err != nil {
			t.Fatalf("fixture: %v\n%.300s", err, statement)
		}
	}
	run(`insert into brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
		values (md5('brand')::uuid, 'PING', 'PING', 'Noorderhost', 'Noorderhost B.V.', 'Stationsplein 1', '3511 ED', 'Utrecht', 'NL', '90000001', 'NL123456782B90', 'NL91ABNA0417164300', 'ABNANL2A', 'info@example.org', '030-1234567', 'https://example.org', '2014-01-01Z');
		insert into product (id, code, kind, name_nl, name_en, created_at) values (md5('product')::uuid, 'HOST-BASIS', 'HOSTING', 'Webhosting Basis', 'Web hosting Basic', '2014-01-01Z');
		insert into product_price (id, product_id, term_months, valid_from, amount_cents) values (md5('price')::uuid, md5('product')::uuid, 12, '2014-01-01', 7200);
		insert into app_user (id, email, name, staff_role, status, created_at) values (md5('staff')::uuid, 'staff@example.org', 'canary-staff-name', 'ADMIN', 'ACTIVE', '2020-01-01Z');`)
	sql, err := os.ReadFile("testdata/account.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{alone, other, partner, partner2, ofThis, ofThat} { // partners before their customers
		parent := "null"
		switch k {
		case ofThis:
			parent = "md5('account-3')::uuid"
		case ofThat:
			parent = "md5('account-6')::uuid"
		}
		run(strings.NewReplacer("{k}", strconv.Itoa(k), "{partner}", strconv.FormatBool(k == partner || k == partner2), "{parent}", parent).Replace(string(sql)))
	}
	return &api{d, handler(t, d.DB, d.Clock.Now)}
}

// handler serves the schema over db, to the viewer in the request's context.
func handler(t testing.TB, db *pg.DB, now func() time.Time) http.Handler {
	t.Helper()
	secret, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	gate, err := auth.New(auth.Options{DB: db, Key: secret, PublicURL: "http://localhost:8080", Now: time.Now,
		Hashing: auth.Hashing{MemoryKiB: 64, Iterations: 1}, EvenTime: -1})
	if err != nil {
		t.Fatal(err)
	}
	listener := db.Listen("panel_event")
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go listener.Run(ctx)
	limits := gqlhttp.DefaultLimits()
	limits.Cost, limits.Expanded, limits.Selections, limits.Tokens, limits.DocumentBytes, limits.Depth = 1<<30, 5000, 5000, 50000, 1<<20, 40 // the tests ask for everything
	limits.RootFields, limits.BodyBytes = 200, 1<<20
	r := &graph.Resolver{Now: now, Auth: gate, Hosting: hosting.New(db), Notifications: notify.NewFeed(db, listener)}
	return gqlhttp.New(exec.NewExecutableSchema(exec.Config{Resolvers: r}), gqlhttp.Options{Limits: limits, Logger: slog.New(slog.DiscardHandler), Scalars: graph.Scalars,
		Language:   func(ctx context.Context) string { return viewer.FromContext(ctx).Language },
		Extensions: []graphql.HandlerExtension{graph.Operations{DB: db}}})
}

// answer is what came back.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
	raw        string
	statements int64
}

// ask sends a document as v.
func (a *api) ask(t testing.TB, v viewer.Viewer, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	ctx, statements := pg.Count(viewer.NewContext(context.Background(), v))
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(string(body)))
	request.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, request)
	var got answer
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	got.raw, got.statements = w.Body.String(), statements.Load()
	return got
}

// must is ask for documents that have no errors.
func (a *api) must(t testing.TB, v viewer.Viewer, query string, variables map[string]any) answer {
	t.Helper()
	got := a.ask(t, v, query, variables)
	if len(got.Errors) > 0 {
		t.Fatalf("%s\n%.2000s", query, got.raw)
	}
	return got
}

// into reads the data.
func (g answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(g.Data, v); err != nil {
		t.Fatalf("%v: %s", err, g.raw)
	}
}

// id returns the uuid of a fixture's row: md5 of its kind and account.
func id(kind string, k int) uuid.UUID { return md5.Sum([]byte(kind + "-" + strconv.Itoa(k))) }

// gid returns its id in the API.
func gid(p key.Prefix, kind string, k int) string { return key.Format(p, id(kind, k)) }

// The viewers of the tests.
func owner(k int) viewer.Viewer {
	kind := viewer.Customer
	if k == partner || k == partner2 {
		kind = viewer.Partner
	}
	return viewer.Viewer{Kind: kind, Account: id("account", k), User: id("user", k), Session: id("session", k), Name: "owner", Language: "nl"}.With(viewer.Owner.Permissions()...)
}

func staff() viewer.Viewer {
	return viewer.Viewer{Kind: viewer.Staff, User: md5.Sum([]byte("staff")), Session: md5.Sum([]byte("staffsession")), Name: "staff", Language: "en"}.With(viewer.Admin.Permissions()...)
}
