package gqlhttp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const acceptMultipart = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9"

// events reads the payloads of a stream of either form, heartbeats left out, and whether it was ended properly.
func events(t *testing.T, got answer) (payloads []string, ended bool) {
	t.Helper()
	switch contentType := got.header.Get("Content-Type"); {
	case strings.HasPrefix(contentType, mediaEvents):
		for frame := range strings.SplitSeq(got.body, "\n\n") {
			if data, ok := strings.CutPrefix(frame, "event: next\ndata: "); ok {
				payloads = append(payloads, data)
			}
			ended = ended || strings.HasPrefix(frame, "event: complete\ndata:")
		}
	case contentType == `multipart/mixed;boundary="graphql";subscriptionSpec=1.0`:
		body, found := strings.CutSuffix(got.body, "\r\n--graphql--\r\n")
		for part := range strings.SplitSeq(body, "\r\n--graphql") {
			_, text, _ := strings.Cut(part, "\r\n\r\n")
			var payload struct{ Payload json.RawMessage }
			if json.Unmarshal([]byte(text), &payload) == nil && payload.Payload != nil {
				payloads = append(payloads, string(payload.Payload))
			}
		}
		ended = found
	default:
		t.Fatalf("no stream: %d %s %s", got.status, contentType, got.body)
	}
	return payloads, ended
}

func TestSubscriptionsAreStreamed(t *testing.T) {
	const document = "subscription { tick(count: 3) { number caller } }"
	for name, accept := range map[string]string{
		"graphql-sse":                      mediaEvents,
		"urql":                             "text/event-stream, multipart/mixed",
		"a client that takes JSON as well": "application/json, text/event-stream",
		"Apollo":                           acceptMultipart,
	} {
		t.Run(name, func(t *testing.T) {
			a := serveAPI(t, Options{})
			got := a.query(t, document, nil, "Accept", accept, "Test-Caller", "anna")
			payloads, ended := events(t, got)
			want := []string{`{"data":{"tick":{"number":1,"caller":"anna"}}}`, `{"data":{"tick":{"number":2,"caller":"anna"}}}`, `{"data":{"tick":{"number":3,"caller":"anna"}}}`}
			if fmt.Sprint(payloads) != fmt.Sprint(want) || !ended {
				t.Errorf("saw %v, ended %v", payloads, ended)
			}
			if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Vary") != "Accept" {
				t.Errorf("headers: %v", got.header)
			}
		})
	}
	a := serveAPI(t, Options{})
	got := a.send(t, "GET", "/graphql?query="+url.QueryEscape(document), "", "Accept", mediaEvents)
	if payloads, ended := events(t, got); len(payloads) != 3 || !ended {
		t.Errorf("EventSource saw %v, ended %v", payloads, ended)
	}
}

func TestQueriesComeAsJSONUnlessTheClientTakesNone(t *testing.T) {
	a := serveAPI(t, Options{})
	for accept, want := range map[string]string{
		"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed": mediaGraphQL,
		"text/event-stream, application/json;q=0.1": mediaJSON,
		acceptMultipart: mediaGraphQL,
	} {
		if got := a.query(t, "{ caller }", nil, "Accept", accept); !strings.HasPrefix(got.header.Get("Content-Type"), want) || got.Data["caller"] != "" {
			t.Errorf("%s: %s %s", accept, got.header.Get("Content-Type"), got.body)
		}
	}
	for _, document := range []string{"{ caller }", `mutation { login(password: "correct") { ok } }`} {
		for _, accept := range []string{mediaEvents, "multipart/mixed;subscriptionSpec=1.0"} {
			if payloads, ended := events(t, a.query(t, document, nil, "Accept", accept)); len(payloads) != 1 || !ended {
				t.Errorf("%s as %s: %v, ended %v", document, accept, payloads, ended)
			}
		}
	}
}

