package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/viewer"
)

// TestARoleSeesNullWhereItMayNotLookAndNeverAnError walks everything below the viewer's account.
func TestARoleSeesNullWhereItMayNotLookAndNeverAnError(t *testing.T) {
	a := newAPI(t)
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	walk := everything{schema}
	for _, role := range []viewer.AccountRole{viewer.Owner, viewer.Billing, viewer.Technical} {
		for _, f := range schema.Types["Account"].Fields {
			query := "{ viewer { account { " + f.Name + " " + walk.of(f.Type.Name(), 3, "Query") + " } } }"
			if got := a.ask(t, owner(partner).With(role.Permissions()...), query, nil); len(got.Errors) > 0 {
				t.Errorf("%s: account.%s: %+v", role, f.Name, got.Errors[0])
			}
		}
	}
}

// TestATechnicalUserSeesNoAmounts checks the fields that the schema says are null without billing:read.
func TestATechnicalUserSeesNoAmounts(t *testing.T) {
	a := newAPI(t)
	const query = `{ viewer { account { balance { amount } nextInvoice { on } invoices { totalCount } payments { totalCount } quotes { totalCount } orders { totalCount }
			summary { openAmount { amount } overdueAmount { amount } openInvoiceCount activeSubscriptionCount }
			subscriptions { nodes { label price { amount } nextInvoice { on } } } domains { totalCount } tickets { totalCount } } }
		invoices { totalCount } quotes { totalCount } orders { totalCount } invoice: node(id: "` // and the id
	ask := func(role viewer.AccountRole) (data map[string]any) {
		a.must(t, owner(alone).With(role.Permissions()...), query+gid(key.Invoice, "invoice", alone)+`") { id } payment: node(id: "`+gid(key.Payment, "payment", alone)+`") { id } }`, nil).into(t, &data)
		return data
	}
	amounts := []string{"balance", "nextInvoice", "invoices", "payments", "quotes", "orders", "openAmount", "overdueAmount", "openInvoiceCount", "price", "invoice", "payment"}
	for role, sees := range map[viewer.AccountRole]bool{viewer.Owner: true, viewer.Billing: true, viewer.Technical: false} {
		data := ask(role)
		for _, name := range amounts {
			if found := find(data, name); (found != nil) != sees {
				t.Errorf("%s: %s is %v", role, name, found)
			}
		}
		if find(data, "label") != "canary-1-label" || find(data, "activeSubscriptionCount") != 1.0 || find(data, "domains") == nil {
			t.Errorf("%s does not see the services: %v", role, data)
		}
	}
}

