package gqltest

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// Resolver answers the test schema.
type Resolver struct {
	Caller  func(context.Context) string // who asks; nil for nobody
	Cost    func(context.Context) int    // what the operation costs; nil for 0
	Logins  atomic.Int32                 // how often a login mutation ran
	Renames atomic.Int32                 // how often itemRename ran
	Ticking atomic.Int32                 // how many tick subscriptions run now
	Slowing atomic.Int32                 // how many slow fields run now
}

// New returns the schema that r answers.
func New(r *Resolver) graphql.ExecutableSchema {
	return NewExecutableSchema(Config{Resolvers: r})
}

func (r *Resolver) caller(ctx context.Context) string {
	if r.Caller == nil {
		return "nobody"
	}
	return r.Caller(ctx)
}

func item() *Item { return &Item{ID: "itm_1", Name: "thing"} }

// page returns a connection of as many items as were asked for, 20 unless told.
func page(first, last *int32) *ItemConnection {
	n := int32(20)
	for _, asked := range []*int32{first, last} {
		if asked != nil {
			n = *asked
		}
	}
	c := &ItemConnection{PageInfo: &PageInfo{}, TotalCount: 1000}
	for range n {
		c.Nodes = append(c.Nodes, *item())
		c.Edges = append(c.Edges, ItemEdge{Cursor: "c", Node: item()})
	}
	return c
}

// echoed renders the arguments that are not null, under their names.
func echoed(arguments map[string]any) (string, error) {
	for name, value := range arguments {
		if encoded, err := json.Marshal(value); err == nil && string(encoded) == "null" {
			delete(arguments, name)
		}
	}
	b, err := json.Marshal(arguments)
	return string(b), err
}
