package auth_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/crypto/bcrypt"
)

func TestWhoMaySignIn(t *testing.T) {
	h := newHouse(t)
	h.user("Jan.Jansen@Example.org", h.one)
	h.user("disabled@example.org", h.one)
	h.must(`UPDATE app_user SET status = 'DISABLED' WHERE email = 'disabled@example.org'`)
	h.user("invited@example.org", h.one, func(n *auth.NewUser) { n.PasswordHash = "" })
	for _, c := range []struct {
		name, email, password string
		want                  problem.Code
	}{
		{"the right password", "jan.jansen@example.org", good, ""},
		{"capitals in the address do not matter", "JAN.jansen@EXAMPLE.org", good, ""},
		{"nor do spaces around it", "  jan.jansen@example.org\n", good, ""},
		{"capitals in the password do", "jan.jansen@example.org", strings.ToUpper(good), auth.LoginFailed},
		{"and spaces around it", "jan.jansen@example.org", good + " ", auth.LoginFailed},
		{"an empty password", "jan.jansen@example.org", "", auth.LoginFailed},
		{"a password of a megabyte", "jan.jansen@example.org", strings.Repeat("x", 1<<20), auth.LoginFailed},
		{"an unknown address", "piet@example.org", good, auth.LoginFailed},
		{"an address that cannot be", "jan", good, auth.LoginFailed},
		{"an address with a NUL", "jan.jansen@example.org\x00", good, auth.LoginFailed},
		{"an address that is not UTF-8", "jan\xff@example.org", good, auth.LoginFailed},
		{"no address", "", good, auth.LoginFailed},
		{"a user who is disabled", "disabled@example.org", good, auth.LoginFailed},
		{"a user who chose no password yet", "invited@example.org", "", auth.LoginFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := h.try(h.Gate, c.email, c.password, "")
			if code(err) != c.want || (l != nil) != (c.want == "") {
				t.Errorf("it gives %v, %v", l, err)
			}
		})
	}
}

func TestASuccessfulLoginOpensASessionThatIsSomebody(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.org", h.one)
	l := h.login("jan@example.org")
	if l.User.ID != u.ID || l.Session.UserID != u.ID || *l.Session.AccountID != h.one || l.Session.IPAddress != visitor || l.User.LastLoginAt == nil {
		t.Errorf("it is %+v, %+v", l.User, l.Session)
	}
	v, err := ask(h.Gate, l.Token, "")
	if err != nil || v.Kind != viewer.Customer || v.Account != h.one || v.User != u.ID || v.Session != l.Session.ID {
		t.Errorf("its token is %+v, %v", v, err)
	}
	if diff := cmp.Diff(v, l.Viewer, cmp.AllowUnexported(viewer.Viewer{})); diff != "" {
		t.Errorf("the viewer of the login is another: %s", diff)
	}
	if n := h.count(`SELECT count(*) FROM login_attempt WHERE user_id = ? AND outcome = 'SUCCESS' AND host(ip) = ? AND user_agent = 'Mozilla/5.0'`, u.ID, visitor); n != 1 {
		t.Errorf("the history has %d logins", n)
	}
	if n := h.count(`SELECT count(*) FROM event WHERE kind = 'user.signed_in' AND subject_id = ? AND user_id = ? AND account_id = ? AND actor = ?`, u.ID, u.ID, h.one, "user:"+u.ID.String()); n != 1 {
		t.Errorf("the trail has %d logins", n)
	}
	if n := h.count(`SELECT count(*) FROM login_session AS s WHERE position(? in s::text) > 0`, l.Token); n != 0 {
		t.Error("the token stands in the database")
	}
}

func TestALoginOverASessionEndsThatSession(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	first := h.login("jan@example.org")
	second, err := h.Login(t.Context(), first.Viewer, auth.LoginInput{Email: "jan@example.org", Password: good})
	if err != nil || second.Token == first.Token {
		t.Fatal(err)
	}
	if _, err := ask(h.Gate, first.Token, ""); code(err) != problem.Unauthenticated {
		t.Errorf("the first token gives %v", err)
	}
}

func TestAnUnknownAddressAndAWrongPasswordAreOneAnswer(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	g := h.gate(h.DB, func(o *auth.Options) { o.EvenTime = 60 * time.Millisecond })
	for attempt := range 12 { // the last ones locked out
		_, known := h.try(g, "jan@example.org", "wrong", "")
		began := time.Now()
		_, unknown := h.try(g, "nobody@example.org", "wrong", "")
		if diff := cmp.Diff(known, unknown); diff != "" {
			t.Errorf("attempt %d tells them apart: %s", attempt, diff)
		}
		if attempt == 0 && time.Since(began) < 60*time.Millisecond {
			t.Error("nobody is found out sooner than a failure takes")
		}
	}
}

