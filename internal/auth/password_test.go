package auth_test

import (
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"
)

func (h *house) invite(u auth.User) {
	h.t.Helper()
	h.system(func(tx *pg.Tx) error { return h.Invite(h.t.Context(), tx, &u) })
}

func (h *house) forgot(email string) {
	h.t.Helper()
	if err := h.RequestPasswordReset(h.t.Context(), nobody, auth.PasswordResetRequestInput{Email: email, Client: client(visitor)}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) set(g *auth.Gate, token, password string) error {
	_, err := g.SetPassword(h.t.Context(), nobody, auth.PasswordSetInput{Token: token, Password: password, Client: client(visitor)})
	return err
}

func invited(n *auth.NewUser) { n.PasswordHash = "" }

func TestAccessIsDeliveredByALinkThatWorksOnceWithin72Hours(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one, invited)
	h.invite(u)
	page, token := h.link("jan@example.org")
	if text := h.mails("jan@example.org")[0].Text; page != "activate" || strings.Contains(text, good) || !strings.Contains(text, "23 november 2026 om 12:00") {
		t.Errorf("the mail is %s", text)
	}
	h.Clock.Advance(72*time.Hour - time.Second)
	if err := h.set(h.Gate, token, good); err != nil {
		t.Fatal(err)
	}
	if l := h.login("jan@example.org"); l.User.Status != auth.Active {
		t.Errorf("the user is %s", l.User.Status)
	}
	if err := h.set(h.Gate, token, better); code(err) != problem.NotFound || blames(err) != "token" {
		t.Errorf("the link again gives %v", err)
	}
	h.login("jan@example.org")

	late := h.user("piet@example.org", h.one, invited)
	h.invite(late)
	_, token = h.link("piet@example.org")
	h.Clock.Advance(72 * time.Hour)
	if err := h.set(h.Gate, token, good); code(err) != problem.NotFound {
		t.Errorf("after 72 hours it gives %v", err)
	}
}

func TestAForgottenPasswordIsReplacedWithinAnHour(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	stolen := h.login("jan@example.org")
	h.forgot("jan@example.org")
	_, first := h.link("jan@example.org")
	h.Clock.Advance(time.Minute)
	h.forgot(" JAN@example.org")
	page, second := h.link("jan@example.org")
	if page != "reset" || first == second {
		t.Errorf("the links are %s %s and %s", page, first, second)
	}
	h.Clock.Advance(time.Hour - time.Second)
	for range 12 {
		_, _ = h.try(h.Gate, "jan@example.org", "wrong", "") // locked out
	}
	if err := h.set(h.Gate, first, better); code(err) != problem.NotFound {
		t.Errorf("the first link gives %v after an hour", err)
	}
	if err := h.set(h.Gate, second, better); err != nil {
		t.Fatal(err)
	}
	if _, err := ask(h.Gate, stolen.Token, ""); code(err) != problem.Unauthenticated {
		t.Errorf("an old session gives %v", err)
	}
	if _, err := h.try(h.Gate, "jan@example.org", better, ""); err != nil {
		t.Errorf("the new password gives %v, as if still locked out", err)
	}
	if _, err := h.try(h.Gate, "jan@example.org", good, ""); code(err) != auth.LoginFailed {
		t.Errorf("the old password gives %v", err)
	}
	if m := h.mails("jan@example.org"); m[0].Kind != "SECURITY_PASSWORD_CHANGED" || !strings.Contains(m[0].Text, visitor) {
		t.Errorf("the notice is %+v", m[0])
	}
}

func TestSettingAPasswordWithdrawsTheOtherLinks(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.forgot("jan@example.org")
	_, first := h.link("jan@example.org")
	h.Clock.Advance(time.Second)
	h.forgot("jan@example.org")
	_, second := h.link("jan@example.org")
	if err := h.set(h.Gate, second, better); err != nil {
		t.Fatal(err)
	}
	if err := h.set(h.Gate, first, good); code(err) != problem.NotFound {
		t.Errorf("the other link gives %v", err)
	}
}

func TestALinkUsedManyTimesAtOnceHasOneEffect(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.forgot("jan@example.org")
	_, token := h.link("jan@example.org")
	gates := []*auth.Gate{h.Gate, h.otherServer(), h.otherServer(), h.otherServer()}
	won := h.atOnce(`SELECT FROM one_time_link FOR UPDATE`, 32, func(n int) error { return h.set(gates[n%4], token, better) })
	if changed := h.count(`SELECT count(*) FROM event WHERE kind = 'user.password_changed'`); won != 1 || changed != 1 || len(h.mails("jan@example.org")) != 2 {
		t.Errorf("%d won, %d changes, %d mails", won, changed, len(h.mails("jan@example.org")))
	}
}

func TestAskingForANewPasswordTellsNothing(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("invited@example.org", h.one, invited)
	h.user("disabled@example.org", h.one)
	h.must(`UPDATE app_user SET status = 'DISABLED' WHERE email = 'disabled@example.org'`)
	for _, c := range []struct {
		name, email, page string
	}{
		{"somebody we know", "jan@example.org", "reset"},
		{"somebody who never chose one", "invited@example.org", "activate"},
		{"somebody we do not know", "nobody@example.org", ""},
		{"somebody who is disabled", "disabled@example.org", ""},
		{"what is no address", "jan", ""},
		{"what cannot be one", "jan\x00@example.org", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.forgot(c.email) // no error, for any of them
			if c.page != "" {
				if page, _ := h.link(c.email); page != c.page {
					t.Errorf("the link is to %s", page)
				}
			}
		})
	}
	if n := h.count(`SELECT count(*) FROM message`); n != 2 {
		t.Errorf("%d mails are sent", n)
	}
}

