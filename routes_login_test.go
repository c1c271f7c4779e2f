package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
)

const whoAmI = "{ viewer { kind name language user { email } account { id name } permissions } }"

func TestSigningInTakesTheRightPasswordInAnySpellingOfTheAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "support@ping.example", uuid.Nil, "SUPPORT")
	for name, test := range map[string]struct{ email, password, code string }{
		"the right password":             {"owner@one.example", password, ""},
		"capitals in the address":        {"Owner@One.EXAMPLE", password, ""},
		"blanks around the address":      {"  owner@one.example\t", password, ""},
		"staff":                          {"support@ping.example", password, ""},
		"a wrong password":               {"owner@one.example", "wrong", "LOGIN_FAILED"},
		"capitals in the password":       {"owner@one.example", strings.ToUpper(password), "LOGIN_FAILED"},
		"a blank behind the password":    {"owner@one.example", password + " ", "LOGIN_FAILED"},
		"an address that nobody has":     {"nobody@one.example", password, "LOGIN_FAILED"},
		"no password":                    {"owner@one.example", "", "LOGIN_FAILED"},
		"no address":                     {"", password, "LOGIN_FAILED"},
		"an address that cannot be one":  {"owner", password, "LOGIN_FAILED"},
		"a password of 100 KB":           {"owner@one.example", strings.Repeat("x", 100_000), "LOGIN_FAILED"},
		"an injection for an address":    {"' or 1=1 --@x", password, "LOGIN_FAILED"},
		"an address in another alphabet": {"оwner@one.example", password, "LOGIN_FAILED"},
	} {
		c := s.visitor()
		got := c.login(t, test.email, test.password, "")
		if got.status != 200 || got.code() != test.code {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
			continue
		}
		me := c.ask(t, whoAmI, nil)
		if test.code == "" {
			token := got.str("data.login.sessionToken")
			if c.cookie == nil || c.cookie.Value != token || me.str("data.viewer.user.email") != strings.ToLower(strings.TrimSpace(test.email)) || got.str("data.login.query.viewer.user.email") == "" {
				t.Errorf("%s: cookie %v, then %s", name, c.cookie, me.raw)
			}
			if program := s.bearer(token).ask(t, whoAmI, nil); program.str("data.viewer.user.email") == "" {
				t.Errorf("%s: the token does not work as a bearer token: %s", name, program.raw)
			}
		} else if c.cookie != nil || me.at("data.viewer") != nil || got.at("data.login.sessionToken") != nil || got.at("data.login.viewer") != nil || got.at("data.login.query.viewer") != nil {
			t.Errorf("%s: got in: cookie %v, %s, then %s", name, c.cookie, got.raw, me.raw)
		}
	}
}

func TestTheAnswerForAnUnknownAddressIsThatForAWrongPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "gone@one.example", s.one, "OWNER")
	s.must(t, "update app_user set status = 'DISABLED' where email = 'gone@one.example'")
	want := s.visitor().login(t, "owner@one.example", "wrong", "")
	for _, email := range []string{"nobody@one.example", "gone@one.example"} {
		if got := s.visitor().login(t, email, "wrong", ""); got.raw != want.raw {
			t.Errorf("%s: %s, and for a user %s", email, got.raw, want.raw)
		}
	}
}

func TestTheCookieIsOutOfReachOfScriptsAndOtherHosts(t *testing.T) {
	t.Parallel()
	for url, test := range map[string]struct {
		name   string
		secure bool
	}{"http://localhost:8080": {"session", false}, "https://mijn.example.nl": {"__Host-session", true}} {
		s := newSite(t, func(c *Config) { c.PublicURL = url })
		s.user(t, "owner@one.example", s.one, "OWNER")
		c := s.visitor()
		got := c.login(t, "owner@one.example", password, "")
		k := c.cookie
		if k == nil || k.Name != test.name || k.Secure != test.secure || !k.HttpOnly || k.Path != "/" || k.Domain != "" || k.SameSite != http.SameSiteLaxMode || k.MaxAge < 24*3600 {
			t.Errorf("%s: %+v", url, k)
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: an answer with a token may be kept: %q", url, got.header.Get("Cache-Control"))
		}
		me := c.ask(t, whoAmI, nil)
		if me.str("data.viewer.user.email") != "owner@one.example" || me.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: with the cookie: %s %v", url, me.raw, me.header)
		}
		c.cookie = &http.Cookie{Name: "session", Value: k.Value}
		if me := c.ask(t, whoAmI, nil); (me.at("data.viewer") != nil) == test.secure {
			t.Errorf("%s: a cookie named session: %s", url, me.raw)
		}
	}
}