func TestAnImportedPasswordWorksAndIsHashedAnewOnce(t *testing.T) {
	h := newHouse(t)
	old, err := bcrypt.GenerateFromPassword([]byte("zomer2014"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	php := strings.Replace(string(old), "$2a$", "$2y$", 1)
	h.user("jan@example.org", h.one, func(n *auth.NewUser) { n.PasswordHash = php })
	isOld := func() bool { return h.count(`SELECT count(*) FROM credential WHERE password_hash = ?`, php) == 1 }

	if _, err := h.try(h.Gate, "jan@example.org", "winter2014", ""); code(err) != auth.LoginFailed || !isOld() {
		t.Errorf("a wrong password gives %v; unchanged: %v", err, isOld())
	}
	for n := range 2 {
		if _, err := h.try(h.Gate, "jan@example.org", "zomer2014", ""); err != nil || isOld() {
			t.Errorf("login %d gives %v; still bcrypt: %v", n, err, isOld())
		}
	}
	if n := h.count(`SELECT count(*) FROM credential WHERE password_hash LIKE '$argon2id$%'`); n != 1 {
		t.Errorf("%d passwords are argon2id", n)
	}
}

func TestHashesThatOnlyKeepUsBusyAreRefused(t *testing.T) {
	h := newHouse(t)
	for i, hash := range []string{"$2y$31$" + strings.Repeat("a", 53), "$2y$10$short", "$2y$", "*"} {
		email := fmt.Sprintf("u%d@example.org", i)
		h.user(email, h.one, func(n *auth.NewUser) { n.PasswordHash = hash })
		if _, err := h.try(h.Gate, email, good, ""); err == nil {
			t.Errorf("%q lets in", hash)
		}
	}
}

func TestAPasswordIsHashedAnewWhenTheParametersChange(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	dearer := h.gate(h.DB, func(o *auth.Options) { o.Hashing.MemoryKiB = 128 })
	for range 2 {
		if _, err := h.try(dearer, "jan@example.org", good, ""); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(`SELECT count(*) FROM credential WHERE password_hash LIKE '%m=128,%'`); n != 1 {
		t.Error("the hash is still the cheap one")
	}
}

func TestTenFailuresLockOutOnAllServers(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("piet@example.org", h.two)
	other := h.otherServer()
	for n := range 10 {
		g := []*auth.Gate{h.Gate, other}[n%2]
		if _, err := h.try(g, "jan@example.org", "wrong", ""); code(err) != auth.LoginFailed {
			t.Fatalf("failure %d gives %v", n, err)
		}
	}
	for name, g := range map[string]*auth.Gate{"this server": h.Gate, "the other": other} {
		if _, err := h.try(g, "jan@example.org", good, ""); code(err) != problem.RateLimited {
			t.Errorf("the right password on %s gives %v", name, err)
		}
	}
	if _, err := h.try(other, "piet@example.org", good, ""); err != nil {
		t.Errorf("somebody else is kept out: %v", err)
	}
	if m := h.mails("jan@example.org"); len(m) != 1 || m[0].Kind != "SECURITY_ACCOUNT_LOCKED" {
		t.Errorf("the user is told %+v", m)
	}
	if n := h.count(`SELECT count(*) FROM event WHERE kind = 'user.locked_out' AND actor = 'visitor'`); n != 1 {
		t.Errorf("the trail has %d lock-outs", n)
	}
	if n := h.count(`SELECT count(*) FROM login_attempt WHERE outcome = 'LOCKED'`); n != 2 {
		t.Errorf("the history has %d refusals", n)
	}

	h.Clock.Advance(91 * time.Second) // one attempt is back
	if _, err := h.try(h.Gate, "jan@example.org", "wrong", ""); code(err) != auth.LoginFailed {
		t.Errorf("the attempt that came back gives %v", err)
	}
	if _, err := h.try(h.Gate, "jan@example.org", good, ""); code(err) != problem.RateLimited {
		t.Errorf("the one after it gives %v", err)
	}
	h.Clock.Advance(91 * time.Second)
	if _, err := h.try(h.Gate, "jan@example.org", good, ""); err != nil {
		t.Errorf("the right password gives %v", err)
	}
	for n := range 10 { // a success gives all of them back
		if _, err := h.try(h.Gate, "jan@example.org", "wrong", ""); code(err) != auth.LoginFailed {
			t.Errorf("failure %d after it gives %v", n, err)
		}
	}
	if m := h.mails("jan@example.org"); len(m) != 1 {
		t.Errorf("the user is told %d times in a day", len(m))
	}
}

func TestNobodyElsewhereCanLockAUserOutAtHome(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	at := func(ip, password string) problem.Code {
		_, err := h.Login(t.Context(), nobody, auth.LoginInput{Email: "jan@example.org", Password: password, Client: client(ip)})
		return code(err)
	}
	const home, holiday, attacker = "192.0.2.1", "192.0.2.2", "192.0.2.3"
	if got := at(home, good); got != "" {
		t.Fatal(got)
	}
	for range 11 {
		at(attacker, "wrong")
	}
	for _, c := range []struct {
		name, ip, password string
		want               problem.Code
	}{
		{"the attacker is locked out", attacker, good, problem.RateLimited},
		{"so is the user on a holiday", holiday, good, problem.RateLimited},
		{"at home there is no lock-out", home, good, ""},
		{"nor does a login at home end that of elsewhere", attacker, good, problem.RateLimited},
	} {
		if got := at(c.ip, c.password); got != c.want {
			t.Errorf("%s: it gives %s", c.name, got)
		}
	}
	for range 10 {
		at(home, "wrong")
	}
	if got := at(home, good); got != problem.RateLimited {
		t.Errorf("ten failures at home give %s", got)
	}
}

func TestManyGuessesAtOnceAreNoMoreThanTheLimit(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	gates := []*auth.Gate{h.Gate, h.otherServer()}
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			if _, err := h.try(gates[n%2], "jan@example.org", fmt.Sprint("guess ", n), ""); err == nil || strings.HasPrefix(string(code(err)), "fault") {
				t.Errorf("guess %d gives %v", n, err)
			}
		})
	}
	wg.Wait()
	if n := h.count(`SELECT count(*) FROM login_attempt WHERE outcome = 'WRONG_PASSWORD'`); n != 10 {
		t.Errorf("%d passwords were looked at", n)
	}
}

