package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// The pages of the panel that mails link to.
const (
	activatePage = "/activate#token=" // choose a first password; the token behind # never reaches a server's log
	resetPage    = "/reset#token="    // choose a new one
	forgotPage   = "/reset"           // ask for the mail with that link
)

// PasswordChangeInput is a user's wish for another password.
type PasswordChangeInput struct {
	CurrentPassword string
	NewPassword     string
	Client          Client
}

// ChangePassword changes the viewer's password, ends all its other sessions and sends a notice. The present session goes
// on with a new token, which is returned: the old one no longer works.
func (g *Gate) ChangePassword(ctx context.Context, v viewer.Viewer, in PasswordChangeInput) (token string, err error) {
	if v.Session == uuid.Nil {
		return "", errNoSession
	}
	email, err := g.emailOf(ctx, v.User)
	if err != nil {
		return "", err
	}
	if p := acceptable(in.NewPassword, email, v.Name); p != nil {
		return "", p.At("input", "newPassword")
	}
	p := proof{password: in.CurrentPassword, field: "currentPassword", next: in.NewPassword, client: in.Client}
	err = g.prove(ctx, v, p, func(tx *pg.Tx, k *check) (err error) {
		if err := g.replacePassword(ctx, tx, &k.who.User, k.next, in.Client); err != nil {
			return err
		}
		token, err = g.rotate(ctx, tx, v)
		return err
	})
	if err != nil {
		return "", err
	}
	g.seen.forget()
	return token, nil
}

// PasswordResetRequestInput is whose password was forgotten.
type PasswordResetRequestInput struct {
	Email  string
	Client Client
}

// RequestPasswordReset mails a link with which a new password can be chosen, valid for an hour; somebody who never chose
// one gets an activation link. Whether anybody has the address is not told: the answer and its time are the same. It
// mails one address three times an hour at most, and says RATE_LIMITED for too many requests from one place.
func (g *Gate) RequestPasswordReset(ctx context.Context, v viewer.Viewer, in PasswordResetRequestInput) error {
	defer g.even(ctx, time.Now())
	if err := g.spendAddress(ctx, in.Client); err != nil {
		return err
	}
	email := canonical(in.Email)
	return g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		a, err := rateOfMail(email).take(ctx, tx, g.Now(), 1)
		if err != nil || !a.OK {
			return err
		}
		who, err := g.find(ctx, tx, email)
		if err != nil || who.ID == uuid.Nil || who.Status == Disabled {
			return err
		}
		if who.Status == Invited {
			return g.Invite(ctx, tx, &who.User)
		}
		if err := g.mailReset(ctx, tx, &who.User); err != nil {
			return err
		}
		return tx.Record(happened{kind: ResetRequested, subject: who.ID, IP: in.Client.address()})
	})
}

// PasswordSetInput is a link and the password chosen with it.
type PasswordSetInput struct {
	Token    string // of an activation or reset link
	Password string
	Client   Client
}

// SetPassword sets the password behind an activation or reset link, and ends all sessions of the user, and any lock-out;
// it sends a notice. The link works once: used, expired and unknown are one NOT_FOUND problem. It does not sign in, so a
// second factor is still asked for.
func (g *Gate) SetPassword(ctx context.Context, v viewer.Viewer, in PasswordSetInput) (*User, error) {
	if err := g.spendAddress(ctx, in.Client); err != nil {
		return nil, err
	}
	if !isSecret(linkPrefix, in.Token) {
		return nil, errBadLink.At("input", "token")
	}
	var about User
	err := g.DB.Read(ctx, itself, manage, func(tx *pg.Tx) (err error) {
		about, err = g.behindLink(ctx, tx, in.Token)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p := acceptable(in.Password, about.Email, about.Name); p != nil {
		return nil, p.At("input", "password")
	}
	hash, err := g.HashPassword(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	err = g.DB.Write(ctx, as(viewer.Viewer{User: about.ID}), manage, func(tx *pg.Tx) error { return g.useLink(ctx, tx, in, hash, &about) })
	if err != nil {
		return nil, err
	}
	g.seen.forget()
	return &about, nil
}

// useLink spends the link and sets the password.
func (g *Gate) useLink(ctx context.Context, tx *pg.Tx, in PasswordSetInput, hash string, u *User) error {
	r, err := tx.NewRaw(`UPDATE one_time_link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`, tx.Now, digest(in.Token), tx.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("use a link: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errBadLink.At("input", "token")
	}
	if _, err := tx.NewRaw(`UPDATE app_user SET status = 'ACTIVE' WHERE id = ? AND status = 'INVITED'`, u.ID).Exec(ctx); err != nil {
		return fmt.Errorf("activate a user: %w", err)
	}
	if _, err := g.revoke(ctx, tx, "user_id = ?", u.ID); err != nil {
		return err
	}
	for _, r := range []rate{rateOfUser(u.Email), rateAtHome(u.Email, in.Client)} {
		if err := r.clear(ctx, tx); err != nil {
			return err
		}
	}
	if u.Status == Invited {
		u.Status = Active
		if err := tx.Record(happened{kind: Activated, subject: u.ID, IP: in.Client.address()}); err != nil {
			return err
		}
	}
	if in.Client.IP.IsValid() {
		if err := rateOfAddress(in.Client).giveBack(ctx, tx, 1); err != nil {
			return err
		}
	}
	return g.replacePassword(ctx, tx, u, hash, in.Client)
}

// replacePassword stores the new hash, makes every link that is still out useless, and tells the user.
func (g *Gate) replacePassword(ctx context.Context, tx *pg.Tx, u *User, hash string, c Client) error {
	if _, err := tx.NewRaw(`INSERT INTO credential (user_id, password_hash, changed_at) VALUES (?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`, u.ID, hash, tx.Now).Exec(ctx); err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	if _, err := tx.NewRaw(`UPDATE one_time_link SET used_at = ? WHERE user_id = ? AND used_at IS NULL AND purpose IN ('ACTIVATION', 'PASSWORD_RESET')`, tx.Now, u.ID).Exec(ctx); err != nil {
		return fmt.Errorf("withdraw links: %w", err)
	}
	if err := tx.Record(happened{kind: PasswordChanged, subject: u.ID, User: key.Format(key.User, u.ID), IP: c.address()}); err != nil {
		return err
	}
	return g.mail(ctx, tx, u, "password:"+key.New().String(), notify.PasswordChanged{At: tx.Now, IP: c.address(), ResetLink: g.PublicURL + forgotPage}, "")
}
