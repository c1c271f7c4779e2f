package auth

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// User is somebody who can sign in.
type User struct {
	bun.BaseModel `bun:"table:app_user,alias:u"`

	ID          uuid.UUID `bun:",pk"`
	Email       string    // in lower case (M-05)
	Name        string
	Language    string // "nl" or "en"
	StaffRole   *viewer.StaffRole
	Status      string     // INVITED until a password is set, ACTIVE, or DISABLED
	TwoFactorAt *time.Time // since when a login asks for a second factor; nil for never
	CreatedAt   time.Time
	LastLoginAt *time.Time
}

// The states of a user.
const (
	Invited  = "INVITED"
	Active   = "ACTIVE"
	Disabled = "DISABLED"
)

// GlobalID returns the user's id in the API.
func (u *User) GlobalID() string { return key.Format(key.User, u.ID) }

// IsNode marks what has an id in the API.
func (*User) IsNode() {}

// NewUser is somebody to be let in.
type NewUser struct {
	Email        string
	Name         string
	Language     string           // "nl" when empty
	StaffRole    viewer.StaffRole // "" for customers
	PasswordHash string           // argon2id, or bcrypt from an import; "" to be chosen by the user with an activation link
}

// CreateUser adds a user who is not known yet. If somebody has the mail address already that user is returned as it is,
// with created false: one login serves several accounts.
func CreateUser(ctx context.Context, tx *pg.Tx, n NewUser) (u User, created bool, err error) {
	u = User{ID: key.New(), Email: canonical(n.Email), Name: n.Name, Language: orElse(n.Language, "nl"), Status: Invited, CreatedAt: tx.Now}
	if u.Email == "" {
		return User{}, false, fmt.Errorf("create a user: %q is not a mail address", n.Email)
	}
	if n.StaffRole != "" {
		u.StaffRole = &n.StaffRole
	}
	if n.PasswordHash != "" {
		u.Status = Active
	}
	r, err := tx.NewInsert().Model(&u).On("CONFLICT (email) DO NOTHING").Exec(ctx)
	if err != nil {
		return User{}, false, fmt.Errorf("create a user: %w", err)
	}
	if rows, err := r.RowsAffected(); err != nil || rows == 0 {
		var known User
		if err := tx.NewSelect().Model(&known).Where("u.email = ?", u.Email).Scan(ctx); err != nil {
			return User{}, false, fmt.Errorf("find a user: %w", err)
		}
		return known, false, nil
	}
	c := credential{UserID: u.ID, PasswordHash: n.PasswordHash, ChangedAt: tx.Now}
	if _, err := tx.NewInsert().Model(&c).Exec(ctx); err != nil {
		return User{}, false, fmt.Errorf("create a user: %w", err)
	}
	return u, true, nil
}

// AddMembership lets a user into an account, or changes the role there.
func AddMembership(ctx context.Context, tx *pg.Tx, user, account uuid.UUID, role viewer.AccountRole) error {
	_, err := tx.NewRaw(`INSERT INTO membership (id, user_id, account_id, role, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (user_id, account_id) DO UPDATE SET role = excluded.role`, key.New(), user, account, role, tx.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("add a membership: %w", err)
	}
	return nil
}

// credential is what a user proves itself with.
type credential struct {
	bun.BaseModel `bun:"table:credential,alias:c"`

	UserID       uuid.UUID `bun:",pk"`
	PasswordHash string    // "" until one is chosen
	TOTPSecret   []byte    `bun:"totp_secret"` // sealed
	TOTPLastStep int64     `bun:"totp_last_step"`
	ChangedAt    time.Time
}
