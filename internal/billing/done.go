package billing

import (
	"context"

	"klantenpaneel/internal/civil"
)

// Done reports whether nothing is left of the day's work: every step has finished without a failure.
func (b *Billing) Done(ctx context.Context, day civil.Date) (bool, error) {
	progress, err := b.Progress(ctx, day)
	finished := map[string]bool{}
	for _, s := range progress {
		finished[s.Step] = s.FinishedAt != nil
	}
	for _, s := range b.steps() {
		if !finished[s.name] {
			return false, err
		}
	}
	return true, err
}
