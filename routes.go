package main

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"klantenpaneel/graph"
	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/gqlhttp"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"
	"klantenpaneel/web"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
)

// routes returns everything that the server serves. stop, once closed, ends the streams.
func routes(a *app, documents map[string]string, listener *pg.Listener, stop <-chan struct{}) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("/graphql", a.identify(api(a, documents, listener, registry, stop)))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", a.measured(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
	if a.config.Sandbox() && a.config.SMTPURL == "" {
		mux.Handle("/mailbox/", notify.Mailbox(a.db, a.key, a.log))
		mux.Handle("GET /mailbox", http.RedirectHandler("/mailbox/", http.StatusSeeOther))
	}
	https := strings.HasPrefix(a.config.PublicURL, "https://")
	mux.Handle("/", web.Handler(web.Options{HTTPS: https, Playground: a.config.Sandbox() || a.config.Introspection != "off"}))
	return gqlhttp.RequestIDs(gqlhttp.AccessLog(a.log, web.SecurityHeaders(mux, https)))
}

// api returns the GraphQL handler.
func api(a *app, documents map[string]string, listener *pg.Listener, metrics prometheus.Registerer, stop <-chan struct{}) http.Handler {
	resolver := &graph.Resolver{Now: time.Now, Auth: a.gate, Hosting: hosting.New(a.db), Notifications: notify.NewFeed(a.db, listener)}
	o := gqlhttp.Options{
		Caller:   caller,
		Language: func(ctx context.Context) string { return viewer.FromContext(ctx).Language },
		Introspect: func(ctx context.Context) bool {
			return a.config.Introspection == "on" || a.config.Introspection == "staff" && (a.config.Sandbox() || viewer.FromContext(ctx).Kind == viewer.Staff)
		},
		Connect:       a.connect,
		Alive:         a.alive,
		SoleMutations: graph.SecretMutations,
		LongLists:     map[string]int{"UsageRecordInput.samples": hosting.MaxSamples},
		Scalars:       graph.Scalars,
		Documents:     documents,
		TrustedOnly: func(ctx context.Context) bool {
			return len(documents) > 0 && viewer.FromContext(ctx).Kind != viewer.Staff
		},
		Extensions: []graphql.HandlerExtension{graph.Operations{DB: a.db}},
		Origins:    a.config.AllowedOrigins,
		Logger:     a.log,
		Tracer:     otel.GetTracerProvider(),
		Metrics:    metrics,
		Stop:       stop,
	}
	if a.config.RateLimit > 0 {
		o.Spend = func(ctx context.Context, cost int) (gqlhttp.Allowance, error) {
			left, err := a.gate.Allow(ctx, "cost:"+caller(ctx), cost, a.config.RateLimit, time.Minute)
			return gqlhttp.Allowance{Limit: left.Limit, Remaining: left.Remaining, ResetAt: left.ResetAt, OK: left.OK}, err
		}
	}
	return gqlhttp.New(exec.NewExecutableSchema(exec.Config{Resolvers: resolver}), o)
}

// caller names who asks, for limits: the token, the user, or the address of a visitor.
func caller(ctx context.Context) string {
	v := viewer.FromContext(ctx)
	if actor := v.Actor(); actor != "visitor" {
		return actor
	}
	return "address:" + graph.VisitFrom(ctx).Client.IP.String()
}

// identify finds out who sends a request. A bearer token that is no good is refused; a stale cookie makes a visitor of the
// browser, so that it can sign in.
func (a *app) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := a.gate.Authenticate(r)
		if p, ok := problem.As(err); ok {
			if p.Code != problem.Unauthenticated || r.Header.Get("Authorization") != "" {
				status := http.StatusNotFound
				if p.Code == problem.Unauthenticated {
					status = http.StatusUnauthorized
					w.Header().Set("WWW-Authenticate", `Bearer realm="klantenpaneel", error="invalid_token"`)
				}
				gqlhttp.Refuse(w, r, status, p, v.Language)
				return
			}
			http.SetCookie(w, a.gate.NoCookie())
		} else if err != nil {
			a.log.ErrorContext(r.Context(), "find out who asks", "error", err, "request_id", gqlhttp.RequestID(r.Context()))
			gqlhttp.Refuse(w, r, http.StatusServiceUnavailable, problem.New("UNAVAILABLE", problem.Text{NL: "Even geduld: de gegevens zijn nu niet bereikbaar.", EN: "Please try again soon: the data cannot be reached now."}), v.Language)
			return
		}
		ctx := graph.WithVisit(viewer.NewContext(r.Context(), v), graph.Visit{
			Client:    auth.Client{IP: clientIP(r, a.config.proxies), UserAgent: r.UserAgent()},
			SetCookie: func(c *http.Cookie) { http.SetCookie(w, c) }})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// connect signs in the caller of a WebSocket: by the token in its first message, else by the cookie it came with.
func (a *app) connect(ctx context.Context, payload map[string]any) (context.Context, error) {
	visit := graph.VisitFrom(ctx)
	visit.SetCookie = nil // the answer to the upgrade is long gone
	ctx = graph.WithVisit(ctx, visit)
	token, _ := payload["Authorization"].(string)
	if token == "" {
		token, _ = payload["authorization"].(string)
	}
	if token == "" {
		return ctx, nil
	}
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		token = rest
	}
	account, _ := payload[auth.AccountHeader].(string)
	v, err := a.gate.AuthenticateToken(ctx, token, account)
	if err != nil {
		return ctx, err
	}
	return viewer.NewContext(ctx, v), nil
}

// alive reports whether the caller of a stream may still be served.
func (a *app) alive(ctx context.Context) (bool, error) {
	err := a.gate.Fresh(ctx, viewer.FromContext(ctx))
	if problem.Is(err, problem.Unauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// ready answers whether requests can be served: whether the database answers.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.db.Ping(ctx); err != nil {
		a.log.WarnContext(ctx, "not ready", "error", err)
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	answer(w, http.StatusOK, "ok")
}

// measured lets only this machine, and who has METRICS_TOKEN, see the metrics.
func (a *app) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		known := a.config.MetricsToken != "" && subtle.ConstantTimeCompare([]byte(token), []byte(a.config.MetricsToken)) == 1
		if !known && (a.config.MetricsToken != "" || !clientIP(r, a.config.proxies).IsLoopback()) {
			answer(w, http.StatusForbidden, "metrics are for this machine, or for who has METRICS_TOKEN")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

// clientIP returns the address of the client itself: what trusted proxies say of it, else who connected.
func clientIP(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(ip, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap()
	}
	return ip
}

func within(ip netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "localhost"
	}
	host, _, err := net.SplitHostPort(u.Host)
	if err != nil {
		return u.Host
	}
	return host
}

func printAddresses(w io.Writer, c *Config) {
	fmt.Fprintf(w, `
  Panel       %[1]s/
  Playground  %[1]s/playground
  API         %[1]s/graphql
  Mailbox     %[1]s/mailbox/    (mail that was "sent")
  Logins      see docs/demo.md, or run: make logins

  Stop with Ctrl-C. The data stay in %[2]s; remove that folder to begin anew.
`, c.PublicURL, c.DataDir)
}
