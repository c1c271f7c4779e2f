package gqlhttp

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"klantenpaneel/internal/problem"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Allowance is the budget of a caller after an operation has been paid for, or refused.
type Allowance struct {
	Limit     int       // what a full budget holds
	Remaining int       // what is left
	ResetAt   time.Time // when the budget is full again; when refused, when this operation can be paid for
	OK        bool      // false when the operation is refused
}

// Cost is what an operation costs and what that leaves.
type Cost struct {
	Requested int        // of this operation
	Maximum   int        // of any operation
	Budget    *Allowance // nil when there is no budget, or it is not known
}

// costs refuses an operation that costs too much in itself, and one that its caller has no budget for.
type costs struct {
	limit   int
	weights map[string]int
	spend   func(context.Context, int) (Allowance, error)
	logger  *slog.Logger
	schema  *ast.Schema
}

const costExtension = "Cost"

func (*costs) ExtensionName() string { return costExtension }

// Validate takes the schema, whose types tell what is a list.
func (c *costs) Validate(es graphql.ExecutableSchema) error {
	c.schema = es.Schema()
	return nil
}

// MutateOperationContext computes the cost and takes it from the budget.
func (c *costs) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	requested := newEstimate(c.schema, c.weights, operation.Variables).operation(operation.Operation)
	cost := &Cost{Requested: requested, Maximum: c.limit}
	operation.Stats.SetExtension(costExtension, cost)
	if requested > c.limit {
		e := failure(codeComplexity, fmt.Sprintf("The operation costs %d, of at most %d. Ask for smaller pages or fewer fields.", requested, c.limit))
		e.Extensions["cost"] = map[string]any{"requested": requested, "maximum": c.limit}
		return e
	}
	return c.pay(ctx, cost, requested)
}

// refused charges an operation that failed before it had a price, so that refusals are not free to provoke. It returns
// the error that takes the refusal's place when there is no budget left.
func (c *costs) refused(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	cost := CostOf(operation)
	if cost == nil {
		cost = &Cost{Maximum: c.limit}
		operation.Stats.SetExtension(costExtension, cost)
	}
	if cost.Budget != nil {
		return nil // it was paid for, or refused for want of budget
	}
	return c.pay(ctx, cost, 1)
}

func (c *costs) pay(ctx context.Context, cost *Cost, amount int) *gqlerror.Error {
	if c.spend == nil {
		return nil
	}
	allowance, err := c.spend(ctx, amount)
	if err != nil { // better served without a budget than not at all
		c.logger.ErrorContext(ctx, "the budget of a caller is not known", "error", err, "request_id", RequestID(ctx))
		return nil
	}
	cost.Budget = &allowance
	if allowance.OK {
		return nil
	}
	return &gqlerror.Error{Err: problem.New(problem.RateLimited, problem.Text{
		NL: "U vraagt te veel in korte tijd. Probeer het over %d seconden opnieuw.",
		EN: "You are asking for too much in a short time. Try again in %d seconds.",
	}, secondsUntil(allowance.ResetAt))}
}

// InterceptResponse tells the client what the operation cost.
func (c *costs) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx)
	if cost := CostOf(operation); cost != nil && operation.Operation != nil && operation.Operation.Operation != ast.Subscription {
		shown := map[string]any{"requested": cost.Requested, "maximum": cost.Maximum}
		if b := cost.Budget; b != nil {
			shown["budget"] = map[string]any{"limit": b.Limit, "remaining": b.Remaining, "resetAt": b.ResetAt.UTC().Format(time.RFC3339)}
		}
		graphql.RegisterExtension(ctx, "cost", shown)
	}
	return next(ctx)
}

// CostFrom returns the cost of the operation that ctx belongs to, nil when it has none.
func CostFrom(ctx context.Context) *Cost {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	return CostOf(graphql.GetOperationContext(ctx))
}

// CostOf returns the cost of an operation, nil when it has none.
func CostOf(operation *graphql.OperationContext) *Cost {
	cost, _ := operation.Stats.GetExtension(costExtension).(*Cost)
	return cost
}

// costHeaders tells the cost in headers, for programs that do not look into bodies.
func costHeaders(header http.Header, cost *Cost) {
	if cost == nil {
		return
	}
	header.Set("X-Operation-Cost", strconv.Itoa(cost.Requested))
	if b := cost.Budget; b != nil {
		header.Set("RateLimit-Limit", strconv.Itoa(b.Limit))
		header.Set("RateLimit-Remaining", strconv.Itoa(max(b.Remaining, 0)))
		header.Set("RateLimit-Reset", strconv.Itoa(secondsUntil(b.ResetAt)))
		if !b.OK {
			header.Set("Retry-After", strconv.Itoa(secondsUntil(b.ResetAt)))
		}
	}
}

// secondsUntil is at least 1, so that nobody retries at once.
func secondsUntil(t time.Time) int {
	return max(1, int(math.Ceil(time.Until(t).Seconds())))
}