// TestATokenWithOneScopeSeesOneThing asks every list as a token that may read one thing.
func TestATokenWithOneScopeSeesOneThing(t *testing.T) {
	a := newAPI(t)
	always := []string{"brand", "products"}
	for scope, want := range map[viewer.Permission][]string{
		viewer.ReadAccount: {"accounts", "changeRequests"}, viewer.ReadBilling: {"invoices", "orders", "quotes"},
		viewer.ReadService: {"cancellations", "domains", "hostingPackages", "renewalOffers", "subscriptions"},
		viewer.ReadSupport: {"tickets"}, viewer.ManageAccount: {}, viewer.ManageBilling: {}, viewer.RecordUsage: {}, viewer.ReadDesk: {},
	} {
		token := owner(alone).With(scope)
		token.Session, token.Token = [16]byte{}, id("apitoken", alone)
		if got := a.roots(t, token); !slices.Equal(got, sorted(append(want, always...))) {
			t.Errorf("%s sees %v, want %v", scope, got, want)
		}
	}
	if got := a.roots(t, viewer.Nobody("nl")); !slices.Equal(got, always) {
		t.Errorf("a visitor sees %v", got)
	}
	machine := viewer.Viewer{Kind: viewer.Machine, Token: id("apitoken", 9), Language: "en"}.With(viewer.RecordUsage)
	if got := a.roots(t, machine); !slices.Equal(got, always) {
		t.Errorf("a machine sees %v", got)
	}
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

// roots returns the lists and objects of the root that are not null for v. None may be an error.
func (a *api) roots(t testing.TB, v viewer.Viewer) (names []string) {
	t.Helper()
	var query strings.Builder
	for _, l := range everyList(t) {
		if name, ok := strings.CutPrefix(l.name, "Query."); ok {
			fmt.Fprintf(&query, " %s { totalCount nodes { id } }", name)
		}
	}
	var data map[string]any
	a.must(t, v, "{ brand { name }"+query.String()+" }", nil).into(t, &data)
	for name, value := range data {
		if value != nil {
			names = append(names, name)
		}
	}
	return sorted(names)
}

func TestWhoSeesWhichAccounts(t *testing.T) {
	a := newAPI(t)
	for name, test := range map[string]struct {
		v    viewer.Viewer
		want []string
	}{
		"a customer its own":                              {owner(alone), accountsOf(alone)},
		"a partner its own and its customers'":            {owner(partner), accountsOf(partner, ofThis)},
		"a partner's customer its own, not the partner's": {owner(ofThis), accountsOf(ofThis)},
		"support all": {staff().With(viewer.Support.Permissions()...), accountsOf(alone, other, partner, partner2, ofThis, ofThat)},
		"a partner's user without a right to accounts, none": {owner(partner).With(viewer.ReadBilling), nil},
	} {
		var got struct {
			Accounts *struct{ Nodes []struct{ ID string } }
		}
		a.must(t, test.v, "{ accounts(first: 100) { nodes { id } } }", nil).into(t, &got)
		var ids []string
		if got.Accounts != nil {
			for _, n := range got.Accounts.Nodes {
				ids = append(ids, n.ID)
			}
		}
		if !slices.Equal(sorted(ids), sorted(test.want)) {
			t.Errorf("%s: %v, want %v", name, ids, test.want)
		}
	}
	hidden := a.must(t, owner(ofThis), "{ viewer { account { partner { id } customers { totalCount } } } }", nil)
	if !strings.Contains(hidden.raw, `"partner":null`) || !strings.Contains(hidden.raw, `"totalCount":0`) {
		t.Errorf("a partner's customer sees %s", hidden.raw)
	}
	shown := a.must(t, staff(), `{ account(id: "`+accountsOf(ofThis)[0]+`") { partner { id } } }`, nil)
	if !strings.Contains(shown.raw, accountsOf(partner)[0]) {
		t.Errorf("staff see %s", shown.raw)
	}
}

// TestAUserOfTwoAccountsSeesTheNameOfTheOtherAndNothingElse: to switch to it takes no more.
func TestAUserOfTwoAccountsSeesTheNameOfTheOtherAndNothingElse(t *testing.T) {
	a := newAPI(t)
	if _, err := a.Owner.NewRaw("insert into membership (id, user_id, account_id, role, created_at) values (?, ?, ?, 'BILLING', '2021-01-01Z')", id("second", 1), id("user", alone), id("account", other)).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	const query = "{ viewer { account { id } memberships { role accountId accountName account { id } user { id } } } accounts { nodes { id } } }"
	for here, there := range map[int]int{alone: other, other: alone} {
		v := owner(here)
		v.User = id("user", alone)
		var got struct {
			Viewer struct {
				Memberships []struct {
					Role, AccountID, AccountName string
					Account                      *struct{ ID string }
				}
			}
			Accounts struct{ Nodes []struct{ ID string } }
		}
		a.must(t, v, query, nil).into(t, &got)
		if len(got.Viewer.Memberships) != 2 || len(got.Accounts.Nodes) != 1 || got.Accounts.Nodes[0].ID != accountsOf(here)[0] {
			t.Fatalf("in account %d: %+v", here, got)
		}
		for _, m := range got.Viewer.Memberships {
			k := here
			if m.AccountID == accountsOf(there)[0] {
				k = there
			}
			if m.AccountID != accountsOf(k)[0] || m.AccountName != fmt.Sprintf("canary-%d-company", k) || (m.Account != nil) != (k == here) {
				t.Errorf("in account %d: %+v", here, m)
			}
		}
	}
}
