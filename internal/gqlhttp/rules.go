package gqlhttp

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// quietRules are the rules of the specification without "did you mean": hints would tell the schema to who may not
// introspect it. gqlgen itself leaves out the hints of the two rules on fields (SetDisableSuggestion).
func quietRules() *rules.Rules {
	r := rules.NewDefaultRules()
	for name, quiet := range map[string]core.Rule{
		"KnownArgumentNames":  rules.KnownArgumentNamesRuleWithoutSuggestions,
		"KnownTypeNames":      rules.KnownTypeNamesRuleWithoutSuggestions,
		"ValuesOfCorrectType": rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.ReplaceRule(name, quiet.RuleFunc)
	}
	return r
}

// withoutDefer takes @defer out of the schema, where the parser puts it: on a plain POST gqlgen would answer with the
// first part only and lose the rest.
func withoutDefer(schema *ast.Schema) {
	if _, there := schema.Directives["defer"]; there {
		delete(schema.Directives, "defer")
	}
}
