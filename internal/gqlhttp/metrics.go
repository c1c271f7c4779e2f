package gqlhttp

import (
	"context"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts operations. Labels come from small fixed sets: the client's names would let it fill our memory.
type metrics struct {
	duration *prometheus.HistogramVec
	cost     *prometheus.HistogramVec
	refusals *prometheus.CounterVec
	open     *prometheus.GaugeVec
}

// newMetrics registers the metrics; with a nil registry they count unseen.
func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "graphql_operation_duration_seconds", Help: "Time from reading an operation to its last response, by type and outcome (ok, error, fault).",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25},
		}, []string{"type", "outcome"}),
		cost: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "graphql_operation_cost", Help: "Cost of the operations that ran, by type.",
			Buckets: prometheus.ExponentialBuckets(1, 4, 8),
		}, []string{"type"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "graphql_refusals_total", Help: "Operations that were refused before they ran, by error code.",
		}, []string{"code"}),
		open: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "graphql_open_connections", Help: "Open event streams and WebSockets.",
		}, []string{"kind"}),
	}
	if registry != nil {
		registry.MustRegister(m.duration, m.cost, m.refusals, m.open)
	}
	return m
}

func (*metrics) ExtensionName() string                   { return "Metrics" }
func (*metrics) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation observes an operation that runs.
func (m *metrics) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	kind := string(operation.Operation.Operation)
	if cost := CostOf(operation); cost != nil {
		m.cost.WithLabelValues(kind).Observe(float64(cost.Requested))
	}
	return whenDone(operation, next(ctx), func(sum summary) {
		outcome := "ok"
		switch {
		case slices.Contains(sum.codes, codeInternal):
			outcome = "fault"
		case len(sum.codes) > 0:
			outcome = "error"
		}
		m.duration.WithLabelValues(kind, outcome).Observe(time.Since(operation.Stats.OperationStart).Seconds())
	})
}

// refused counts an operation that did not run.
func (m *metrics) refused(response *graphql.Response) {
	if len(response.Errors) > 0 {
		code, _ := response.Errors[0].Extensions["code"].(string)
		m.refusals.WithLabelValues(code).Inc()
	}
}

// opened counts a connection until the returned function is called.
func (m *metrics) opened(kind string) (closed func()) {
	gauge := m.open.WithLabelValues(kind)
	gauge.Inc()
	return gauge.Dec
}
