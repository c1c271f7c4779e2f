package gqlhttp

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// guard bounds a document before gqlgen validates it. Validation is quadratic in repeated fields and exponential in
// nested fragments; the guard is linear in the document, since it looks at each fragment once.
type guard struct {
	limits Limits
	sole   map[string]bool
	seen   graphql.Cache[*ast.QueryDocument] // documents that passed and were then validated
}

func (*guard) ExtensionName() string                   { return "Guard" }
func (*guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document that is out of bounds.
func (g *guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) > g.limits.DocumentBytes {
		return exceeded("bytes", len(params.Query), g.limits.DocumentBytes)
	}
	if _, ok := g.seen.Get(ctx, params.Query); ok {
		return nil
	}
	if !utf8.ValidString(params.Query) || strings.Contains(params.Query, `\u`) && hasLoneSurrogate([]byte(params.Query)) {
		return failure(codeParse, "The document is not valid Unicode.")
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, g.limits.Tokens)
	if err != nil {
		return unparsed(err)
	}
	return newSurvey(g.limits, g.sole, document).judge()
}

// unparsed returns the error of the parser as one that may be shown.
func unparsed(err error) *gqlerror.Error {
	if located, ok := err.(*gqlerror.Error); ok {
		if strings.Contains(located.Message, "exceeded token limit") {
			return failure(codeLimit, "The document has too many tokens.")
		}
		errcode.Set(located, codeParse)
		return located
	}
	return failure(codeParse, "The document cannot be parsed.")
}

// exceeded is the refusal of a document with more of a kind than is allowed.
func exceeded(kind string, actual, most int) *gqlerror.Error {
	e := failure(codeLimit, fmt.Sprintf("The operation has too many %s: %d, of at most %d.", kind, actual, most))
	e.Extensions["limit"] = map[string]any{"kind": kind, "actual": actual, "maximum": most}
	return e
}
