package account

import (
	"context"
	"fmt"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
)

// SaveBrand makes the trade name with this code, or changes what is known of it; what is empty in b stays as it was.
// Invoices that were issued keep what they say.
func SaveBrand(ctx context.Context, tx *pg.Tx, b *Brand) error {
	b.ID, b.CreatedAt = key.New(), tx.Now
	q := tx.NewInsert().Model(b).On("conflict (code) do update").Set("profile = excluded.profile")
	for _, column := range []string{"name", "legal_name", "line1", "postcode", "city", "kvk_number", "vat_id", "iban", "bic", "email", "phone", "url"} {
		q = q.Set(fmt.Sprintf("%[1]s = coalesce(nullif(excluded.%[1]s, ''), b.%[1]s)", column))
	}
	if _, err := q.Returning("name, legal_name, profile").Exec(ctx); err != nil {
		return fmt.Errorf("save brand %s: %w", b.Code, err)
	}
	return nil
}
