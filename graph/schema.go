package graph

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"klantenpaneel/graph/exec"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// WriteSchema writes the whole contract: all sources merged, types and fields sorted, the id first and the time of making
// last. It is what clients, code generators and reviewers read, and equal to what introspection tells.
func WriteSchema(w io.Writer) error {
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	delete(schema.Directives, "defer") // not served; see package gqlhttp
	for _, def := range schema.Types {
		slices.SortFunc(def.Fields, func(a, b *ast.FieldDefinition) int { return cmp.Compare(place(a.Name), place(b.Name)) })
		for _, f := range def.Fields {
			slices.SortFunc(f.Arguments, func(a, b *ast.ArgumentDefinition) int { return cmp.Compare(place(a.Name), place(b.Name)) })
		}
		slices.SortFunc(def.EnumValues, func(a, b *ast.EnumValueDefinition) int { return cmp.Compare(place(a.Name), place(b.Name)) })
		slices.Sort(def.Types)
		slices.Sort(def.Interfaces)
	}
	formatter.NewFormatter(w, formatter.WithIndent("  ")).FormatSchema(schema)
	return nil
}

// place is what a field is sorted by.
func place(name string) string {
	switch name {
	case "id":
		return "\x00"
	case "createdAt":
		return "\x7f"
	}
	return strings.ToLower(name)
}
