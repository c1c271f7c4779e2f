// Package ticket owns tickets and the messages about them (state-machines §12, M-23).
package ticket

import (
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Ticket is a question or report.
type Ticket struct {
	bun.BaseModel `bun:"table:ticket,alias:t"`

	ID            uuid.UUID `bun:",pk"`
	AccountID     uuid.UUID
	Number        string
	Subject       string
	Category      string
	Status        string
	OpenedAt      time.Time
	LastMessageAt time.Time
	ClosedAt      *time.Time
}

// GlobalID returns the ticket's id in the API.
func (t *Ticket) GlobalID() string { return key.Format(key.Ticket, t.ID) }

// IsNode marks what has an id in the API.
func (*Ticket) IsNode() {}

// Message is one message of a ticket, as plain text.
type Message struct {
	bun.BaseModel `bun:"table:ticket_message,alias:tm"`

	ID         uuid.UUID `bun:",pk"`
	TicketID   uuid.UUID
	AccountID  uuid.UUID
	Author     string
	AuthorName string
	AuthorID   *uuid.UUID
	Body       string
	Channel    string
	SentAt     time.Time
}

// GlobalID returns the message's id in the API.
func (m *Message) GlobalID() string { return key.Format(key.TicketMessage, m.ID) }

// IsNode marks what has an id in the API.
func (*Message) IsNode() {}

// The pages of tickets and of messages.
type (
	Connection        = page.Connection[Ticket]
	Edge              = page.Edge[Ticket]
	MessageConnection = page.Connection[Message]
	MessageEdge       = page.Edge[Message]
)

// Tickets lists them, last message first.
var Tickets = page.List[Ticket]{Parent: "account_id", Default: "LAST_MESSAGE_AT",
	Orders: map[string]page.Order{"LAST_MESSAGE_AT": {Column: "last_message_at", Desc: true}}}

// Messages lists those of a ticket, oldest first.
var Messages = page.List[Message]{Parent: "ticket_id", Default: "SENT_AT", Orders: map[string]page.Order{"SENT_AT": {Column: "sent_at"}}}

// Filter narrows a list of tickets; all conditions that are given must hold.
type Filter struct {
	Category []string
	Status   []string
}

// Where returns the conditions of f and of the words to search for.
func (f Filter) Where(words string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(f.Category) > 0 {
			q = q.Where("?TableAlias.category in (?)", bun.In(f.Category))
		}
		if len(f.Status) > 0 {
			q = q.Where("?TableAlias.status in (?)", bun.In(f.Status))
		}
		for _, w := range page.Words(words) {
			q = q.Where("lower(?TableAlias.number || ' ' || ?TableAlias.subject) like ?", w)
		}
		return q
	}
}
