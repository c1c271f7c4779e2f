package gqlhttp

import (
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	pageSize     = 20   // of a connection asked for without first or last
	listSize     = 5    // of a list that is not a connection
	typeListSize = 20   // of a list of the schema itself: fields, arguments, values
	schemaCost   = 2500 // of an introspection of the whole schema, whatever is selected
	mutationCost = 10   // of a mutation, besides what is read of its payload
	inputPerUnit = 20   // values in variables that cost as much as one field, each time they are used
)

// estimate computes what an operation may cost: one for each field, times the length of the lists it stands in. The
// length of a connection is its argument first or last; no field has to be named for that. Fragments on different types
// all count, which makes the cost an upper bound.
type estimate struct {
	schema    *ast.Schema
	weights   map[string]int
	variables map[string]any
	sizes     map[string]int       // of variables, in values
	fragments map[string]breakdown // a fragment costs the same wherever it is spread
}

// breakdown is the cost of a selection set: flat once, perElement for each element of the connection it stands in.
type breakdown struct{ flat, perElement int }

func newEstimate(schema *ast.Schema, weights map[string]int, variables map[string]any) *estimate {
	return &estimate{schema: schema, weights: weights, variables: variables, sizes: map[string]int{}, fragments: map[string]breakdown{}}
}

func (e *estimate) operation(operation *ast.OperationDefinition) int {
	b := e.set(operation.SelectionSet, false)
	if operation.Operation == ast.Mutation {
		for _, selection := range operation.SelectionSet {
			if _, ok := selection.(*ast.Field); ok {
				b.flat = saturated(b.flat, mutationCost)
			}
		}
	}
	return b.flat
}

// set adds up a selection set; inConnection says that it stands in a connection, whose lists are pages.
func (e *estimate) set(selections ast.SelectionSet, inConnection bool) breakdown {
	var sum breakdown
	for _, selection := range selections {
		var b breakdown
		switch selection := selection.(type) {
		case *ast.Field:
			if e.included(selection.Directives) {
				b = e.field(selection, inConnection)
			}
		case *ast.InlineFragment:
			if e.included(selection.Directives) {
				b = e.set(selection.SelectionSet, inConnection)
			}
		case *ast.FragmentSpread:
			if e.included(selection.Directives) {
				b = e.fragment(selection, inConnection)
			}
		}
		sum.flat = saturated(sum.flat, b.flat)
		sum.perElement = saturated(sum.perElement, b.perElement)
	}
	return sum
}

func (e *estimate) fragment(spread *ast.FragmentSpread, inConnection bool) breakdown {
	b, known := e.fragments[spread.Name]
	if !known {
		b = e.set(spread.Definition.SelectionSet, inConnection)
		e.fragments[spread.Name] = b
	}
	return b
}

func (e *estimate) field(field *ast.Field, inConnection bool) breakdown {
	if field.Definition == nil {
		return breakdown{flat: 1}
	}
	if field.Name == "__schema" {
		return breakdown{flat: schemaCost}
	}
	own := 1
	if field.ObjectDefinition != nil {
		if weight, ok := e.weights[field.ObjectDefinition.Name+"."+field.Name]; ok {
			own = weight
		}
	}
	own = saturated(own, e.input(field.Arguments)/inputPerUnit)
	typ := field.Definition.Type
	connection := e.connection(typ)
	below := e.set(field.SelectionSet, connection)
	each := saturated(own, below.flat)
	if connection {
		each = saturated(each, product(e.page(field), below.perElement))
	}
	switch {
	case typ.Elem == nil || len(field.SelectionSet) == 0:
		return breakdown{flat: each}
	case strings.HasPrefix(field.ObjectDefinition.Name, "__"):
		return breakdown{flat: product(typeListSize, each)}
	case inConnection:
		return breakdown{perElement: each}
	}
	return breakdown{flat: product(e.length(field), each)}
}

// connection reports whether typ is a page of a list, by the form that Relay gives it.
func (e *estimate) connection(typ *ast.Type) bool {
	definition := e.schema.Types[typ.Name()]
	return definition != nil && strings.HasSuffix(definition.Name, "Connection") && definition.Fields.ForName("pageInfo") != nil
}

// page is how many elements are asked of a connection. The resolver refuses sizes out of range.
func (e *estimate) page(field *ast.Field) int {
	size := 0
	for _, name := range []string{"first", "last"} {
		if n, ok := integer(e.argument(field, name)); ok && n > 0 {
			size = max(size, int(min(n, 1<<30)))
		}
	}
	if size == 0 {
		return pageSize
	}
	return size
}

// length is how many elements a plain list has: as many as the list it was asked for with (nodes(ids:)), or a few.
func (e *estimate) length(field *ast.Field) int {
	for _, argument := range field.Definition.Arguments {
		if argument.Type.Elem != nil {
			if list := graphql.CoerceList(e.argument(field, argument.Name)); len(list) > 0 {
				return len(list)
			}
		}
	}
	return listSize
}

// argument is the value of an argument, nil when it has none.
func (e *estimate) argument(field *ast.Field, name string) any {
	if given := field.Arguments.ForName(name); given != nil {
		if value, err := given.Value.Value(e.variables); err == nil && value != nil {
			return value
		}
	}
	if declared := field.Definition.Arguments.ForName(name); declared != nil && declared.DefaultValue != nil {
		value, _ := declared.DefaultValue.Value(nil)
		return value
	}
	return nil
}

// input is how many values the variables in arguments hold: each use of a variable is read anew.
func (e *estimate) input(arguments ast.ArgumentList) int {
	sum := 0
	for _, argument := range arguments {
		sum = saturated(sum, e.size(argument.Value))
	}
	return sum
}

func (e *estimate) size(value *ast.Value) int {
	if value.Kind != ast.Variable {
		sum := 0
		for _, child := range value.Children {
			sum = saturated(sum, e.size(child.Value))
		}
		return sum
	}
	size, known := e.sizes[value.Raw]
	if !known {
		size = values(e.variables[value.Raw])
		e.sizes[value.Raw] = size
	}
	return size
}

// values counts the values in a variable.
func values(value any) int {
	n := 1
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			n += values(element)
		}
	case map[string]any:
		for _, field := range value {
			n += values(field)
		}
	case []json.Number:
		n += len(value)
	case []string:
		n += len(value)
	}
	return n
}

// included evaluates @skip and @include.
func (e *estimate) included(directives ast.DirectiveList) bool {
	for _, directive := range directives {
		if directive.Name != "skip" && directive.Name != "include" {
			continue
		}
		if condition := directive.Arguments.ForName("if"); condition != nil {
			value, err := condition.Value.Value(e.variables)
			if yes, ok := value.(bool); err == nil && ok && yes == (directive.Name == "skip") {
				return false
			}
		}
	}
	return true
}

// product multiplies two costs that are not negative; it saturates.
func product(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a > (1<<31-1)/b {
		return 1<<31 - 1
	}
	return a * b
}
