package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// LoginAttempt is an attempt to sign in, or to prove that it is still the user.
type LoginAttempt struct {
	bun.BaseModel `bun:"table:login_attempt,alias:la"`

	ID        uuid.UUID `bun:",pk"`
	UserID    *uuid.UUID
	At        time.Time
	Outcome   Outcome
	IPAddress string `bun:"ip,nullzero,type:inet"`
	UserAgent string
}

// Outcome is what came of an attempt to sign in.
type Outcome = string

// The outcomes.
const (
	Success           Outcome = "SUCCESS"
	WrongPassword     Outcome = "WRONG_PASSWORD"
	NeedsSecondFactor Outcome = "SECOND_FACTOR_REQUIRED"
	WrongSecondFactor Outcome = "WRONG_SECOND_FACTOR"
	Locked            Outcome = "LOCKED"
	UserDisabled      Outcome = "DISABLED"
	UnknownUser       Outcome = "UNKNOWN_USER"
)

// GlobalID returns the attempt's id in the API.
func (a *LoginAttempt) GlobalID() string { return key.Format(key.LoginAttempt, a.ID) }

// IsNode marks what has an id in the API.
func (*LoginAttempt) IsNode() {}

// A page of attempts to sign in.
type (
	LoginAttemptConnection = page.Connection[LoginAttempt]
	LoginAttemptEdge       = page.Edge[LoginAttempt]
)

// LoginAttempts lists those of a user, newest first.
var LoginAttempts = page.List[LoginAttempt]{Parent: "user_id", Default: "AT", Orders: map[string]page.Order{"AT": {Column: "at", Desc: true}}}

// candidate is who somebody says to be.
type candidate struct {
	User
	PasswordHash string
	TOTPSecret   []byte `bun:"totp_secret"`
	TOTPLastStep int64  `bun:"totp_last_step"`
}

// check is what came of a password.
type check struct {
	who     candidate // the zero one when nobody has the address
	email   string
	client  Client
	outcome Outcome   // Success when the password is right
	rate    rate      // what the attempt was spent from
	left    Allowance // of it
	rehash  string    // a better hash of the right password; "" when it is good already
	next    string    // the hash of the password that is to replace it; "" when none is
}

// begin waits until a password from this client may be looked at. done is for when what came of it is noted: as only who
// has a turn has spent an attempt, many right logins at once wait for each other, and do not lock each other out.
func (g *Gate) begin(ctx context.Context, c Client) (done func(), err error) {
	if err := g.spendAddress(ctx, c); err != nil {
		return nil, err
	}
	return g.hasher.turn(ctx)
}

