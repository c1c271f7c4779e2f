// Package notify owns what the provider tells its customers: the notifications in the panel, and mail, with the words in
// both languages, the outbox, and the sending of it.
//
// A mail is queued in the transaction of what it tells about, so that neither exists without the other, and once for each
// key, so that repeating the work does not repeat the mail (invariant 8). A Sender delivers what is queued.
package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/mailer"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Content is what one mail says. Its type belongs to one kind, and its fields are what the templates of that kind show.
type Content interface{ Kind() Kind }

// Mail is one mail to one person.
type Mail struct {
	Account   uuid.UUID // whose mail it is: it is sent in the name of its brand, and those who may read the account see it
	User      uuid.UUID // instead of Account, for mail about a login: no account sees it, and the brand is that of the user's first account
	DedupeKey string    // a second mail with this key is not sent: kind, object and day
	Name      string    // of the recipient
	To        string    // the recipient's address
	Language  string    // "nl" or "en"; any other is "nl"
	Content   Content
	Secret    Secret    // of the link in it, if it has one
	At        time.Time // not to be sent before; zero for at once
	Muted     bool      // keep it, but never send it: an import tells nobody about what happened years ago
}

// Secret is a token that only the recipient may read. The mail is written with Placeholder in its place; the token is
// kept sealed beside it until the mail is sent. So neither the database nor those who may read mails can use the link.
type Secret struct {
	Token string
	Key   seal.Key
}

// Placeholder stands in a link for Secret.Token.
const Placeholder = "0-shown-only-in-the-mail-0"

const secretPurpose seal.Purpose = "secret of a mail"

// The states of a message.
const (
	Queued  = "QUEUED"
	Sent    = "SENT"
	Bounced = "BOUNCED" // the recipient's server refuses it
	Failed  = "FAILED"  // it could not be sent, for days, or at all
	Muted   = "MUTED"
)

// medium is how all of them leave for now.
const medium = "EMAIL"

// message is a row of the outbox.
type message struct {
	bun.BaseModel `bun:"table:message"`

	ID            uuid.UUID
	AccountID     uuid.NullUUID
	UserID        uuid.NullUUID
	DedupeKey     string
	Kind          Kind
	Medium        string
	Sender        string
	SenderName    string
	Recipient     string
	RecipientName string
	Language      string
	Subject       string
	BodyText      string
	BodyHTML      string
	Secret        []byte
	Status        string
	Attempts      int
	NextAttemptAt time.Time `bun:",nullzero"`
	LastError     string
	CreatedAt     time.Time
	SentAt        time.Time `bun:",nullzero"`
}

// Queue writes the mail into the outbox, in the caller's transaction; nothing happens if there is one with its DedupeKey.
// An address that no mail can be sent to is no error, since it must not stop an invoice: the mail is kept as FAILED.
func Queue(ctx context.Context, tx *pg.Tx, m Mail) error {
	if m.Language != "en" {
		m.Language = "nl"
	}
	brand, err := brandOf(ctx, tx, m)
	if err != nil {
		return err
	}
	text, err := Render(brand, m.Language, m.Name, m.Content)
	if err != nil {
		return err
	}
	row := message{
		ID: key.New(), AccountID: orNull(m.Account), UserID: orNull(m.User), DedupeKey: m.DedupeKey, Kind: m.Content.Kind(), Medium: medium,
		Sender: brand.Email, SenderName: brand.Name, Recipient: m.To, RecipientName: m.Name, Language: m.Language,
		Subject: text.Subject, BodyText: text.Text, BodyHTML: text.HTML, Status: Queued, NextAttemptAt: tx.Now, CreatedAt: tx.Now,
	}
	if m.Secret.Token != "" {
		if !strings.Contains(row.BodyText, Placeholder) || !strings.Contains(row.BodyHTML, Placeholder) {
			return fmt.Errorf("queue %s: it has a secret but no place for it", row.Kind)
		}
		row.Secret = m.Secret.Key.Seal(secretPurpose, row.ID[:], []byte(m.Secret.Token))
	}
	if _, err := mailer.Address(m.Name, m.To); err != nil {
		row.Status, row.LastError, row.NextAttemptAt = Failed, err.Error(), time.Time{}
	}
	if m.At.After(tx.Now) && row.Status == Queued {
		row.NextAttemptAt = m.At
	}
	if m.Muted {
		row.Status, row.NextAttemptAt = Muted, time.Time{}
	}
	// Without a conflict target and without returning anything, package auth needs no right to read mail.
	if _, err := tx.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
		return fmt.Errorf("queue %s: %w", row.Kind, err)
	}
	return nil
}

// reveal puts the secret into the texts.
func (m *message) reveal(k seal.Key) error {
	if m.Secret == nil {
		return nil
	}
	token, err := k.Open(secretPurpose, m.ID[:], m.Secret)
	if err != nil {
		return err
	}
	m.BodyText = strings.ReplaceAll(m.BodyText, Placeholder, string(token))
	m.BodyHTML = strings.ReplaceAll(m.BodyHTML, Placeholder, string(token))
	return nil
}

func orNull(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
