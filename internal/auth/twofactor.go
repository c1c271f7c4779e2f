package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/pquerna/otp/hotp"
)

const (
	totpStep      = 30 // seconds
	totpDrift     = 1  // steps that a phone's clock may be off, either way
	recoveryCodes = 10

	totpPurpose     seal.Purpose = "totp secret"
	recoveryPurpose seal.Purpose = "recovery code"
)

var letters32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// TwoFactorStart is the secret for an authenticator app.
type TwoFactorStart struct {
	Secret string // for typing it over
	URL    string // otpauth://…, usually shown as a QR code
}

// StartTwoFactor makes a secret for an authenticator app, after a look at the password. Nothing is asked for at a login
// before ConfirmTwoFactor. Starting again replaces a secret that was not confirmed. It is a CONFLICT once confirmed.
func (g *Gate) StartTwoFactor(ctx context.Context, v viewer.Viewer, password string, c Client) (s TwoFactorStart, err error) {
	var raw [20]byte
	_, _ = rand.Read(raw[:]) // it never fails
	s.Secret = letters32.EncodeToString(raw[:])
	err = g.prove(ctx, v, proof{password: password, field: "password", client: c}, func(tx *pg.Tx, k *check) error {
		if k.who.TwoFactorAt != nil {
			return errTwoFactorOn
		}
		label := url.PathEscape(g.host + ":" + k.who.Email)
		s.URL = "otpauth://totp/" + label + "?" + url.Values{"secret": {s.Secret}, "issuer": {g.host}, "digits": {"6"}, "period": {"30"}, "algorithm": {"SHA1"}}.Encode()
		_, err := tx.NewRaw(`UPDATE credential SET totp_secret = ?, totp_last_step = 0 WHERE user_id = ?`, g.Key.Seal(totpPurpose, v.User[:], []byte(s.Secret)), v.User).Exec(ctx)
		if err != nil {
			return fmt.Errorf("store a TOTP secret: %w", err)
		}
		return nil
	})
	if err != nil {
		return TwoFactorStart{}, err
	}
	return s, nil
}

// TwoFactorConfirm is what putting a second factor in force gives.
type TwoFactorConfirm struct {
	RecoveryCodes []string // ten, each of which works once in place of the app; shown this once
	Token         string   // the present session's new token: the old one no longer works
}

// ConfirmTwoFactor puts the secret of StartTwoFactor in force, with a first code of the app. All other sessions end, and
// a notice is sent.
func (g *Gate) ConfirmTwoFactor(ctx context.Context, v viewer.Viewer, code string, c Client) (r TwoFactorConfirm, err error) {
	if v.Session == uuid.Nil {
		return r, errNoSession
	}
	if err := g.spendAddress(ctx, c); err != nil {
		return r, err
	}
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) (err error) {
		k := &check{who: candidate{User: User{ID: v.User}}}
		if _, err := g.lock(ctx, tx, k); err != nil {
			return err
		}
		switch {
		case k.who.TwoFactorAt != nil:
			return errTwoFactorOn
		case k.who.TOTPSecret == nil:
			return errTwoFactorOff
		}
		right, err := g.useTOTP(ctx, tx, k, code)
		if err != nil {
			return err
		}
		if !right {
			return errWrongCode.At("input", "code")
		}
		if _, err := tx.NewRaw(`UPDATE app_user SET two_factor_at = ? WHERE id = ?`, g.Now(), v.User).Exec(ctx); err != nil {
			return fmt.Errorf("turn on a second factor: %w", err)
		}
		if r.RecoveryCodes, err = g.newRecoveryCodes(ctx, tx, v.User); err != nil {
			return err
		}
		if r.Token, err = g.rotate(ctx, tx, v); err != nil {
			return err
		}
		return g.tellTwoFactor(ctx, tx, &k.who.User, true, c)
	})
	if err != nil {
		return TwoFactorConfirm{}, err
	}
	g.seen.forget()
	return r, nil
}

// TwoFactorDisableInput proves that it is the user who wants no second factor any more.
type TwoFactorDisableInput struct {
	Password string
	Code     string // of the app, or a recovery code
	Client   Client
}

