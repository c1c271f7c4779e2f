package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

const (
	password = "klaproos fiets dakgoot 19"
	another  = "zolder paraplu kiwi vuur"
)

// site is the whole server on a database of its own, with three accounts: two customers, and a partner of whom the second
// is a customer. Everybody's password is password.
type site struct {
	*pgtest.Database
	server             *httptest.Server
	app                *app
	one, two, reseller uuid.UUID
	hash               string
}

func newSite(t testing.TB, changes ...func(*Config)) *site {
	t.Helper()
	k, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Database: pgtest.New(t), one: key.New(), two: key.New(), reseller: key.New()}
	s.app = &app{config: &Config{Mode: "sandbox", PublicURL: "http://localhost:8080", Introspection: "staff"}, log: slog.New(slog.DiscardHandler), key: k, ownerURL: s.OwnerURL}
	for _, change := range changes {
		change(s.app.config)
	}
	if s.app.db, err = pg.Open(s.URL, pg.Options{Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.app.db.Close() })
	s.app.gate, err = auth.New(auth.Options{DB: s.app.db, Key: k, PublicURL: s.app.config.PublicURL, Now: time.Now,
		Hashing: auth.Hashing{MemoryKiB: 64, Iterations: 1}, EvenTime: -1})
	if err != nil {
		t.Fatal(err)
	}
	listener := s.app.db.Listen("panel_event")
	ctx, cancel := context.WithCancel(context.Background())
	stop := make(chan struct{})
	go listener.Run(ctx)
	s.server = httptest.NewServer(routes(s.app, nil, listener, stop))
	t.Cleanup(func() {
		close(stop)
		s.server.CloseClientConnections()
		s.server.Close()
		cancel()
	})

	brand := key.New()
	s.must(t, `INSERT INTO brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
		VALUES (?, 'PING', 'PING', 'Ping', 'Ping B.V.', 'Dorpsstraat 1', '1234 AB', 'Utrecht', 'NL', '12345678', 'NL1B01', 'NL00', 'XXXXNL2A', 'info@ping.example', '030', 'https://ping.example', now())`, brand)
	for i, id := range []uuid.UUID{s.reseller, s.one, s.two} {
		s.must(t, `INSERT INTO account (id, number, brand_id, kind, last_name, customer_since, created_at, is_partner, partner_id) VALUES (?, ?, ?, 'BUSINESS', ?, '2020-01-01', now(), ?, ?)`,
			id, fmt.Sprint("K", i), brand, fmt.Sprint("Jansen ", i), id == s.reseller, uuid.NullUUID{UUID: s.reseller, Valid: id == s.two})
	}
	if s.hash, err = s.app.gate.HashPassword(t.Context(), password); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) must(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := s.Owner.NewRaw(statement, args...).Exec(t.Context()); err != nil {
		t.Fatalf("%v\n%.300s", err, statement)
	}
}

// number returns the one number that the statement selects.
func (s *site) number(t testing.TB, statement string, args ...any) (n int) {
	t.Helper()
	if err := s.Owner.NewRaw(statement, args...).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *site) system(t testing.TB, f func(tx *pg.Tx) error) {
	t.Helper()
	if err := s.app.db.Write(t.Context(), viewer.ForJob("test"), viewer.ManageUsers, f); err != nil {
		t.Fatal(err)
	}
}

// user makes somebody who can sign in: in the account with the role, or, with uuid.Nil, at the desk.
func (s *site) user(t testing.TB, email string, account uuid.UUID, role string) auth.User {
	t.Helper()
	var u auth.User
	s.system(t, func(tx *pg.Tx) (err error) {
		n := auth.NewUser{Email: email, Name: "Siobhán Jansen", PasswordHash: s.hash}
		if account == uuid.Nil {
			n.StaffRole = viewer.StaffRole(role)
		}
		if u, _, err = auth.CreateUser(t.Context(), tx, n); err != nil || account == uuid.Nil {
			return err
		}
		return auth.AddMembership(t.Context(), tx, u.ID, account, viewer.AccountRole(role))
	})
	return u
}

// client is a program or a browser: its headers go with each request, and so does its cookie once it has one.
type client struct {
	s      *site
	header http.Header
	cookie *http.Cookie
}

func (s *site) visitor(headers ...string) *client {
	c := &client{s: s, header: http.Header{}}
	return c.with(headers...)
}

// with returns a copy with further headers, in pairs.
func (c *client) with(headers ...string) *client {
	n := &client{c.s, c.header.Clone(), c.cookie}
	for i := 0; i < len(headers); i += 2 {
		n.header.Set(headers[i], headers[i+1])
	}
	return n
}

// bearer returns a client that sends the token.
func (s *site) bearer(token string) *client { return s.visitor("Authorization", "Bearer "+token) }

// signedIn returns a browser in which the user has signed in.
func (s *site) signedIn(t testing.TB, email string) *client {
	t.Helper()
	c := s.visitor()
	got := c.login(t, email, password, "")
	if c.cookie == nil || got.str("data.login.sessionToken") == "" {
		t.Fatalf("sign in as %s: %s", email, got.raw)
	}
	return c
}

// login asks to be signed in.
func (c *client) login(t testing.TB, email, password, code string) reply {
	t.Helper()
	input := map[string]any{"email": email, "password": password}
	if code != "" {
		input["code"] = code
	}
	return c.ask(t, `mutation($input: LoginInput!) { login(input: $input) { sessionToken viewer { kind name user { email } account { id } } query { viewer { user { email } } }
		errors { __typename ... on UserError { code message path } } } }`, map[string]any{"input": input})
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	raw    string
	body   any
}

