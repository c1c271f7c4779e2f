package graph

import (
	"context"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// apiTokens lists the tokens of the account, or, for staff, those of the user.
func (r *Resolver) apiTokens(ctx context.Context, v viewer.Viewer, l listing) (*page.Connection[auth.APIToken], error) {
	switch {
	case v.Account != uuid.Nil:
		return list(ctx, auth.APITokens, &v.Account, l)
	case v.User != uuid.Nil:
		return list(ctx, auth.UserTokens, &v.User, l)
	}
	return nil, nil
}

// sessions returns the user's sessions that are not over, newest first.
func (r *Resolver) sessions(ctx context.Context, user uuid.UUID) (sessions []auth.Session, err error) {
	err = from(ctx).read(ctx, viewer.ReadSelf, func(tx *pg.Tx) (err error) {
		sessions, err = auth.ActiveSessions(ctx, tx, user, time.Now())
		return err
	})
	return sessions, err
}

// accountName returns the name of an account that the viewer sees, or could switch to.
func (r *Resolver) accountName(ctx context.Context, id uuid.UUID) (string, error) {
	return batched(ctx, "account names", func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
		var rows []struct {
			ID   uuid.UUID
			Name string
		}
		err := from(ctx).read(ctx, viewer.ReadSelf, func(tx *pg.Tx) error {
			return tx.NewRaw("select id, name from account where id = any(?) union select id, name from app.my_accounts()", array(ids)).Scan(ctx, &rows)
		})
		names := make(map[uuid.UUID]string, len(rows)) // none for a token that may not read the account
		for _, row := range rows {
			names[row.ID] = row.Name
		}
		return names, err
	})(id)
}
