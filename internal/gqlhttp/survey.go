package gqlhttp

import (
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// survey measures a parsed, not yet validated document. It stops at the first limit that is exceeded.
type survey struct {
	limits     Limits
	sole       map[string]bool
	document   *ast.QueryDocument
	fragments  map[string]*extent // nil while being measured
	selections int
	directives int
	refusal    *gqlerror.Error
}

// extent is the size of a selection set with its fragments spread.
type extent struct {
	fields int            // saturates at math.MaxInt32
	depth  int            // levels below and including this one
	keys   map[string]int // how often each response key occurs at this level
	top    int            // fields at this level
	sole   int            // mutations at this level of which there may be one
}

func newSurvey(limits Limits, sole map[string]bool, document *ast.QueryDocument) *survey {
	return &survey{limits: limits, sole: sole, document: document, fragments: map[string]*extent{}}
}

// judge returns the refusal of the document, nil when it is within bounds.
func (s *survey) judge() *gqlerror.Error {
	s.most("operations", len(s.document.Operations), s.limits.Operations)
	s.most("fragments", len(s.document.Fragments), s.limits.Fragments)
	for _, fragment := range s.document.Fragments { // unused ones too: validation walks them
		s.fragment(fragment.Name, 1)
	}
	for _, operation := range s.document.Operations {
		s.operation(operation)
	}
	return s.refusal
}

func (s *survey) operation(operation *ast.OperationDefinition) {
	s.count(operation.Directives)
	s.most("variables", len(operation.VariableDefinitions), s.limits.Variables)
	for _, variable := range operation.VariableDefinitions {
		s.count(variable.Directives)
		s.value(variable.DefaultValue, 1)
	}
	whole := s.set(operation.SelectionSet, 1)
	s.most("root fields", whole.top, s.limits.RootFields)
	if operation.Operation == ast.Mutation {
		s.most("mutations that sign in", whole.sole, 1)
	}
}

// most notes a refusal when actual is more than most, unless one is noted already.
func (s *survey) most(kind string, actual, most int) {
	if actual > most && s.refusal == nil {
		s.refusal = exceeded(kind, actual, most)
	}
}

// set measures a selection set at a depth.
func (s *survey) set(selections ast.SelectionSet, depth int) *extent {
	e := &extent{keys: map[string]int{}}
	s.most("levels", depth, s.limits.Depth)
	written := map[string]int{}
	for _, selection := range selections {
		if s.selections++; s.selections > s.limits.Selections {
			s.most("selections", s.selections, s.limits.Selections)
		}
		if s.refusal != nil {
			return e
		}
		switch selection := selection.(type) {
		case *ast.Field:
			key := selection.Alias // the parser sets it to the name when there is none
			written[key]++
			s.most("selections of one field", written[key], s.limits.SameKey)
			s.field(e, key, selection, depth)
		case *ast.InlineFragment:
			s.count(selection.Directives)
			inner := s.set(selection.SelectionSet, depth+1)
			inner.depth++
			s.merge(e, inner)
		case *ast.FragmentSpread:
			s.count(selection.Directives)
			s.merge(e, s.fragment(selection.Name, depth))
		}
		s.most("fields with fragments spread", e.fields, s.limits.Expanded)
	}
	return e
}

// field adds one field and what lies below it to e.
func (s *survey) field(e *extent, key string, field *ast.Field, depth int) {
	s.count(field.Directives)
	for _, argument := range field.Arguments {
		s.value(argument.Value, 1)
	}
	one := &extent{fields: 1, depth: 1, top: 1, keys: map[string]int{key: 1}}
	if s.sole[field.Name] {
		one.sole = 1
	}
	if len(field.SelectionSet) > 0 {
		below := s.set(field.SelectionSet, depth+1)
		one.fields = saturated(one.fields, below.fields)
		one.depth += below.depth
	}
	s.merge(e, one)
}

// fragment measures a fragment, once. Its own levels are counted from the depth at which it is spread.
func (s *survey) fragment(name string, depth int) *extent {
	e, known := s.fragments[name]
	switch definition := s.document.Fragments.ForName(name); {
	case known && e == nil:
		if s.refusal == nil {
			s.refusal = failure(codeValidation, "A fragment spreads itself.")
		}
	case known:
	case definition == nil: // validation reports it
		return &extent{}
	default:
		s.fragments[name] = nil
		s.count(definition.Directives)
		e = s.set(definition.SelectionSet, 1)
		s.fragments[name] = e
	}
	if s.refusal != nil {
		return &extent{}
	}
	s.most("levels", depth-1+e.depth, s.limits.Depth)
	return e
}

// merge adds what a selection brings to the set it stands in.
func (s *survey) merge(e, part *extent) {
	e.fields = saturated(e.fields, part.fields)
	e.depth = max(e.depth, part.depth)
	e.top = saturated(e.top, part.top)
	e.sole = saturated(e.sole, part.sole)
	for key, n := range part.keys {
		e.keys[key] = saturated(e.keys[key], n)
		s.most("selections of one field with fragments spread", e.keys[key], s.limits.MergedKey)
	}
}

// count adds directives, and measures their arguments.
func (s *survey) count(directives ast.DirectiveList) {
	s.directives += len(directives)
	s.most("directives", s.directives, s.limits.Directives)
	for _, directive := range directives {
		for _, argument := range directive.Arguments {
			s.value(argument.Value, 1)
		}
	}
}

// value measures a literal.
func (s *survey) value(value *ast.Value, depth int) {
	if value == nil || s.refusal != nil {
		return
	}
	s.most("levels of input", depth, s.limits.InputDepth)
	if value.Kind == ast.ListValue {
		s.most("elements in a list", len(value.Children), s.limits.ListLength)
	}
	if strings.ContainsRune(value.Raw, 0) && s.refusal == nil {
		s.refusal = failure(codeValidation, "Text cannot hold the character NUL.")
	}
	for _, child := range value.Children {
		s.value(child.Value, depth+1)
	}
}

func saturated(a, b int) int { return min(a+b, math.MaxInt32) }
