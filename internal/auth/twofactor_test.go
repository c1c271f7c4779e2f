package auth_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/pquerna/otp/totp"
)

// phone is an authenticator app with one secret.
type phone struct {
	h      *house
	secret string
}

// shows returns the code at the moment, or so much later.
func (p phone) shows(later ...time.Duration) string {
	p.h.t.Helper()
	at := p.h.Clock.Now()
	for _, d := range later {
		at = at.Add(d)
	}
	c, err := totp.GenerateCode(p.secret, at)
	if err != nil {
		p.h.t.Fatal(err)
	}
	return c
}

// withPhone signs somebody in and turns two-factor authentication on. The next code is one that was not used yet.
func (h *house) withPhone(email string) (phone, viewer.Viewer, []string) {
	h.t.Helper()
	l := h.login(email)
	s, err := h.StartTwoFactor(h.t.Context(), l.Viewer, good, client(visitor))
	if err != nil {
		h.t.Fatal(err)
	}
	p := phone{h, s.Secret}
	r, err := h.ConfirmTwoFactor(h.t.Context(), l.Viewer, p.shows(), client(visitor))
	if err != nil {
		h.t.Fatal(err)
	}
	h.Clock.Advance(30 * time.Second)
	v, err := ask(h.Gate, r.Token, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return p, v, r.RecoveryCodes
}

func TestTwoFactorIsInForceOnceConfirmed(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one)
	l, other := h.login("jan@example.org"), h.login("jan@example.org")
	confirm := func(code string) (auth.TwoFactorConfirm, error) {
		return h.ConfirmTwoFactor(t.Context(), l.Viewer, code, client(visitor))
	}
	if _, err := confirm("123456"); code(err) != problem.Conflict {
		t.Errorf("confirming before the start gives %v", err)
	}
	if _, err := h.StartTwoFactor(t.Context(), l.Viewer, "wrong", client(visitor)); code(err) != problem.Invalid || blames(err) != "password" {
		t.Errorf("starting with a wrong password gives %v", err)
	}
	first, err := h.StartTwoFactor(t.Context(), l.Viewer, good, client(visitor))
	if err != nil {
		t.Fatal(err)
	}
	link, err := url.Parse(first.URL)
	if err != nil || link.Scheme != "otpauth" || link.Query().Get("secret") != first.Secret || link.Query().Get("issuer") != "mijn.ping.example" || link.Path != "/mijn.ping.example:jan@example.org" {
		t.Errorf("the link for the app is %s, %v", first.URL, err)
	}
	if n := h.count(`SELECT count(*) FROM credential WHERE position(convert_to(?, 'UTF8') in totp_secret) > 0`, first.Secret); n != 0 {
		t.Error("the secret stands in the database")
	}
	h.login("jan@example.org") // not in force yet
	second, err := h.StartTwoFactor(t.Context(), l.Viewer, good, client(visitor))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := confirm(phone{h, first.Secret}.shows()); code(err) != problem.Invalid || blames(err) != "code" {
		t.Errorf("a code of the secret that was replaced gives %v", err)
	}
	r, err := confirm(" " + phone{h, second.Secret}.shows()[:3] + " " + phone{h, second.Secret}.shows()[3:])
	if err != nil || len(r.RecoveryCodes) != 10 {
		t.Fatal(r, err)
	}
	if _, err := confirm(phone{h, second.Secret}.shows(30 * time.Second)); code(err) != problem.Unauthenticated && code(err) != problem.Conflict {
		t.Errorf("confirming again gives %v", err)
	}
	for name, token := range map[string]string{"the old token": l.Token, "the other session": other.Token} {
		if _, err := ask(h.Gate, token, ""); code(err) != problem.Unauthenticated {
			t.Errorf("%s gives %v", name, err)
		}
	}
	v, err := ask(h.Gate, r.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.StartTwoFactor(t.Context(), v, good, client(visitor)); code(err) != problem.Conflict {
		t.Errorf("starting over gives %v", err)
	}
	if m := h.mails("jan@example.org"); len(m) != 1 || m[0].Kind != "SECURITY_SIGN_IN_METHOD" {
		t.Errorf("the notice is %+v", m)
	}
	if n := h.count(`SELECT count(*) FROM recovery_code AS r WHERE position(upper(replace(?, '-', '')) in r::text) > 0`, r.RecoveryCodes[0]); n != 0 {
		t.Error("a recovery code stands in the database")
	}
	if n := h.count(`SELECT count(*) FROM event WHERE kind = 'user.two_factor_enabled' AND subject_id = ?`, u.ID); n != 1 {
		t.Errorf("the trail has it %d times", n)
	}
}

func TestWhichCodesLetIn(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	p, _, recovery := h.withPhone("jan@example.org")
	step := func(n time.Duration) time.Duration { return n * 30 * time.Second }
	for _, c := range []struct {
		name     string
		password string
		code     string
		want     problem.Code
	}{
		{"no code", good, "", auth.SecondFactorRequired},
		{"no code and a wrong password tell nothing of the code", "wrong", "", auth.LoginFailed},
		{"a right code and a wrong password", "wrong", p.shows(), auth.LoginFailed},
		{"the code that confirmed it, which was used", good, p.shows(step(-1)), auth.LoginFailed},
		{"a code of two steps ahead", good, p.shows(step(2)), auth.LoginFailed},
		{"the code of the moment", good, p.shows(), ""},
		{"the same code again", good, p.shows(), auth.LoginFailed},
		{"a phone that is half a minute fast", good, p.shows(step(1)), ""},
		{"the code before the last one used", good, p.shows(), auth.LoginFailed},
		{"five digits", good, p.shows(step(1))[:5], auth.LoginFailed},
		{"letters", good, "abcdef", auth.LoginFailed},
		{"a recovery code", good, recovery[0], ""},
		{"the same recovery code again", good, recovery[0], auth.LoginFailed},
		{"one in capitals and without dashes", good, strings.ToUpper(strings.ReplaceAll(recovery[1], "-", "")), ""},
		{"half a recovery code", good, recovery[2][:9], auth.LoginFailed},
		{"a NUL", good, "\x00", auth.LoginFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := h.try(h.Gate, "jan@example.org", c.password, c.code)
			if code(err) != c.want {
				t.Errorf("it gives %v", err)
			}
			if l != nil && l.Session.SecondFactorAt == nil {
				t.Error("the session does not know of it")
			}
		})
	}
	if n := h.count(`SELECT count(*) FROM event WHERE kind = 'user.recovery_code_used'`); n != 2 {
		t.Errorf("the trail has %d recovery codes", n)
	}
}

