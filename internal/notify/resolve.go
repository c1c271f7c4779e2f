package notify

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Resolve marks what was told about a subject, in notifications of these kinds, as settled: it asks for nothing any more
// (P-04). It joins the caller's transaction; doing it again changes nothing.
func Resolve(ctx context.Context, tx *pg.Tx, account, subject uuid.UUID, kinds ...Kind) error {
	_, err := tx.NewRaw(`update notification set resolved_at = ? where account_id = ? and subject_id = ? and kind in (?) and resolved_at is null`,
		tx.Now, account, subject, bun.In(kinds)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("settle notifications: %w", err)
	}
	return nil
}
