// Package hosting owns hosting packages and what they use (state-machines §11, P-22).
package hosting

import (
	"math"
	"time"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Package is a hosting package: web space, mail and databases.
type Package struct {
	bun.BaseModel `bun:"table:hosting_package,alias:h"`

	ID                uuid.UUID `bun:",pk"`
	AccountID         uuid.UUID
	SubscriptionID    *uuid.UUID
	DomainID          *uuid.UUID
	Name              string
	Node              string
	Username          string
	Status            string
	DiskLimitBytes    *int64
	TrafficLimitBytes *int64
	InodeLimit        *int64
	DiskBytes         *int64
	TrafficBytes      *int64
	Inodes            *int64
	MeasuredAt        *time.Time
	MailboxCount      *int
	DatabaseCount     *int
	PurgeAt           *time.Time
	CreatedAt         time.Time
}

// GlobalID returns the package's id in the API.
func (p *Package) GlobalID() string { return key.Format(key.HostingPackage, p.ID) }

// IsNode marks what has an id in the API.
func (*Package) IsNode() {}

// Limits returns what the package allows.
func (p *Package) Limits() catalog.Limits {
	return catalog.Limits{DiskBytes: p.DiskLimitBytes, TrafficBytes: p.TrafficLimitBytes, Inodes: p.InodeLimit}
}

// UsageAt returns what the package uses, as last measured and seen at a moment; nil when it was never measured.
func (p *Package) UsageAt(now time.Time) *Usage {
	if p.MeasuredAt == nil || p.DiskBytes == nil || p.TrafficBytes == nil {
		return nil
	}
	return &Usage{DiskBytes: *p.DiskBytes, TrafficBytes: *p.TrafficBytes, Inodes: p.Inodes, MeasuredAt: *p.MeasuredAt,
		DiskPercent: percent(*p.DiskBytes, p.DiskLimitBytes), TrafficPercent: percent(*p.TrafficBytes, p.TrafficLimitBytes),
		Stale: now.Sub(*p.MeasuredAt) > 24*time.Hour}
}

// Usage is what a package uses, as last measured.
type Usage struct {
	DiskBytes, TrafficBytes     int64
	Inodes                      *int64
	MeasuredAt                  time.Time
	DiskPercent, TrafficPercent *int // of the limit, rounded down; nil without a limit
	Stale                       bool // measured more than 24 hours ago
}

// Month is what a package used in one calendar month.
type Month struct {
	PackageID               uuid.UUID
	Month                   civil.Date // its first day
	DiskBytes, TrafficBytes int64
}

func percent(used int64, limit *int64) *int {
	if limit == nil || *limit <= 0 {
		return nil
	}
	whole, rest := used / *limit, used%*limit // no float: it would make 28 of 29 percent
	p := math.MaxInt32
	if whole < math.MaxInt32/100 {
		p = int(whole*100 + rest*100 / *limit)
	}
	return &p
}

// Connection and Edge are a page of hosting packages.
type (
	Connection = page.Connection[Package]
	Edge       = page.Edge[Package]
)

// Packages lists them by name.
var Packages = page.List[Package]{Parent: "account_id", Default: "NAME", Orders: map[string]page.Order{
	"NAME": {Column: "name"}, "CREATED_AT": {Column: "created_at"}}}

// Filter narrows a list of packages; all conditions that are given must hold.
type Filter struct {
	MinimumDiskPercent *int
	Status             []string
}

// Where returns the conditions of f and of the words to search for. Without a state, purged packages are left out.
func (f Filter) Where(words string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.MinimumDiskPercent != nil {
			q = q.Where("?TableAlias.disk_bytes::numeric * 100 >= ?TableAlias.disk_limit_bytes::numeric * ?", *f.MinimumDiskPercent)
		}
		if len(f.Status) > 0 {
			q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
		} else {
			q = q.Where("?TableAlias.status <> 'PURGED'")
		}
		for _, w := range page.Words(words) {
			q = q.Where("lower(?TableAlias.name) like ?", w)
		}
		return q
	}
}
