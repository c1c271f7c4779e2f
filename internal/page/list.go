package page

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/schema"
)

// List describes how rows of T are listed: for one account, for one other parent, or over everything the viewer may see.
type List[T any] struct {
	Parent  string           // the column that holds the parent's id
	Account string           // the column that holds the account's id; "account_id" when empty
	Orders  map[string]Order // by their name in the API
	Default string           // the order when none is asked for
	Public  bool             // rows that belong to no account
}

// Order is a column to order by. It must not be null, and the tie is broken by id.
type Order struct {
	Column string
	Desc   bool // the direction when none is asked for
}

// Query is what is asked of a list.
type Query struct {
	Args
	Order string // a name in Orders; the default when empty
	Desc  *bool  // the direction; the order's own when nil
	// Where narrows the list; nil for all. Two queries with the same Key must narrow alike.
	Where func(*bun.SelectQuery) *bun.SelectQuery
	Key   string
}

// Pages returns the page of each parent, in one statement for all of them. No parents at all means the whole of what the
// viewer may see, as the page of uuid.Nil.
//
// All rows are returned too, with the table they are of, for who wants to load what belongs to them together.
func (l List[T]) Pages(ctx context.Context, tx *pg.Tx, parents []uuid.UUID, q Query) (map[uuid.UUID]*Connection[T], Rows[T], error) {
	name, order, desc := l.order(q)
	table := tx.NewSelect().DB().Table(reflect.TypeFor[T]())
	ordered := axis{table.Name, name, table.FieldMap[order.Column].StructField.Type}
	b, err := q.Args.parse(ordered)
	if err != nil {
		return nil, Rows[T]{}, err
	}
	sel := narrow(tx.NewSelect().Model((*T)(nil)), q)
	for c, after := range map[*cursor]bool{b.after: true, b.before: false} {
		if c != nil {
			op := ">"
			if after == desc {
				op = "<"
			}
			sel = sel.Where("(?TableAlias.?, ?TableAlias.id) ? (?, ?)", bun.Ident(order.Column), bun.Safe(op), ordered.literal(c), c.id)
		}
	}
	dir := bun.Safe("asc")
	if desc != b.fromEnd {
		dir = "desc"
	}
	sel = sel.OrderExpr("?TableAlias.? ?, ?TableAlias.id ?", bun.Ident(order.Column), dir, dir).Limit(int64(b.limit + 1))

	var rows []*T
	switch len(parents) {
	case 0:
		err = l.scoped(tx, sel).Scan(ctx, &rows)
	case 1:
		err = sel.Where("?TableAlias.? = ?", bun.Ident(l.Parent), parents[0]).Scan(ctx, &rows)
	default:
		sel = sel.Where("?TableAlias.? = parent.id", bun.Ident(l.Parent))
		err = tx.NewRaw("select row.* from unnest(?::uuid[]) with ordinality parent(id, n) cross join lateral (?) row order by parent.n, row.? ?, row.id ?",
			array(parents), sel, bun.Ident(order.Column), dir, dir).Scan(ctx, &rows)
	}
	if err != nil {
		return nil, Rows[T]{}, fmt.Errorf("list %T: %w", *new(T), err)
	}
	place := func(row *T) cursor {
		v := reflect.ValueOf(row).Elem()
		return cursor{text(table.FieldMap[order.Column].Value(v)), table.FieldMap["id"].Value(v).Interface().(uuid.UUID)}
	}
	groups := map[uuid.UUID][]*T{}
	for _, row := range rows {
		var parent uuid.UUID
		if len(parents) > 0 {
			parent = identity(table.FieldMap[l.Parent].Value(reflect.ValueOf(row).Elem()))
		}
		groups[parent] = append(groups[parent], row)
	}
	if len(parents) == 0 {
		parents = []uuid.UUID{uuid.Nil}
	}
	pages := make(map[uuid.UUID]*Connection[T], len(parents))
	for _, parent := range parents {
		pages[parent] = connect(groups[parent], b, func(row *T) string { return ordered.encode(place(row)) })
	}
	return pages, Rows[T]{table, rows}, nil
}

// Rows are all rows of the pages of several parents.
type Rows[T any] struct {
	Table *schema.Table
	Rows  []*T
}

// Counts returns how many rows each parent has on all pages together, in one statement.
func (l List[T]) Counts(ctx context.Context, tx *pg.Tx, parents []uuid.UUID, q Query) (map[uuid.UUID]int, error) {
	sel := narrow(tx.NewSelect().Model((*T)(nil)), q)
	if len(parents) == 0 {
		n, err := l.scoped(tx, sel).Count(ctx)
		return map[uuid.UUID]int{uuid.Nil: int(n)}, err
	}
	var rows []struct {
		Parent uuid.UUID
		N      int
	}
	err := sel.ColumnExpr("?TableAlias.? as parent, count(*) as n", bun.Ident(l.Parent)).
		Where("?TableAlias.? = any(?)", bun.Ident(l.Parent), array(parents)).GroupExpr("1").Scan(ctx, &rows)
	counts := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		counts[r.Parent] = r.N
	}
	return counts, err
}

func (l List[T]) order(q Query) (name string, order Order, desc bool) {
	name = q.Order
	if _, ok := l.Orders[name]; !ok {
		name = l.Default
	}
	order = l.Orders[name]
	desc = order.Desc
	if q.Desc != nil {
		desc = *q.Desc
	}
	return name, order, desc
}

func narrow(sel *bun.SelectQuery, q Query) *bun.SelectQuery {
	if q.Where != nil {
		sel = q.Where(sel)
	}
	return sel
}

// scoped repeats in the query what the policies enforce anyway: the planner needs it to use the index.
func (l List[T]) scoped(tx *pg.Tx, sel *bun.SelectQuery) *bun.SelectQuery {
	if l.Public {
		return sel
	}
	account := l.Account
	if account == "" {
		account = "account_id"
	}
	switch tx.Viewer.Kind {
	case viewer.Customer:
		return sel.Where("?TableAlias.? = ?", bun.Ident(account), tx.Viewer.Account)
	case viewer.Partner:
		return sel.Where("?TableAlias.? = any ((select app.account_ids())::uuid[])", bun.Ident(account))
	}
	return sel
}

// connect turns up to limit+1 rows into a page.
func connect[T any](rows []*T, b bounds, encode func(*T) string) *Connection[T] {
	more := len(rows) > b.limit
	if more {
		rows = rows[:b.limit]
	}
	if b.fromEnd {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	c := &Connection[T]{Edges: make([]Edge[T], len(rows))}
	for i, row := range rows {
		c.Edges[i] = Edge[T]{encode(row), row}
	}
	if len(rows) > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[len(rows)-1].Cursor
	}
	if b.fromEnd {
		c.PageInfo.HasPreviousPage, c.PageInfo.HasNextPage = more, b.before != nil
	} else {
		c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = more, b.after != nil
	}
	return c
}

// identity reads a uuid or a pointer to one.
func identity(v reflect.Value) uuid.UUID {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v.Interface().(uuid.UUID)
}

func array(ids []uuid.UUID) any {
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = id.String()
	}
	return pgdialect.Array(text)
}
