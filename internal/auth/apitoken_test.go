package auth_test

import (
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

func (h *house) token(v viewer.Viewer, scopes ...viewer.Permission) (*auth.APIToken, string, error) {
	return h.CreateAPIToken(h.t.Context(), v, auth.APITokenCreateInput{Name: "Boekhouding", Scopes: scopes, ExpiresAt: h.Clock.Now().Add(24 * time.Hour), Client: client(visitor)})
}

func TestWhoMayMakeWhichToken(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("partner@example.org", h.reseller)
	technical := h.user("technical@example.org", h.one)
	h.must(`UPDATE membership SET role = 'TECHNICAL' WHERE user_id = ?`, technical.ID)
	h.user("support@example.org", uuid.Nil, staff(viewer.Support))
	h.user("admin@example.org", uuid.Nil, staff(viewer.Admin))
	for _, c := range []struct {
		name   string
		who    string
		scopes []viewer.Permission
		want   problem.Code
		kind   viewer.Kind
	}{
		{"an owner for the books", "jan", []viewer.Permission{viewer.ReadBilling, viewer.ReadAccount}, "", viewer.Customer},
		{"a partner for its customers", "partner", []viewer.Permission{viewer.ReadAccount, viewer.ReadService}, "", viewer.Partner},
		{"staff for the desk", "support", []viewer.Permission{viewer.ReadDesk}, "", viewer.Staff},
		{"an administrator for a server", "admin", []viewer.Permission{viewer.RecordUsage}, "", viewer.Machine},
		{"the same scope twice is once", "jan", []viewer.Permission{viewer.ReadBilling, viewer.ReadBilling}, "", viewer.Customer},
		{"nothing", "jan", nil, problem.Invalid, ""},
		{"more than one may do oneself", "jan", []viewer.Permission{viewer.ReadAccount, viewer.ReadDesk}, problem.Forbidden, ""},
		{"what there is not", "jan", []viewer.Permission{"all"}, problem.Forbidden, ""},
		{"what makes tokens", "jan", []viewer.Permission{viewer.ManageTokens}, problem.Forbidden, ""},
		{"what manages users", "admin", []viewer.Permission{viewer.ManageUsers}, problem.Forbidden, ""},
		{"a server's, by an owner", "jan", []viewer.Permission{viewer.RecordUsage}, problem.Forbidden, ""},
		{"a server's, by support", "support", []viewer.Permission{viewer.RecordUsage}, problem.Forbidden, ""},
		{"a server's that does more", "admin", []viewer.Permission{viewer.RecordUsage, viewer.ReadDesk}, problem.Forbidden, ""},
		{"by a technician", "technical", []viewer.Permission{viewer.ReadService}, problem.Forbidden, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := h.login(c.who + "@example.org")
			made, token, err := h.token(l.Viewer, c.scopes...)
			if code(err) != c.want {
				t.Fatalf("it gives %v", err)
			}
			if c.want != "" {
				return
			}
			v, err := ask(h.Gate, token, "")
			if err != nil || made.Kind != c.kind || v.Kind != c.kind || v.Token != made.ID || v.User != l.User.ID || v.Account != l.Viewer.Account || v.Session != uuid.Nil {
				t.Errorf("it is %+v, %v", v, err)
			}
			want := viewer.Viewer{}.With(c.scopes...).Permissions()
			if !slices.Equal(v.Permissions(), want) || len(made.Scopes) != len(want) {
				t.Errorf("it may %v, scopes %v", v.Permissions(), made.Scopes)
			}
			if !strings.HasPrefix(token, made.Hint) || len(made.Hint) > 8 || h.count(`SELECT count(*) FROM api_token AS t WHERE position(? in t::text) > 0`, token) != 0 {
				t.Errorf("its hint is %q, or it stands in the database", made.Hint)
			}
		})
	}
	if _, _, err := h.token(nobody, viewer.ReadAccount); code(err) != problem.Unauthenticated {
		t.Errorf("a visitor gets %v", err)
	}
	owner := h.login("jan@example.org").Viewer
	owner.Session, owner.Token = uuid.Nil, key.New()
	if _, _, err := h.token(owner, viewer.ReadAccount); code(err) != problem.Forbidden {
		t.Errorf("a token that makes tokens gets %v", err)
	}
	if m := h.mails("partner@example.org"); len(m) != 1 || !strings.Contains(m[0].Subject, "Boekhouding") {
		t.Errorf("the notice is %+v", m)
	}
	if n := h.count(`SELECT count(*) FROM event WHERE kind = 'api_token.created'`); n != 5 {
		t.Errorf("the trail has %d tokens", n)
	}
}

