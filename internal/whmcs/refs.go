package whmcs

import (
	"context"
	"fmt"
	"strconv"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/schema"
)

// refs are rows that an earlier run imported: their targets by table and id.
type refs map[string]map[int64]uuid.UUID

// find returns the target of a row.
func (r refs) find(table string, id int64) (uuid.UUID, bool) {
	target, ok := r[table][id]
	return target, ok
}

// lookUp goes by the primary key, row by row: given the choice, PostgreSQL reads all of a table that it has no statistics of.
const lookUp = `SELECT x.id AS source_id, r.target_id FROM unnest(?::text[]) x(id)
	CROSS JOIN LATERAL (SELECT target_id FROM import_ref WHERE source = ? AND kind = ? AND source_id = x.id LIMIT 1) r`

// findRefs looks up rows of the given tables.
func findRefs(ctx context.Context, tx *pg.Tx, wanted map[string][]int64) (refs, error) {
	found := refs{}
	for table, ids := range wanted {
		if len(ids) == 0 {
			continue
		}
		texts := make([]string, len(ids))
		for i, id := range ids {
			texts[i] = strconv.FormatInt(id, 10)
		}
		var rows []struct {
			SourceID string
			TargetID uuid.UUID
		}
		err := tx.NewRaw(lookUp, pgdialect.Array(texts), Source, table).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("look up what is imported of %s: %w", table, err)
		}
		m := make(map[int64]uuid.UUID, len(rows))
		for _, r := range rows {
			m[number(r.SourceID)] = r.TargetID
		}
		found[table] = m
	}
	return found, nil
}

// uuidArray returns ids as an argument for ?::uuid[].
func uuidArray(ids []uuid.UUID) schema.QueryAppender {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return pgdialect.Array(texts)
}
