package account

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/page"

	"github.com/uptrace/bun"
)

// Accounts lists accounts by name. Their parent is the partner.
var Accounts = page.List[Account]{Parent: "partner_id", Account: "id", Default: "NAME", Orders: map[string]page.Order{
	"NAME": {Column: "name"}, "NUMBER": {Column: "number"}, "CREATED_AT": {Column: "created_at"}}}

// Filter narrows a list of accounts; all conditions that are given must hold.
type Filter struct {
	HasOverdueInvoice *bool
	IsPartner         *bool
	Kind              []Kind
	Status            []Status
}

// Where returns the conditions of f and of the words to search for. today is the day by which an invoice is overdue.
func (f Filter) Where(words string, today civil.Date) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.HasOverdueInvoice != nil {
			q = q.Where("exists (select from invoice i where i.account_id = ?TableAlias.id and i.open_cents > 0 and i.due_on < ?) = ?", today, *f.HasOverdueInvoice)
		}
		if f.IsPartner != nil {
			q = q.Where("?TableAlias.is_partner = ?", *f.IsPartner)
		}
		if len(f.Kind) > 0 {
			q = q.Where("?TableAlias.kind in (?)", bun.In(f.Kind))
		}
		if len(f.Status) > 0 {
			q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
		}
		for _, w := range page.Words(words) {
			q = q.Where("(?TableAlias.search like ? or exists (select from domain d where d.account_id = ?TableAlias.id and d.name like ?))", w, w)
		}
		return q
	}
}