func TestATokenHasANameAndAnEnd(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	v, now := h.login("jan@example.org").Viewer, h.Clock.Now()
	for _, c := range []struct {
		name, called string
		ends         time.Time
		blames       string
	}{
		{"a second from now", "x", now.Add(time.Second), ""},
		{"a year from now", " x ", now.AddDate(1, 0, 0), ""},
		{"a hundred characters", strings.Repeat("é", 100), now.Add(time.Hour), ""},
		{"now", "x", now, "expiresAt"},
		{"never", "x", time.Time{}, "expiresAt"},
		{"two years from now", "x", now.AddDate(2, 0, 0), "expiresAt"},
		{"no name", " ", now.Add(time.Hour), "name"},
		{"a name with a NUL", "a\x00b", now.Add(time.Hour), "name"},
		{"a name of two lines", "a\nb", now.Add(time.Hour), "name"},
		{"101 characters", strings.Repeat("é", 101), now.Add(time.Hour), "name"},
	} {
		_, _, err := h.CreateAPIToken(t.Context(), v, auth.APITokenCreateInput{Name: c.called, Scopes: []viewer.Permission{viewer.ReadAccount}, ExpiresAt: c.ends})
		if blames(err) != c.blames || (err == nil) != (c.blames == "") {
			t.Errorf("%s gives %v", c.name, err)
		}
	}
	for range 47 {
		if _, _, err := h.token(v, viewer.ReadAccount); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.token(v, viewer.ReadAccount); code(err) != problem.Invalid {
		t.Errorf("the 51st gives %v", err)
	}
	h.Clock.Advance(25 * time.Hour)
	if _, _, err := h.token(v, viewer.ReadAccount); err != nil {
		t.Errorf("when most are over it gives %v", err)
	}
}

func TestATokenStopsWithItsEndItsMakerAndItsRevocation(t *testing.T) {
	for _, c := range []struct {
		name string
		stop func(h *house, t *auth.APIToken)
		want problem.Code
	}{
		{"nothing happened", func(*house, *auth.APIToken) {}, ""},
		{"its end came", func(h *house, _ *auth.APIToken) { h.Clock.Advance(24 * time.Hour) }, problem.Unauthenticated},
		{"its maker is disabled", func(h *house, _ *auth.APIToken) { h.must(`UPDATE app_user SET status = 'DISABLED'`) }, problem.Unauthenticated},
		{"its maker was let go", func(h *house, _ *auth.APIToken) { h.must(`DELETE FROM membership`) }, problem.Unauthenticated},
		{"its account was erased", func(h *house, _ *auth.APIToken) { h.must(`UPDATE account SET status = 'ERASED'`) }, problem.Unauthenticated},
		{"it was revoked", func(h *house, t *auth.APIToken) { h.must(`UPDATE api_token SET revoked_at = now()`) }, problem.Unauthenticated},
		{"its maker set another password", func(h *house, _ *auth.APIToken) {
			h.forgot("jan@example.org")
			_, l := h.link("jan@example.org")
			_ = h.set(h.Gate, l, better)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.user("jan@example.org", h.one)
			made, token, err := h.token(h.login("jan@example.org").Viewer, viewer.ReadBilling, viewer.ReadService)
			if err != nil {
				t.Fatal(err)
			}
			v, err := ask(h.Gate, token, "")
			if err != nil {
				t.Fatal(err)
			}
			c.stop(h, made)
			other := h.otherServer() // which remembers nothing
			if _, err := ask(other, token, ""); code(err) != c.want {
				t.Errorf("a request gives %v", err)
			}
			if err := other.Fresh(t.Context(), v); code(err) != c.want {
				t.Errorf("an open connection gives %v", err)
			}
		})
	}
}

func TestATokenMayNoMoreThanItsMakerStillMay(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	_, token, err := h.token(h.login("jan@example.org").Viewer, viewer.ReadBilling, viewer.ReadService)
	if err != nil {
		t.Fatal(err)
	}
	h.must(`UPDATE membership SET role = 'TECHNICAL'`)
	v, err := ask(h.Gate, token, "")
	if err != nil || v.Can(viewer.ReadBilling) || !v.Can(viewer.ReadService) {
		t.Errorf("it may %v, %v", v.Permissions(), err)
	}
	if _, err := ask(h.Gate, token, key.Format(key.Account, h.one)); err != nil {
		t.Errorf("in its own account it gives %v", err)
	}
	for _, account := range []uuid.UUID{h.two, key.New()} {
		if _, err := ask(h.Gate, token, key.Format(key.Account, account)); code(err) != problem.NotFound {
			t.Errorf("in another account it gives %v", err)
		}
	}
}

func TestATokenIsRevokedByWhoMay(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	h.user("colleague@example.org", h.one)
	h.user("piet@example.org", h.two)
	h.user("support@example.org", uuid.Nil, staff(viewer.Support))
	h.user("admin@example.org", uuid.Nil, staff(viewer.Admin))
	as := func(who string) viewer.Viewer { return h.login(who + "@example.org").Viewer }
	make := func(who string, scope viewer.Permission) *auth.APIToken {
		made, _, err := h.token(as(who), scope)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	for _, c := range []struct {
		name, maker, who string
		scope            viewer.Permission
		want             problem.Code
	}{
		{"its maker", "jan", "jan", viewer.ReadAccount, ""},
		{"another owner of the account", "jan", "colleague", viewer.ReadAccount, ""},
		{"an owner of another account", "jan", "piet", viewer.ReadAccount, problem.NotFound},
		{"support staff", "jan", "support", viewer.ReadAccount, problem.NotFound},
		{"an administrator", "jan", "admin", viewer.ReadAccount, ""},
		{"support staff, its own", "support", "support", viewer.ReadDesk, ""},
		{"a customer, one of the desk", "support", "jan", viewer.ReadDesk, problem.NotFound},
		{"support staff, a server's", "admin", "support", viewer.RecordUsage, problem.NotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := make(c.maker, c.scope)
			for range 2 {
				got, err := h.RevokeAPIToken(t.Context(), as(c.who), made.ID)
				if code(err) != c.want || err == nil && (got.RevokedAt == nil || got.ID != made.ID) {
					t.Errorf("it gives %+v, %v", got, err)
				}
			}
			if n := h.count(`SELECT count(*) FROM event WHERE kind = 'api_token.revoked' AND subject_id = ?`, made.ID); (n == 1) != (c.want == "") {
				t.Errorf("the trail has it %d times", n)
			}
		})
	}
	if _, err := h.RevokeAPIToken(t.Context(), as("jan"), key.New()); code(err) != problem.NotFound {
		t.Errorf("an unknown one gives %v", err)
	}
}

func TestThatATokenIsUsedIsNoted(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	made, token, err := h.token(h.login("jan@example.org").Viewer, viewer.ReadAccount)
	if err != nil {
		t.Fatal(err)
	}
	for _, wait := range []time.Duration{time.Hour, time.Second, time.Second} {
		h.Clock.Advance(wait)
		if _, err := ask(h.Gate, token, ""); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.count(`SELECT count(*) FROM api_token WHERE last_used_at = ?::timestamptz + interval '1 hour'`, made.CreatedAt); n != 1 {
		t.Error("it was not noted once in the minute")
	}
}

func TestASeedMayKnowItsTokens(t *testing.T) {
	h := newHouse(t)
	token := auth.APITokenOf([32]byte{1, 2, 3})
	made := &auth.APIToken{ID: key.New(), Kind: viewer.Machine, Name: "node1", Scopes: []viewer.Permission{viewer.RecordUsage}, CreatedAt: h.Clock.Now(), ExpiresAt: h.Clock.Now().Add(time.Hour)}
	h.system(func(tx *pg.Tx) error { return auth.InsertAPIToken(t.Context(), tx, made, token) })
	v, err := ask(h.Gate, token, "")
	if err != nil || v.Kind != viewer.Machine || v.User != uuid.Nil || !slices.Equal(v.Permissions(), []viewer.Permission{viewer.RecordUsage}) || v.Language != "nl" {
		t.Errorf("it is %+v, %v", v, err)
	}
}

func TestWhatIsOverIsSweptAway(t *testing.T) {
	h := newHouse(t)
	h.user("jan@example.org", h.one)
	over, open := h.login("jan@example.org"), h.login("jan@example.org")
	h.forgot("jan@example.org")
	if err := h.Logout(t.Context(), over.Viewer); err != nil {
		t.Fatal(err)
	}
	_ = open
	rows := func() [4]int {
		return [4]int{h.count(`SELECT count(*) FROM rate_limit`), h.count(`SELECT count(*) FROM login_session`), h.count(`SELECT count(*) FROM one_time_link`), h.count(`SELECT count(*) FROM login_attempt`)}
	}
	for _, c := range []struct {
		name  string
		after time.Duration
		want  [4]int
	}{
		{"at once nothing goes", 0, [4]int{2, 2, 1, 2}},
		{"a day later the limits are back", 24 * time.Hour, [4]int{0, 2, 1, 2}},
		{"90 days after it was left, a session goes; so does the link", 90 * 24 * time.Hour, [4]int{0, 1, 0, 2}},
		{"then the one that was never left", 30 * 24 * time.Hour, [4]int{0, 0, 0, 2}},
		{"after a year the history", 300 * 24 * time.Hour, [4]int{}},
	} {
		h.Clock.Advance(c.after)
		for range 2 {
			if err := h.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := rows(); got != c.want {
			t.Errorf("%s: %v are left, not %v", c.name, got, c.want)
		}
	}
}