func TestASubscriptionHasExactlyOneRootField(t *testing.T) {
	a := serveAPI(t, Options{})
	for name, document := range map[string]string{
		"two fields":           "subscription { tick { number } refused { number } }",
		"one field twice":      "subscription { a: tick { number } b: tick { number } }",
		"two in fragments":     "subscription { ...A ...B } fragment A on Subscription { a: tick { number } } fragment B on Subscription { b: tick { number } }",
		"none, by a directive": "subscription { tick @skip(if: true) { number } }",
		"the type name":        "subscription { __typename }",
		"and the type name":    "subscription { tick { number } __typename }",
	} {
		t.Run(name, func(t *testing.T) {
			payloads, ended := events(t, a.query(t, document, nil, "Accept", mediaEvents))
			if len(payloads) != 1 || !ended || !strings.Contains(payloads[0], codeValidation) || strings.Contains(payloads[0], "data") {
				t.Errorf("graphql-sse saw %v", payloads)
			}
			if got := a.query(t, document, nil, "Accept", acceptMultipart); got.status != 400 || got.code() != codeValidation {
				t.Errorf("Apollo saw %d %s", got.status, got.body)
			}
		})
	}
	if n := a.resolver.Ticking.Load(); n != 0 {
		t.Errorf("%d subscriptions run", n)
	}
}

func TestASubscriptionThatCannotBeFollowedSaysWhy(t *testing.T) {
	a := serveAPI(t, Options{})
	for document, code := range map[string]string{
		"subscription { refused { number } }": "NOT_FOUND",
		"subscription { broken { number } }":  codeInternal,
	} {
		payloads, ended := events(t, a.query(t, document, nil, "Accept", mediaEvents))
		if len(payloads) != 1 || !ended || !strings.Contains(payloads[0], code) {
			t.Errorf("%s: %v, ended %v", document, payloads, ended)
		}
	}
	payloads, ended := events(t, a.query(t, "subscription { tick(count: 2) { number panics } }", nil, "Accept", mediaEvents))
	if len(payloads) != 2 || !ended || !strings.Contains(payloads[1], codeInternal) || strings.Contains(payloads[1], "secret") || !strings.Contains(payloads[1], `"number":2`) {
		t.Errorf("a panic in one event: %v, ended %v", payloads, ended)
	}
}

// follow opens a stream and gives its lines until ctx ends.
func follow(ctx context.Context, t *testing.T, a *api, document string, headers ...string) (*http.Response, <-chan string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, strings.NewReader(operation(t, document, nil)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", mediaEvents)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := a.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		defer response.Body.Close()
		for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return response, lines
}

func TestAClientThatLeavesEndsItsSubscription(t *testing.T) {
	a := serveAPI(t, Options{})
	ctx, leave := context.WithCancel(context.Background())
	_, lines := follow(ctx, t, a, "subscription { tick { number } }")
	for line := range lines {
		if strings.HasPrefix(line, "data:") {
			break
		}
	}
	if a.resolver.Ticking.Load() != 1 {
		t.Fatal("the subscription does not run")
	}
	leave()
	eventually(t, "the subscription ends", func() bool { return a.resolver.Ticking.Load() == 0 })
}

func TestASilentStreamShowsSignsOfLife(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{Heartbeat: 5 * time.Millisecond}})
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	for _, accept := range []string{mediaEvents, "multipart/mixed;subscriptionSpec=1.0"} {
		beats := 0
		_, lines := follow(ctx, t, a, "subscription { tick(everyMilliseconds: 60000) { number } }", "Accept", accept)
		for line := range lines {
			if line == ":" || line == "{}" {
				if beats++; beats == 4 {
					break
				}
			}
		}
		if beats < 4 {
			t.Errorf("%s: %d signs of life", accept, beats)
		}
	}
}

