package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// introspection lets only some callers ask for the schema. The others get a refusal of the whole request, because
// gqlgen's own switch fails the field only, as a fault.
type introspection struct {
	may func(context.Context) bool
}

func (introspection) ExtensionName() string                   { return "Introspection" }
func (introspection) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation that asks for the schema, at any depth: payloads hold the query type too.
func (i introspection) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if !introspects(operation.Operation.SelectionSet, map[string]bool{}) {
		return nil
	}
	if i.may == nil || !i.may(ctx) {
		return failure(codeIntrospection, "Introspection is off here.")
	}
	operation.DisableIntrospection = false
	return nil
}

func introspects(selections ast.SelectionSet, seen map[string]bool) bool {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			if selection.Name == "__schema" || selection.Name == "__type" || introspects(selection.SelectionSet, seen) {
				return true
			}
		case *ast.InlineFragment:
			if introspects(selection.SelectionSet, seen) {
				return true
			}
		case *ast.FragmentSpread:
			if !seen[selection.Name] {
				seen[selection.Name] = true
				if introspects(selection.Definition.SelectionSet, seen) {
					return true
				}
			}
		}
	}
	return false
}
