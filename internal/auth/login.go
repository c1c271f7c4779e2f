package auth

import (
	"context"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// LoginInput is who wants to sign in.
type LoginInput struct {
	Email    string // capitals do not matter (M-05)
	Password string
	Code     string // of the authenticator app, or a recovery code; "" when not asked for yet
	Client   Client
}

// Login is a session that has just begun.
type Login struct {
	Token   string // for the cookie (see Cookie), or as a bearer token; shown this once
	User    User
	Session Session
	Viewer  viewer.Viewer
}

// Login signs somebody in. A session that v had already ends: a new login is a new token.
//
// The problems: LOGIN_FAILED whatever is wrong and whether or not anybody has the address, after the same work and time;
// SECOND_FACTOR_REQUIRED when the password is right and a code is missing; RATE_LIMITED after ten failures for one
// address of mail, or sixty from one address of the network, until time has passed. Where somebody signed in before, only
// failures there count for the ten.
func (g *Gate) Login(ctx context.Context, v viewer.Viewer, in LoginInput) (*Login, error) {
	began := time.Now()
	l, err := g.login(ctx, v, in)
	if err != nil && !problem.Is(err, SecondFactorRequired) {
		g.even(ctx, began)
	}
	return l, err
}

func (g *Gate) login(ctx context.Context, v viewer.Viewer, in LoginInput) (*Login, error) {
	done, err := g.begin(ctx, in.Client)
	if err != nil {
		return nil, err
	}
	defer done()
	k, err := g.tryPassword(ctx, canonical(in.Email), in.Password, "", in.Client)
	if err != nil {
		return nil, err
	}
	var l *Login
	var refusal *problem.Error
	acting := itself // what a stranger does is not the user's
	if k.outcome == Success {
		acting = as(viewer.Viewer{User: k.who.ID})
	}
	err = g.DB.Write(ctx, acting, manage, func(tx *pg.Tx) (err error) {
		l, refusal, err = g.decide(ctx, tx, k, in.Code)
		if err != nil || l == nil {
			return err
		}
		if v.Session != uuid.Nil {
			if _, err := g.revoke(ctx, tx, "id = ?", v.Session); err != nil {
				return err
			}
		}
		account := uuid.Nil
		if l.Session.AccountID != nil {
			account = *l.Session.AccountID
		}
		return tx.Record(happened{kind: SignedIn, account: account, subject: k.who.ID, User: key.Format(key.User, k.who.ID), IP: in.Client.address()})
	})
	if err != nil {
		return nil, err
	}
	if refusal != nil {
		return nil, refusal
	}
	if v.Session != uuid.Nil {
		g.seen.forget()
	}
	f, err := g.loadSession(ctx, bySession(l.Session.ID), uuid.Nil)
	if err != nil {
		return nil, err
	}
	l.Viewer = f.viewer
	l.Viewer.Language = orElse(v.Language, l.Viewer.Language)
	return l, nil
}

// decide opens the session, or says why not. Either way the attempt is noted, in the same transaction.
func (g *Gate) decide(ctx context.Context, tx *pg.Tx, k *check, code string) (*Login, *problem.Error, error) {
	outcome, refusal := k.outcome, errLoginFailed
	if outcome == Locked {
		refusal = tooOften(k.left, g.Now())
	}
	if outcome == Success {
		same, err := g.lock(ctx, tx, k)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case !same:
			outcome = WrongPassword
		case k.who.TwoFactorAt != nil && code == "":
			outcome, refusal = NeedsSecondFactor, errSecondFactor
		case k.who.TwoFactorAt != nil:
			right, err := g.useCode(ctx, tx, k, code)
			if err != nil {
				return nil, nil, err
			}
			if !right {
				outcome = WrongSecondFactor
			}
		}
	}
	if err := g.noteAttempt(ctx, tx, k, outcome); err != nil {
		return nil, nil, err
	}
	if outcome != Success {
		return nil, refusal, nil
	}
	if err := g.passed(ctx, tx, k); err != nil {
		return nil, nil, err
	}
	token, session, err := g.open(ctx, tx, &k.who.User, k.client, k.who.TwoFactorAt != nil)
	if err != nil {
		return nil, nil, err
	}
	now := session.CreatedAt
	k.who.LastLoginAt = &now
	if _, err := tx.NewRaw(`UPDATE app_user SET last_login_at = ? WHERE id = ?`, now, k.who.ID).Exec(ctx); err != nil {
		return nil, nil, err
	}
	return &Login{Token: token, User: k.who.User, Session: session}, nil, nil
}

// proof is what shows again that it is the user.
type proof struct {
	password string
	field    string  // of the input, that holds the password
	code     *string // of the second factor; nil when that is not asked for
	next     string  // the password to replace it; "" when that is not what it is for
	client   Client
}

// prove checks again that it is the user, before something that a stolen session must not be able to do. It runs f in
// the transaction that gives the attempt back, with the credential locked. The problems blame the field at fault.
func (g *Gate) prove(ctx context.Context, v viewer.Viewer, p proof, f func(tx *pg.Tx, k *check) error) error {
	if v.Session == uuid.Nil {
		return errNoSession
	}
	email, err := g.emailOf(ctx, v.User)
	if err != nil {
		return err
	}
	done, err := g.begin(ctx, p.client)
	if err != nil {
		return err
	}
	defer done()
	k, err := g.tryPassword(ctx, email, p.password, p.next, p.client)
	if err != nil {
		return err
	}
	var refusal error
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		outcome := k.outcome
		if outcome == Success {
			same, err := g.lock(ctx, tx, k)
			if err != nil {
				return err
			}
			if !same {
				outcome = WrongPassword
			} else if p.code != nil && k.who.TwoFactorAt != nil {
				right, err := g.useCode(ctx, tx, k, *p.code)
				if err != nil {
					return err
				}
				if !right {
					outcome = WrongSecondFactor
				}
			}
		}
		switch refusal = nil; outcome {
		case Success:
			if err := g.passed(ctx, tx, k); err != nil {
				return err
			}
			return f(tx, k)
		case Locked:
			refusal = tooOften(k.left, g.Now())
		case WrongSecondFactor:
			refusal = errWrongCode.At("input", "code")
		default:
			refusal = errWrongPassword.At("input", p.field)
		}
		return g.noteAttempt(ctx, tx, k, outcome)
	})
	if err != nil {
		return err
	}
	return refusal
}

func (g *Gate) emailOf(ctx context.Context, user uuid.UUID) (email string, err error) {
	err = g.DB.Read(ctx, itself, manage, func(tx *pg.Tx) error {
		return tx.NewRaw(`SELECT email FROM app_user WHERE id = ?`, user).Scan(ctx, &email)
	})
	return email, err
}

// even waits until as much time has passed as a failure takes.
func (g *Gate) even(ctx context.Context, began time.Time) {
	timer := time.NewTimer(g.EvenTime - time.Since(began))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
