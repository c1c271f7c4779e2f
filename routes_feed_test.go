package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/key"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

const follow = "subscription($id: ID) { notificationAdded(accountId: $id) { id kind text account { id } } }"

// feed is an open live feed: its events, and what ended it.
type feed struct {
	events chan string // the JSON of each result
	done   chan string // why it ended
	close  func()
}

// next returns the next event within a while.
func (f *feed) next(t testing.TB, patience time.Duration) string {
	t.Helper()
	select {
	case e := <-f.events:
		return e
	case why := <-f.done:
		return "ended: " + why
	case <-time.After(patience):
		return ""
	}
}

// sse opens a feed as server-sent events.
func (c *client) sse(t testing.TB, variables map[string]any) *feed {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	body, err := json.Marshal(map[string]any{"query": follow, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.s.server.URL+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	f := &feed{make(chan string, 100), make(chan string, 1), cancel}
	go func() {
		defer w.Body.Close() //nolint:errcheck // it is over
		event := ""
		for lines := bufio.NewScanner(w.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && event == "next" {
				f.events <- data
			}
		}
		f.done <- event
	}()
	return f
}

// socket opens a feed on a WebSocket; the token goes in its first message, "" for none.
func (c *client) socket(t testing.TB, token string, variables map[string]any) *feed {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	header := c.header.Clone()
	if c.cookie != nil {
		header.Set("Cookie", c.cookie.String())
	}
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.s.server.URL, "http")+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	f := &feed{make(chan string, 100), make(chan string, 1), cancel}
	send := func(m any) {
		text, err := json.Marshal(m)
		if err == nil {
			err = conn.Write(ctx, websocket.MessageText, text)
		}
		if err != nil {
			t.Error(err)
		}
	}
	payload := map[string]any{}
	if token != "" {
		payload["Authorization"] = "Bearer " + token
	}
	send(map[string]any{"type": "connection_init", "payload": payload})
	acked := make(chan bool, 1)
	go func() {
		for {
			_, data, err := conn.Read(ctx)
			if err != nil {
				f.done <- fmt.Sprint(int(websocket.CloseStatus(err)))
				acked <- false
				return
			}
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			_ = json.Unmarshal(data, &m)
			switch m.Type {
			case "connection_ack":
				acked <- true
			case "next", "error":
				f.events <- string(m.Payload)
			case "complete":
				f.done <- "complete"
			}
		}
	}()
	if <-acked {
		send(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": follow, "variables": variables}})
	}
	return f
}

// notify adds a notification from a connection of its own, as another server does, and returns its id.
func (s *site) notify(t testing.TB, account uuid.UUID) string {
	t.Helper()
	id := key.New()
	s.must(t, "insert into notification (id, account_id, kind, data, created_at) values (?, ?, 'INVOICE_PAID', '{\"number\": \"2026-7\"}', now())", id, account)
	return key.Format(key.Notification, id)
}

// until reads the feed up to the event that holds the text, and returns what came before it.
func (f *feed) until(t testing.TB, text string) (before string) {
	t.Helper()
	for {
		got := f.next(t, 3*time.Second)
		if got == "" || strings.HasPrefix(got, "ended") {
			t.Fatalf("waited for %s, got %q after %s", text, got, before)
		}
		if strings.Contains(got, text) {
			return before
		}
		before += got
	}
}

// ready adds notifications until each feed of the account shows one: from then on it is known to listen. It leaves nothing
// in them to be read.
func (s *site) ready(t testing.TB, account uuid.UUID, feeds map[string]*feed) {
	t.Helper()
	for name, f := range feeds {
		got := ""
		for n := 0; got == "" && n < 20; n++ {
			s.notify(t, account)
			got = f.next(t, 500*time.Millisecond)
		}
		if !strings.Contains(got, accountID(account)) {
			t.Fatalf("%s begins with %q", name, got)
		}
	}
	last := s.notify(t, account)
	for _, f := range feeds {
		f.until(t, last)
	}
}

// feeds are the two ways to follow an account.
func feeds(t testing.TB, c *client, variables map[string]any) map[string]*feed {
	t.Helper()
	return map[string]*feed{"server-sent events": c.sse(t, variables), "a WebSocket": c.socket(t, "", variables)}
}

func TestANotificationIsSeenAtOnceByWhoFollowsItsAccountAndByNobodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "owner@two.example", s.two, "OWNER")
	s.user(t, "owner@reseller.example", s.reseller, "OWNER")
	s.user(t, "support@ping.example", uuid.Nil, "SUPPORT")
	one, two, reseller, support := s.signedIn(t, "owner@one.example"), s.signedIn(t, "owner@two.example"), s.signedIn(t, "owner@reseller.example"), s.signedIn(t, "support@ping.example")

	ofOne, ofTwo := feeds(t, one, nil), feeds(t, two, nil)
	ofTwo["the partner"] = reseller.sse(t, map[string]any{"id": accountID(s.two)})
	ofTwo["staff"] = support.socket(t, "", map[string]any{"id": accountID(s.two)})
	ofTwo["a program with the session's token"] = s.visitor().socket(t, two.cookie.Value, nil)
	s.ready(t, s.one, ofOne)
	s.ready(t, s.two, ofTwo)
	before := time.Now()
	id := s.notify(t, s.two)
	for name, f := range ofTwo {
		got := f.next(t, 3*time.Second)
		if !strings.Contains(got, id) || !strings.Contains(got, accountID(s.two)) || !strings.Contains(got, "2026-7") {
			t.Errorf("%s: after %v: %s", name, time.Since(before), got)
		}
	}
	last := s.notify(t, s.two)
	for name, f := range ofTwo {
		if more := f.until(t, last); more != "" {
			t.Errorf("%s: before the next, %s", name, more)
		}
	}
	last = s.notify(t, s.one)
	for name, f := range ofOne {
		if others := f.until(t, last); others != "" {
			t.Errorf("%s of another account: %s", name, others)
		}
	}
}

