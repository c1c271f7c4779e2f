package gqlhttp

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// coercion reads input as the specification says, where gqlgen is lenient: "5" is no Int and 5 no String, an enum value
// has one spelling, a oneOf input holds one key. It also refuses what no column can store: NUL, numbers out of range.
type coercion struct {
	limits    Limits
	scalars   map[string]func(any) error
	longLists map[string]int
	schema    *ast.Schema
}

func (*coercion) ExtensionName() string { return "Coercion" }

// Validate takes the schema, whose types decide.
func (c *coercion) Validate(es graphql.ExecutableSchema) error {
	c.schema = es.Schema()
	return nil
}

// MutateOperationParameters looks at the variables before their types are known: depth, text, numbers. It writes
// integral numbers such as 5.0 and 1e2 as integers, which gqlgen would refuse for an Int.
func (c *coercion) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	for name, value := range params.Variables {
		plain, refusal := c.plain(value, 1)
		if refusal != nil {
			refusal.Path = ast.Path{ast.PathName("variable"), ast.PathName(clip(name))}
			return refusal
		}
		params.Variables[name] = plain
	}
	return nil
}

// plain returns value with its integral numbers written as integers.
func (c *coercion) plain(value any, depth int) (any, *gqlerror.Error) {
	if depth > c.limits.InputDepth {
		return nil, exceeded("levels of input", depth, c.limits.InputDepth)
	}
	var refusal *gqlerror.Error
	switch value := value.(type) {
	case string:
		if strings.ContainsRune(value, 0) {
			return nil, failure(codeValidation, "Text cannot hold the character NUL.")
		}
	case json.Number:
		return integral(value)
	case []any:
		for i := range value {
			if value[i], refusal = c.plain(value[i], depth+1); refusal != nil {
				return nil, refusal
			}
		}
	case map[string]any:
		for key := range value {
			if value[key], refusal = c.plain(value[key], depth+1); refusal != nil {
				return nil, refusal
			}
		}
	}
	return value, nil
}

// integral rewrites a number without a fraction as an integer, as far as a float64 is exact.
func integral(n json.Number) (any, *gqlerror.Error) {
	f, err := n.Float64()
	if err != nil { // 1e999
		return nil, failure(codeValidation, "The number is out of range.")
	}
	if strings.ContainsAny(n.String(), ".eE") && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(f), 10)), nil
	}
	return n, nil
}

// MutateOperationContext checks variables and literals against their types.
func (c *coercion) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	longest := c.limits.ListLength
	for _, most := range c.longLists {
		longest = max(longest, most)
	}
	for _, variable := range operation.Operation.VariableDefinitions {
		value, given := operation.Variables[variable.Variable]
		if !given {
			continue
		}
		if wrong := c.check(value, variable.Type, longest); wrong != nil {
			return wrong.within(ast.PathName(variable.Variable)).within(ast.PathName("variable")).refusal()
		}
	}
	literals := literals{coercion: c, variables: operation.Variables, seen: map[string]bool{}}
	return literals.set(operation.Operation.SelectionSet)
}

// mistake says what is wrong with a value, and where in it.
type mistake struct {
	path    ast.Path
	message string
	code    string
}

func wrong(format string, args ...any) *mistake {
	return &mistake{message: fmt.Sprintf(format, args...), code: codeValidation}
}

// within returns m as seen from one level up.
func (m *mistake) within(element ast.PathElement) *mistake {
	m.path = append(ast.Path{element}, m.path...)
	return m
}

func (m *mistake) refusal() *gqlerror.Error {
	e := failure(m.code, m.message)
	e.Path = m.path
	return e
}

