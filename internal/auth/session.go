package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Session is a login session.
type Session struct {
	bun.BaseModel `bun:"table:login_session,alias:ls"`

	ID             uuid.UUID `bun:",pk"`
	UserID         uuid.UUID
	AccountID      *uuid.UUID // the account acted in; nil for staff
	SecondFactorAt *time.Time // when a second factor was given; nil when none was asked for
	CreatedAt      time.Time
	LastSeenAt     time.Time // to the minute
	ExpiresAt      time.Time // moves on while the session is used, up to its maximum
	RevokedAt      *time.Time
	IPAddress      string `bun:"ip,nullzero,type:inet"`
	UserAgent      string
}

// GlobalID returns the session's id in the API.
func (s *Session) GlobalID() string { return key.Format(key.Session, s.ID) }

// IsNode marks what has an id in the API.
func (*Session) IsNode() {}

// ActiveSessions returns the user's sessions that are not over at now, of the wall clock: newest first, at most 100.
func ActiveSessions(ctx context.Context, tx *pg.Tx, user uuid.UUID, now time.Time) (sessions []Session, err error) {
	err = tx.NewSelect().Model(&sessions).Where("ls.user_id = ?", user).Where("ls.revoked_at IS NULL").Where("ls.expires_at > ?", now).
		OrderExpr("ls.created_at DESC, ls.id DESC").Limit(page.MaxSize).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return sessions, nil
}

// Logout ends the viewer's session. For who has none there is nothing to do.
func (g *Gate) Logout(ctx context.Context, v viewer.Viewer) error {
	if v.Session == uuid.Nil {
		return nil
	}
	err := g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		n, err := g.revoke(ctx, tx, "id = ?", v.Session)
		if err != nil || n == 0 {
			return err
		}
		return tx.Record(happened{kind: SignedOut, subject: v.User})
	})
	g.seen.forget()
	return err
}

// RevokeSession ends one session: of the viewer itself, or, for who may manage staff, of anyone. Ending it again changes
// nothing. It returns how many sessions ended.
func (g *Gate) RevokeSession(ctx context.Context, v viewer.Viewer, session uuid.UUID) (ended int, err error) {
	if v.Session == uuid.Nil {
		return 0, errNoSession
	}
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		var owner uuid.UUID
		err := tx.NewRaw("SELECT user_id FROM login_session WHERE id = ?", session).Scan(ctx, &owner)
		if none(err) || err == nil && owner != v.User && !v.Can(viewer.ManageStaff) {
			return problem.Missing().At("input", "sessionId")
		}
		if err != nil {
			return fmt.Errorf("find a session: %w", err)
		}
		if ended, err = g.revoke(ctx, tx, "id = ?", session); err != nil || ended == 0 {
			return err
		}
		return tx.Record(happened{kind: SessionsRevoked, subject: session, User: key.Format(key.User, owner), Count: ended})
	})
	g.seen.forget()
	return ended, err
}

// RevokeOtherSessions signs the viewer out everywhere else. It returns how many sessions ended.
func (g *Gate) RevokeOtherSessions(ctx context.Context, v viewer.Viewer) (ended int, err error) {
	if v.Session == uuid.Nil {
		return 0, errNoSession
	}
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) (err error) {
		if ended, err = g.revoke(ctx, tx, "user_id = ? AND id <> ?", v.User, v.Session); err != nil || ended == 0 {
			return err
		}
		return tx.Record(happened{kind: SessionsRevoked, subject: v.User, User: key.Format(key.User, v.User), Count: ended})
	})
	g.seen.forget()
	return ended, err
}

// SelectAccount has the session go on in another account of the same user, and returns the viewer there. uuid.Nil takes
// staff back to the desk. An account that is not the user's is the same answer as one that does not exist.
func (g *Gate) SelectAccount(ctx context.Context, v viewer.Viewer, account uuid.UUID) (viewer.Viewer, error) {
	if v.Session == uuid.Nil {
		return viewer.Viewer{}, errNoSession
	}
	err := g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		r, err := tx.NewRaw(`UPDATE login_session AS s SET account_id = ? WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ?
			AND CASE WHEN ?::uuid IS NULL THEN EXISTS (SELECT FROM app_user AS u WHERE u.id = s.user_id AND u.staff_role IS NOT NULL)
				ELSE EXISTS (SELECT FROM membership AS m JOIN account AS a ON a.id = m.account_id WHERE m.user_id = s.user_id AND m.account_id = ? AND a.status <> 'ERASED') END`,
			orNull(account), v.Session, g.Now(), orNull(account), account).Exec(ctx)
		if err != nil {
			return fmt.Errorf("select an account: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return problem.Missing().At("input", "accountId")
		}
		return tx.Record(happened{kind: AccountSelected, account: account, subject: v.Session, User: key.Format(key.User, v.User)})
	})
	if err != nil {
		return viewer.Viewer{}, err
	}
	g.seen.forget()
	now, err := g.loadSession(ctx, bySession(v.Session), account)
	if err != nil {
		return viewer.Viewer{}, err
	}
	now.viewer.Language = v.Language
	return now.viewer, nil
}

// revoke ends the sessions of which the condition holds.
func (g *Gate) revoke(ctx context.Context, tx *pg.Tx, where string, args ...any) (int, error) {
	r, err := tx.NewUpdate().Table("login_session").Set("revoked_at = ?", g.Now()).Where("revoked_at IS NULL").Where(where, args...).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("revoke sessions: %w", err)
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// open starts a session and returns its token. The user begins in the account that it joined first, staff at the desk.
func (g *Gate) open(ctx context.Context, tx *pg.Tx, u *User, c Client, secondFactor bool) (token string, s Session, err error) {
	now := g.Now().UTC().Truncate(time.Microsecond)
	token = newSecret(sessionPrefix)
	s = Session{ID: key.New(), UserID: u.ID, CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(min(g.SessionIdle, g.SessionMax)), IPAddress: c.address(), UserAgent: c.agent()}
	if secondFactor {
		s.SecondFactorAt = &now
	}
	if u.StaffRole == nil {
		err := tx.NewRaw(`SELECT m.account_id FROM membership AS m JOIN account AS a ON a.id = m.account_id
			WHERE m.user_id = ? AND a.status <> 'ERASED' ORDER BY (a.status = 'ACTIVE') DESC, m.created_at, m.id LIMIT 1`, u.ID).Scan(ctx, &s.AccountID)
		if err != nil && !none(err) {
			return "", s, fmt.Errorf("find the user's account: %w", err)
		}
	}
	if _, err := tx.NewInsert().Model(&s).Value("token_hash", "?", digest(token)).Exec(ctx); err != nil {
		return "", s, fmt.Errorf("open a session: %w", err)
	}
	return token, s, nil
}

// rotate gives the viewer's session a new token and ends all others: what a session may do, or how it is come by, has
// changed, and who copied the old token is out.
func (g *Gate) rotate(ctx context.Context, tx *pg.Tx, v viewer.Viewer) (token string, err error) {
	if _, err := g.revoke(ctx, tx, "user_id = ? AND id <> ?", v.User, v.Session); err != nil {
		return "", err
	}
	token = newSecret(sessionPrefix)
	r, err := tx.NewRaw(`UPDATE login_session SET token_hash = ? WHERE id = ? AND revoked_at IS NULL`, digest(token), v.Session).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("renew a session's token: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return "", errSignedOut // elsewhere, this very moment
	}
	return token, nil
}
