package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"time"

	"klantenpaneel/internal/mailer"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Sender delivers what is queued. Any number may run, on any number of servers.
//
// A sender first claims a mail, in a transaction of its own, and then offers it once. So one claim is at most one delivery,
// and two senders never offer the same mail at once. A sender that dies leaves a claim that lapses after some minutes; the
// mail is then offered again, with the same Message-ID. Only if it died, or lost the connection, between the server's
// acceptance and our note of it does the recipient's server see the mail twice, and can tell.
type Sender struct {
	DB   *pg.DB
	Key  seal.Key     // that opens the secrets of mails
	Mail *mailer.SMTP // nil keeps mails in the local mailbox, see Mailbox, and counts them as sent
	Host string       // the right side of Message-ID: the panel's host name
	Log  *slog.Logger
}

// How a mail is tried again. The last attempt is more than 48 hours after the first: a weekend without a mail server costs
// no mail.
const (
	batchSize = 20
	claimTime = 3 * time.Minute // of the wall clock; more than sendTime, so that no claim lapses while its sender is alive
	sendTime  = time.Minute
	giveUp    = 96 * time.Hour
	pollEvery = 2 * time.Second
)

var pauses = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

// Run delivers until ctx ends. It is never an error for it that mail cannot be sent.
func (s *Sender) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if _, err := s.SendDue(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "send mail", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// SendDue offers every mail that is due now, by the program's clock, and returns how many were taken.
func (s *Sender) SendDue(ctx context.Context) (sent int, err error) {
	for {
		batch, now, err := s.claim(ctx)
		if err != nil || len(batch) == 0 {
			return sent, err
		}
		results := s.offer(ctx, batch, now)
		n, err := s.note(ctx, batch, results)
		sent += n
		if err != nil {
			return sent, err
		}
	}
}

var sender = viewer.ForJob("mail")

// claim takes mails that are due and that nobody else holds. Each has one attempt more, which is also the fence: a sender
// whose claim has lapsed can no longer note anything.
func (s *Sender) claim(ctx context.Context) (batch []message, now time.Time, err error) {
	err = s.DB.Write(ctx, sender, viewer.ManageDesk, func(tx *pg.Tx) error {
		batch, now = nil, tx.Now
		return tx.NewRaw(`UPDATE message SET attempts = attempts + 1, claimed_until = clock_timestamp() + ? * interval '1 second'
			WHERE id IN (SELECT id FROM message WHERE status = 'QUEUED' AND medium = 'EMAIL' AND next_attempt_at <= ? AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
				ORDER BY next_attempt_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
			RETURNING id, sender, sender_name, recipient, recipient_name, subject, body_text, body_html, secret, attempts, created_at, kind`,
			int(claimTime.Seconds()), tx.Now, batchSize).Scan(ctx, &batch)
	})
	if err != nil {
		return nil, now, fmt.Errorf("claim mail: %w", err)
	}
	slices.SortFunc(batch, func(a, b message) int { return bytes.Compare(a.ID[:], b.ID[:]) }) // in the order they were written
	return batch, now, nil
}

// offer sends the batch, dated now, and returns a result for each.
func (s *Sender) offer(ctx context.Context, batch []message, now time.Time) []error {
	results := make([]error, len(batch))
	if s.Mail == nil {
		return results
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	var ready []mailer.Message
	var place []int
	for i := range batch {
		m := batch[i]
		if err := m.reveal(s.Key); err != nil {
			results[i] = &mailer.Rejected{Err: err}
			continue
		}
		ready = append(ready, mailer.Message{
			ID: m.ID.String() + "@" + s.Host, Date: now, Subject: m.Subject, Text: m.BodyText, HTML: m.BodyHTML,
			From: mail.Address{Name: m.SenderName, Address: m.Sender}, To: mail.Address{Name: m.RecipientName, Address: m.Recipient},
		})
		place = append(place, i)
	}
	for n, err := range s.Mail.Send(ctx, ready) {
		results[place[n]] = err
	}
	return results
}

// note writes down what became of each mail, also when the server is stopping.
func (s *Sender) note(ctx context.Context, batch []message, results []error) (sent int, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err = s.DB.Write(ctx, sender, viewer.ManageDesk, func(tx *pg.Tx) error {
		sent = 0
		for i := range batch {
			m := &batch[i]
			after := s.outcome(m, results[i], tx.Now)
			if after.status == Sent {
				sent++
			}
			_, err := tx.NewRaw(`UPDATE message SET status = ?, next_attempt_at = ?, sent_at = ?, last_error = ?, claimed_until = NULL,
					secret = CASE WHEN ? THEN NULL ELSE secret END
				WHERE id = ? AND attempts = ? AND status = 'QUEUED'`,
				after.status, orNever(after.next), orNever(after.sent), after.problem, after.status != Queued && s.Mail != nil, m.ID, m.Attempts).Exec(ctx)
			if err != nil {
				return fmt.Errorf("note what became of a mail: %w", err)
			}
			if after.status == Bounced || after.status == Failed {
				if err := tx.Record(Undelivered{ID: m.ID, Mail: m.Kind, Bounced: after.status == Bounced, Reason: after.problem}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for i, result := range results {
		if result != nil {
			s.Log.WarnContext(ctx, "mail not sent", "message", batch[i].ID, "kind", batch[i].Kind, "attempt", batch[i].Attempts, "error", result)
		}
	}
	return sent, err
}

type state struct {
	status     string
	next, sent time.Time
	problem    string
}

// outcome decides what becomes of a mail after an attempt at now.
func (s *Sender) outcome(m *message, result error, now time.Time) state {
	var refused *mailer.Rejected
	switch {
	case result == nil:
		return state{status: Sent, sent: now}
	case errors.As(result, &refused) && refused.Code != 0:
		return state{status: Bounced, problem: short(result)}
	case errors.As(result, &refused):
		return state{status: Failed, problem: short(result)}
	case now.Sub(m.CreatedAt) > giveUp && m.Attempts > len(pauses):
		return state{status: Failed, problem: short(result)}
	}
	return state{status: Queued, next: now.Add(pauses[min(m.Attempts, len(pauses))-1]), problem: short(result)}
}

// Undelivered is recorded when a mail will not arrive: someone must look for another way (P-24).
type Undelivered struct {
	ID      uuid.UUID `json:"id"`
	Mail    Kind      `json:"mail"`
	Bounced bool      `json:"bounced"` // the recipient's server refused it
	Reason  string    `json:"reason"`
}

// Kind returns mail.undelivered.
func (Undelivered) Kind() string { return "mail.undelivered" }

// About returns the mail.
func (u Undelivered) About() (account, subject uuid.UUID) { return uuid.Nil, u.ID }

func orNever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// short keeps what a mail server says within bounds, in text that PostgreSQL can hold.
func short(err error) string {
	const most = 500
	text := []rune(err.Error())
	kept := make([]rune, 0, most)
	for _, r := range text[:min(len(text), most)] {
		if r != 0 && r != '\uFFFD' {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