func TestAStaleCookieMakesAVisitorAndIsTakenAway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	for name, spoil := range map[string]func(c *client){
		"revoked elsewhere":   func(*client) { s.must(t, "update login_session set revoked_at = now()") },
		"expired":             func(*client) { s.must(t, "update login_session set expires_at = now() - interval '1 second'") },
		"made up":             func(c *client) { c.cookie = &http.Cookie{Name: "session", Value: "ks_" + strings.Repeat("A", 43)} },
		"nonsense":            func(c *client) { c.cookie = &http.Cookie{Name: "session", Value: "x"} },
		"of a user who left":  func(*client) { s.must(t, "update app_user set status = 'DISABLED'") },
		"an API token, wrong": func(c *client) { c.cookie = &http.Cookie{Name: "session", Value: "kp_" + strings.Repeat("0", 49)} },
	} {
		s.must(t, "update app_user set status = 'ACTIVE'")
		c := s.signedIn(t, "owner@one.example")
		spoil(c)
		var got reply
		until(t, name, func() bool {
			cookie := c.cookie
			got = c.ask(t, whoAmI, nil)
			if got.at("data.viewer") != nil {
				c.cookie = cookie
				return false
			}
			return true
		})
		if got.status != 200 || got.at("errors") != nil || c.cookie != nil || !strings.Contains(got.header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("%s: %d %s %v", name, got.status, got.raw, got.header)
		}
		s.must(t, "update app_user set status = 'ACTIVE'")
		c.cookie = &http.Cookie{Name: "session", Value: "x"}
		if got := c.login(t, "owner@one.example", password, ""); got.code() != "" || c.cookie == nil || c.cookie.Value == "x" {
			t.Errorf("%s: cannot sign in with a stale cookie: %s", name, got.raw)
		}
	}
}

func TestABearerTokenThatIsNoGoodIsAnswered401(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	for name, authorization := range map[string]string{
		"unknown": "Bearer ks_" + strings.Repeat("A", 43), "nonsense": "Bearer x", "empty": "Bearer ", "another scheme": "Basic b3duZXI6cGFzc3dvcmQ=", "no scheme": c.cookie.Value, "an API token that nobody has": "Bearer kp_" + strings.Repeat("0", 49),
	} {
		for _, language := range []string{"nl", "en"} {
			got := c.with("Authorization", authorization, "Accept-Language", language).ask(t, whoAmI, nil) // the good cookie does not help
			if got.status != 401 || got.code() != "UNAUTHENTICATED" || got.at("data") != nil || english.MatchString(got.message()) != (language == "en") || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: %d %s %v", name, got.status, got.raw, got.header)
			}
		}
	}
	if got := s.visitor("Authorization", "bearer "+c.cookie.Value).ask(t, whoAmI, nil); got.str("data.viewer.user.email") == "" {
		t.Errorf("a scheme in lower case: %s", got.raw)
	}
}

var english = regexp.MustCompile(`\b(You|This)\b`)

func TestLoggingOutEndsTheSessionAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	token := c.cookie.Value
	got := c.ask(t, "mutation { logout { query { viewer { name } } } }", nil)
	if got.at("errors") != nil || got.at("data.logout") == nil || got.at("data.logout.query.viewer") != nil || c.cookie != nil {
		t.Errorf("%s, cookie %v", got.raw, c.cookie)
	}
	if got := s.bearer(token).ask(t, whoAmI, nil); got.status != 401 {
		t.Errorf("the token still works: %d %s", got.status, got.raw)
	}
	if got := s.visitor().ask(t, "mutation { logout { query { viewer { name } } } }", nil); got.at("errors") != nil {
		t.Errorf("a visitor logs out: %s", got.raw)
	}
}