func TestManyRightLoginsAtOnceDoNotLockEachOtherOut(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	gates := []*auth.Gate{h.Gate, h.otherServer()}
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			if _, err := h.try(gates[n%2], "jan@example.org", good, ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := h.count(`SELECT count(DISTINCT token_hash) FROM login_session`); n != 40 {
		t.Errorf("%d sessions were opened", n)
	}
}

func TestOneAddressCannotTryEverybody(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	from := func(ip, email, password string) error {
		_, err := h.Login(t.Context(), nobody, auth.LoginInput{Email: email, Password: password, Client: client(ip)})
		return err
	}
	for n := range 60 {
		ip := fmt.Sprintf("2001:db8:0:1::%x", n+1) // one house
		if err := from(ip, fmt.Sprintf("u%d@example.org", n), "wrong"); code(err) != auth.LoginFailed {
			t.Fatalf("failure %d gives %v", n, err)
		}
	}
	for _, c := range []struct {
		name, ip string
		want     problem.Code
	}{
		{"the same house", "2001:db8:0:1::ffff", problem.RateLimited},
		{"the house next door", "2001:db8:0:2::1", ""},
		{"an IPv4 address", "192.0.2.9", ""},
		{"the same IPv4 address, written as IPv6", "::ffff:192.0.2.9", ""},
	} {
		if err := from(c.ip, "jan@example.org", good); code(err) != c.want {
			t.Errorf("%s gives %v", c.name, err)
		}
	}
	for range 100 {
		if err := from("192.0.2.10", "jan@example.org", good); err != nil {
			t.Fatalf("right logins are counted: %v", err)
		}
	}
}

func TestAFloodOfLoginsWaitsForItsTurn(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	// So dear that one computation outlasts the patience of the others.
	g := h.gate(h.DB, func(o *auth.Options) {
		o.Hashing = auth.Hashing{MemoryKiB: 64 << 10, Iterations: 12, AtOnce: 1, MaxWait: time.Millisecond}
	})
	var mu sync.Mutex
	got := map[problem.Code]int{}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			_, err := h.try(g, fmt.Sprintf("u%d@example.org", n), "wrong", "")
			mu.Lock()
			defer mu.Unlock()
			got[code(err)]++
		})
	}
	wg.Wait()
	if got[problem.RateLimited] == 0 || got[auth.LoginFailed] == 0 || got[problem.RateLimited]+got[auth.LoginFailed] != 8 {
		t.Errorf("they get %v", got)
	}
}

func TestStaffBeginAtTheDeskAndUsersWhereTheyJoinedFirst(t *testing.T) {
	h := newHouse(t)
	h.user("admin@example.org", uuid.Nil, staff(viewer.Admin))
	u := h.user("jan@example.org", h.two)
	h.Clock.Advance(time.Second)
	h.user("partner@example.org", h.reseller)
	h.must(`INSERT INTO membership (id, user_id, account_id, role, created_at) VALUES (gen_random_uuid(), ?, ?, 'BILLING', now() + interval '1 day')`, u.ID, h.one)
	for email, want := range map[string]viewer.Viewer{
		"admin@example.org":   {Kind: viewer.Staff},
		"jan@example.org":     {Kind: viewer.Customer, Account: h.two},
		"partner@example.org": {Kind: viewer.Partner, Account: h.reseller},
	} {
		if v := h.login(email).Viewer; v.Kind != want.Kind || v.Account != want.Account {
			t.Errorf("%s is %s in %s", email, v.Kind, v.Account)
		}
	}
}
