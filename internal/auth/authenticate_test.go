package auth_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

func TestWhoARequestIs(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("piet@example.org", h.two)
	jan, piet := h.login("jan@example.org"), h.login("piet@example.org")
	over := h.login("piet@example.org")
	if err := h.Logout(t.Context(), over.Viewer); err != nil {
		t.Fatal(err)
	}
	unknown := "ks_" + strings.Repeat("A", 43)
	for _, c := range []struct {
		name   string
		header map[string]string
		want   string // mail address of whom, "visitor", or a code
	}{
		{"nothing is a visitor", nil, "visitor"},
		{"a session cookie", map[string]string{"Cookie": "__Host-session=" + jan.Token}, "Jan"},
		{"a bearer token", map[string]string{"Authorization": "Bearer " + jan.Token}, "Jan"},
		{"the scheme in lower case", map[string]string{"Authorization": "bearer " + jan.Token}, "Jan"},
		{"a bearer token goes before a cookie", map[string]string{"Authorization": "Bearer " + jan.Token, "Cookie": "__Host-session=" + piet.Token}, "Jan"},
		{"a cookie does not help a wrong bearer token", map[string]string{"Authorization": "Bearer " + unknown, "Cookie": "__Host-session=" + piet.Token}, "UNAUTHENTICATED"},
		{"a cookie of another name is nothing", map[string]string{"Cookie": "session=" + jan.Token}, "visitor"},
		{"a session that is over", map[string]string{"Cookie": "__Host-session=" + over.Token}, "UNAUTHENTICATED"},
		{"a token nobody has", map[string]string{"Authorization": "Bearer " + unknown}, "UNAUTHENTICATED"},
		{"half a token", map[string]string{"Authorization": "Bearer " + jan.Token[:20]}, "UNAUTHENTICATED"},
		{"an empty token", map[string]string{"Authorization": "Bearer "}, "UNAUTHENTICATED"},
		{"a token with a quote", map[string]string{"Authorization": "Bearer ks_' or true --"}, "UNAUTHENTICATED"},
		{"a password", map[string]string{"Authorization": "Basic amFuOmdvb2Q="}, "UNAUTHENTICATED"},
		{"the hash of a token", map[string]string{"Authorization": "Bearer " + strings.Repeat("0", 64)}, "UNAUTHENTICATED"},
		{"the own account", map[string]string{"Authorization": "Bearer " + jan.Token, "X-Account": key.Format(key.Account, h.one)}, "Jan"},
		{"somebody else's account", map[string]string{"Authorization": "Bearer " + jan.Token, "X-Account": key.Format(key.Account, h.two)}, "NOT_FOUND"},
		{"an account that does not exist", map[string]string{"Authorization": "Bearer " + jan.Token, "X-Account": key.Format(key.Account, key.New())}, "NOT_FOUND"},
		{"an account that cannot be", map[string]string{"Authorization": "Bearer " + jan.Token, "X-Account": "1 or true"}, "NOT_FOUND"},
		{"an account for a visitor is nothing", map[string]string{"X-Account": key.Format(key.Account, h.two)}, "visitor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 { // found, and remembered
				r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
				for name, value := range c.header {
					r.Header.Set(name, value)
				}
				v, err := h.Authenticate(r)
				got := string(code(err))
				switch {
				case err == nil && v.Kind == viewer.Visitor:
					got = "visitor"
				case err == nil && v.User == jan.User.ID:
					got = "Jan"
				}
				if got != c.want || err != nil && (v.Kind != viewer.Visitor || len(v.Permissions()) > 0) {
					t.Errorf("it is %s: %+v, %v", got, v, err)
				}
			}
		})
	}
}

func TestAnAccountOfSomebodyElseAndNoneAreOneAnswer(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	l := h.login("jan@example.org")
	_, theirs := ask(h.Gate, l.Token, key.Format(key.Account, h.two))
	_, none := ask(h.Gate, l.Token, key.Format(key.Account, key.New()))
	_, theirs2 := h.SelectAccount(t.Context(), l.Viewer, h.two)
	_, none2 := h.SelectAccount(t.Context(), l.Viewer, key.New())
	if theirs.Error() != none.Error() || theirs2.Error() != none2.Error() || code(theirs2) != problem.NotFound {
		t.Errorf("%v, %v; %v, %v", theirs, none, theirs2, none2)
	}
}

