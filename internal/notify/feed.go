package notify

import (
	"context"
	"fmt"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// MaxMarked is how many notifications can be named at once.
const MaxMarked = 100

// Feed is how the rest of the program reaches notifications.
type Feed struct {
	db       *pg.DB
	listener *pg.Listener
}

// NewFeed returns the notifications in db; listener hears of new ones.
func NewFeed(db *pg.DB, listener *pg.Listener) *Feed { return &Feed{db, listener} }

// MarkRead marks notifications as read, those with the ids or all of an account, and returns how many were unread. Ids are
// the API's. Marking again changes nothing. Staff do not mark: what they looked at, the customer has not seen.
func (f *Feed) MarkRead(ctx context.Context, v viewer.Viewer, accountID *string, ids []string) (marked int, err error) {
	if v.Kind == viewer.Staff {
		return 0, problem.New(problem.Forbidden, problem.Text{NL: "Medewerkers laten notificaties ongelezen voor de klant.", EN: "Staff leave notifications unread for the customer."})
	}
	err = f.db.Write(ctx, v, viewer.ReadAccount, func(tx *pg.Tx) error {
		q := tx.NewUpdate().Model((*Notification)(nil)).Set("read_at = ?", tx.Now).Where("read_at is null")
		if accountID != nil {
			account, ok := key.Parse(key.Account, *accountID)
			if seen, err := sees(ctx, tx, "account", account); !ok || err != nil || !seen {
				return orMissing(err, "input", "accountId")
			}
			q = q.Where("account_id = ?", account)
		} else {
			rows, err := known(ctx, tx, ids)
			if err != nil {
				return err
			}
			q = q.Where("id = any(?::uuid[])", pgdialect.Array(rows))
		}
		res, err := q.Exec(ctx)
		if err != nil {
			return fmt.Errorf("mark notifications as read: %w", err)
		}
		n, err := res.RowsAffected()
		marked = int(n)
		return err
	})
	return marked, err
}

// known returns the uuids of the ids if the viewer sees every one of them.
func known(ctx context.Context, tx *pg.Tx, ids []string) ([]string, error) {
	if len(ids) < 1 || len(ids) > MaxMarked {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "Noem 1 tot en met %d notificaties.", EN: "Name 1 to %d notifications."}, MaxMarked).At("input", "ids")
	}
	rows := make([]string, len(ids))
	for i, id := range ids {
		uid, ok := key.Parse(key.Notification, id)
		if !ok {
			return nil, problem.Missing().At("input", "ids", fmt.Sprint(i))
		}
		rows[i] = uid.String()
	}
	var unseen []int
	err := tx.NewRaw("select n from unnest(?::uuid[]) with ordinality given(id, n) where not exists (select from notification where notification.id = given.id) order by n limit 1",
		pgdialect.Array(rows)).Scan(ctx, &unseen)
	if err == nil && len(unseen) > 0 {
		err = problem.Missing().At("input", "ids", fmt.Sprint(unseen[0]-1))
	}
	return rows, err
}

func sees(ctx context.Context, tx *pg.Tx, table string, id uuid.UUID) (bool, error) {
	return tx.NewSelect().Table(table).Where("id = ?", id).Exists(ctx)
}

func orMissing(err error, path ...string) error {
	if err != nil {
		return err
	}
	return problem.Missing().At(path...)
}