func TestASecondLoginEndsTheSessionThatTheBrowserHad(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	first := c.cookie.Value
	if got := c.login(t, "owner@one.example", password, ""); got.code() != "" || c.cookie.Value == first {
		t.Fatalf("%s", got.raw)
	}
	if got := s.bearer(first).ask(t, whoAmI, nil); got.status != 401 {
		t.Errorf("the first token still works: %s", got.raw)
	}
}

func TestTwoFactorsFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	started := c.ask(t, `mutation { twoFactorStart(input: {password: "`+password+`"}) { secret otpauthUrl errors { __typename } } }`, nil)
	secret := started.str("data.twoFactorStart.secret")
	if secret == "" || !strings.HasPrefix(started.str("data.twoFactorStart.otpauthUrl"), "otpauth://totp/") {
		t.Fatal(started.raw)
	}
	code := func(at time.Time) string {
		code, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	if got := s.visitor().login(t, "owner@one.example", password, ""); got.code() != "" {
		t.Errorf("a code is asked for before it is confirmed: %s", got.raw)
	}
	confirmed := c.ask(t, `mutation($code: String!) { twoFactorConfirm(input: {code: $code}) { recoveryCodes sessionToken errors { __typename ... on UserError { message } } } }`, map[string]any{"code": code(time.Now())})
	recovery, _ := confirmed.at("data.twoFactorConfirm.recoveryCodes").([]any)
	if len(recovery) != 10 || c.cookie == nil || c.cookie.Value != confirmed.str("data.twoFactorConfirm.sessionToken") {
		t.Fatal(confirmed.raw)
	}
	if got := c.ask(t, "{ viewer { user { twoFactorEnabled } } }", nil); got.at("data.viewer.user.twoFactorEnabled") != true {
		t.Errorf("%s", got.raw)
	}
	for _, test := range []struct{ name, password, code, want string }{
		{"without a code", password, "", "SECOND_FACTOR_REQUIRED"},
		{"with a wrong code", password, "000000", "LOGIN_FAILED"},
		{"with the code that was used", password, code(time.Now()), "LOGIN_FAILED"},
		{"with a right code and a wrong password", "wrong", code(time.Now().Add(30 * time.Second)), "LOGIN_FAILED"},
		{"with the next code", password, code(time.Now().Add(30 * time.Second)), ""},
		{"with that code again", password, code(time.Now().Add(30 * time.Second)), "LOGIN_FAILED"},
		{"with a recovery code", password, recovery[3].(string), ""},
		{"with that recovery code again", password, recovery[3].(string), "LOGIN_FAILED"},
		{"with another one, typed otherwise", password, strings.ToLower(strings.ReplaceAll(recovery[4].(string), "-", " ")), ""},
	} {
		b := s.visitor()
		if got := b.login(t, "owner@one.example", test.password, test.code); got.code() != test.want || (b.cookie != nil) != (test.want == "") {
			t.Errorf("%s: %s", test.name, got.raw)
		}
	}
	c = s.visitor()
	c.login(t, "owner@one.example", password, recovery[5].(string))
	off := c.ask(t, `mutation($code: String!) { twoFactorDisable(input: {password: "`+password+`", code: $code}) { sessionToken errors { __typename ... on UserError { message } } } }`, map[string]any{"code": recovery[6]})
	if off.str("data.twoFactorDisable.sessionToken") == "" {
		t.Fatal(off.raw)
	}
	if got := s.visitor().login(t, "owner@one.example", password, ""); got.code() != "" {
		t.Errorf("a code is still asked for: %s", got.raw)
	}
}

var link = regexp.MustCompile(`http://localhost:8080/(activate|reset)#token=(\S+)`)

// mailed returns the kinds of the mails to the address, newest first, and the token of the link in the newest.
func (s *site) mailed(t testing.TB, to string) (kinds []string, token string) {
	t.Helper()
	var mails []struct{ Kind, Text string }
	got := s.visitor("Accept", "application/json").send(t, http.MethodGet, "/mailbox/?to="+to, "")
	if err := json.Unmarshal([]byte(got.raw), &mails); err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		kinds = append(kinds, m.Kind)
	}
	if len(mails) > 0 {
		if found := link.FindStringSubmatch(mails[0].Text); found != nil {
			token = found[2]
		}
	}
	return kinds, token
}

