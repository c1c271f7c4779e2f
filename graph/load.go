package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/vikstrous/dataloadgen"
)

// wait is how long a loader gathers keys. Siblings of a list ask at the same moment, so little is enough.
const wait = 300 * time.Microsecond

// batched returns the operation's loader of this name, made at its first use. All keys that are asked for together become
// one call of fetch in the operation's snapshot.
func batched[V any](ctx context.Context, name string, fetch func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]V, error)) *dataloadgen.Loader[uuid.UUID, V] {
	op := from(ctx)
	op.mu.Lock()
	defer op.mu.Unlock()
	if op.loaders == nil {
		op.loaders = map[string]any{}
	}
	if l, ok := op.loaders[name]; ok {
		return l.(*dataloadgen.Loader[uuid.UUID, V])
	}
	l := dataloadgen.NewMappedLoader(fetch, dataloadgen.WithWait(wait), dataloadgen.WithBatchCapacity(1000))
	op.loaders[name] = l
	return l
}

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
	rows, err := batched(ctx, "many "+t.String()+" "+column+" "+where, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]T, error) {
		groups := make(map[uuid.UUID][]T, len(ids))
		for _, id := range ids {
			groups[id] = nil
		}
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
			field := q.DB().Table(t).FieldMap[column]
			for _, row := range rows {
				v := reflect.Indirect(field.Value(reflect.ValueOf(&row).Elem()))
				id := v.Interface().(uuid.UUID)
				groups[id] = append(groups[id], row)
			}
			return nil
		})
	}).Load(ctx, id)
	return rows, err
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
			pages, err := of.Pages(ctx, tx, nil, q)
			all = pages[uuid.Nil]
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
			pages, err = of.Pages(ctx, tx, parents, q)
			return err
		})
		return pages, err
	}).Load(ctx, *parent)
	if err != nil {
		return nil, err
	}
	return c.CountedBy(func(ctx context.Context) (int, error) {
		return batched(ctx, "count "+q.Key, func(ctx context.Context, parents []uuid.UUID) (map[uuid.UUID]int, error) {
			counts := map[uuid.UUID]int{}
			for _, p := range parents {
				counts[p] = 0
			}
			return counts, from(ctx).read(ctx, permission[T](), func(tx *pg.Tx) error {
				found, err := of.Counts(ctx, tx, parents, q)
				for p, n := range found {
					counts[p] = n
				}
				return err
			})
		}).Load(ctx, *parent)
	}), nil
}

func array(ids []uuid.UUID) any {
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = id.String()
	}
	return pgdialect.Array(text)
}
