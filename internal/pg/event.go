package pg

import (
	"encoding/json"
	"fmt"
	"time"

	"klantenpaneel/internal/key"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Event is something that happened. Its fields, as JSON, are what reactions, webhooks and the audit trail get to know.
type Event interface {
	Kind() string                        // noun and past tense: "subscription.cancellation_requested"
	About() (account, subject uuid.UUID) // whose it is and what it happened to; Nil for neither
}

// OnBehalf tells how a wish reached the staff who fulfil it (P-23). The zero value is a viewer that acts for itself.
type OnBehalf struct {
	Channel    string    // PANEL, EMAIL, PHONE, POST, CHAT or TICKET
	ReceivedAt time.Time // when the customer asked, which may be earlier than now
	Reason     string    // reference to the evidence, or why
}

// record is an event as the table holds it.
type record struct {
	bun.BaseModel `bun:"table:event"`

	ID         uuid.UUID
	At         time.Time
	Actor      string
	UserID     uuid.NullUUID
	AccountID  uuid.NullUUID
	Kind       string
	SubjectID  uuid.NullUUID
	Channel    string          `bun:",nullzero"`
	ReceivedAt time.Time       `bun:",nullzero"`
	Reason     string          `bun:",nullzero"`
	Data       json.RawMessage `bun:"type:jsonb"`
}

// Record has e written with the transaction, or not at all. Those who listen hear of it when the transaction is committed.
func (tx *Tx) Record(e Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode %s: %w", e.Kind(), err)
	}
	account, subject := e.About()
	tx.events = append(tx.events, record{
		ID: key.New(), At: tx.Now, Actor: tx.Viewer.Actor(), UserID: orNull(tx.Viewer.User),
		AccountID: orNull(account), Kind: e.Kind(), SubjectID: orNull(subject),
		Channel: tx.OnBehalf.Channel, ReceivedAt: tx.OnBehalf.ReceivedAt, Reason: tx.OnBehalf.Reason, Data: data,
	})
	return nil
}

func orNull(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
