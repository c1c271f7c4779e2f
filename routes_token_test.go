package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"

	"github.com/google/uuid"
)

const createToken = `mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { token apiToken { id name hint scopes expiresAt createdAt revokedAt } errors { __typename ... on UserError { code message path } } } }`

func tokenInput(name string, days int, scopes ...string) map[string]any {
	return map[string]any{"input": map[string]any{"name": name, "scopes": append([]string{}, scopes...), "expiresAt": time.Now().AddDate(0, 0, days).UTC().Format(time.RFC3339)}}
}

func TestATokenWorksWithinItsScopesUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	made := c.ask(t, createToken, tokenInput("boekhouding", 30, "BILLING_READ"))
	token := made.str("data.apiTokenCreate.token")
	if token == "" || !strings.HasPrefix(token, made.str("data.apiTokenCreate.apiToken.hint")) || made.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s %v", made.raw, made.header)
	}
	program := s.bearer(token)
	got := program.ask(t, "{ viewer { id kind name permissions user { email } session { id } sessions { id } loginAttempts { totalCount } apiTokens { totalCount } account { id } } invoices { totalCount } domains { totalCount } }", nil)
	if got.str("data.viewer.name") != "boekhouding" || got.str("data.viewer.id") != made.str("data.apiTokenCreate.apiToken.id") || got.at("data.invoices.totalCount") != 0.0 || got.at("data.domains") != nil ||
		got.at("data.viewer.account") != nil || got.at("data.viewer.apiTokens") != nil || got.at("data.viewer.session") != nil {
		t.Errorf("%s", got.raw)
	}
	listed := c.ask(t, "{ viewer { apiTokens { nodes { id name lastUsedAt } } } }", nil)
	if listed.str("data.viewer.apiTokens.nodes.0.lastUsedAt") == "" || strings.Contains(listed.raw, token) {
		t.Errorf("%s", listed.raw)
	}
	if n := s.number(t, "select count(*) from api_token where api_token::text like '%' || ? || '%'", token); n != 0 {
		t.Error("the token itself is stored")
	}
	if got := program.ask(t, createToken, tokenInput("more", 30, "BILLING_READ")); got.code() != "FORBIDDEN" {
		t.Errorf("a token makes tokens: %s", got.raw)
	}
	const revoke = "mutation($id: ID!) { apiTokenRevoke(input: {tokenId: $id}) { apiToken { revokedAt } errors { __typename ... on UserError { code message path } } } }"
	id := map[string]any{"id": made.str("data.apiTokenCreate.apiToken.id")}
	first := c.ask(t, revoke, id)
	if first.str("data.apiTokenRevoke.apiToken.revokedAt") == "" {
		t.Fatal(first.raw)
	}
	if again := c.ask(t, revoke, id); again.raw != first.raw {
		t.Errorf("revoking again changes something: %s, then %s", first.raw, again.raw)
	}
	until(t, "the token stops", func() bool { return program.ask(t, whoAmI, nil).status == http.StatusUnauthorized })
}

// TestATokenStopsWithinFiveSecondsOfWhateverEndsIt, also when that happens on another server.
func TestATokenStopsWithinFiveSecondsOfWhateverEndsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	c := s.signedIn(t, "owner@one.example")
	for name, end := range map[string]string{
		"revoked":              "update api_token set revoked_at = now()",
		"expired":              "update api_token set expires_at = now()",
		"its maker left":       "update app_user set status = 'DISABLED'",
		"its maker was let go": "delete from membership",
		"its account is gone":  "update account set status = 'ERASED'",
	} {
		made := c.ask(t, createToken, tokenInput(name, 30, "ACCOUNT_READ"))
		program := s.bearer(made.str("data.apiTokenCreate.token"))
		if got := program.ask(t, whoAmI, nil); got.status != 200 {
			t.Fatalf("%s: %s", name, got.raw)
		}
		var restore []string
		if err := s.Owner.NewRaw("select 'insert into membership select ' || quote_literal(id) || ', ' || quote_literal(user_id) || ', ' || quote_literal(account_id) || ', ' || quote_literal(role) || ', now()' from membership").Scan(t.Context(), &restore); err != nil {
			t.Fatal(err)
		}
		s.must(t, end)
		until(t, name, func() bool { return program.ask(t, whoAmI, nil).status == http.StatusUnauthorized })
		s.must(t, "update app_user set status = 'ACTIVE'; update account set status = 'ACTIVE'")
		if s.number(t, "select count(*) from membership") == 0 {
			s.must(t, restore[0])
		}
		until(t, "the session works again", func() bool { return c.ask(t, whoAmI, nil).at("data.viewer.account") != nil })
	}
}

