package auth

import (
	"time"

	"klantenpaneel/internal/problem"
)

// The codes of this package's own problems.
const (
	LoginFailed          problem.Code = "LOGIN_FAILED"           // which of mail address, password and code is wrong is not told
	SecondFactorRequired problem.Code = "SECOND_FACTOR_REQUIRED" // the password is right; repeat with a code
)

var (
	errSignedOut = problem.New(problem.Unauthenticated, problem.Text{
		NL: "U bent niet meer ingelogd. Log opnieuw in.",
		EN: "You are no longer signed in. Please sign in again."})
	errBadToken = problem.New(problem.Unauthenticated, problem.Text{
		NL: "Dit token bestaat niet, is verlopen of is ingetrokken.",
		EN: "This token does not exist, has expired or was revoked."})
	errLoginFailed = problem.New(LoginFailed, problem.Text{
		NL: "Het mailadres, het wachtwoord of de code klopt niet.",
		EN: "The mail address, the password or the code is not right."})
	errSecondFactor = problem.New(SecondFactorRequired, problem.Text{
		NL: "Vul ook de code van uw app in, of een herstelcode.",
		EN: "Please enter the code of your app too, or a recovery code."})
	errWrongPassword = problem.New(problem.Invalid, problem.Text{
		NL: "Het wachtwoord klopt niet.",
		EN: "The password is not right."})
	errWrongCode = problem.New(problem.Invalid, problem.Text{
		NL: "De code klopt niet, of is al gebruikt.",
		EN: "The code is not right, or was used already."})
	errNoSession = problem.New(problem.Forbidden, problem.Text{
		NL: "Dit kan alleen wie met een wachtwoord is ingelogd, niet een API-token.",
		EN: "Only who signed in with a password can do this, not an API token."})
	errBadLink = problem.New(problem.NotFound, problem.Text{
		NL: "Deze link is al gebruikt of verlopen. Vraag een nieuwe aan met ‘wachtwoord vergeten’.",
		EN: "This link was used already or has expired. Ask for a new one with ‘forgot password’."})
	errTwoFactorOn = problem.New(problem.Conflict, problem.Text{
		NL: "Tweestapsverificatie staat al aan.",
		EN: "Two-step verification is on already."})
	errTwoFactorOff = problem.New(problem.Conflict, problem.Text{
		NL: "Tweestapsverificatie staat niet aan, of is nog niet begonnen.",
		EN: "Two-step verification is not on, or was not begun yet."})
)

// tooOften says when to try again.
func tooOften(a Allowance, now time.Time) *problem.Error {
	minutes := max(1, int((a.RetryAt.Sub(now)+time.Minute-1)/time.Minute))
	return problem.New(problem.RateLimited, problem.Text{
		NL: "Dit is te vaak geprobeerd. Probeer het over %d min. opnieuw, of kies een nieuw wachtwoord met ‘wachtwoord vergeten’.",
		EN: "This was tried too often. Try again in %d min., or choose a new password with ‘forgot password’."}, minutes)
}
