package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// singleRoot holds subscriptions to one root field. The validator counts names, not response keys, so that aliases and
// directives pass it.
type singleRoot struct{}

func (singleRoot) ExtensionName() string                   { return "SingleRoot" }
func (singleRoot) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses a subscription with no root field or with several.
func (singleRoot) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if operation.Operation.Operation != ast.Subscription {
		return nil
	}
	if fields := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Subscription"}); len(fields) != 1 {
		return failure(codeValidation, "A subscription must select exactly one root field.")
	}
	return nil
}