// DisableTwoFactor ends the second factor and throws its secret and recovery codes away. All other sessions end, a notice
// is sent, and the present session goes on with a new token, which is returned.
func (g *Gate) DisableTwoFactor(ctx context.Context, v viewer.Viewer, in TwoFactorDisableInput) (token string, err error) {
	err = g.prove(ctx, v, proof{password: in.Password, field: "password", code: &in.Code, client: in.Client}, func(tx *pg.Tx, k *check) (err error) {
		if k.who.TwoFactorAt == nil {
			return errTwoFactorOff
		}
		for _, statement := range []string{`UPDATE app_user SET two_factor_at = NULL WHERE id = ?`, `UPDATE credential SET totp_secret = NULL WHERE user_id = ?`, `DELETE FROM recovery_code WHERE user_id = ?`} {
			if _, err := tx.NewRaw(statement, v.User).Exec(ctx); err != nil {
				return fmt.Errorf("turn off a second factor: %w", err)
			}
		}
		if token, err = g.rotate(ctx, tx, v); err != nil {
			return err
		}
		return g.tellTwoFactor(ctx, tx, &k.who.User, false, in.Client)
	})
	if err != nil {
		return "", err
	}
	g.seen.forget()
	return token, nil
}

func (g *Gate) tellTwoFactor(ctx context.Context, tx *pg.Tx, u *User, on bool, c Client) error {
	kind := TwoFactorDisabled
	if on {
		kind = TwoFactorEnabled
	}
	if err := tx.Record(happened{kind: kind, subject: u.ID, User: key.Format(key.User, u.ID), IP: c.address()}); err != nil {
		return err
	}
	return g.mail(ctx, tx, u, "two-factor:"+key.New().String(), notify.SignInMethod{TwoFactor: true, Added: on, At: g.Now(), IP: c.address(), ResetLink: g.PublicURL + forgotPage}, "")
}

// useCode spends a code of the app or a recovery code. The credential is locked, so of several at once one wins.
func (g *Gate) useCode(ctx context.Context, tx *pg.Tx, k *check, code string) (right bool, err error) {
	if code = plainCode(code); len(code) == 6 {
		return g.useTOTP(ctx, tx, k, code)
	}
	r, err := tx.NewRaw(`UPDATE recovery_code SET used_at = ? WHERE user_id = ? AND code_hash = ? AND used_at IS NULL`, g.Now(), k.who.ID, g.recoveryHash(k.who.ID, code)).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("use a recovery code: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, tx.Record(happened{kind: RecoveryCodeUsed, subject: k.who.ID, User: key.Format(key.User, k.who.ID), IP: k.client.address()})
}

// useTOTP spends a code of the app: neither it nor an earlier one works again.
func (g *Gate) useTOTP(ctx context.Context, tx *pg.Tx, k *check, code string) (right bool, err error) {
	secret, err := g.Key.Open(totpPurpose, k.who.ID[:], k.who.TOTPSecret)
	if err != nil {
		return false, err
	}
	step, ok := matchTOTP(string(secret), plainCode(code), k.who.TOTPLastStep, g.Now())
	if !ok {
		return false, nil
	}
	if _, err := tx.NewRaw(`UPDATE credential SET totp_last_step = ? WHERE user_id = ?`, step, k.who.ID).Exec(ctx); err != nil {
		return false, fmt.Errorf("spend a code: %w", err)
	}
	return true, nil
}

// matchTOTP returns the step whose code it is, of those around now and after last.
func matchTOTP(secret, code string, last int64, now time.Time) (step int64, ok bool) {
	current := now.Unix() / totpStep
	for s := current - totpDrift; s <= current+totpDrift; s++ {
		want, err := hotp.GenerateCode(secret, uint64(s))
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// newRecoveryCodes makes the codes, of 80 bits each, and stores what only this server can compute from them.
func (g *Gate) newRecoveryCodes(ctx context.Context, tx *pg.Tx, user uuid.UUID) (codes []string, err error) {
	if _, err := tx.NewRaw(`DELETE FROM recovery_code WHERE user_id = ?`, user).Exec(ctx); err != nil {
		return nil, fmt.Errorf("replace recovery codes: %w", err)
	}
	for range recoveryCodes {
		var raw [10]byte
		_, _ = rand.Read(raw[:]) // it never fails
		code := letters32.EncodeToString(raw[:])
		if _, err := tx.NewRaw(`INSERT INTO recovery_code (user_id, code_hash, created_at) VALUES (?, ?, ?)`, user, g.recoveryHash(user, code), g.Now()).Exec(ctx); err != nil {
			return nil, fmt.Errorf("store a recovery code: %w", err)
		}
		codes = append(codes, strings.ToLower(code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:]))
	}
	return codes, nil
}

func (g *Gate) recoveryHash(user uuid.UUID, code string) []byte {
	return g.Key.MAC(recoveryPurpose, append(user[:], code...))
}

// plainCode removes what people type around a code.
func plainCode(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(s))
}