func TestAForgottenPasswordIsSetByTheLinkInTheMailOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	elsewhere := s.signedIn(t, "owner@one.example")
	const request = "mutation($email: String!) { passwordResetRequest(input: {email: $email}) { errors { __typename } query { viewer { name } } } }"
	known := s.visitor().ask(t, request, map[string]any{"email": "Owner@one.example"})
	unknown := s.visitor().ask(t, request, map[string]any{"email": "nobody@one.example"})
	if known.raw != unknown.raw || known.at("data.passwordResetRequest.errors.0") != nil {
		t.Errorf("an address is given away: %s and %s", known.raw, unknown.raw)
	}
	if mails, _ := s.mailed(t, "nobody@one.example"); len(mails) != 0 {
		t.Errorf("mail to nobody: %v", mails)
	}
	_, token := s.mailed(t, "owner@one.example")
	if token == "" {
		t.Fatal("there is no link in the mailbox")
	}
	set := func(token, password string) reply {
		return s.visitor().ask(t, "mutation($input: PasswordSetInput!) { passwordSet(input: $input) { errors { __typename ... on UserError { code message path } } } }", map[string]any{"input": map[string]any{"token": token, "password": password}})
	}
	if got := set(token, "123456789012"); got.code() != "INVALID" {
		t.Errorf("a weak password: %s", got.raw)
	}
	if got := set(token+"x", another); got.code() != "NOT_FOUND" {
		t.Errorf("another token: %s", got.raw)
	}
	if got := set(token, another); got.code() != "" || got.at("data.passwordSet") == nil {
		t.Fatalf("%s", got.raw)
	}
	if got := set(token, password); got.code() != "NOT_FOUND" {
		t.Errorf("the link works twice: %s", got.raw)
	}
	if got := elsewhere.ask(t, whoAmI, nil); got.at("data.viewer") != nil {
		t.Errorf("a session goes on: %s", got.raw)
	}
	if got := s.visitor().login(t, "owner@one.example", password, ""); got.code() != "LOGIN_FAILED" {
		t.Errorf("the old password: %s", got.raw)
	}
	if got := s.visitor().login(t, "owner@one.example", another, ""); got.code() != "" {
		t.Errorf("the new password: %s", got.raw)
	}
}

func TestAnInvitedUserChoosesAPasswordByTheLinkInTheMail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.hash = ""
	u := s.user(t, "new@one.example", s.one, "BILLING")
	s.system(t, func(tx *pg.Tx) error { return s.app.gate.Invite(t.Context(), tx, &u) })
	_, token := s.mailed(t, "new@one.example")
	got := s.visitor().ask(t, `mutation($t: String!) { passwordSet(input: {token: $t, password: "`+password+`"}) { errors { __typename } } }`, map[string]any{"t": token})
	if got.at("data.passwordSet.errors.0") != nil || got.at("errors") != nil {
		t.Fatal(got.raw)
	}
	if me := s.signedIn(t, "new@one.example").ask(t, whoAmI, nil); me.str("data.viewer.account.id") != key.Format(key.Account, s.one) {
		t.Errorf("%s", me.raw)
	}
}

func TestARequestTriesOneSecretAndTheWrongOnesAreCounted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	two := `a: login(input: {email: "owner@one.example", password: "x"}) { sessionToken } b: %s { __typename }`
	for _, second := range []string{`login(input: {email: "owner@one.example", password: "` + password + `"})`, `passwordResetRequest(input: {email: "x@y.example"})`, `passwordSet(input: {token: "x", password: "y"})`} {
		got := s.visitor().ask(t, "mutation { "+strings.Replace(two, "%s", second, 1)+" }", nil)
		if got.at("data") != nil || got.code() != "OPERATION_LIMIT_EXCEEDED" {
			t.Errorf("%s: %s", second, got.raw)
		}
	}
	if n := s.number(t, "select count(*) from login_attempt"); n != 0 {
		t.Errorf("%d attempts were made", n)
	}
	var got reply
	for range 11 {
		got = s.visitor().login(t, "owner@one.example", "wrong", "")
	}
	if got.code() != "RATE_LIMITED" {
		t.Errorf("after eleven failures: %s", got.raw)
	}
	if got := s.visitor().login(t, "owner@one.example", password, ""); got.code() != "RATE_LIMITED" {
		t.Errorf("the right password while locked out: %s", got.raw)
	}
}
