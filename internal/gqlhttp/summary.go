package gqlhttp

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// summary is what came of an operation.
type summary struct {
	responses int
	codes     []string // of errors, each once
}

func (s *summary) add(response *graphql.Response) {
	s.responses++
	for _, e := range response.Errors {
		if code, _ := e.Extensions["code"].(string); !slices.Contains(s.codes, code) {
			s.codes = append(s.codes, code)
		}
	}
}

// whenDone calls done once after the last response: the only one of a query or mutation, the end of a subscription.
func whenDone(operation *graphql.OperationContext, next graphql.ResponseHandler, done func(summary)) graphql.ResponseHandler {
	var sum summary
	finished := false
	return func(ctx context.Context) *graphql.Response {
		response := next(ctx)
		if response != nil {
			sum.add(response)
		}
		if !finished && (response == nil || operation.Operation.Operation != ast.Subscription) {
			finished = true
			done(sum)
		}
		return response
	}
}