// check compares a coerced value with its type; longest bounds it when it is a list.
func (c *coercion) check(value any, typ *ast.Type, longest int) *mistake {
	if value == nil {
		return nil // whether it may be null was validated
	}
	if typ.Elem != nil {
		elements := graphql.CoerceList(value)
		if m := c.length(elements, longest); m != nil {
			return m
		}
		for i, element := range elements {
			if m := c.check(element, typ.Elem, c.limits.ListLength); m != nil {
				return m.within(ast.PathIndex(i))
			}
		}
		return nil
	}
	definition := c.schema.Types[typ.NamedType]
	switch {
	case definition == nil:
		return nil
	case definition.Kind == ast.InputObject:
		return c.object(value, definition)
	case definition.Kind == ast.Enum:
		if name, ok := value.(string); !ok || definition.EnumValues.ForName(name) == nil {
			return wrong("This is not a value of the enum %s.", definition.Name)
		}
		return nil
	}
	return c.scalar(value, definition)
}

func (c *coercion) length(list []any, longest int) *mistake {
	if len(list) > longest {
		return &mistake{code: codeLimit, message: fmt.Sprintf("The list has %d elements, of at most %d.", len(list), longest)}
	}
	return nil
}

// longest is how many elements the list in an input field may have.
func (c *coercion) longest(typ, field string) int {
	if more, ok := c.longLists[typ+"."+field]; ok {
		return more
	}
	return c.limits.ListLength
}

func (c *coercion) object(value any, definition *ast.Definition) *mistake {
	fields, ok := value.(map[string]any)
	if !ok {
		return wrong("%s must be an object.", definition.Name)
	}
	if definition.Directives.ForName("oneOf") != nil {
		if len(fields) != 1 {
			return wrong("Exactly one key must be specified for OneOf type %q.", definition.Name)
		}
		for name, field := range fields {
			if field == nil {
				return wrong("Field %q must be non-null.", definition.Name+"."+name)
			}
		}
	}
	for name, field := range fields {
		declared := definition.Fields.ForName(name)
		if declared == nil {
			return wrong("%s has no such field.", definition.Name).within(ast.PathName(clip(name)))
		}
		if m := c.check(field, declared.Type, c.longest(definition.Name, name)); m != nil {
			return m.within(ast.PathName(name))
		}
	}
	return nil
}

func (c *coercion) scalar(value any, definition *ast.Definition) *mistake {
	switch definition.Name {
	case "Int":
		n, ok := integer(value)
		if !ok {
			return wrong("Int cannot represent this value.")
		}
		if n > math.MaxInt32 || n < math.MinInt32 {
			return wrong("Int cannot represent a number beyond 32 bits.")
		}
	case "Float":
		switch number := value.(type) {
		case int64:
		case float64:
			if math.IsNaN(number) || math.IsInf(number, 0) {
				return wrong("Float cannot represent this value.")
			}
		case json.Number:
			if _, err := number.Float64(); err != nil {
				return wrong("Float cannot represent this value.")
			}
		default:
			return wrong("Float cannot represent this value.")
		}
	case "String":
		if _, ok := value.(string); !ok {
			return wrong("String cannot represent this value.")
		}
	case "Boolean":
		if _, ok := value.(bool); !ok {
			return wrong("Boolean cannot represent this value.")
		}
	case "ID":
		if _, ok := value.(string); !ok {
			if _, ok := integer(value); !ok {
				return wrong("ID cannot represent this value.")
			}
		}
	default:
		if check := c.scalars[definition.Name]; check != nil && check(value) != nil {
			return wrong("%s cannot represent this value%s.", definition.Name, specification(definition))
		}
	}
	return nil
}

// specification tells where the form of a scalar is written down.
func specification(scalar *ast.Definition) string {
	if by := scalar.Directives.ForName("specifiedBy"); by != nil {
		if url := by.Arguments.ForName("url"); url != nil {
			return "; see " + url.Value.Raw
		}
	}
	return ""
}

// integer returns the integer that a coerced value holds.
func integer(value any) (n int64, ok bool) {
	switch value := value.(type) {
	case int64:
		return value, true
	case json.Number:
		n, err := value.Int64()
		return n, err == nil
	}
	return 0, false
}
