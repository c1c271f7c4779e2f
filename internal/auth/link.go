package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
)

// How long links work (P-03).
const (
	activationValid = 72 * time.Hour
	resetValid      = time.Hour
)

// Invite mails the user a link with which the first password is chosen (P-03), in the caller's transaction. It works once
// and for 72 hours. Inviting again sends another link; the earlier one still works.
func (g *Gate) Invite(ctx context.Context, tx *pg.Tx, u *User) error {
	link, until, err := g.newLink(ctx, tx, u, "ACTIVATION", activationValid)
	if err != nil {
		return err
	}
	content := notify.Activation{Email: u.Email, Link: g.PublicURL + activatePage + notify.Placeholder, ValidUntil: until}
	if err := g.mail(ctx, tx, u, "activation:"+key.New().String(), content, link); err != nil {
		return err
	}
	return tx.Record(happened{kind: ActivationMailSent, subject: u.ID, User: key.Format(key.User, u.ID)})
}

func (g *Gate) mailReset(ctx context.Context, tx *pg.Tx, u *User) error {
	link, until, err := g.newLink(ctx, tx, u, "PASSWORD_RESET", resetValid)
	if err != nil {
		return err
	}
	content := notify.PasswordReset{Link: g.PublicURL + resetPage + notify.Placeholder, ValidUntil: until}
	return g.mail(ctx, tx, u, "reset:"+key.New().String(), content, link)
}

// newLink stores the hash of a new token and returns the token.
func (g *Gate) newLink(ctx context.Context, tx *pg.Tx, u *User, purpose string, valid time.Duration) (token string, until time.Time, err error) {
	token, until = newSecret(linkPrefix), tx.Now.Add(valid)
	_, err = tx.NewRaw(`INSERT INTO one_time_link (id, user_id, purpose, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
		key.New(), u.ID, purpose, digest(token), tx.Now, until).Exec(ctx)
	if err != nil {
		return "", until, fmt.Errorf("make a link: %w", err)
	}
	return token, until, nil
}

// behindLink returns whose link it is, if it still works.
func (g *Gate) behindLink(ctx context.Context, tx *pg.Tx, token string) (u User, err error) {
	err = tx.NewSelect().Model(&u).Join("JOIN one_time_link AS l ON l.user_id = u.id").
		Where("l.token_hash = ?", digest(token)).Where("l.used_at IS NULL").Where("l.expires_at > ?", tx.Now).
		Where("l.purpose IN ('ACTIVATION', 'PASSWORD_RESET')").Where("u.status <> 'DISABLED'").Scan(ctx)
	if none(err) {
		return u, errBadLink.At("input", "token")
	}
	if err != nil {
		return u, fmt.Errorf("look up a link: %w", err)
	}
	return u, nil
}

// mail queues a mail about the user's login. secret is the token of the link in it; "" when there is none.
func (g *Gate) mail(ctx context.Context, tx *pg.Tx, u *User, dedupeKey string, c notify.Content, secret string) error {
	return notify.Queue(ctx, tx, notify.Mail{User: u.ID, DedupeKey: dedupeKey, Name: u.Name, To: u.Email, Language: u.Language, Content: c,
		Secret: notify.Secret{Token: secret, Key: g.Key}})
}
