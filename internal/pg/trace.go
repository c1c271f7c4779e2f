package pg

import (
	"context"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

type countKey struct{}

// Count returns a context in which statements are counted, and the count: how many were sent to PostgreSQL on behalf of
// it. BEGIN, the settings, COMMIT and ROLLBACK are not counted.
func Count(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}

// counted counts one statement.
func counted(ctx context.Context) {
	if n, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

var tracer = otel.Tracer("klantenpaneel/internal/pg")

// traced opens a span for the statement when its caller is traced, and returns what closes it. The span names the verb
// and never holds the text, in which the values are written out.
func traced(ctx context.Context, statement string) func(error) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return func(error) {}
	}
	operation := verb(statement)
	_, span := tracer.Start(ctx, "postgresql "+operation, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("db.system.name", "postgresql"), attribute.String("db.operation.name", operation)))
	return func(err error) {
		if err != nil {
			code, _, _ := server(err)
			span.SetStatus(codes.Error, code)
			span.SetAttributes(attribute.String("db.response.status_code", code))
		}
		span.End()
	}
}

// verb returns the first word of the statement, in upper case.
func verb(statement string) string {
	word := strings.TrimLeft(statement, " \t\r\n(")
	if i := strings.IndexFunc(word, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }); i >= 0 {
		word = word[:i]
	}
	return strings.ToUpper(word)
}
