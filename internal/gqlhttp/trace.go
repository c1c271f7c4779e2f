package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracer makes a span for each operation, and one for each field that has a resolver and so may do I/O. Spans hold
// names, never arguments, variables or results.
type tracer struct {
	tracer trace.Tracer
}

func newTracer(provider trace.TracerProvider) *tracer {
	return &tracer{tracer: provider.Tracer("klantenpaneel/internal/gqlhttp")}
}

func (*tracer) ExtensionName() string                   { return "Tracer" }
func (*tracer) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation spans an operation until its last response. It continues the trace of the request, if any.
func (t *tracer) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(operation.Headers))
	}
	kind := string(operation.Operation.Operation)
	ctx, span := t.tracer.Start(ctx, kind, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("graphql.operation.type", kind),
		attribute.String("graphql.operation.name", clip(operation.Operation.Name)),
		attribute.String("request.id", RequestID(ctx)),
	))
	return whenDone(operation, next(ctx), func(sum summary) {
		if len(sum.codes) > 0 {
			span.SetAttributes(attribute.StringSlice("graphql.error.codes", sum.codes))
			span.SetStatus(codes.Error, sum.codes[0])
		}
		span.End()
	})
}

// InterceptField spans a field with a resolver of its own. The event stream of a subscription has the operation's span.
func (t *tracer) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if !field.IsResolver || graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription && field.Object == "Subscription" {
		return next(ctx)
	}
	ctx, span := t.tracer.Start(ctx, field.Object+"."+field.Field.Name)
	defer span.End()
	result, err := next(ctx)
	if err != nil {
		span.SetStatus(codes.Error, "") // the text may hold what the caller sent; the log has it
	}
	return result, err
}