func TestAStreamEndsWithTheRightsOfItsCaller(t *testing.T) {
	for name, every := range map[string]int{"at its next event": 1, "though it is silent": 60000} {
		t.Run(name, func(t *testing.T) {
			var revoked atomic.Bool
			limits := Limits{Recheck: time.Hour}
			if every > 1 {
				limits.Recheck = 5 * time.Millisecond
			}
			a := serveAPI(t, Options{Limits: limits, Alive: func(context.Context) (bool, error) { return !revoked.Load(), nil }})
			_, lines := follow(context.Background(), t, a, fmt.Sprintf("subscription { tick(everyMilliseconds: %d) { number } }", every))
			<-lines
			revoked.Store(true)
			var last []string
			for line := range lines {
				last = append(last, line)
			}
			text := strings.Join(last, "\n")
			if !strings.Contains(text, "UNAUTHENTICATED") || !strings.Contains(text, "event: complete") {
				t.Errorf("the stream ended with %s", text)
			}
			eventually(t, "the subscription ends", func() bool { return a.resolver.Ticking.Load() == 0 })
		})
	}
}

func TestAStreamGoesOnWhileItsCallersRightsAreNotKnown(t *testing.T) {
	a := serveAPI(t, Options{Alive: func(context.Context) (bool, error) { return false, errors.New("no database") }})
	payloads, ended := events(t, a.query(t, "subscription { tick(count: 3) { number } }", nil, "Accept", mediaEvents))
	if len(payloads) != 3 || !ended || !strings.Contains(a.log.String(), "no database") {
		t.Errorf("saw %v, ended %v; log %s", payloads, ended, a.log)
	}
}

func TestTheServersStopEndsStreams(t *testing.T) {
	stop := make(chan struct{})
	a := serveAPI(t, Options{Stop: stop})
	_, lines := follow(context.Background(), t, a, "subscription { tick(everyMilliseconds: 60000) { number } }")
	<-lines
	close(stop)
	var last string
	for line := range lines {
		last += line + "\n"
	}
	if !strings.Contains(last, "event: complete") {
		t.Errorf("the stream ended with %q", last)
	}
}

func TestACallerHasSoManyStreams(t *testing.T) {
	a := serveAPI(t, Options{Limits: Limits{Streams: 3}})
	ctx, leave := context.WithCancel(context.Background())
	for range 3 {
		_, lines := follow(ctx, t, a, "subscription { tick(everyMilliseconds: 60000) { number } }", "Test-Caller", "anna")
		<-lines
	}
	got := a.query(t, "subscription { tick(count: 1) { number } }", nil, "Accept", mediaEvents, "Test-Caller", "anna")
	if got.status != 429 || got.code() != codeRateLimited || got.header.Get("Retry-After") == "" {
		t.Errorf("a fourth stream: %d %s", got.status, got.body)
	}
	if payloads, _ := events(t, a.query(t, "subscription { tick(count: 1) { number } }", nil, "Accept", mediaEvents, "Test-Caller", "bert")); len(payloads) != 1 {
		t.Error("another caller has none")
	}
	leave()
	eventually(t, "the streams end", func() bool { return a.resolver.Ticking.Load() == 0 })
	eventually(t, "a new stream may open", func() bool {
		return a.query(t, "subscription { tick(count: 1) { number } }", nil, "Accept", mediaEvents, "Test-Caller", "anna").status == 200
	})
}

func TestAStreamOutlivesTheTimeoutsForRequests(t *testing.T) {
	server := httptest.NewUnstartedServer(New(testSchema(), Options{Logger: logger(&logText{})}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	server.Start()
	defer server.Close()
	a := &api{Server: server}
	payloads, ended := events(t, a.query(t, "subscription { tick(count: 10, everyMilliseconds: 20) { number } }", nil, "Accept", mediaEvents))
	if len(payloads) != 10 || !ended {
		t.Errorf("saw %d events of 10, ended %v", len(payloads), ended)
	}
}

func TestTheServerHasTimeoutsForAll(t *testing.T) {
	s := NewServer(http.NotFoundHandler(), logger(&logText{}))
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 10*time.Second || s.WriteTimeout != 30*time.Second || s.IdleTimeout <= 0 || s.MaxHeaderBytes != 16<<10 {
		t.Errorf("read header %v, read %v, write %v, idle %v, headers %d", s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	}
}
