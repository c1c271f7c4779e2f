package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// client is the other end of a socket.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket; headers come in pairs.
func dial(t *testing.T, a *api, headers ...string) *client {
	t.Helper()
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	conn, _, err := websocket.Dial(context.Background(), "ws"+strings.TrimPrefix(a.URL, "http"), &websocket.DialOptions{
		Subprotocols: []string{socketProtocol}, HTTPHeader: header,
	})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t, conn}
}

// connect opens a socket and signs in.
func connect(t *testing.T, a *api, headers ...string) *client {
	t.Helper()
	c := dial(t, a, headers...)
	c.send(`{"type":"connection_init"}`)
	if got := c.next(); got.Type != "connection_ack" {
		t.Fatalf("got %v, want connection_ack", got)
	}
	return c
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.conn.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) subscribe(id, document string) {
	c.t.Helper()
	c.send(fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":{"query":%q}}`, id, document))
}

// next reads one message; a test that waits in vain fails by go test's own time-out.
func (c *client) next() message {
	c.t.Helper()
	_, data, err := c.conn.Read(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

// closed reads until the server closes, and returns how.
func (c *client) closed() (websocket.StatusCode, string) {
	c.t.Helper()
	for {
		if _, _, err := c.conn.Read(context.Background()); err != nil {
			var how websocket.CloseError
			errors.As(err, &how)
			return how.Code, how.Reason
		}
	}
}

func TestSocketsAreClosedByTheProtocol(t *testing.T) {
	const initialise = `{"type":"connection_init"}`
	tick := `{"type":"subscribe","id":"1","payload":{"query":"subscription { tick(everyMilliseconds: 60000) { number } }"}}`
	for _, test := range []struct {
		name   string
		send   []string
		code   int
		reason string
	}{
		{"no JSON", []string{initialise, `{`}, 4400, "Invalid message received"},
		{"no type", []string{initialise, `{}`}, 4400, "Invalid message received"},
		{"a type of the old protocol", []string{initialise, `{"type":"start","id":"1","payload":{"query":"{ caller }"}}`}, 4400, "Invalid message received"},
		{"a type of the server's", []string{initialise, `{"type":"next","id":"1"}`}, 4400, "Invalid message received"},
		{"subscribe without an id", []string{initialise, `{"type":"subscribe","payload":{"query":"{ caller }"}}`}, 4400, "Invalid message received"},
		{"subscribe with an id of 101 bytes", []string{initialise, `{"type":"subscribe","id":"` + strings.Repeat("x", 101) + `","payload":{"query":"{ caller }"}}`}, 4400, "Invalid message received"},
		{"subscribe without a query", []string{initialise, `{"type":"subscribe","id":"1","payload":{}}`}, 4400, "Invalid message received"},
		{"subscribe without a payload", []string{initialise, `{"type":"subscribe","id":"1"}`}, 4400, "Invalid message received"},
		{"subscribe with a batch", []string{initialise, `{"type":"subscribe","id":"1","payload":[{"query":"{ caller }"}]}`}, 4400, "Invalid message received"},
		{"an init payload that is no object", []string{`{"type":"connection_init","payload":"x"}`}, 4400, "Invalid message received"},
		{"subscribe first", []string{tick}, 4401, "Unauthorized"},
		{"refused credentials", []string{`{"type":"connection_init","payload":{"authorization":"Bearer wrong"}}`}, 4403, "Forbidden"},
		{"silence", nil, 4408, "Connection initialisation timeout"},
		{"pings do not count as init", []string{`{"type":"ping"}`}, 4408, "Connection initialisation timeout"},
		{"an id twice", []string{initialise, tick, tick}, 4409, "Subscriber for 1 already exists"},
		{"init twice", []string{initialise, initialise}, 4429, "Too many initialisation requests"},
		{"a message over 64 KB", []string{initialise, `{"type":"ping","payload":{"x":"` + strings.Repeat("x", 64<<10) + `"}}`}, 1009, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			patience := time.Hour
			if test.code == 4408 {
				patience = 50 * time.Millisecond
			}
			a := serveAPI(t, Options{
				Limits: Limits{SocketInit: patience},
				Connect: func(ctx context.Context, payload map[string]any) (context.Context, error) {
					if payload["authorization"] == "Bearer wrong" {
						return nil, errors.New("no such token")
					}
					return ctx, nil
				},
			})
			c := dial(t, a)
			for _, text := range test.send {
				c.send(text)
			}
			code, reason := c.closed()
			if int(code) != test.code || test.reason != "" && reason != test.reason {
				t.Errorf("closed with %d %q, want %d %q", code, reason, test.code, test.reason)
			}
			eventually(t, "its operations end", func() bool { return a.resolver.Ticking.Load() == 0 })
		})
	}
}

func TestOtherSubprotocolsAreNotAcceptable(t *testing.T) {
	a := serveAPI(t, Options{})
	for _, protocols := range [][]string{nil, {"graphql-ws"}, {"soap"}} {
		conn, _, err := websocket.Dial(context.Background(), "ws"+strings.TrimPrefix(a.URL, "http"), &websocket.DialOptions{Subprotocols: protocols})
		if err != nil {
			t.Fatal(err)
		}
		if code, reason := (&client{t, conn}).closed(); code != 4406 || reason != "Subprotocol not acceptable" {
			t.Errorf("%v: closed with %d %q", protocols, code, reason)
		}
	}
}

func TestPagesOfOtherSitesCannotOpenSockets(t *testing.T) {
	a := serveAPI(t, Options{Origins: []string{"https://panel.example.nl"}})
	for origin, allowed := range map[string]bool{
		"https://panel.example.nl":          true,
		"https://evil.example":              false,
		"http://panel.example.nl":           false,
		"https://panel.example.nl.evil.com": false,
		"null":                              false,
	} {
		_, response, err := websocket.Dial(context.Background(), "ws"+strings.TrimPrefix(a.URL, "http"), &websocket.DialOptions{
			Subprotocols: []string{socketProtocol}, HTTPHeader: http.Header{"Origin": {origin}},
		})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", origin, err)
		}
		if !allowed && response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", origin, response.StatusCode)
		}
	}
}