func TestATokenMayNotDoMoreThanItsMaker(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.user(t, "owner@one.example", s.one, "OWNER")
	s.user(t, "admin@ping.example", uuid.Nil, "ADMIN")
	s.user(t, "support@ping.example", uuid.Nil, "SUPPORT")
	customer, admin, support := s.signedIn(t, "owner@one.example"), s.signedIn(t, "admin@ping.example"), s.signedIn(t, "support@ping.example")
	for _, test := range []struct {
		name string
		c    *client
		in   map[string]any
		code string
		path string
	}{
		{"no scopes", customer, tokenInput("x", 30), "INVALID", "scopes"},
		{"no name", customer, tokenInput("", 30, "BILLING_READ"), "INVALID", "name"},
		{"a blank name", customer, tokenInput(" \t", 30, "BILLING_READ"), "INVALID", "name"},
		{"a name of 101 characters", customer, tokenInput(strings.Repeat("é", 101), 30, "BILLING_READ"), "INVALID", "name"},
		{"a name of 100 characters", customer, tokenInput(strings.Repeat("é", 100), 30, "BILLING_READ"), "", ""},
		{"an end in the past", customer, tokenInput("x", -1, "BILLING_READ"), "INVALID", "expiresAt"},
		{"an end after a year", customer, tokenInput("x", 367, "BILLING_READ"), "INVALID", "expiresAt"},
		{"an end within a year", customer, tokenInput("x", 365, "BILLING_READ"), "", ""},
		{"what only staff may", customer, tokenInput("x", 30, "DESK_READ"), "FORBIDDEN", "scopes"},
		{"making tokens", customer, tokenInput("x", 30, "TOKEN_MANAGE"), "FORBIDDEN", "scopes"},
		{"managing users", customer, tokenInput("x", 30, "USER_MANAGE", "ACCOUNT_READ"), "FORBIDDEN", "scopes"},
		{"recording usage", customer, tokenInput("x", 30, "USAGE_RECORD"), "FORBIDDEN", ""},
		{"recording usage, by support", support, tokenInput("x", 30, "USAGE_RECORD"), "FORBIDDEN", ""},
		{"recording usage, by an admin", admin, tokenInput("x", 30, "USAGE_RECORD"), "", ""},
		{"recording usage and more", admin, tokenInput("x", 30, "USAGE_RECORD", "ACCOUNT_READ"), "FORBIDDEN", "scopes"},
		{"a visitor's", s.visitor(), tokenInput("x", 30, "BILLING_READ"), "UNAUTHENTICATED", ""},
	} {
		got := test.c.ask(t, createToken, test.in)
		if got.code() != test.code || (got.str("data.apiTokenCreate.token") != "") != (test.code == "") {
			t.Errorf("%s: %s", test.name, got.raw)
		}
		path, _ := got.at("data.apiTokenCreate.errors.0.path").([]any)
		if test.path != "" && (len(path) != 2 || path[0] != "input" || path[1] != test.path) {
			t.Errorf("%s: blames %v", test.name, path)
		}
	}
	if got := customer.ask(t, "mutation($id: ID!) { apiTokenRevoke(input: {tokenId: $id}) { errors { ... on UserError { code } } } }", map[string]any{"id": key.Format(key.APIToken, key.New())}); got.code() != "NOT_FOUND" {
		t.Errorf("revoking a token that nobody has: %s", got.raw)
	}
	made := admin.ask(t, createToken, tokenInput("the desk's", 30, "ACCOUNT_READ"))
	if got := customer.ask(t, "mutation($id: ID!) { apiTokenRevoke(input: {tokenId: $id}) { errors { ... on UserError { code } } } }", map[string]any{"id": made.at("data.apiTokenCreate.apiToken.id")}); got.code() != "NOT_FOUND" {
		t.Errorf("revoking a token of the desk: %s", got.raw)
	}
	if got := s.bearer(made.str("data.apiTokenCreate.token")).with(auth.AccountHeader, accountID(s.one)).ask(t, whoAmI, nil); got.status != http.StatusNotFound {
		t.Errorf("a token of the desk acts in an account: %d %s", got.status, got.raw)
	}
}
