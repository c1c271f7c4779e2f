// Package gqlhttp serves a GraphQL schema over HTTP: JSON, server-sent events, Apollo's multipart subscriptions and
// WebSocket (graphql-transport-ws).
//
// It owns what a request may look like and cost, and what of an error the caller gets to see. It knows nothing of the
// schema it serves, nor of sessions: who asks, in which language and with how much budget comes from the functions in
// Options. The rule behind each refusal is to bound a document before it is validated, because validation is the
// expensive part, and never to echo what was sent.
package gqlhttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
)

// Options says who may ask what. The zero value serves everyone, in English, without introspection and without a
// budget; every function may be nil and must be safe for concurrent use.
type Options struct {
	Limits  Limits        // zero fields take their value of DefaultLimits
	Timeout time.Duration // of one query or mutation, 25 s when zero; subscriptions have none

	// Caller names who asks, to count connections by. When nil or "" that is the address of the peer; behind a proxy
	// all visitors would share one, so name them by the address that the proxy reports.
	Caller func(context.Context) string
	// Language is "nl" or "en"; "en" when nil.
	Language func(context.Context) string
	// Introspect reports whether the caller may ask for the schema; nobody may when nil.
	Introspect func(context.Context) bool
	// Connect signs in the caller of a WebSocket by the payload of connection_init. It returns the context of all
	// operations on the socket, derived from ctx; an error closes it with 4403. Without it the request's own context,
	// with what the middlewares made of cookies and headers, is all there is.
	Connect func(ctx context.Context, payload map[string]any) (context.Context, error)
	// Alive reports whether the caller in ctx may still be served as it was when it came: not once its session or token
	// has expired or been revoked, or its rights have changed. It is asked before each event and every Limits.Recheck;
	// false ends streams, and sockets with 4403, after which clients sign in anew. An error leaves the question open.
	Alive func(context.Context) (bool, error)

	// Spend takes cost from the caller's budget. An error means that the budget is not known: it is logged and the
	// operation runs.
	Spend func(ctx context.Context, cost int) (Allowance, error)
	// Weights is what a field costs besides its children, by "Type.field"; 1 for those not named.
	Weights map[string]int

	// SoleMutations are mutations, by field name, of which one request may hold only one: those that try a secret.
	SoleMutations []string
	// LongLists allows a list in an input object more than Limits.ListLength elements, by "Type.field".
	LongLists map[string]int
	// Scalars reads the values of the schema's own scalars, by name, before anything is resolved; see Scalar. The
	// caller of the API is told which scalar could not be read and where it is specified, not the error's text.
	Scalars map[string]func(value any) error

	// Documents are the registered operations, by sha256 (hex) of their text or by an id of any other form.
	Documents map[string]string
	// TrustedOnly reports whether the caller may run nothing but Documents; nobody is held to it when nil.
	TrustedOnly func(context.Context) bool

	// Codes are the error codes, besides those of packages gqlhttp and problem, that may reach the client.
	Codes []string
	// Extensions run inside those of this package: loaders, transactions.
	Extensions []graphql.HandlerExtension
	// Origins are further origins ("https://panel.example.nl") whose pages may use the API.
	Origins []string

	Logger  *slog.Logger          // slog.Default() when nil
	Tracer  trace.TracerProvider  // no spans when nil
	Metrics prometheus.Registerer // no metrics when nil
	// Stop, once closed, ends all streams and closes all sockets with 1001.
	Stop <-chan struct{}
}

// handler serves one schema.
type handler struct {
	opts    Options
	exec    *executor.Executor
	costs   *costs
	metrics *metrics
	streams *tally // by caller
	sockets *tally // by caller
}

// New returns the handler of the one URL at which es is served. It panics when opts does not fit es.
func New(es graphql.ExecutableSchema, opts Options) http.Handler {
	return crossOrigin(newHandler(es, opts), opts.Origins)
}

func newHandler(es graphql.ExecutableSchema, opts Options) *handler {
	opts = opts.withDefaults()
	withoutDefer(es.Schema())
	h := &handler{
		opts:    opts,
		exec:    executor.New(es),
		costs:   &costs{limit: opts.Limits.Cost, weights: opts.Weights, spend: opts.Spend, logger: opts.Logger},
		metrics: newMetrics(opts.Metrics),
		streams: newTally(),
		sockets: newTally(),
	}
	present := presenter{codes: allowed(opts.Codes), language: opts.Language, logger: opts.Logger}
	h.exec.SetErrorPresenter(present.present)
	h.exec.SetRecoverFunc(caught)
	h.exec.SetDefaultRulesFn(quietRules)
	h.exec.SetDisableSuggestion(true)
	h.exec.SetParserTokenLimit(opts.Limits.Tokens)
	parsed := newDocumentCache(opts.Limits.CacheBytes)
	h.exec.SetQueryCache(parsed)

	use := []graphql.HandlerExtension{
		operationLog{logger: opts.Logger},
		h.metrics,
		newPersisted(opts),
		&guard{limits: opts.Limits, sole: set(opts.SoleMutations), seen: parsed},
		&coercion{limits: opts.Limits, scalars: opts.Scalars, longLists: opts.LongLists},
		introspection{opts.Introspect},
		singleRoot{},
		h.costs,
	}
	if opts.Tracer != nil {
		use = append(use, newTracer(opts.Tracer))
	}
	for _, extension := range append(use, opts.Extensions...) {
		h.exec.Use(extension)
	}
	return h
}

// withDefaults fills what was left out.
func (o Options) withDefaults() Options {
	o.Limits = o.Limits.withDefaults()
	if o.Timeout == 0 {
		o.Timeout = 25 * time.Second
	}
	if o.Language == nil {
		o.Language = func(context.Context) string { return "en" }
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Alive == nil {
		o.Alive = func(context.Context) (bool, error) { return true, nil }
	}
	if o.Connect == nil {
		o.Connect = func(ctx context.Context, _ map[string]any) (context.Context, error) { return ctx, nil }
	}
	return o
}

// ServeHTTP answers one request, in the form that its method and Accept header ask for.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer h.recovered(w, r)
	if isWebSocket(r) {
		h.serveSocket(w, r)
		return
	}
	w.Header().Add("Vary", "Accept")
	accept := negotiate(r.Header.Values("Accept"))
	params, refusal := read(w, r, accept, h.opts.Limits.BodyBytes)
	if refusal != nil {
		refusal.write(w, accept.single())
		return
	}
	h.serve(w, r, accept, params)
}

func set(names []string) map[string]bool {
	s := make(map[string]bool, len(names))
	for _, name := range names {
		s[name] = true
	}
	return s
}

// Scalar makes an entry of Options.Scalars from a scalar's unmarshaler.
func Scalar[T any](unmarshal func(any) (T, error)) func(any) error {
	return func(value any) error {
		_, err := unmarshal(value)
		return err
	}
}
