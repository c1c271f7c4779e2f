package gqlhttp

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// literals checks the arguments that are written out in a validated operation. Variables in them were checked by
// their own types, once; here only what depends on their place is, so that a large variable costs the same however
// often it is used.
type literals struct {
	coercion  *coercion
	variables map[string]any
	seen      map[string]bool // fragments
}

func (l *literals) set(selections ast.SelectionSet) *gqlerror.Error {
	for _, selection := range selections {
		if refusal := l.selection(selection); refusal != nil {
			return refusal
		}
	}
	return nil
}

func (l *literals) selection(selection ast.Selection) *gqlerror.Error {
	switch selection := selection.(type) {
	case *ast.Field:
		if selection.Definition != nil {
			if refusal := l.arguments(selection.Definition.Arguments, selection.Arguments); refusal != nil {
				return refusal
			}
		}
		if refusal := l.directives(selection.Directives); refusal != nil {
			return refusal
		}
		return l.set(selection.SelectionSet)
	case *ast.InlineFragment:
		if refusal := l.directives(selection.Directives); refusal != nil {
			return refusal
		}
		return l.set(selection.SelectionSet)
	case *ast.FragmentSpread:
		if refusal := l.directives(selection.Directives); refusal != nil || l.seen[selection.Name] {
			return refusal
		}
		l.seen[selection.Name] = true
		return l.set(selection.Definition.SelectionSet)
	}
	return nil
}

func (l *literals) directives(directives ast.DirectiveList) *gqlerror.Error {
	for _, directive := range directives {
		if directive.Definition != nil {
			if refusal := l.arguments(directive.Definition.Arguments, directive.Arguments); refusal != nil {
				return refusal
			}
		}
	}
	return nil
}

func (l *literals) arguments(declared ast.ArgumentDefinitionList, given ast.ArgumentList) *gqlerror.Error {
	for _, argument := range given {
		definition := declared.ForName(argument.Name)
		if definition == nil {
			continue
		}
		m := l.value(argument.Value, definition.Type, l.coercion.limits.ListLength)
		if m != nil {
			refusal := failure(m.code, m.message)
			if position := argument.Position; position != nil {
				refusal.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
			}
			return refusal
		}
	}
	return nil
}

// value checks one literal against the type of its place; longest bounds it when it is a list.
func (l *literals) value(value *ast.Value, typ *ast.Type, longest int) *mistake {
	switch {
	case value.Kind == ast.NullValue:
		return nil
	case value.Kind == ast.Variable:
		if list, ok := l.variables[value.Raw].([]any); ok && typ.Elem != nil {
			return l.coercion.length(list, longest)
		}
		return nil
	case typ.Elem != nil && value.Kind == ast.ListValue:
		for i, element := range value.Children { // the guard has counted them
			if m := l.value(element.Value, typ.Elem, l.coercion.limits.ListLength); m != nil {
				return m.within(ast.PathIndex(i))
			}
		}
		return nil
	case typ.Elem != nil:
		return l.value(value, typ.Elem, longest)
	}
	definition := l.coercion.schema.Types[typ.NamedType]
	if definition != nil && definition.Kind == ast.InputObject && value.Kind == ast.ObjectValue {
		return l.object(value, definition)
	}
	plain, err := value.Value(l.variables)
	if err != nil { // a number too large for its kind, on which gqlgen would panic
		return wrong("The number is out of range.")
	}
	return l.coercion.check(plain, typ, longest)
}

// object checks the fields of an input. That a oneOf input has one key, not null, was validated.
func (l *literals) object(value *ast.Value, definition *ast.Definition) *mistake {
	for _, child := range value.Children {
		declared := definition.Fields.ForName(child.Name)
		if declared == nil {
			continue // validation has refused it
		}
		if m := l.value(child.Value, declared.Type, l.coercion.longest(definition.Name, child.Name)); m != nil {
			return m.within(ast.PathName(child.Name))
		}
	}
	return nil
}