// tryPassword checks a password, in constant work whether anyone has the address or not. The caller has its turn. The
// attempt is spent before the password is looked at, so that many at once are no more than the limit; what becomes of
// it is the caller's to note. A password that is to replace the right one is hashed too.
func (g *Gate) tryPassword(ctx context.Context, email, password, next string, c Client) (k *check, err error) {
	k = &check{email: email, client: c}
	err = g.DB.Write(ctx, itself, manage, func(tx *pg.Tx) (err error) {
		if k.who, err = g.find(ctx, tx, email); err != nil {
			return err
		}
		k.rate = rateOfUser(email)
		home, err := g.atHome(ctx, tx, k.who.ID, c)
		if err != nil {
			return err
		}
		if home {
			k.rate = rateAtHome(email, c)
		}
		k.left, err = k.rate.take(ctx, tx, g.Now(), 1)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !k.left.OK {
		k.outcome = Locked
		return k, nil
	}
	right, renew, err := g.hasher.verify(password, k.who.PasswordHash)
	switch {
	case err != nil:
		return nil, err
	case k.who.ID == uuid.Nil:
		k.outcome = UnknownUser
	case !right:
		k.outcome = WrongPassword
	case k.who.Status != Active:
		k.outcome = UserDisabled
	default:
		k.outcome = Success
	}
	switch {
	case k.outcome != Success:
	case next != "":
		k.next, err = g.hasher.hash(next)
	case renew:
		k.rehash, err = g.hasher.hash(password)
	}
	return k, err
}

// spendAddress counts a request that tries credentials, for where it comes from.
func (g *Gate) spendAddress(ctx context.Context, c Client) error {
	if !c.IP.IsValid() {
		return nil
	}
	r := rateOfAddress(c)
	a, err := g.Allow(ctx, r.key, 1, r.limit, r.window)
	if err == nil && !a.OK {
		return tooOften(a, g.Now())
	}
	return err
}

// passed gives back what a right attempt spent, and keeps the better hash.
func (g *Gate) passed(ctx context.Context, tx *pg.Tx, k *check) error {
	if err := k.rate.clear(ctx, tx); err != nil {
		return err
	}
	if k.client.IP.IsValid() {
		if err := rateOfAddress(k.client).giveBack(ctx, tx, 1); err != nil {
			return err
		}
	}
	if k.rehash == "" {
		return nil
	}
	if _, err := tx.NewRaw(`UPDATE credential SET password_hash = ? WHERE user_id = ? AND password_hash = ?`, k.rehash, k.who.ID, k.who.PasswordHash).Exec(ctx); err != nil {
		return fmt.Errorf("renew a password's hash: %w", err)
	}
	return nil
}

// noteAttempt writes the history, and tells the user when it was the last attempt for a while.
func (g *Gate) noteAttempt(ctx context.Context, tx *pg.Tx, k *check, o Outcome) error {
	now := g.Now()
	a := LoginAttempt{ID: key.New(), At: now, Outcome: o, IPAddress: k.client.address(), UserAgent: k.client.agent()}
	if k.who.ID != uuid.Nil {
		a.UserID = &k.who.ID
	}
	if _, err := tx.NewInsert().Model(&a).Exec(ctx); err != nil {
		return fmt.Errorf("note an attempt to sign in: %w", err)
	}
	wrong := o == WrongPassword || o == WrongSecondFactor
	if !wrong || k.left.Remaining > 0 || k.who.Status != Active {
		return nil
	}
	if err := tx.Record(happened{kind: LockedOut, subject: k.who.ID, IP: k.client.address()}); err != nil {
		return err
	}
	day := civil.In(now).String()
	return g.mail(ctx, tx, &k.who.User, "locked:"+key.Format(key.User, k.who.ID)+":"+day, notify.AccountLocked{At: now, IP: k.client.address(), ResetLink: g.PublicURL + forgotPage}, "")
}

// find returns the user with the address and its credential; nobody is no error.
func (g *Gate) find(ctx context.Context, tx *pg.Tx, email string) (c candidate, err error) {
	err = tx.NewSelect().Model(&c.User).ColumnExpr("u.*, coalesce(c.password_hash, '') AS password_hash, c.totp_secret, coalesce(c.totp_last_step, 0) AS totp_last_step").
		Join("LEFT JOIN credential AS c ON c.user_id = u.id").Where("u.email = ?", email).Scan(ctx, &c)
	if err != nil && !none(err) {
		return c, fmt.Errorf("find a user: %w", err)
	}
	return c, nil
}

// atHome reports whether the user signed in from the client's address in the last 90 days.
func (g *Gate) atHome(ctx context.Context, tx *pg.Tx, user uuid.UUID, c Client) (home bool, err error) {
	if !c.IP.IsValid() {
		return false, nil
	}
	err = tx.NewRaw(`SELECT EXISTS (SELECT FROM login_attempt WHERE user_id = ? AND at > ? AND ip = ?::inet AND outcome = 'SUCCESS')`, user, g.Now().Add(-keepSessions), c.address()).Scan(ctx, &home)
	if err != nil {
		return false, fmt.Errorf("look where a user signs in: %w", err)
	}
	return home, nil
}

// lock returns the user's credential as it is now, and holds it until the transaction ends. It is not the same any more
// when the password was changed since it was checked.
func (g *Gate) lock(ctx context.Context, tx *pg.Tx, k *check) (same bool, err error) {
	var c credential
	if err := tx.NewSelect().Model(&c).Where("c.user_id = ?", k.who.ID).For("UPDATE").Scan(ctx); err != nil {
		return false, fmt.Errorf("lock a credential: %w", err)
	}
	var u User
	if err := tx.NewSelect().Model(&u).Where("u.id = ?", k.who.ID).Scan(ctx); err != nil {
		return false, fmt.Errorf("find a user: %w", err)
	}
	same = c.PasswordHash == k.who.PasswordHash && u.Status == Active
	k.who.User, k.who.TOTPSecret, k.who.TOTPLastStep = u, c.TOTPSecret, c.TOTPLastStep
	return same, nil
}
