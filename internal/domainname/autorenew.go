package domainname

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// RenewalStopped is recorded when the automatic renewal of a name was turned off; the registry has yet to confirm it (M-20).
type RenewalStopped struct {
	Account uuid.UUID `json:"-"`
	ID      uuid.UUID `json:"-"`
	Name    string    `json:"name"`
}

// Kind returns domain.renewal_stopped.
func (RenewalStopped) Kind() string { return "domain.renewal_stopped" }

// About returns the domain name.
func (e RenewalStopped) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// StopRenewing turns the automatic renewal of names off (10.2, invariant 24). Doing it again changes nothing.
func StopRenewing(ctx context.Context, tx *pg.Tx, names ...uuid.UUID) error {
	texts := make([]string, len(names))
	for i, id := range names {
		texts[i] = id.String()
	}
	var stopped []Domain
	err := tx.NewRaw(`update domain set auto_renew = false, auto_renew_confirmed_at = null where id = any(?::uuid[]) and status = 'ACTIVE' and auto_renew
		returning id, account_id, name`, pgdialect.Array(texts)).Scan(ctx, &stopped)
	if err != nil {
		return fmt.Errorf("turn off automatic renewal: %w", err)
	}
	for _, d := range stopped {
		if err := tx.Record(RenewalStopped{d.AccountID, d.ID, d.Name}); err != nil {
			return err
		}
	}
	return nil
}

// Reactivate takes the names of a subscription that goes on after all out of the time after their end, and turns their
// renewal on. The registry has yet to confirm it.
func Reactivate(ctx context.Context, tx *pg.Tx, subscription uuid.UUID) error {
	_, err := tx.NewRaw(`update domain set status = 'ACTIVE', quarantine_until_on = null, auto_renew = true, auto_renew_confirmed_at = null
		where subscription_id = ? and status in ('QUARANTINE', 'EXPIRED_GRACE')`, subscription).Exec(ctx)
	if err != nil {
		return fmt.Errorf("reactivate domain names: %w", err)
	}
	return nil
}
