package gqlhttp

import (
	"context"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// operationLog writes one line for each operation that ran: what, how long, at what cost and with which codes. Neither
// the document nor the variables are written, since both may hold personal data; the hash tells which document it was.
type operationLog struct {
	logger *slog.Logger
}

func (operationLog) ExtensionName() string                   { return "OperationLog" }
func (operationLog) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation waits for the last response.
func (o operationLog) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	return whenDone(operation, next(ctx), func(sum summary) {
		cost := 0
		if c := CostOf(operation); c != nil {
			cost = c.Requested
		}
		o.logger.InfoContext(ctx, "GraphQL operation",
			"request_id", RequestID(ctx),
			"type", string(operation.Operation.Operation),
			"operation", clip(operation.Operation.Name),
			"document", hashed(operation.RawQuery)[:16],
			"duration_ms", time.Since(operation.Stats.OperationStart).Milliseconds(),
			"cost", cost,
			"responses", sum.responses,
			"codes", sum.codes,
		)
	})
}
