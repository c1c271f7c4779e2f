package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

func accountID(id uuid.UUID) string { return key.Format(key.Account, id) }

// TestAUserOfSeveralAccountsActsInOneAtATime switches by the header, for a request, and by the mutation, for the session.
func TestAUserOfSeveralAccountsActsInOneAtATime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := s.user(t, "both@example.org", s.one, "OWNER")
	s.system(t, func(tx *pg.Tx) error { return auth.AddMembership(t.Context(), tx, u.ID, s.reseller, viewer.Billing) })
	c := s.signedIn(t, "both@example.org")
	account := func(c *client) string { return c.ask(t, whoAmI, nil).str("data.viewer.account.id") }

	if got := account(c); got != accountID(s.one) {
		t.Fatalf("begins in %s", got)
	}
	there := c.with(auth.AccountHeader, accountID(s.reseller)).ask(t, whoAmI, nil)
	permissions, _ := there.at("data.viewer.permissions").([]any)
	if there.str("data.viewer.account.id") != accountID(s.reseller) || there.str("data.viewer.kind") != "PARTNER" || slices.Contains(permissions, any("TOKEN_MANAGE")) || !slices.Contains(permissions, any("BILLING_READ")) {
		t.Errorf("by the header: %s", there.raw)
	}
	if got := account(c); got != accountID(s.one) {
		t.Errorf("the header moved the session to %s", got)
	}
	for name, id := range map[string]string{"of another user": accountID(s.two), "that nobody has": accountID(key.New()), "malformed": "x", "of another type": key.Format(key.Invoice, s.reseller)} {
		for _, asker := range []*client{c, s.bearer(c.cookie.Value)} {
			got := asker.with(auth.AccountHeader, id).ask(t, whoAmI, nil)
			if got.status != http.StatusNotFound || got.code() != "NOT_FOUND" || got.at("data") != nil {
				t.Errorf("an account %s: %d %s", name, got.status, got.raw)
			}
		}
		got := c.ask(t, selectAccount, map[string]any{"id": id})
		if got.code() != "NOT_FOUND" || got.at("data.sessionSelectAccount.viewer") != nil || account(c) != accountID(s.one) {
			t.Errorf("selecting an account %s: %s", name, got.raw)
		}
	}
	moved := c.ask(t, selectAccount, map[string]any{"id": accountID(s.reseller)})
	if moved.str("data.sessionSelectAccount.viewer.account.id") != accountID(s.reseller) || moved.str("data.sessionSelectAccount.query.viewer.kind") != "PARTNER" || account(c) != accountID(s.reseller) {
		t.Errorf("by the mutation: %s", moved.raw)
	}
	if got := c.ask(t, selectAccount, map[string]any{"id": nil}); got.code() != "NOT_FOUND" {
		t.Errorf("a customer goes to the desk: %s", got.raw)
	}
	s.must(t, "delete from membership where account_id = ?", s.reseller)
	until(t, "the membership is gone", func() bool { return account(c) == "" })
}

const selectAccount = `mutation($id: ID) { sessionSelectAccount(input: {accountId: $id}) { viewer { kind account { id } } query { viewer { kind } } errors { __typename ... on UserError { code message path } } } }`