func TestOperationsOnASocket(t *testing.T) {
	a := serveAPI(t, Options{Connect: func(ctx context.Context, payload map[string]any) (context.Context, error) {
		name, _ := payload["name"].(string)
		return context.WithValue(ctx, callerKey{}, name), nil
	}})
	c := dial(t, a)
	c.send(`{"type":"connection_init","payload":{"name":"anna"}}`)
	c.next()
	expect := func(want ...string) {
		t.Helper()
		for _, one := range want {
			got, _ := json.Marshal(c.next())
			if !strings.Contains(string(got), one) {
				t.Fatalf("got %s, want %s", got, one)
			}
		}
	}
	c.send(`{"type":"ping","payload":{"at":1}}`)
	expect(`{"type":"pong","payload":{"at":1}}`)
	c.send(`{"type":"pong"}`)
	large := strings.Repeat("x", 60<<10)
	c.send(`{"type":"ping","payload":"` + large + `"}`)
	expect(large)

	c.subscribe("q", "{ caller }")
	expect(`{"type":"next","id":"q","payload":{"data":{"caller":"anna"}`, `{"type":"complete","id":"q"}`)
	c.subscribe("q", `mutation { login(password: "correct") { ok } }`)
	expect(`"data":{"login":{"ok":true}}`, `{"type":"complete","id":"q"}`)
	c.subscribe("s", "subscription { tick(count: 2) { number } }")
	expect(`{"type":"next","id":"s","payload":{"data":{"tick":{"number":1}}}}`, `{"number":2}`, `{"type":"complete","id":"s"}`)

	c.subscribe("e", "{ nothing }")
	expect(`{"type":"error","id":"e","payload":[{"message":"Cannot query field`)
	c.subscribe("e", "{ item { id id id id id id id id id id id id } }")
	expect(`"code":"OPERATION_LIMIT_EXCEEDED"`)
	c.subscribe("e", "subscription { a: tick { number } b: tick { number } }")
	expect(`"code":"GRAPHQL_VALIDATION_FAILED"`)
	c.subscribe("e", "subscription { refused { number } }")
	expect(`"code":"NOT_FOUND"`, `{"type":"complete","id":"e"}`)
	c.subscribe("e", "{ panics }")
	expect(`"code":"INTERNAL"`, `{"type":"complete","id":"e"}`)

	c.subscribe("long", "subscription { tick { number } }")
	expect(`{"type":"next","id":"long"`)
	c.send(`{"type":"complete","id":"long"}`)
	eventually(t, "the completed operation ends", func() bool { return a.resolver.Ticking.Load() == 0 })
	c.send(`{"type":"complete","id":"never"}`)
	c.subscribe("after", "{ caller }")
	for m := c.next(); m.ID != "after"; m = c.next() { // events that were under way
		if m.Type != "next" || m.ID != "long" {
			t.Fatalf("a completed operation says %v", m)
		}
	}
}

func TestACompletedOperationSaysNothingMore(t *testing.T) {
	var held atomic.Bool
	asked, answer := make(chan struct{}), make(chan struct{})
	a := serveAPI(t, Options{Limits: Limits{Recheck: time.Hour}, Alive: func(context.Context) (bool, error) {
		if held.CompareAndSwap(false, true) { // an event is about to be sent
			close(asked)
			<-answer
		}
		return true, nil
	}})
	c := connect(t, a)
	c.subscribe("1", "subscription { tick { number } }")
	<-asked
	c.send(`{"type":"complete","id":"1"}`)
	c.send(`{"type":"ping"}`)
	if m := c.next(); m.Type != "pong" {
		t.Fatalf("got %v", m)
	}
	c.subscribe("1", "{ slow(milliseconds: 20) }") // the same id for another operation
	close(answer)
	if m := c.next(); !strings.Contains(string(m.Payload), `"slow":"done"`) {
		t.Errorf("the completed operation says %s", m.Payload)
	}
	if m := c.next(); m.Type != "complete" || m.ID != "1" {
		t.Errorf("got %v", m)
	}
}

