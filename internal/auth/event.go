package auth

import "github.com/google/uuid"

// The events of this package.
const (
	SignedIn           = "user.signed_in"
	SignedOut          = "user.signed_out"
	LockedOut          = "user.locked_out"
	Activated          = "user.activated"
	ResetRequested     = "user.password_reset_requested"
	PasswordChanged    = "user.password_changed"
	TwoFactorEnabled   = "user.two_factor_enabled"
	TwoFactorDisabled  = "user.two_factor_disabled"
	RecoveryCodeUsed   = "user.recovery_code_used"
	SessionsRevoked    = "session.revoked"
	AccountSelected    = "session.account_selected"
	APITokenCreated    = "api_token.created"
	APITokenRevoked    = "api_token.revoked"
	ActivationMailSent = "user.invited"
)

// happened is an event of this package.
type happened struct {
	kind    string
	account uuid.UUID // Nil when it is about the person, whatever the account
	subject uuid.UUID // the user, the session or the token

	User  string `json:"user,omitempty"`
	IP    string `json:"ip,omitempty"`
	Name  string `json:"name,omitempty"`
	Count int    `json:"count,omitempty"`
}

// Kind returns the name of what happened.
func (h happened) Kind() string { return h.kind }

// About returns whose it is and what it happened to.
func (h happened) About() (account, subject uuid.UUID) { return h.account, h.subject }