func TestASessionEndsWhenItIsIdleAndAfterItsLongestTime(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	const idle, most = 7 * 24 * time.Hour, 30 * 24 * time.Hour
	alive := func(l *auth.Login) bool {
		_, err := ask(h.Gate, l.Token, "")
		if err != nil && code(err) != problem.Unauthenticated {
			t.Fatal(err)
		}
		return err == nil
	}
	l := h.login("jan@example.org")
	h.Clock.Advance(idle - time.Second)
	if !alive(l) {
		t.Error("it ends before it was idle for so long")
	}
	h.Clock.Advance(idle - time.Second)
	if !alive(l) {
		t.Error("using it did not put off its end")
	}
	h.Clock.Advance(idle)
	if alive(l) {
		t.Error("it lives though it was idle")
	}
	l = h.login("jan@example.org")
	for range 5 {
		h.Clock.Advance(6 * 24 * time.Hour)
		alive(l)
	}
	h.Clock.Set(l.Session.CreatedAt.Add(most - time.Second))
	if !alive(l) {
		t.Error("it ends before its longest time")
	}
	h.Clock.Advance(time.Second)
	if alive(l) {
		t.Error("it lives longer than it may")
	}
}

func TestThatASessionIsUsedIsNotedOnceAMinute(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	l := h.login("jan@example.org")
	h.must(`CREATE TABLE noted (at timestamptz)`)
	h.must(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO noted VALUES (new.last_seen_at); RETURN new; END $$`)
	h.must(`CREATE TRIGGER note AFTER UPDATE ON login_session FOR EACH ROW EXECUTE FUNCTION note()`)
	for range 180 {
		h.Clock.Advance(time.Second)
		if _, err := ask(h.Gate, l.Token, ""); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(`SELECT count(*) FROM noted`); n != 3 {
		t.Errorf("it was noted %d times in 3 minutes", n)
	}
}

func TestWhatEachKindOfUserMayDo(t *testing.T) {
	h := newHouse(t)
	role := func(r viewer.AccountRole) func(auth.User) {
		return func(u auth.User) { h.must(`UPDATE membership SET role = ? WHERE user_id = ?`, r, u.ID) }
	}
	for _, c := range []struct {
		name    string
		account uuid.UUID
		new     []func(*auth.NewUser)
		change  func(auth.User)
		kind    viewer.Kind
		may     []viewer.Permission
	}{
		{"an owner", h.one, nil, nil, viewer.Customer, viewer.Owner.Permissions()},
		{"somebody of the books", h.one, nil, role(viewer.Billing), viewer.Customer, viewer.Billing.Permissions()},
		{"a technician", h.one, nil, role(viewer.Technical), viewer.Customer, viewer.Technical.Permissions()},
		{"a partner's owner", h.reseller, nil, nil, viewer.Partner, viewer.Owner.Permissions()},
		{"support staff", uuid.Nil, []func(*auth.NewUser){staff(viewer.Support)}, nil, viewer.Staff, viewer.Support.Permissions()},
		{"finance staff", uuid.Nil, []func(*auth.NewUser){staff(viewer.Finance)}, nil, viewer.Staff, viewer.Finance.Permissions()},
		{"an administrator", uuid.Nil, []func(*auth.NewUser){staff(viewer.Admin)}, nil, viewer.Staff, viewer.Admin.Permissions()},
		{"who is in no account", uuid.Nil, nil, nil, viewer.Customer, nil},
		{"who is in an erased account", h.two, nil, func(auth.User) { h.must(`UPDATE account SET status = 'ERASED' WHERE id = ?`, h.two) }, viewer.Customer, nil},
		{"who was let go", h.two, nil, func(u auth.User) { h.must(`DELETE FROM membership WHERE user_id = ?`, u.ID) }, viewer.Customer, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			email := strings.ReplaceAll(c.name, " ", "-") + "@example.org"
			u := h.user(email, c.account, c.new...)
			l := h.login(email)
			if c.change != nil {
				c.change(u)
			}
			v, err := ask(h.otherServer(), l.Token, "")
			if err != nil || v.Kind != c.kind || !slices.Equal(v.Permissions(), viewer.Viewer{}.With(c.may...).Permissions()) {
				t.Errorf("it is %s with %v, %v", v.Kind, v.Permissions(), err)
			}
		})
	}
}

func TestAUserOfSeveralAccountsChoosesOne(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one, staff(viewer.Support))
	h.must(`INSERT INTO membership (id, user_id, account_id, role, created_at) VALUES (gen_random_uuid(), ?, ?, 'BILLING', now())`, u.ID, h.reseller)
	l := h.login("jan@example.org")
	is := func(what string, v viewer.Viewer, err error, kind viewer.Kind, account uuid.UUID, p viewer.Permission) {
		t.Helper()
		if err != nil || v.Kind != kind || v.Account != account || !v.Can(p) || v.Session != l.Session.ID {
			t.Errorf("%s: it is %+v, %v", what, v, err)
		}
	}
	v, err := ask(h.Gate, l.Token, key.Format(key.Account, h.reseller))
	is("by header", v, err, viewer.Partner, h.reseller, viewer.ManageBilling)
	v, err = ask(h.Gate, l.Token, "")
	is("the header holds for one request", v, err, viewer.Staff, uuid.Nil, viewer.ReadDesk)
	v, err = h.SelectAccount(t.Context(), l.Viewer, h.one)
	is("by choice", v, err, viewer.Customer, h.one, viewer.ManageUsers)
	if v, err = ask(h.otherServer(), l.Token, ""); v.Can(viewer.ReadDesk) {
		t.Error("a customer reads the desk")
	}
	is("the choice stays", v, err, viewer.Customer, h.one, viewer.ManageUsers)
	v, err = h.SelectAccount(t.Context(), v, uuid.Nil)
	is("back to the desk", v, err, viewer.Staff, uuid.Nil, viewer.ReadDesk)
	h.must(`UPDATE account SET status = 'ERASED' WHERE id = ?`, h.one)
	if _, err := h.SelectAccount(t.Context(), v, h.one); code(err) != problem.NotFound {
		t.Errorf("an erased account gives %v", err)
	}

	h.user("piet@example.org", h.two)
	piet := h.login("piet@example.org")
	if _, err := h.SelectAccount(t.Context(), piet.Viewer, uuid.Nil); code(err) != problem.NotFound {
		t.Errorf("a customer goes to the desk: %v", err)
	}
}

func TestARevocationHoldsEverywhereWithinSeconds(t *testing.T) {
	h := newHouse(t)
	other := h.otherServer()
	for _, c := range []struct {
		name   string
		revoke func(l, second *auth.Login) error
	}{
		{"signing out", func(l, _ *auth.Login) error { return h.Logout(t.Context(), l.Viewer) }},
		{"ending the session from another", func(l, second *auth.Login) error {
			_, err := h.RevokeSession(t.Context(), second.Viewer, l.Session.ID)
			return err
		}},
		{"ending all others", func(_, second *auth.Login) error {
			_, err := h.RevokeOtherSessions(t.Context(), second.Viewer)
			return err
		}},
		{"disabling the user", func(l, _ *auth.Login) error {
			_, err := h.Owner.NewRaw(`UPDATE app_user SET status = 'DISABLED' WHERE id = ?`, l.User.ID).Exec(t.Context())
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			email := strings.ReplaceAll(c.name, " ", "-") + "@example.org"
			h.user(email, h.one)
			l, second := h.login(email), h.login(email)
			gates := []*auth.Gate{h.Gate, other}
			for _, g := range gates {
				if v, err := ask(g, l.Token, ""); err != nil || g.Fresh(t.Context(), v) != nil {
					t.Fatal(err)
				}
			}
			if err := c.revoke(l, second); err != nil {
				t.Fatal(err)
			}
			if _, err := ask(h.Gate, l.Token, ""); err == nil && c.name != "disabling the user" {
				t.Error("this server still knows it")
			}
			for _, g := range gates {
				until(t, "a new request", func() bool { _, err := ask(g, l.Token, ""); return code(err) == problem.Unauthenticated })
				until(t, "an open connection", func() bool { return code(g.Fresh(t.Context(), l.Viewer)) == problem.Unauthenticated })
			}
			if err := c.revoke(l, second); err != nil {
				t.Errorf("revoking again gives %v", err)
			}
		})
	}
}

func TestAnOpenConnectionEndsWhenItsRightsChange(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one)
	h.must(`INSERT INTO membership (id, user_id, account_id, role, created_at) VALUES (gen_random_uuid(), ?, ?, 'OWNER', now() + interval '1 day')`, u.ID, h.two)
	l := h.login("jan@example.org")
	inTwo, err := ask(h.Gate, l.Token, key.Format(key.Account, h.two))
	if err != nil {
		t.Fatal(err)
	}
	h.must(`UPDATE membership SET role = 'TECHNICAL' WHERE account_id = ?`, h.one)
	until(t, "the one whose role changed", func() bool { return code(h.Fresh(t.Context(), l.Viewer)) == problem.Unauthenticated })
	if err := h.Fresh(t.Context(), inTwo); err != nil {
		t.Errorf("the one in the other account gives %v", err)
	}
	h.must(`DELETE FROM membership WHERE account_id = ?`, h.two)
	until(t, "the one who was let go", func() bool { return code(h.Fresh(t.Context(), inTwo)) == problem.Unauthenticated })
	if err := h.Fresh(t.Context(), nobody); err != nil {
		t.Errorf("a visitor gives %v", err)
	}
}

func TestASessionIsEndedOnlyByWhoMay(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("piet@example.org", h.one)
	h.user("support@example.org", uuid.Nil, staff(viewer.Support))
	h.user("admin@example.org", uuid.Nil, staff(viewer.Admin))
	target := h.login("jan@example.org")
	token := viewer.Viewer{Kind: viewer.Customer, Account: h.one, User: target.User.ID, Token: key.New()}.With(viewer.Owner.Permissions()...)
	for _, c := range []struct {
		name  string
		who   viewer.Viewer
		want  problem.Code
		ended int
	}{
		{"a visitor", nobody, problem.Forbidden, 0},
		{"an API token of the user itself", token, problem.Forbidden, 0},
		{"a colleague", h.login("piet@example.org").Viewer, problem.NotFound, 0},
		{"support staff", h.login("support@example.org").Viewer, problem.NotFound, 0},
		{"an administrator", h.login("admin@example.org").Viewer, "", 1},
		{"the user, again", h.login("jan@example.org").Viewer, "", 0},
	} {
		n, err := h.RevokeSession(t.Context(), c.who, target.Session.ID)
		if code(err) != c.want || n != c.ended {
			t.Errorf("%s ends %d: %v", c.name, n, err)
		}
	}
	me := h.login("jan@example.org").Viewer
	if _, err := h.RevokeSession(t.Context(), me, key.New()); code(err) != problem.NotFound || blames(err) != "sessionId" {
		t.Errorf("an unknown session gives %v", err)
	}
	if err := h.Logout(t.Context(), nobody); err != nil {
		t.Errorf("a visitor who signs out gets %v", err)
	}
}

func TestTheLanguageIsTheRequestsAndElseTheUsers(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one, func(n *auth.NewUser) { n.Language = "en" })
	l := h.login("jan@example.org")
	for header, want := range map[string][2]string{
		"":                           {"en", "nl"}, // the user, a visitor
		"nl":                         {"nl", "nl"},
		"nl-BE,en;q=0.5":             {"nl", "nl"},
		"en-GB":                      {"en", "en"},
		"de, fr;q=0.9, en;q=0.1":     {"en", "en"},
		"de":                         {"en", "nl"},
		"en;q=0.2, nl;q=0.8":         {"nl", "nl"},
		"*":                          {"en", "nl"},
		"'; drop table language --":  {"en", "nl"},
		strings.Repeat("nl-x,", 9e3): {"en", "nl"},
	} {
		for i, token := range []string{l.Token, ""} {
			r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			r.Header.Set("Accept-Language", header)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			if v, err := h.Authenticate(r); err != nil || v.Language != want[i] && !strings.HasPrefix(header, "nl-x,") {
				t.Errorf("%.40q gives %q, %v", header, v.Language, err)
			}
		}
	}
}

func TestTheCookieIsKeptForThisHostAndTLSOnly(t *testing.T) {
	h := newHouse(t)
	if got, want := h.Cookie("ks_x").String(), "__Host-session=ks_x; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("it is %s", got)
	}
	if got := h.NoCookie().String(); !strings.HasPrefix(got, "__Host-session=; Path=/; Max-Age=0;") {
		t.Errorf("without one it is %s", got)
	}
	plain := h.gate(h.DB, func(o *auth.Options) { o.PublicURL = "http://localhost:8080/" })
	if got, want := plain.Cookie("ks_x").String(), "session=ks_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("without TLS it is %s", got)
	}
}

func TestAGateThatCannotWorkIsRefused(t *testing.T) {
	h := newHouse(t)
	for name, o := range map[string]auth.Options{
		"without a database":          {Now: h.Clock.Now, PublicURL: "https://mijn.ping.example"},
		"without a clock":             {DB: h.DB, PublicURL: "https://mijn.ping.example"},
		"without an address":          {DB: h.DB, Now: h.Clock.Now},
		"with an address that is not": {DB: h.DB, Now: h.Clock.Now, PublicURL: "mijn.ping.example"},
	} {
		if _, err := auth.New(o); err == nil {
			t.Errorf("%s it is made", name)
		}
	}
}

func TestUsersSeeTheirOwnSessionsTokensAndHistory(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("piet@example.org", h.two)
	over, jan, piet := h.login("jan@example.org"), h.login("jan@example.org"), h.login("piet@example.org")
	if err := h.Logout(t.Context(), over.Viewer); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.token(jan.Viewer, viewer.ReadAccount); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                       string
		who                        viewer.Viewer
		users                      string
		sessions, tokens, attempts int
	}{
		{"the user", jan.Viewer, "jan@example.org", 1, 1, 2},
		{"somebody else", piet.Viewer, "piet@example.org", 0, 0, 0},
	} {
		err := h.DB.Read(t.Context(), c.who, viewer.ReadAccount, func(tx *pg.Tx) error {
			sessions, err := auth.ActiveSessions(t.Context(), tx, jan.User.ID, h.Clock.Now())
			if err != nil {
				return err
			}
			var tokens []auth.APIToken
			if err := tx.NewSelect().Model(&tokens).Where("at.account_id = ?", h.one).Scan(t.Context()); err != nil {
				return err
			}
			var attempts []auth.LoginAttempt
			if err := tx.NewSelect().Model(&attempts).Where("la.user_id = ?", jan.User.ID).Scan(t.Context()); err != nil {
				return err
			}
			var users []auth.User
			if err := tx.NewSelect().Model(&users).Scan(t.Context()); err != nil {
				return err
			}
			if len(users) != 1 || users[0].Email != c.users || len(sessions) != c.sessions || len(tokens) != c.tokens || len(attempts) != c.attempts {
				t.Errorf("%s sees %d users, %d sessions, %d tokens and %d attempts", c.name, len(users), len(sessions), len(tokens), len(attempts))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		for _, secret := range []string{"SELECT token_hash FROM login_session", "SELECT token_hash FROM api_token", "SELECT * FROM credential", "SELECT * FROM recovery_code", "SELECT * FROM one_time_link", "SELECT * FROM rate_limit"} {
			err := h.DB.Read(t.Context(), c.who, viewer.ReadAccount, func(tx *pg.Tx) error {
				_, err := tx.NewRaw(secret).Exec(t.Context())
				return err
			})
			if !pg.Denied(err) {
				t.Errorf("%s may %s: %v", c.name, secret, err)
			}
		}
	}
}

func TestFindingOutWhoAsksIsOneStatementAndThenNone(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	l := h.login("jan@example.org")
	_, token, err := h.token(l.Viewer, viewer.ReadAccount)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask(h.Gate, token, ""); err != nil { // its first use is noted
		t.Fatal(err)
	}
	for _, bearer := range []string{l.Token, token} {
		other := h.otherServer()
		for _, want := range []int64{1, 0} {
			ctx, n := pg.Count(t.Context())
			if _, err := other.AuthenticateToken(ctx, bearer, ""); err != nil || n.Load() != want {
				t.Errorf("it takes %d statements, not %d: %v", n.Load(), want, err)
			}
		}
	}
}
