package auth_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

const (
	good    = "klaproos fiets dakgoot 19"
	better  = "zolder paraplu kiwi vuur"
	visitor = "192.0.2.1"
)

var nobody = viewer.Nobody("nl")

// house is a provider with three accounts, one of them a partner's, and a gate.
type house struct {
	*pgtest.Database
	*auth.Gate
	t                  *testing.T
	key                seal.Key
	one, two, reseller uuid.UUID // accounts
	hash               string    // of good
}

func newHouse(t *testing.T) *house {
	t.Helper()
	k, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Database: pgtest.New(t), t: t, key: k, one: key.New(), two: key.New(), reseller: key.New()}
	h.Gate = h.gate(h.DB)
	brand := key.New()
	h.must(`INSERT INTO brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
		VALUES (?, 'PING', 'PING', 'Ping', 'Ping B.V.', 'Dorpsstraat 1', '1234 AB', 'Utrecht', 'NL', '12345678', 'NL1B01', 'NL00', 'XXXXNL2A', 'info@ping.example', '030', 'https://ping.example', now())`, brand)
	for i, id := range []uuid.UUID{h.one, h.two, h.reseller} {
		h.must(`INSERT INTO account (id, number, brand_id, kind, last_name, customer_since, created_at, is_partner) VALUES (?, ?, ?, 'BUSINESS', 'Jansen', '2020-01-01', now(), ?)`, id, fmt.Sprint(i), brand, id == h.reseller)
	}
	if h.hash, err = h.HashPassword(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	return h
}

// gate returns another server's gate. Its hashes are cheap.
func (h *house) gate(db *pg.DB, changes ...func(*auth.Options)) *auth.Gate {
	h.t.Helper()
	o := auth.Options{DB: db, Key: h.key, PublicURL: "https://mijn.ping.example", Now: h.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Hashing: auth.Hashing{MemoryKiB: 64, Iterations: 1, AtOnce: 2}, EvenTime: -1}
	for _, change := range changes {
		change(&o)
	}
	g, err := auth.New(o)
	if err != nil {
		h.t.Fatal(err)
	}
	return g
}

// otherServer returns the gate of a server with connections of its own.
func (h *house) otherServer() *auth.Gate {
	h.t.Helper()
	db, err := pg.Open(h.URL, pg.Options{Now: h.Clock.Now})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = db.Close() })
	return h.gate(db)
}

// user lets somebody with the password good into the account, as its owner; uuid.Nil for none.
func (h *house) user(email string, account uuid.UUID, changes ...func(*auth.NewUser)) auth.User {
	h.t.Helper()
	n := auth.NewUser{Email: email, Name: "Siobhán Jansen", PasswordHash: h.hash}
	for _, change := range changes {
		change(&n)
	}
	var u auth.User
	h.system(func(tx *pg.Tx) (err error) {
		if u, _, err = auth.CreateUser(h.t.Context(), tx, n); err != nil || account == uuid.Nil {
			return err
		}
		return auth.AddMembership(h.t.Context(), tx, u.ID, account, viewer.Owner)
	})
	return u
}

func staff(role viewer.StaffRole) func(*auth.NewUser) {
	return func(n *auth.NewUser) { n.StaffRole = role }
}

func (h *house) system(f func(tx *pg.Tx) error) {
	h.t.Helper()
	if err := h.DB.Write(h.t.Context(), viewer.ForJob("test"), viewer.ManageUsers, f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) must(statement string, args ...any) {
	h.t.Helper()
	if _, err := h.Owner.NewRaw(statement, args...).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// count returns the single number that the statement selects.
func (h *house) count(statement string, args ...any) (n int) {
	h.t.Helper()
	if err := h.Owner.NewRaw(statement, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func client(ip string) auth.Client {
	return auth.Client{IP: netip.MustParseAddr(ip), UserAgent: "Mozilla/5.0"}
}

func (h *house) try(g *auth.Gate, email, password, code string) (*auth.Login, error) {
	return g.Login(h.t.Context(), nobody, auth.LoginInput{Email: email, Password: password, Code: code, Client: client(visitor)})
}

// login signs in with the password good.
func (h *house) login(email string) *auth.Login {
	h.t.Helper()
	l, err := h.try(h.Gate, email, good, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return l
}

// ask authenticates a request with this bearer token.
func ask(g *auth.Gate, token, account string) (viewer.Viewer, error) {
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if account != "" {
		r.Header.Set(auth.AccountHeader, account)
	}
	return g.Authenticate(r)
}

// mails returns what was mailed to the address, the newest first, as the mailbox shows it.
func (h *house) mails(to string) (mails []struct{ Kind, Subject, Text string }) {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/mailbox/?to="+to, nil)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	notify.Mailbox(h.DB, h.key, slog.New(slog.DiscardHandler)).ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &mails); err != nil {
		h.t.Fatal(err)
	}
	return mails
}

var links = regexp.MustCompile(`https://mijn\.ping\.example/(activate|reset)#token=(\S+)`)

// link returns the kind and the token of the link in the newest mail to the address.
func (h *house) link(to string) (page, token string) {
	h.t.Helper()
	all := h.mails(to)
	if len(all) == 0 {
		h.t.Fatalf("there is no mail to %s", to)
	}
	found := links.FindStringSubmatch(all[0].Text)
	if found == nil {
		h.t.Fatalf("there is no link in %q", all[0].Text)
	}
	return found[1], found[2]
}

// code returns what an answer is: the code of its problem, "" for none, or the error as it is.
func code(err error) problem.Code {
	if err == nil {
		return ""
	}
	if p, ok := problem.As(err); ok {
		return p.Code
	}
	return problem.Code("fault: " + err.Error())
}

// blames returns the field that a problem blames.
func blames(err error) string {
	if p, ok := problem.As(err); ok && len(p.Path) > 0 {
		return p.Path[len(p.Path)-1]
	}
	return ""
}

// atOnce holds what the statement locks until n calls of f wait for it, and lets them go: each has read by then whatever
// it reads without a lock. It returns how many got no error.
func (h *house) atOnce(lock string, n int, f func(n int) error) (won int) {
	h.t.Helper()
	tx, err := h.Owner.BeginTx(h.t.Context(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if _, err := tx.ExecContext(h.t.Context(), lock); err != nil {
		h.t.Fatal(err)
	}
	results := make(chan error, n)
	for i := range n {
		go func() { results <- f(i) }()
	}
	watch := h.Super(h.t)
	until(h.t, "everybody waits", func() bool {
		var waiting int
		if err := watch.NewRaw(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(h.t.Context(), &waiting); err != nil {
			h.t.Fatal(err)
		}
		return waiting == n
	})
	if err := tx.Commit(); err != nil {
		h.t.Fatal(err)
	}
	for range n {
		switch err := <-results; {
		case err == nil:
			won++
		case strings.HasPrefix(string(code(err)), "fault"):
			h.t.Error(err)
		}
	}
	return won
}

// until tries f for as long as a revocation may take.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if f() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not within 5 seconds", what)
		}
	}
}
