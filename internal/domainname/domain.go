// Package domainname owns domain names: their registration, renewal and moves (state-machines §10).
package domainname

import (
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Domain is a domain name.
type Domain struct {
	bun.BaseModel `bun:"table:domain,alias:d"`

	ID                   uuid.UUID `bun:",pk"`
	AccountID            uuid.UUID
	SubscriptionID       *uuid.UUID
	Name                 string
	Status               string
	Registrar            string
	RegisteredOn         civil.Date
	ExpiresOn            civil.Date
	AutoRenew            bool
	AutoRenewConfirmedAt *time.Time
	Locked               bool
	NameServers          []string `bun:"type:jsonb"`
	QuarantineUntilOn    civil.Date
	CreatedAt            time.Time
}

// GlobalID returns the domain's id in the API.
func (d *Domain) GlobalID() string { return key.Format(key.Domain, d.ID) }

// IsNode marks what has an id in the API.
func (*Domain) IsNode() {}

// Connection and Edge are a page of domain names.
type (
	Connection = page.Connection[Domain]
	Edge       = page.Edge[Domain]
)

// Domains lists them by name.
var Domains = page.List[Domain]{Parent: "account_id", Default: "NAME", Orders: map[string]page.Order{
	"NAME": {Column: "name"}, "EXPIRES_ON": {Column: "expires_on"}, "CREATED_AT": {Column: "created_at"}}}

// Filter narrows a list of domain names; all conditions that are given must hold.
type Filter struct {
	AutoRenew     *bool
	ExpiresBefore *civil.Date
	Status        []string
	Tld           []string
}

// Where returns the conditions of f and of the words to search for. Without a state, names that are gone are left out.
func (f Filter) Where(words string, byExpiry bool) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.AutoRenew != nil {
			q = q.Where("?TableAlias.auto_renew = ?", *f.AutoRenew)
		}
		if f.ExpiresBefore != nil {
			q = q.Where("?TableAlias.expires_on < ?", *f.ExpiresBefore)
		}
		if byExpiry { // a name whose expiry is not known has no place in that order
			q = q.Where("?TableAlias.expires_on is not null")
		}
		if len(f.Status) > 0 {
			q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
		} else {
			q = q.Where("?TableAlias.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')")
		}
		if len(f.Tld) > 0 {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				for _, tld := range f.Tld {
					q = q.WhereOr("?TableAlias.name like ?", "%."+page.Literal(strings.ToLower(tld)))
				}
				return q
			})
		}
		for _, w := range page.Words(words) {
			q = q.Where("?TableAlias.name like ?", w)
		}
		return q
	}
}
