package hosting

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

// Purged is the problem with a package that is to come back after its data were erased.
const Purged problem.Code = "PURGED"

// Deleted is recorded when a package was taken offline at once, at the customer's wish.
type Deleted struct {
	Account uuid.UUID `json:"-"`
	ID      uuid.UUID `json:"-"`
	Name    string    `json:"name"`
	PurgeAt time.Time `json:"purgeAt"` // when its data are erased
}

// Kind returns hosting.deleted.
func (Deleted) Kind() string { return "hosting.deleted" }

// About returns the package.
func (e Deleted) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Delete takes the packages of a subscription offline in the caller's transaction; until purgeAt the helpdesk can try to
// bring them back (state-machines 11.5, M-13, M-14). Doing it again changes nothing.
func Delete(ctx context.Context, tx *pg.Tx, subscription uuid.UUID, purgeAt time.Time) error {
	var gone []Package
	err := tx.NewRaw(`update hosting_package set status = 'DELETED_RECOVERABLE', purge_at = ? where subscription_id = ? and status in ('PROVISIONING', 'ACTIVE', 'SUSPENDED')
		returning id, account_id, name`, purgeAt, subscription).Scan(ctx, &gone)
	if err != nil {
		return fmt.Errorf("delete hosting: %w", err)
	}
	for _, p := range gone {
		if err := tell(ctx, tx, p, "HOSTING_DELETED", purgeAt); err != nil {
			return err
		}
		if err := tx.Record(Deleted{p.AccountID, p.ID, p.Name, purgeAt}); err != nil {
			return err
		}
	}
	return nil
}

// Restored is recorded when the helpdesk tried to bring a package back.
type Restored struct {
	Account uuid.UUID `json:"-"`
	ID      uuid.UUID `json:"-"`
	Name    string    `json:"name"`
	Outcome string    `json:"outcome"` // FULL, PARTIAL or FAILED
}

// Kind returns hosting.restored.
func (Restored) Kind() string { return "hosting.restored" }

// About returns the package.
func (e Restored) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// Restore notes that the packages of a subscription are back, as far as it went: FULL, PARTIAL, or FAILED, which leaves them
// where they are (11.8). Once their data may have been erased it is a problem, Purged. It returns how many there are.
func Restore(ctx context.Context, tx *pg.Tx, subscription uuid.UUID, outcome string) (found int, err error) {
	var all []Package
	err = tx.NewSelect().Model(&all).Where("h.subscription_id = ?", subscription).Where("h.status in ('DELETION_SCHEDULED', 'DELETED_RECOVERABLE', 'RESTORING', 'PURGED')").
		Order("h.name", "h.id").For("no key update").Scan(ctx)
	if err != nil {
		return 0, fmt.Errorf("find hosting to restore: %w", err)
	}
	for _, p := range all {
		if p.Status == "PURGED" || p.PurgeAt != nil && !tx.Now.Before(*p.PurgeAt) {
			return 0, problem.New(Purged, problem.Text{NL: "De gegevens van %s zijn al gewist.", EN: "The data of %s have been erased already."}, p.Name)
		}
	}
	for _, p := range all {
		if outcome != "FAILED" {
			if _, err := tx.NewRaw(`update hosting_package set status = 'ACTIVE', purge_at = null where id = ?`, p.ID).Exec(ctx); err != nil {
				return 0, fmt.Errorf("restore hosting: %w", err)
			}
			if err := tell(ctx, tx, p, "HOSTING_RESTORED", tx.Now); err != nil {
				return 0, err
			}
		}
		if err := tx.Record(Restored{p.AccountID, p.ID, p.Name, outcome}); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

func tell(ctx context.Context, tx *pg.Tx, p Package, kind notify.Kind, at time.Time) error {
	return notify.Add(ctx, tx, &notify.Notification{AccountID: p.AccountID, Kind: kind, SubjectType: key.HostingPackage, SubjectID: &p.ID,
		Data: map[string]string{"name": p.Name, "day": civil.In(at).Short()}})
}
