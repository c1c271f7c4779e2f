package notify

import "time"

// The kinds of mail. For each there are two templates, templates/<kind in lower case>.nl.tmpl and .en.tmpl.
const (
	SecurityActivation      Kind = "SECURITY_ACTIVATION"
	SecurityPasswordReset   Kind = "SECURITY_PASSWORD_RESET"
	SecurityPasswordChanged Kind = "SECURITY_PASSWORD_CHANGED"
	SecuritySignInMethod    Kind = "SECURITY_SIGN_IN_METHOD"
	SecurityAccountLocked   Kind = "SECURITY_ACCOUNT_LOCKED"
)

// Activation invites someone to choose the first password (P-03).
type Activation struct {
	Email      string // to sign in with
	Link       string
	ValidUntil time.Time
}

// Kind returns SECURITY_ACTIVATION.
func (Activation) Kind() Kind { return SecurityActivation }

// PasswordReset lets someone choose a new password.
type PasswordReset struct {
	Link       string
	ValidUntil time.Time
}

// Kind returns SECURITY_PASSWORD_RESET.
func (PasswordReset) Kind() Kind { return SecurityPasswordReset }

// PasswordChanged tells that it happened, in case it was someone else.
type PasswordChanged struct {
	At        time.Time
	IP        string // "" when unknown
	ResetLink string // to the page that asks for a reset
}

// Kind returns SECURITY_PASSWORD_CHANGED.
func (PasswordChanged) Kind() Kind { return SecurityPasswordChanged }

// SignInMethod tells that a way to get in was added, or made easier.
type SignInMethod struct {
	TwoFactor bool   // a second factor; otherwise a new API token
	Added     bool   // of the second factor: turned on, otherwise off
	Token     string // the name of the API token
	At        time.Time
	IP        string // "" when unknown
	ResetLink string
}

// Kind returns SECURITY_SIGN_IN_METHOD.
func (SignInMethod) Kind() Kind { return SecuritySignInMethod }

// AccountLocked tells that someone tried too many wrong passwords.
type AccountLocked struct {
	At        time.Time
	IP        string // "" when unknown
	ResetLink string
}

// Kind returns SECURITY_ACCOUNT_LOCKED.
func (AccountLocked) Kind() Kind { return SecurityAccountLocked }