func TestNobodysMailboxIsFilledWithLinks(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	for range 20 {
		h.forgot("jan@example.org")
	}
	if n := len(h.mails("jan@example.org")); n != 3 {
		t.Errorf("%d mails are sent in an hour", n)
	}
	h.Clock.Advance(20 * time.Minute)
	h.forgot("jan@example.org")
	if n := len(h.mails("jan@example.org")); n != 4 {
		t.Errorf("%d mails are sent after 20 minutes", n)
	}
	for range 59 {
		_ = h.RequestPasswordReset(t.Context(), nobody, auth.PasswordResetRequestInput{Email: "x@example.org", Client: client(visitor)})
	}
	err := h.RequestPasswordReset(t.Context(), nobody, auth.PasswordResetRequestInput{Email: "x@example.org", Client: client(visitor)})
	if code(err) != problem.RateLimited {
		t.Errorf("the 61st request from one place gives %v", err)
	}
}

func TestAWeakPasswordSpendsNoLink(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.forgot("jan@example.org")
	_, token := h.link("jan@example.org")
	for _, weak := range []string{"", "short", "wachtwoord123", "siobhan-jansen", strings.Repeat("x", 257)} {
		if err := h.set(h.Gate, token, weak); code(err) != problem.Invalid || blames(err) != "password" {
			t.Errorf("%.20q gives %v", weak, err)
		}
	}
	if err := h.set(h.Gate, token, better); err != nil {
		t.Errorf("a good one after it gives %v", err)
	}
}

func TestLinksThatNeverWereDoNotWork(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	session := h.login("jan@example.org").Token
	for _, token := range []string{"", "kl_", "kl_" + strings.Repeat("A", 43), session, "kl_" + session[3:], "' or true --", "kl_\x00"} {
		if err := h.set(h.Gate, token, better); code(err) != problem.NotFound {
			t.Errorf("%q gives %v", token, err)
		}
	}
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	here, elsewhere := h.login("jan@example.org"), h.login("jan@example.org")
	change := func(v viewer.Viewer, from, to string) (string, error) {
		return h.ChangePassword(t.Context(), v, auth.PasswordChangeInput{CurrentPassword: from, NewPassword: to, Client: client(visitor)})
	}
	for _, c := range []struct {
		name     string
		who      viewer.Viewer
		from, to string
		want     problem.Code
		blames   string
	}{
		{"a visitor", nobody, good, better, problem.Forbidden, ""},
		{"an API token", viewer.Viewer{Kind: viewer.Customer, User: here.User.ID, Token: key.New()}, good, better, problem.Forbidden, ""},
		{"a wrong password", here.Viewer, "wrong", better, problem.Invalid, "currentPassword"},
		{"a weak new one", here.Viewer, good, "wachtwoord123", problem.Invalid, "newPassword"},
	} {
		if _, err := change(c.who, c.from, c.to); code(err) != c.want || blames(err) != c.blames {
			t.Errorf("%s gives %v", c.name, err)
		}
	}
	token, err := change(here.Viewer, good, better)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := ask(h.Gate, token, ""); err != nil || v.Session != here.Session.ID {
		t.Errorf("the new token is %+v, %v", v, err)
	}
	for name, old := range map[string]string{"the old token": here.Token, "the other session": elsewhere.Token} {
		if _, err := ask(h.Gate, old, ""); code(err) != problem.Unauthenticated {
			t.Errorf("%s gives %v", name, err)
		}
	}
	if m := h.mails("jan@example.org"); len(m) != 1 || m[0].Kind != "SECURITY_PASSWORD_CHANGED" {
		t.Errorf("the notice is %+v", m)
	}
	if _, err := h.try(h.Gate, "jan@example.org", better, ""); err != nil {
		t.Error(err)
	}
}

func TestAStolenSessionCannotGuessThePassword(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	stolen := h.login("jan@example.org").Viewer
	guess := func(n int) error {
		if n%2 == 0 {
			_, err := h.StartTwoFactor(t.Context(), stolen, "guess", client(visitor))
			return err
		}
		_, err := h.ChangePassword(t.Context(), stolen, auth.PasswordChangeInput{CurrentPassword: "guess", NewPassword: better, Client: client(visitor)})
		return err
	}
	for n := range 10 {
		if err := guess(n); code(err) != problem.Invalid {
			t.Fatalf("guess %d gives %v", n, err)
		}
	}
	for n := range 2 {
		if err := guess(n); code(err) != problem.RateLimited {
			t.Errorf("a guess more gives %v", err)
		}
	}
}

func TestALoginServesSeveralAccounts(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one)
	again := h.user("JAN@example.org", h.two, func(n *auth.NewUser) { n.Name, n.PasswordHash = "Somebody else", "other" })
	if again.ID != u.ID || again.Name != u.Name {
		t.Errorf("the same address is another user: %+v", again)
	}
	h.login("jan@example.org") // with the password it had
	if n := h.count(`SELECT count(*) FROM membership WHERE user_id = ?`, u.ID); n != 2 {
		t.Errorf("it is in %d accounts", n)
	}
	h.system(func(tx *pg.Tx) error { return auth.AddMembership(t.Context(), tx, u.ID, h.two, viewer.Billing) })
	if n := h.count(`SELECT count(*) FROM membership WHERE user_id = ? AND role = 'BILLING'`, u.ID); n != 1 {
		t.Error("the role did not change")
	}
}
