package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// announcement is what the database says of a new notification.
type announcement struct {
	Account uuid.UUID `json:"account"`
	Kind    string    `json:"kind"`
	Subject uuid.UUID `json:"subject"`
}

const added = "notification.added"

// Add writes n, in the caller's transaction. Those who follow the account see it once that is committed.
func Add(ctx context.Context, tx *pg.Tx, n *Notification) error {
	if !n.Kind.Known() {
		return fmt.Errorf("there is no notification of kind %s", n.Kind)
	}
	n.ID, n.CreatedAt = key.New(), tx.Now
	if n.Data == nil {
		n.Data = map[string]string{}
	}
	_, err := tx.NewInsert().Model(n).Exec(ctx)
	return err
}

// Follow returns each notification of an account (by its id in the API; the viewer's own when nil) that is added from now
// on, once, on whichever server it happened. The channel closes when ctx ends.
func (f *Feed) Follow(ctx context.Context, v viewer.Viewer, accountID *string) (<-chan *Notification, error) {
	account := v.Account
	if accountID != nil {
		account, _ = key.Parse(key.Account, *accountID)
	}
	sub := f.listener.Subscribe(func(payload string) bool {
		var a announcement
		return json.Unmarshal([]byte(payload), &a) == nil && a.Kind == added && a.Account == account
	})
	var since time.Time
	err := f.db.Read(ctx, v, viewer.ReadAccount, func(tx *pg.Tx) error {
		if seen, err := sees(ctx, tx, "account", account); err != nil || !seen {
			return orMissing(err, "accountId")
		}
		since = tx.Now
		return nil
	})
	if err != nil {
		sub.Close()
		return nil, err
	}
	out := make(chan *Notification)
	go func() {
		defer close(out)
		defer sub.Close()
		f.follow(ctx, v, account, since, sub, out)
	}()
	return out, nil
}

// overlap is how far a re-read looks back: a notification may be committed after one that was made later.
const overlap = time.Minute

func (f *Feed) follow(ctx context.Context, v viewer.Viewer, account uuid.UUID, since time.Time, sub *pg.Subscription, out chan<- *Notification) {
	sent := map[uuid.UUID]time.Time{}
	for {
		notice, err := sub.Next(ctx)
		if err != nil {
			return
		}
		found, err := f.news(ctx, v, account, since, notice)
		if problem.Is(err, problem.Forbidden) || ctx.Err() != nil {
			return
		}
		if err != nil {
			continue // the next notice, or the timer, reads again
		}
		for _, n := range found {
			if _, again := sent[n.ID]; again {
				continue
			}
			select {
			case out <- n:
				sent[n.ID] = n.CreatedAt
				if n.CreatedAt.After(since.Add(overlap)) {
					since = n.CreatedAt.Add(-overlap)
				}
			case <-ctx.Done():
				return
			}
		}
		for id, at := range sent {
			if at.Before(since) {
				delete(sent, id)
			}
		}
	}
}

// news reads the notification that was announced, or, when something may have been missed, all there is since.
func (f *Feed) news(ctx context.Context, v viewer.Viewer, account uuid.UUID, since time.Time, notice pg.Notice) (found []*Notification, err error) {
	err = f.db.Read(ctx, v, viewer.ReadAccount, func(tx *pg.Tx) error {
		found = nil
		q := tx.NewSelect().Model(&found).Where("account_id = ?", account).Order("created_at", "id")
		var a announcement
		if !notice.Reread && json.Unmarshal([]byte(notice.Payload), &a) == nil {
			q = q.Where("id = ?", a.Subject)
		} else {
			q = q.Where("created_at >= ?", since)
		}
		return q.Scan(ctx)
	})
	return found, err
}
