// Package page serves long lists a page at a time, in the shape of Relay connections.
//
// Cursors are keysets: they hold the values by which the list is ordered, so that page 1,000 costs what page 1 costs and
// new rows do not shift the pages of somebody who is reading.
package page

import (
	"context"

	"klantenpaneel/internal/problem"

	"github.com/uptrace/bun"
)

// The bounds of a page.
const (
	DefaultSize = 20
	MaxSize     = 100
)

// Args are the four arguments of every connection.
type Args struct {
	After, Before *string
	First, Last   *int
}

// Connection is one page of a list of T.
type Connection[T any] struct {
	Edges    []Edge[T]
	PageInfo Info
	count    func(context.Context) (int, error)
}

// Edge is one object in a list, with its place.
type Edge[T any] struct {
	Cursor string
	Node   *T
}

// Info says where a page lies in its list.
type Info struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// Nodes returns the objects without their cursors.
func (c *Connection[T]) Nodes() []*T {
	nodes := make([]*T, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// TotalCount returns how many objects there are on all pages. It costs a statement, so it is only asked when selected.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.count(ctx) }

// CountedBy returns c, which asks count for its total.
func (c *Connection[T]) CountedBy(count func(context.Context) (int, error)) *Connection[T] {
	c.count = count
	return c
}

// bounds is what Args come down to: how many, from which end, and between which cursors.
type bounds struct {
	limit         int
	fromEnd       bool
	after, before *cursor
}

// parse checks a; the cursors must be places on the axis.
func (a Args) parse(x axis) (b bounds, err error) {
	if a.First != nil && a.Last != nil {
		return b, problem.New(problem.Invalid, problem.Text{NL: "Geef first of last, niet allebei.", EN: "Give first or last, not both."}).At("last")
	}
	b.limit = DefaultSize
	for name, n := range map[string]*int{"first": a.First, "last": a.Last} {
		if n == nil {
			continue
		}
		if *n < 1 || *n > MaxSize {
			return b, problem.New(problem.Invalid, problem.Text{NL: "%s moet van 1 tot en met %d zijn.", EN: "%s must be from 1 to %d."}, name, MaxSize).At(name)
		}
		b.limit, b.fromEnd = *n, name == "last"
	}
	if b.after, err = x.parse("after", a.After); err != nil {
		return b, err
	}
	b.before, err = x.parse("before", a.Before)
	return b, err
}

// OrderBy is the order that a caller asks for: the name of an order in List.Orders, and ASC or DESC.
type OrderBy struct{ Field, Direction string }

// StatusFilter narrows a list to rows in one of these states; all when there are none.
type StatusFilter struct{ Status []string }

// Where returns the condition of f.
func (f StatusFilter) Where(q *bun.SelectQuery) *bun.SelectQuery {
	if len(f.Status) > 0 {
		q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
	}
	return q
}
