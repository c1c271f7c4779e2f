package domainname

import (
	"context"
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// Quarantined is recorded when the contract of a domain name has ended: it no longer works, and its last holder can have it
// back for a while.
type Quarantined struct {
	Account uuid.UUID  `json:"-"`
	ID      uuid.UUID  `json:"-"`
	Name    string     `json:"name"`
	UntilOn civil.Date `json:"untilOn"`
}

// Kind returns domain.quarantined.
func (Quarantined) Kind() string { return "domain.quarantined" }

// About returns the domain name.
func (e Quarantined) About() (account, subject uuid.UUID) { return e.Account, e.ID }

// AfterEnd returns what becomes of a name whose contract ends on that day, and until when its last holder can have it back:
// 40 days of quarantine at SIDN, DNS Belgium and EURid, 30 days at the other registries (rules 3.22-3.24, 10.6).
func AfterEnd(name string, on civil.Date) (status string, until civil.Date) {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "nl", "be", "eu":
		return "QUARANTINE", on.AddDays(40)
	}
	return "EXPIRED_GRACE", on.AddDays(30)
}

// Release lets go of the names of a subscription that has ended on that day: automatic renewal is off, which the registry has
// yet to confirm (M-20), and the name is no longer active. A name that is moving away goes on moving. Doing it again changes
// nothing.
func Release(ctx context.Context, tx *pg.Tx, subscription uuid.UUID, on civil.Date) error {
	var names []Domain
	err := tx.NewRaw(`update domain set auto_renew = false, auto_renew_confirmed_at = case when auto_renew then null else auto_renew_confirmed_at end
		where subscription_id = ? and status = 'ACTIVE' returning id, account_id, name`, subscription).Scan(ctx, &names)
	if err != nil {
		return fmt.Errorf("turn off automatic renewal: %w", err)
	}
	for _, d := range names {
		status, until := AfterEnd(d.Name, on)
		if _, err := tx.NewRaw(`update domain set status = ?, quarantine_until_on = ? where id = ?`, status, until, d.ID).Exec(ctx); err != nil {
			return fmt.Errorf("release a domain name: %w", err)
		}
		n := &notify.Notification{AccountID: d.AccountID, Kind: "DOMAIN_QUARANTINE", SubjectType: key.Domain, SubjectID: &d.ID,
			Data: map[string]string{"name": d.Name, "day": until.Short()}}
		if err := notify.Add(ctx, tx, n); err != nil {
			return err
		}
		if err := tx.Record(Quarantined{d.AccountID, d.ID, d.Name, until}); err != nil {
			return err
		}
	}
	return nil
}

// Renew moves the expiry of the names of a subscription to the end of its new term, as the registry does where automatic
// renewal is on (10.4).
func Renew(ctx context.Context, tx *pg.Tx, subscription uuid.UUID, until civil.Date) error {
	_, err := tx.NewRaw(`update domain set expires_on = ? where subscription_id = ? and status = 'ACTIVE' and auto_renew and expires_on < ?`, until, subscription, until).Exec(ctx)
	if err != nil {
		return fmt.Errorf("renew a domain name: %w", err)
	}
	return nil
}

// KeepRenewing turns automatic renewal of a subscription's names on, because its next term was agreed (10.3).
func KeepRenewing(ctx context.Context, tx *pg.Tx, subscription uuid.UUID) error {
	_, err := tx.NewRaw(`update domain set auto_renew = true, auto_renew_confirmed_at = null where subscription_id = ? and status = 'ACTIVE' and not auto_renew`, subscription).Exec(ctx)
	if err != nil {
		return fmt.Errorf("turn on automatic renewal: %w", err)
	}
	return nil
}
