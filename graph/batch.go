package graph

import (
	"context"
	"reflect"
	"sync"

	"github.com/google/uuid"
	"github.com/uptrace/bun/schema"
)

// maxBatch is how many keys go into one statement.
const maxBatch = 1000

// A batch loads the same thing for many keys with one statement. What belongs together is not guessed from what happens
// to be asked at the same moment: rows that came with one statement are siblings, and what is asked of one of them is
// loaded for all of them. So the number of statements depends on the document alone, not on timing.
type batch[V any] struct {
	fetch func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]V, error)

	mu    sync.Mutex
	cells map[uuid.UUID]*cell[V]
}

// cell is what is known, or about to be known, of one key.
type cell[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// load returns what belongs to the key; the zero V when fetch says nothing about it.
func (b *batch[V]) load(ctx context.Context, op *operation, key uuid.UUID) (V, error) {
	b.mu.Lock()
	c, known := b.cells[key]
	var keys []uuid.UUID
	if !known {
		for _, k := range op.siblings(key) {
			if _, known := b.cells[k]; !known {
				b.cells[k] = &cell[V]{done: make(chan struct{})}
				keys = append(keys, k)
			}
		}
		c = b.cells[key]
	}
	b.mu.Unlock()
	if !known {
		b.fill(ctx, keys)
	}
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		return c.value, context.Cause(ctx)
	}
}

func (b *batch[V]) fill(ctx context.Context, keys []uuid.UUID) {
	values, err := b.fetch(ctx, keys)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		c := b.cells[k]
		c.value, c.err = values[k], err
		close(c.done)
	}
}

// batched returns the operation's batch of this name, made at its first use.
func batched[V any](ctx context.Context, name string, fetch func(ctx context.Context, keys []uuid.UUID) (map[uuid.UUID]V, error)) func(key uuid.UUID) (V, error) {
	op := from(ctx)
	op.mu.Lock()
	defer op.mu.Unlock()
	if op.batches == nil {
		op.batches = map[string]any{}
	}
	b, ok := op.batches[name].(*batch[V])
	if !ok {
		b = &batch[V]{fetch: fetch, cells: map[uuid.UUID]*cell[V]{}}
		op.batches[name] = b
	}
	return func(key uuid.UUID) (V, error) { return b.load(ctx, op, key) }
}

// siblings returns the keys that came together with this one, itself included.
func (op *operation) siblings(key uuid.UUID) []uuid.UUID {
	op.mu.Lock()
	defer op.mu.Unlock()
	all := op.families[key]
	if len(all) > maxBatch || len(all) == 0 {
		return []uuid.UUID{key}
	}
	return all
}

// together remembers that the keys belong together.
func (op *operation) together(keys []uuid.UUID) {
	op.mu.Lock()
	defer op.mu.Unlock()
	if op.families == nil {
		op.families = map[uuid.UUID][]uuid.UUID{}
	}
	for _, k := range keys {
		if len(op.families[k]) < len(keys) {
			op.families[k] = keys
		}
	}
}

// family remembers of rows that came with one statement that their ids, and whatever else they point to, belong together.
func family[T any](op *operation, table *schema.Table, rows []*T) {
	if len(rows) < 2 {
		return
	}
	for _, f := range table.Fields {
		isID, isPointer := f.IndirectType == uuidType, f.StructField.Type.Kind() == reflect.Pointer
		if !isID {
			continue
		}
		seen, keys := make(map[uuid.UUID]bool, len(rows)), make([]uuid.UUID, 0, len(rows))
		for _, row := range rows {
			v := f.Value(reflect.ValueOf(row).Elem())
			if isPointer {
				if v.IsNil() {
					continue
				}
				v = v.Elem()
			}
			if id := v.Interface().(uuid.UUID); !seen[id] {
				seen[id] = true
				keys = append(keys, id)
			}
		}
		op.together(keys)
	}
}

var uuidType = reflect.TypeFor[uuid.UUID]()