func TestNobodyFollowsAnAccountThatIsNotInSight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "support@ping.example", uuid.Nil, "SUPPORT")
	owner, support := s.signedIn(t, "owner@one.example"), s.signedIn(t, "support@ping.example")
	billing := s.bearer(owner.ask(t, createToken, tokenInput("billing", 30, "BILLING_READ")).str("data.apiTokenCreate.token"))
	for _, test := range []struct {
		name string
		c    *client
		id   any
		code string
	}{
		{"another customer's", owner, accountID(s.two), "NOT_FOUND"},
		{"an account that nobody has", owner, accountID(key.New()), "NOT_FOUND"},
		{"a malformed id", owner, "x", "NOT_FOUND"},
		{"an id of another type", owner, key.Format(key.User, s.one), "NOT_FOUND"},
		{"staff without an account", support, nil, "NOT_FOUND"},
		{"a visitor", s.visitor(), nil, "UNAUTHENTICATED"},
		{"a visitor who names one", s.visitor(), accountID(s.one), "UNAUTHENTICATED"},
		{"a token that may not read accounts", billing, nil, "FORBIDDEN"},
	} {
		f := test.c.sse(t, map[string]any{"id": test.id})
		if got := f.next(t, 3*time.Second); !strings.Contains(got, `"`+test.code+`"`) {
			t.Errorf("%s: %s", test.name, got)
		}
		if got := f.next(t, 3*time.Second); got != "ended: complete" {
			t.Errorf("%s: the feed goes on: %s", test.name, got)
		}
	}
	if got := s.visitor().socket(t, "ks_"+strings.Repeat("A", 43), nil).next(t, 3*time.Second); got != "ended: 4403" {
		t.Errorf("a socket with a wrong token: %s", got)
	}
}

// TestAFeedEndsWithinFiveSecondsOfTheRightToIt, whichever server took that away.
func TestAFeedEndsWithinFiveSecondsOfTheRightToIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ends := map[string]string{
		"the session was revoked":   "update login_session set revoked_at = now() where user_id = ?",
		"the session has expired":   "update login_session set expires_at = now() where user_id = ?",
		"the user left":             "update app_user set status = 'DISABLED' where id = ?",
		"the user was let go":       "delete from membership where user_id = ?",
		"the user has another role": "update membership set role = 'TECHNICAL' where user_id = ?",
	}
	open, users := map[string]*feed{}, map[string]uuid.UUID{}
	for name := range ends {
		email := strings.ReplaceAll(name, " ", "-") + "@one.example"
		users[name] = s.user(t, email, s.one, "OWNER").ID
		for way, f := range feeds(t, s.signedIn(t, email), nil) {
			open[name+", "+way] = f
		}
	}
	s.user(t, "stays@one.example", s.one, "OWNER")
	stays := s.signedIn(t, "stays@one.example").sse(t, nil)
	open["nothing happened"] = stays
	s.ready(t, s.one, open)
	delete(open, "nothing happened")

	for name, end := range ends {
		s.must(t, end, users[name])
	}
	deadline := time.After(6 * time.Second) // five, and one for a busy machine
	for name, f := range open {
		last := ""
		for ended := false; !ended; {
			select {
			case last = <-f.events:
			case why := <-f.done:
				ended = true
				for len(f.events) > 0 {
					last = <-f.events
				}
				socket := strings.HasSuffix(name, "WebSocket")
				if socket && why != "4403" || !socket && !strings.Contains(last, "UNAUTHENTICATED") {
					t.Errorf("%s: it ends with %s after %s", name, why, last)
				}
			case <-deadline:
				t.Fatalf("%s: it goes on", name)
			}
		}
	}
	stays.until(t, s.notify(t, s.one))
	for name, f := range open {
		if len(f.events) > 0 {
			t.Errorf("%s: afterwards it tells %s", name, <-f.events)
		}
	}
}
