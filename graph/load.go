package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// one returns the row of T with this id; nil when it does not exist, may not be seen, or id is nil.
func one[T any](ctx context.Context, id *uuid.UUID) (*T, error) {
	if id == nil || !can(ctx, permission[T]()) {
		return nil, nil
	}
	return only[T](ctx, "id", *id, "")
}

// must returns the row of T with this id, which the viewer of its holder sees too unless a permission is missing.
func must[T any](ctx context.Context, id uuid.UUID) (*T, error) {
	if err := from(ctx).who().Require(permission[T]()); err != nil {
		return nil, err
	}
	row, err := only[T](ctx, "id", id, "")
	if err == nil && row == nil {
		err = missing()
	}
	return row, err
}

// only returns the row of T whose column holds the id, the first by order when there are more; nil when there is none.
func only[T any](ctx context.Context, column string, id uuid.UUID, where string) (*T, error) {
	rows, err := many[T](ctx, column, id, "", where)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// many returns the rows of T whose column holds the id, by order, where a condition holds.
func many[T any](ctx context.Context, column string, id uuid.UUID, order, where string) ([]T, error) {
	t := reflect.TypeFor[T]()
	return batched(ctx, "many "+t.String()+" "+column+" "+where, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]T, error) {
		groups := make(map[uuid.UUID][]T, len(ids))
		return groups, from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) error {
			var rows []T
			q := tx.NewSelect().Model(&rows).Where("?TableAlias.? = any(?)", bun.Ident(column), array(ids))
			if where != "" {
				q = q.Where(where)
			}
			if order != "" {
				q = q.OrderExpr(order)
			}
			if err := q.Scan(ctx); err != nil {
				return fmt.Errorf("load %s by %s: %w", t, column, err)
			}
			table := q.DB().Table(t)
			all := make([]*T, len(rows))
			for i := range rows {
				all[i] = &rows[i]
				id := reflect.Indirect(table.FieldMap[column].Value(reflect.ValueOf(&rows[i]).Elem())).Interface().(uuid.UUID)
				groups[id] = append(groups[id], rows[i])
			}
			family(from(ctx), table, all)
			return nil
		})
	})(id)
}

// listing is what a connection field was asked for.
type listing struct {
	args    page.Args
	orderBy *page.OrderBy
	filter  any // for telling queries apart
	search  string
	where   func(*bun.SelectQuery) *bun.SelectQuery
}

func paged(after, before *string, first, last *int) listing {
	return listing{args: page.Args{After: after, Before: before, First: first, Last: last}}
}

func (l listing) by(o *page.OrderBy) listing {
	l.orderBy = o
	return l
}

func (l listing) only(filter any, search *string, where func(*bun.SelectQuery) *bun.SelectQuery) listing {
	l.filter, l.where = filter, where
	if search != nil {
		l.search = *search
	}
	return l
}

func (l listing) query(list string) (page.Query, error) {
	q := page.Query{Args: l.args, Where: l.where}
	if l.orderBy != nil {
		desc := l.orderBy.Direction == "DESC"
		q.Order, q.Desc = l.orderBy.Field, &desc
	}
	key, err := json.Marshal([]any{list, l.args, l.orderBy, l.filter, l.search})
	q.Key = string(key)
	return q, err
}

// list returns the page of T below a parent, or of all that the viewer may see when there is none; nil when the viewer may
// not see such things at all.
func list[T any](ctx context.Context, of page.List[T], parent *uuid.UUID, l listing) (*page.Connection[T], error) {
	if !can(ctx, permission[T]()) {
		return nil, nil
	}
	q, err := l.query(reflect.TypeFor[T]().String() + "/" + of.Parent)
	if err != nil {
		return nil, err
	}
	if parent == nil {
		var all *page.Connection[T]
		err := from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) error {
			pages, rows, err := of.Pages(ctx, tx, nil, q)
			all = pages[uuid.Nil]
			family(from(ctx), rows.Table, rows.Rows)
			return err
		})
		if err != nil {
			return nil, err
		}
		return all.CountedBy(func(ctx context.Context) (n int, err error) {
			err = from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) error {
				counts, err := of.Counts(ctx, tx, nil, q)
				n = counts[uuid.Nil]
				return err
			})
			return n, err
		}), nil
	}
	c, err := batched(ctx, "page "+q.Key, func(ctx context.Context, parents []uuid.UUID) (pages map[uuid.UUID]*page.Connection[T], err error) {
		err = from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) (err error) {
			var rows page.Rows[T]
			pages, rows, err = of.Pages(ctx, tx, parents, q)
			family(from(ctx), rows.Table, rows.Rows)
			return err
		})
		return pages, err
	})(*parent)
	if err != nil {
		return nil, err
	}
	return c.CountedBy(func(ctx context.Context) (int, error) {
		return batched(ctx, "count "+q.Key, func(ctx context.Context, parents []uuid.UUID) (map[uuid.UUID]int, error) {
			var counts map[uuid.UUID]int
			err := from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) (err error) {
				counts, err = of.Counts(ctx, tx, parents, q)
				return err
			})
			return counts, err
		})(*parent)
	}), nil
}

func array(ids []uuid.UUID) any {
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = id.String()
	}
	return pgdialect.Array(text)
}