func TestASocketRunsSoManyOperations(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{SocketRunning: 3}})
	c := connect(t, a)
	for i := range 10_000 { // as one hostile client did
		c.subscribe(fmt.Sprint(i), "subscription { tick(everyMilliseconds: 3600000) { number } }")
		if i >= 3 {
			if m := c.next(); m.Type != "error" || !strings.Contains(string(m.Payload), codeRateLimited) {
				t.Fatalf("operation %d: %v", i, m)
			}
		}
	}
	if n := a.resolver.Ticking.Load(); n != 3 {
		t.Errorf("%d operations run, want 3", n)
	}
	c.send(`{"type":"complete","id":"0"}`)
	c.subscribe("more", "{ caller }")
	if m := c.next(); m.Type != "next" {
		t.Errorf("after one has completed: %v", m)
	}
}

func TestACallerHasSoManySockets(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{Sockets: 2}})
	first := connect(t, a, "Test-Caller", "anna")
	connect(t, a, "Test-Caller", "anna")
	third := dial(t, a, "Test-Caller", "anna")
	third.send(`{"type":"connection_init"}`)
	if code, reason := third.closed(); code != 4429 || reason != "Too many connections" {
		t.Errorf("closed with %d %q", code, reason)
	}
	connect(t, a, "Test-Caller", "bert")
	_ = first.conn.Close(websocket.StatusNormalClosure, "")
	eventually(t, "a new socket may open", func() bool {
		c := dial(t, a, "Test-Caller", "anna")
		c.send(`{"type":"connection_init"}`)
		_, data, err := c.conn.Read(context.Background())
		return err == nil && strings.Contains(string(data), "connection_ack")
	})
}

func TestASocketEndsWithTheRightsOfItsCaller(t *testing.T) {
	for name, document := range map[string]string{
		"at its next event":      "subscription { tick { number } }",
		"though it is silent":    "subscription { tick(everyMilliseconds: 3600000) { number } }",
		"with nothing under way": "{ caller }",
	} {
		t.Run(name, func(t *testing.T) {
			var revoked atomic.Bool
			limits := Limits{Recheck: 5 * time.Millisecond}
			if name == "at its next event" {
				limits.Recheck = time.Hour
			}
			a := serveAPI(t, Options{Limits: limits, Alive: func(context.Context) (bool, error) { return !revoked.Load(), nil }})
			c := connect(t, a)
			c.subscribe("1", document)
			if name != "though it is silent" {
				c.next()
			}
			revoked.Store(true)
			if code, reason := c.closed(); code != 4403 || reason != "Forbidden" {
				t.Errorf("closed with %d %q", code, reason)
			}
			eventually(t, "its operations end", func() bool { return a.resolver.Ticking.Load() == 0 })
		})
	}
}

func TestNoEventReachesACallerWithoutRights(t *testing.T) {
	var revoked atomic.Bool
	a := serveAPI(t, Options{Limits: Limits{Recheck: time.Hour}, Alive: func(context.Context) (bool, error) { return !revoked.Load(), nil }})
	c := connect(t, a)
	revoked.Store(true)
	c.subscribe("1", "subscription { tick { number } }")
	if _, data, err := c.conn.Read(context.Background()); err == nil {
		t.Errorf("it was sent %s", data)
	}
}

func TestTheServersStopClosesSockets(t *testing.T) {
	stop := make(chan struct{})
	a := serveAPI(t, Options{Stop: stop})
	c := connect(t, a)
	close(stop)
	if code, _ := c.closed(); code != websocket.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
}

func TestAPeerThatIsGoneIsNoticed(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{Heartbeat: 10 * time.Millisecond}})
	c := connect(t, a)
	c.subscribe("1", "subscription { tick(everyMilliseconds: 3600000) { number } }")
	eventually(t, "the subscription runs", func() bool { return a.resolver.Ticking.Load() == 1 })
	eventually(t, "it ends, since nobody answers pings", func() bool { return a.resolver.Ticking.Load() == 0 }) // c does not read
}

func TestAPeerThatDoesNotReadIsCutOff(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{WriteEachFrame: 20 * time.Millisecond, Heartbeat: time.Hour}})
	c := connect(t, a)
	big := "subscription { tick { " + repeat(500, "a%d: number ") + " } }"
	for i := range 20 {
		c.subscribe(fmt.Sprint(i), big)
	}
	eventually(t, "the subscriptions run", func() bool { return a.resolver.Ticking.Load() > 0 })
	eventually(t, "they end, since nobody reads", func() bool { return a.resolver.Ticking.Load() == 0 })
}

func TestAPanicOnASocketIsAnswered(t *testing.T) {
	a := serveAPI(t, Options{})
	c := connect(t, a)
	c.subscribe("1", "subscription { tick(count: 1) { panics } }")
	if m := c.next(); !strings.Contains(string(m.Payload), codeInternal) || strings.Contains(string(m.Payload), "secret") {
		t.Errorf("got %s", m.Payload)
	}
}
