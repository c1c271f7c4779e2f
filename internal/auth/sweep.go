package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// How long what is over is kept: long enough to look into an incident, and no longer.
const (
	keepSessions = 90 * 24 * time.Hour
	keepAttempts = 365 * 24 * time.Hour
)

// Sweep deletes what is over: spent rate limits, old sessions and links, and the history of logins after a year. Run it
// every hour or day; running it twice does no harm.
func (g *Gate) Sweep(ctx context.Context) error {
	now := g.Now()
	return g.DB.Write(ctx, viewer.ForJob("auth.sweep"), manage, func(tx *pg.Tx) error {
		for _, s := range []struct {
			statement string
			before    time.Time
		}{
			{`DELETE FROM rate_limit WHERE arrives_at < ?`, now},
			{`DELETE FROM login_session WHERE coalesce(revoked_at, expires_at) < ?`, now.Add(-keepSessions)},
			{`DELETE FROM one_time_link WHERE expires_at < ?`, tx.Now.Add(-keepSessions)},
			{`DELETE FROM login_attempt WHERE at < ?`, now.Add(-keepAttempts)},
		} {
			if _, err := tx.NewRaw(s.statement, s.before).Exec(ctx); err != nil {
				return fmt.Errorf("sweep logins: %w", err)
			}
		}
		return nil
	})
}