// ask sends a document by POST.
func (c *client) ask(t testing.TB, query string, variables map[string]any) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return c.send(t, http.MethodPost, "/graphql", string(body))
}

func (c *client) send(t testing.TB, method, path, body string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.s.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.header.Clone()
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	w, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close() //nolint:errcheck // read whole
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range w.Cookies() {
		c.cookie = set
		if set.MaxAge < 0 {
			c.cookie = nil
		}
	}
	got := reply{status: w.StatusCode, header: w.Header, raw: string(raw)}
	d := json.NewDecoder(bytes.NewReader(raw))
	_ = d.Decode(&got.body) // pages are no JSON
	return got
}

// at returns what stands at a path such as data.login.errors.0.code; nil when nothing does.
func (r reply) at(path string) any {
	v := r.body
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// str is at for text; "" when there is none.
func (r reply) str(path string) string {
	s, _ := r.at(path).(string)
	return s
}

// code returns the code of the first error: of the request, or of the mutation.
func (r reply) code() string { return r.firstError("extensions.code", "code") }

// message returns its text.
func (r reply) message() string { return r.firstError("message", "message") }

func (r reply) firstError(top, below string) string {
	if r.at("errors.0") != nil {
		return r.str("errors.0." + top)
	}
	data, _ := r.at("data").(map[string]any)
	for name := range data {
		if s := r.str("data." + name + ".errors.0." + below); s != "" {
			return s
		}
	}
	return ""
}

// until tries f for as long as a revocation may take.
func until(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !f(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 5 seconds", what)
		}
	}
}

// fingerprint is a digest of everything in the database but what notes that somebody tried.
func (s *site) fingerprint(t testing.TB) map[string]string {
	t.Helper()
	var tables []string
	if err := s.Owner.NewRaw(`select tablename from pg_tables where schemaname = 'public' and tablename not in ('login_attempt', 'rate_limit')`).Scan(t.Context(), &tables); err != nil {
		t.Fatal(err)
	}
	digests := map[string]string{}
	for _, table := range tables {
		var sum string
		if err := s.Owner.NewRaw(`select coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from "`+table+`" x`).Scan(t.Context(), &sum); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		digests[table] = sum
	}
	return digests
}

func changed(before, after map[string]string) (tables []string) {
	for table, sum := range after {
		if before[table] != sum {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}

func TestTheServerTellsWhetherItLivesAndIsReady(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := s.visitor()
	for path, status := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 200, "/playground": 200, "/mailbox/": 200, "/no/such/page.txt": 404} {
		got := c.send(t, http.MethodGet, path, "")
		if got.status != status {
			t.Errorf("%s: %d", path, got.status)
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, got.header)
		}
	}
	if err := s.app.db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := c.send(t, http.MethodGet, "/readyz", ""); got.status != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d", got.status)
	}
	if got := c.send(t, http.MethodGet, "/healthz", ""); got.status != 200 {
		t.Errorf("not alive without a database: %d", got.status)
	}
}

func TestInProductionThereIsNoMailboxAndMetricsTakeTheirToken(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) {
		c.Mode, c.SMTPURL, c.PublicURL, c.MetricsToken, c.Introspection = "production", "smtp://mail.example", "https://mijn.example.nl", "metrics-secret", "off"
	})
	c := s.visitor()
	for path, want := range map[string]int{"/mailbox/": 404, "/metrics": 403, "/playground": 404} {
		if got := c.send(t, http.MethodGet, path, ""); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
	if got := c.with("Authorization", "Bearer metrics-secret").send(t, http.MethodGet, "/metrics", ""); got.status != 200 || !strings.Contains(got.raw, "go_goroutines") {
		t.Errorf("metrics with the token: %d", got.status)
	}
	if got := c.with("Authorization", "Bearer wrong").send(t, http.MethodGet, "/metrics", ""); got.status != 403 {
		t.Errorf("metrics with another token: %d", got.status)
	}
	if got := c.ask(t, "{ __schema { queryType { name } } }", nil); got.code() != "INTROSPECTION_DISABLED" {
		t.Errorf("introspection: %s", got.raw)
	}
	if got := c.ask(t, "{ __typename }", nil); !strings.Contains(got.header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("headers: %v", got.header)
	}
}

func TestTheClientIsWhoTrustedProxiesSay(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, test := range map[string]struct{ peer, forwarded, want string }{
		"nobody forwards":                     {"203.0.113.7:1234", "", "203.0.113.7"},
		"a stranger cannot say who it is":     {"203.0.113.7:1234", "198.51.100.1", "203.0.113.7"},
		"a proxy can":                         {"10.1.2.3:1234", "198.51.100.1", "198.51.100.1"},
		"through two proxies":                 {"10.1.2.3:1234", "198.51.100.1, 10.9.9.9", "198.51.100.1"},
		"what the client made up is not read": {"10.1.2.3:1234", "127.0.0.1, 198.51.100.1", "198.51.100.1"},
		"in version 6":                        {"[fd00::1]:1234", "2001:db8::5", "2001:db8::5"},
		"version 4 in version 6":              {"[::ffff:10.1.2.3]:1234", "::ffff:198.51.100.1", "198.51.100.1"},
		"nonsense":                            {"10.1.2.3:1234", "unknown", "10.1.2.3"},
		"a proxy that says nothing":           {"10.1.2.3:1234", "", "10.1.2.3"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = test.peer
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := clientIP(r, trusted); got.String() != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