func TestACodeOfSomebodyElseDoesNotLetIn(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("piet@example.org", h.two)
	_, _, _ = h.withPhone("jan@example.org")
	p, _, recovery := h.withPhone("piet@example.org")
	for _, c := range []string{p.shows(), recovery[0]} {
		if _, err := h.try(h.Gate, "jan@example.org", good, c); code(err) != auth.LoginFailed {
			t.Errorf("it gives %v", err)
		}
	}
	// Nor does a secret that was moved from one row to another.
	h.must(`UPDATE credential SET totp_secret = (SELECT totp_secret FROM credential AS c JOIN app_user AS u ON u.id = c.user_id WHERE u.email = 'piet@example.org')`)
	if l, _ := h.try(h.Gate, "jan@example.org", good, p.shows()); l != nil {
		t.Error("a secret of another row lets in")
	}
}

func TestACodeUsedManyTimesAtOnceLetsOneIn(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	p, _, recovery := h.withPhone("jan@example.org")
	gates := []*auth.Gate{h.Gate, h.otherServer(), h.otherServer(), h.otherServer()}
	for name, code := range map[string]string{"of the app": p.shows(), "for recovery": recovery[0]} {
		won := h.atOnce(`SELECT FROM credential FOR UPDATE`, 8, func(n int) error {
			_, err := h.try(gates[n%4], "jan@example.org", good, code)
			return err
		})
		if won != 1 {
			t.Errorf("a code %s let %d in", name, won)
		}
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	p, v, _ := h.withPhone("jan@example.org")
	var got []problem.Code
	for n := range 12 {
		var err error
		if n%2 == 0 {
			_, err = h.try(h.Gate, "jan@example.org", good, "000000")
		} else {
			_, err = h.DisableTwoFactor(t.Context(), v, auth.TwoFactorDisableInput{Password: good, Code: "000000", Client: client(visitor)})
		}
		got = append(got, code(err))
	}
	if !slices.Equal(got[10:], []problem.Code{problem.RateLimited, problem.RateLimited}) || slices.Contains(got[:10], problem.RateLimited) {
		t.Errorf("twelve guesses give %v", got)
	}
	if _, err := h.try(h.Gate, "jan@example.org", good, p.shows()); code(err) != problem.RateLimited {
		t.Errorf("then the right one gives %v", err)
	}
}

func TestTwoFactorIsTurnedOffByWhoHasBoth(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	p, v, recovery := h.withPhone("jan@example.org")
	off := func(who viewer.Viewer, password, code string) (string, error) {
		return h.DisableTwoFactor(t.Context(), who, auth.TwoFactorDisableInput{Password: password, Code: code, Client: client(visitor)})
	}
	for _, c := range []struct {
		name           string
		who            viewer.Viewer
		password, code string
		want           problem.Code
		blames         string
	}{
		{"a visitor", nobody, good, p.shows(), problem.Forbidden, ""},
		{"an API token", viewer.Viewer{Kind: viewer.Customer, User: v.User, Token: key.New()}, good, p.shows(), problem.Forbidden, ""},
		{"a wrong password", v, "wrong", p.shows(), problem.Invalid, "password"},
		{"a wrong code", v, good, "000000", problem.Invalid, "code"},
		{"no code", v, good, "", problem.Invalid, "code"},
	} {
		if _, err := off(c.who, c.password, c.code); code(err) != c.want || blames(err) != c.blames {
			t.Errorf("%s gives %v", c.name, err)
		}
	}
	token, err := off(v, good, recovery[3])
	if err != nil {
		t.Fatal(err)
	}
	v, err = ask(h.Gate, token, "")
	if err != nil {
		t.Fatal(err)
	}
	h.login("jan@example.org") // without a code
	if _, err := off(v, good, p.shows()); code(err) != problem.Conflict {
		t.Errorf("turning it off again gives %v", err)
	}
	if n := h.count(`SELECT count(*) FROM recovery_code`) + h.count(`SELECT count(*) FROM credential WHERE totp_secret IS NOT NULL`); n != 0 {
		t.Errorf("%d secrets are kept", n)
	}
	if m := h.mails("jan@example.org"); len(m) != 2 || !strings.Contains(m[0].Subject, "uitgezet") {
		t.Errorf("the notices are %+v", m)
	}
}

func TestANewPasswordDoesNotGoAroundTheSecondFactor(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	p, _, _ := h.withPhone("jan@example.org")
	h.Clock.Advance(time.Minute)
	h.forgot("jan@example.org")
	_, token := h.link("jan@example.org")
	if err := h.set(h.Gate, token, better); err != nil {
		t.Fatal(err)
	}
	if _, err := h.try(h.Gate, "jan@example.org", better, ""); code(err) != auth.SecondFactorRequired {
		t.Errorf("without a code it gives %v", err)
	}
	if _, err := h.try(h.Gate, "jan@example.org", better, p.shows()); err != nil {
		t.Error(err)
	}
}
