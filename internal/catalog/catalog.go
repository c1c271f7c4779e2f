// Package catalog owns what is sold: products, their limits and their prices over time.
package catalog

import (
	"maps"
	"slices"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Kind is the sort of a product.
type Kind string

// The sorts of products.
const (
	Hosting     Kind = "HOSTING"
	Reseller    Kind = "RESELLER"
	VPS         Kind = "VPS"
	Domain      Kind = "DOMAIN"
	Certificate Kind = "CERTIFICATE"
	Mail        Kind = "MAIL"
	Backup      Kind = "BACKUP"
	Service     Kind = "SERVICE"
	Overage     Kind = "OVERAGE"
	Other       Kind = "OTHER"
)

// Product is something that can be bought.
type Product struct {
	bun.BaseModel `bun:"table:product,alias:p"`

	ID                uuid.UUID `bun:",pk"`
	Code              string
	Kind              Kind
	NameNl            string
	NameEn            string
	DescriptionNl     string
	DescriptionEn     string
	Tld               string
	DiskLimitBytes    *int64
	TrafficLimitBytes *int64
	InodeLimit        *int64
	SiteLimit         *int
	MailboxLimit      *int
	UsagePolicy       string
	BundlesDomain     bool
	Orderable         bool
	Position          int
	CreatedAt         time.Time
}

// GlobalID returns the product's id in the API.
func (p *Product) GlobalID() string { return key.Format(key.Product, p.ID) }

// IsNode marks what has an id in the API.
func (*Product) IsNode() {}

// Name returns the name in the language, "nl" or "en".
func (p *Product) Name(language string) string {
	if language == "nl" {
		return p.NameNl
	}
	return p.NameEn
}

// Description returns the description in the language, "nl" or "en".
func (p *Product) Description(language string) string {
	if language == "nl" {
		return p.DescriptionNl
	}
	return p.DescriptionEn
}

// Limits returns what the product allows.
func (p *Product) Limits() Limits {
	return Limits{p.DiskLimitBytes, p.TrafficLimitBytes, p.InodeLimit, p.SiteLimit, p.MailboxLimit}
}

// Limits is what a product or a package allows; nil means that there is no limit.
type Limits struct {
	DiskBytes, TrafficBytes, Inodes *int64
	Sites, Mailboxes                *int
}

// Price is the net price of a product for one term, from a day on.
type Price struct {
	bun.BaseModel `bun:"table:product_price,alias:pp"`

	ID          uuid.UUID `bun:",pk"`
	ProductID   uuid.UUID
	TermMonths  int
	ValidFrom   civil.Date
	AmountCents money.Cents
}

// Connection and Edge are a page of products.
type (
	Connection = page.Connection[Product]
	Edge       = page.Edge[Product]
)

// Products lists the catalog in its own order.
var Products = page.List[Product]{Public: true, Default: "POSITION", Orders: map[string]page.Order{"POSITION": {Column: "position"}}}

// Filter narrows the catalog; all conditions that are given must hold.
type Filter struct {
	Kind      []Kind
	Orderable *bool
}

// Where returns the conditions of f.
func (f Filter) Where(q *bun.SelectQuery) *bun.SelectQuery {
	if len(f.Kind) > 0 {
		q = q.Where("?TableAlias.kind in (?)", bun.In(f.Kind))
	}
	if f.Orderable != nil {
		q = q.Where("?TableAlias.orderable = ?", *f.Orderable)
	}
	return q
}

// On returns the prices that apply on a day, one for each term, shortest term first.
func On(versions []Price, day civil.Date) []Price {
	latest := map[int]Price{}
	for _, p := range versions {
		if best, ok := latest[p.TermMonths]; !p.ValidFrom.After(day) && (!ok || p.ValidFrom.After(best.ValidFrom)) {
			latest[p.TermMonths] = p
		}
	}
	prices := slices.Collect(maps.Values(latest))
	slices.SortFunc(prices, func(a, b Price) int { return a.TermMonths - b.TermMonths })
	return prices
}