func TestStaffLookThroughACustomersEyesAndGoBackToTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := s.user(t, "admin@ping.example", uuid.Nil, "ADMIN")
	s.system(t, func(tx *pg.Tx) error { return auth.AddMembership(t.Context(), tx, u.ID, s.one, viewer.Technical) })
	c := s.signedIn(t, "admin@ping.example")
	if got := c.ask(t, whoAmI, nil); got.str("data.viewer.kind") != "STAFF" || got.at("data.viewer.account") != nil {
		t.Errorf("begins as %s", got.raw)
	}
	if got := c.ask(t, selectAccount, map[string]any{"id": accountID(s.one)}); got.str("data.sessionSelectAccount.viewer.kind") != "CUSTOMER" {
		t.Errorf("in an account: %s", got.raw)
	}
	if got := c.ask(t, "{ accounts { nodes { id } } invoices { totalCount } }", nil); strings.Contains(got.raw, accountID(s.two)) || got.at("data.invoices") != nil {
		t.Errorf("in an account as a technical user staff see %s", got.raw)
	}
	if got := c.ask(t, "mutation { sessionSelectAccount(input: {}) { viewer { kind } errors { __typename } } }", nil); got.str("data.sessionSelectAccount.viewer.kind") != "STAFF" {
		t.Errorf("back: %s", got.raw)
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "other@two.example", s.two, "OWNER")
	phone := s.visitor("User-Agent", "Phone/1.0")
	phone.login(t, "owner@one.example", password, "")
	laptop, tablet, stranger := s.signedIn(t, "owner@one.example"), s.signedIn(t, "owner@one.example"), s.signedIn(t, "other@two.example")
	sessions := func(c *client) (ids []string, agents string) {
		got := c.ask(t, "{ viewer { session { id current } sessions { id current ipAddress userAgent } } }", nil)
		for i := 0; got.at("data.viewer.sessions") != nil && i < len(got.at("data.viewer.sessions").([]any)); i++ {
			at := "data.viewer.sessions." + string(rune('0'+i))
			ids = append(ids, got.str(at+".id"))
			agents += got.str(at+".userAgent") + " "
			if current := got.at(at+".current") == true; current != (got.str(at+".id") == got.str("data.viewer.session.id")) || got.str(at+".ipAddress") != "127.0.0.1" {
				t.Errorf("%s", got.raw)
			}
		}
		return ids, agents
	}
	ids, agents := sessions(laptop)
	if len(ids) != 3 || !strings.Contains(agents, "Phone/1.0") {
		t.Fatalf("%v %s", ids, agents)
	}
	theirs, _ := sessions(stranger)
	const revoke = "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) { revokedCount errors { __typename ... on UserError { code message path } } } }"
	by := func(c *client, input map[string]any) reply { return c.ask(t, revoke, map[string]any{"input": input}) }

	for name, id := range map[string]string{"of another user": theirs[0], "that nobody has": key.Format(key.Session, key.New()), "malformed": "ses_x"} {
		if got := by(laptop, map[string]any{"sessionId": id}); got.code() != "NOT_FOUND" || got.at("data.sessionRevoke.revokedCount") != nil {
			t.Errorf("a session %s: %s", name, got.raw)
		}
	}
	for name, input := range map[string]map[string]any{"neither": {}, "both": {"allOthers": true, "sessionId": ids[0]}, "nothing": {"sessionId": nil}} {
		if got := by(laptop, input); got.at("data.sessionRevoke") != nil || got.at("errors") == nil {
			t.Errorf("%s: %s", name, got.raw)
		}
	}
	if got := by(laptop, map[string]any{"allOthers": false}); got.at("data.sessionRevoke.revokedCount") != 0.0 {
		t.Errorf("allOthers: false ends sessions: %s", got.raw)
	}
	if ids, _ := sessions(laptop); len(ids) != 3 {
		t.Errorf("after refusals %d sessions are left", len(ids))
	}
	if got := by(laptop, map[string]any{"sessionId": ids[2]}); got.at("data.sessionRevoke.revokedCount") != 1.0 { // the phone's is the oldest
		t.Errorf("%s", got.raw)
	}
	if got := by(laptop, map[string]any{"sessionId": ids[2]}); got.at("data.sessionRevoke.revokedCount") != 0.0 {
		t.Errorf("revoked twice: %s", got.raw)
	}
	if got := phone.ask(t, whoAmI, nil); got.at("data.viewer") != nil {
		t.Errorf("the phone goes on: %s", got.raw)
	}
	if got := by(laptop, map[string]any{"allOthers": true}); got.at("data.sessionRevoke.revokedCount") != 1.0 {
		t.Errorf("%s", got.raw)
	}
	if got := tablet.ask(t, whoAmI, nil); got.at("data.viewer") != nil {
		t.Errorf("the tablet goes on: %s", got.raw)
	}
	for name, c := range map[string]*client{"the laptop": laptop, "the stranger": stranger} {
		if got := c.ask(t, whoAmI, nil); got.at("data.viewer") == nil {
			t.Errorf("%s was signed out: %s", name, got.raw)
		}
	}
	if attempts := laptop.ask(t, "{ viewer { loginAttempts { totalCount nodes { outcome ipAddress } } } }", nil); attempts.at("data.viewer.loginAttempts.totalCount") != 3.0 {
		t.Errorf("%s", attempts.raw)
	}
}
