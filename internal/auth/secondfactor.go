package auth

import (
	"context"
	"fmt"

	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
)

// SetTwoFactor puts a second factor in force with a secret that is known, in base32 as an authenticator app takes it: for
// demo data. There are no recovery codes.
func (g *Gate) SetTwoFactor(ctx context.Context, tx *pg.Tx, user uuid.UUID, secret string) error {
	for _, s := range []struct {
		text string
		arg  any
	}{
		{`UPDATE credential SET totp_secret = ?, totp_last_step = 0 WHERE user_id = ?`, g.Key.Seal(totpPurpose, user[:], []byte(secret))},
		{`UPDATE app_user SET two_factor_at = ? WHERE id = ?`, tx.Now},
	} {
		if _, err := tx.NewRaw(s.text, s.arg, user).Exec(ctx); err != nil {
			return fmt.Errorf("set a second factor: %w", err)
		}
	}
	return nil
}
