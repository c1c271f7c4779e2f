package notify

import (
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Notification is something that happened and deserves the customer's attention (P-04).
type Notification struct {
	bun.BaseModel `bun:"table:notification,alias:n"`

	ID          uuid.UUID `bun:",pk"`
	AccountID   uuid.UUID
	Kind        Kind
	SubjectType key.Prefix
	SubjectID   *uuid.UUID
	Data        map[string]string `bun:"type:jsonb"` // what the text needs; see Kind.Text
	CreatedAt   time.Time
	ReadAt      *time.Time
	ResolvedAt  *time.Time
}

// GlobalID returns the notification's id in the API.
func (n *Notification) GlobalID() string { return key.Format(key.Notification, n.ID) }

// IsNode marks what has an id in the API.
func (*Notification) IsNode() {}

// Connection and Edge are a page of notifications.
type (
	Connection = page.Connection[Notification]
	Edge       = page.Edge[Notification]
)

// Notifications lists them, newest first.
var Notifications = page.List[Notification]{Parent: "account_id", Default: "CREATED_AT",
	Orders: map[string]page.Order{"CREATED_AT": {Column: "created_at", Desc: true}}}

// Filter narrows a list of notifications; all conditions that are given must hold.
type Filter struct {
	Kind   []Kind
	Unread *bool
}

// Where returns the conditions of f.
func (f Filter) Where(q *bun.SelectQuery) *bun.SelectQuery {
	if len(f.Kind) > 0 {
		q = q.Where("?TableAlias.kind in (?)", bun.In(f.Kind))
	}
	if f.Unread != nil {
		q = q.Where("(?TableAlias.read_at is null) = ?", *f.Unread)
	}
	return q
}
