package hosting

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// DeletionScheduled is recorded when the contract of a package has ended: it is offline, and its data will be erased.
type DeletionScheduled struct {
	Account uuid.UUID  `json:"-"`
	ID      uuid.UUID  `json:"-"`
	Name    string     `json:"name"`
	PurgeOn civil.Date `json:"purgeOn"`
}

// Kind returns hosting.deletion_scheduled.
func (DeletionScheduled) Kind() string { return "hosting.deletion_scheduled" }

// About returns the package.
func (e DeletionScheduled) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// ScheduleDeletion takes the packages of an ended subscription offline and plans their erasure at the start of purgeOn
// (state-machines 11.6). Doing it again changes nothing.
func ScheduleDeletion(ctx context.Context, tx *pg.Tx, subscription uuid.UUID, purgeOn civil.Date) error {
	var gone []Package
	err := tx.NewRaw(`update hosting_package set status = 'DELETION_SCHEDULED', purge_at = ? where subscription_id = ? and status in ('PROVISIONING', 'ACTIVE', 'SUSPENDED')
		returning id, account_id, name`, purgeOn.Start(), subscription).Scan(ctx, &gone)
	if err != nil {
		return fmt.Errorf("schedule the deletion of hosting: %w", err)
	}
	for _, p := range gone {
		n := &notify.Notification{AccountID: p.AccountID, Kind: "HOSTING_DELETION_SCHEDULED", SubjectType: key.HostingPackage, SubjectID: &p.ID,
			Data: map[string]string{"name": p.Name, "day": purgeOn.Short()}}
		if err := notify.Add(ctx, tx, n); err != nil {
			return err
		}
		if err := tx.Record(DeletionScheduled{p.AccountID, p.ID, p.Name, purgeOn}); err != nil {
			return err
		}
	}
	return nil
}
