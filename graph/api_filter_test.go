package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/viewer"

	"github.com/vektah/gqlparser/v2/ast"
)

// named returns one of the lists.
func named(t testing.TB, name string) list {
	t.Helper()
	for _, l := range everyList(t) {
		if l.name == name {
			return l
		}
	}
	t.Fatalf("there is no list %s", name)
	return list{}
}

// as returns the list as somebody else asks for it.
func (l list) as(v viewer.Viewer) list {
	l.v = v
	return l
}

// filtered is get for what fits on one page; the count must agree with the page.
func (a *api) filtered(t testing.TB, l list, arguments, selection string) onePage {
	t.Helper()
	p := a.get(t, l, "first: 100 "+arguments, selection)
	if p.TotalCount != len(p.Nodes) {
		t.Errorf("%s(%s): %d objects, %d by count", l.name, arguments, len(p.Nodes), p.TotalCount)
	}
	return p
}

// TestAFilterOnAnEnumLetsThroughJustThoseValues asks for each value of each filter, alone and all together.
func TestAFilterOnAnEnumLetsThroughJustThoseValues(t *testing.T) {
	a := newAPI(t)
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	a.many(t, partner, 60)
	a.customers(t, partner, 6)
	for i, kind := range schema.Types["NotificationKind"].EnumValues {
		if _, err := a.Owner.NewRaw("insert into notification (id, account_id, kind, created_at) values (md5('kind-' || ?)::uuid, ?, ?, '2026-11-03Z')", i, id("account", partner), kind.Name).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range everyList(t) {
		filter := l.field.Arguments.ForName("filter")
		if filter == nil {
			continue
		}
		if strings.HasPrefix(l.name, "Query.") {
			l.v = owner(partner) // staff see more than fits on a page
		}
		for _, f := range schema.Types[filter.Type.Name()].Fields {
			enum := schema.Types[f.Type.Name()]
			if enum.Kind != ast.Enum {
				continue
			}
			t.Run(l.name+" by "+f.Name, func(t *testing.T) { eachValue(t, a, l, f.Name, enum) })
		}
	}
}

func eachValue(t *testing.T, a *api, l list, field string, enum *ast.Definition) {
	path := ordering{path: []string{field}}
	if l.node.Name == "SubscriptionContract" && field == "kind" {
		path.path = []string{"product", "kind"}
	}
	var names []string
	for _, v := range enum.EnumValues {
		names = append(names, v.Name)
	}
	everything := "" // some lists leave out what is over unless asked
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	if status := schema.Types[l.field.Arguments.ForName("filter").Type.Name()].Fields.ForName("status"); status != nil {
		for _, v := range schema.Types[status.Type.Name()].EnumValues {
			everything += " " + v.Name
		}
		everything = "status: [" + everything + "] "
	}
	all := a.filtered(t, l, "filter: {"+everything+"}", path.selection())
	byValue := map[string][]string{}
	for _, n := range all.Nodes {
		var v any = n
		for _, name := range path.path {
			v = v.(map[string]any)[name]
		}
		byValue[v.(string)] = append(byValue[v.(string)], n["id"].(string))
	}
	if field == "status" {
		everything = ""
	}
	for _, name := range names {
		if len(byValue[name]) == 0 && (name != "DRAFT" || l.v.Kind == viewer.Staff) { // customers see no drafts
			t.Errorf("no object has %s %s, so nothing is proved", field, name)
		}
		if got := a.filtered(t, l, fmt.Sprintf("filter: {%s%s: [%s]}", everything, field, name), "").ids(); !slices.Equal(got, orEmpty(byValue[name])) {
			t.Errorf("%s: %d objects, want %d", name, len(got), len(byValue[name]))
		}
	}
	if got := a.filtered(t, l, fmt.Sprintf("filter: {%s%s: [%s]}", everything, field, strings.Join(names, " ")), "").ids(); !slices.Equal(got, all.ids()) {
		t.Errorf("all values: %d objects, want %d", len(got), len(all.Nodes))
	}
}

func orEmpty(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

// TestFiltersDrawTheLineWhereTheySay has a row on either side of each line.
func TestFiltersDrawTheLineWhereTheySay(t *testing.T) {
	a := newAPI(t)
	if _, err := a.Owner.DB.Exec(strings.ReplaceAll(`
		insert into invoice (id, account_id, kind, state, number, origin, issued_on, due_on, net_cents, vat_cents, created_at)
			select md5('line-' || day)::uuid, md5('account-1')::uuid, 'INVOICE', 'ISSUED', day, 'MANUAL', day::date, '2026-11-19'::date, 10000, 2100, '2020-01-01Z' from unnest(array['2013-12-31', '2014-01-01', '2019-12-31', '2020-01-01']) day;
		insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
			select md5('renews-' || day)::uuid, md5('account-1')::uuid, md5('product')::uuid, day, 12, '2026-01-01', '2026-01-01', day::date, '2027-01-01', 'ACTIVE', '2020-01-01Z' from unnest(array['2027-02-27', '2027-02-28', '2027-03-01']) day;
		insert into domain (id, account_id, name, status, expires_on, auto_renew, created_at) select md5(name)::uuid, md5('account-1')::uuid, name, 'ACTIVE', on_::date, renew, '2020-01-01Z'
			from (values ('a.co.uk', '2027-02-27', true), ('b.uk', '2027-02-28', false), ('c.nl', '2027-03-01', false), ('d.nlx', null, true), ('e_nl.com', '2029-01-01', true)) d(name, on_, renew);
		insert into hosting_package (id, account_id, name, status, disk_limit_bytes, disk_bytes, created_at) select md5(name)::uuid, md5('account-1')::uuid, name, 'ACTIVE', lim, used, '2020-01-01Z'
			from (values ('nothing measured', 100, null), ('no limit', null, 1000), ('a little less', 1000, 799), ('just enough', 1000, 800), ('over', 100, 150)) h(name, lim, used)`, "on_", `"on"`)); err != nil {
		t.Fatal(err)
	}
	v := owner(alone)
	for _, test := range []struct {
		list, filter, selection string
		want                    []string // of the selected field
	}{
		{"Query.invoices", "", "number", []string{"canary-1-credit", "canary-1-invoice", "2020-01-01", "2019-12-31", "2014-01-01"}},
		{"Query.invoices", "filter: {year: 2013}", "number", nil},
		{"Query.invoices", "filter: {year: 2019}", "number", []string{"2019-12-31"}},
		{"Query.invoices", "filter: {year: 2020}", "number", []string{"2020-01-01"}},
		{"Query.invoices", "filter: {year: 0}", "number", nil},
		{"Query.invoices", "filter: {year: -1}", "number", nil},
		{"Query.invoices", "filter: {year: 9999}", "number", nil},
		{"Query.invoices", "filter: {year: -2147483648}", "number", nil},
		{"Query.invoices", "filter: {year: 2147483647}", "number", nil},
		{"Query.invoices", `filter: {issuedFrom: "2019-12-31", issuedUntil: "2019-12-31"}`, "number", []string{"2019-12-31"}},
		{"Query.invoices", `filter: {issuedFrom: "2020-01-02", issuedUntil: "2026-03-01"}`, "number", []string{"canary-1-invoice"}},
		{"Query.invoices", `filter: {issuedFrom: "0001-01-01", issuedUntil: "2013-12-31"}`, "number", nil},
		{"Query.invoices", `filter: {issuedFrom: "9999-12-31"}`, "number", nil},
		{"Query.invoices", `filter: {amountFrom: "121.00", amountUntil: "121.00"}`, "number", []string{"2020-01-01", "2019-12-31", "2014-01-01"}},
		{"Query.invoices", `filter: {amountFrom: "121.01"}`, "number", nil},
		{"Query.invoices", `filter: {amountUntil: "-12.10"}`, "number", []string{"canary-1-credit"}},
		{"Query.invoices", `filter: {amountUntil: "-12.11"}`, "number", nil},
		{"Query.invoices", `filter: {number: "2014-01-01"}`, "number", []string{"2014-01-01"}},
		{"Query.invoices", `filter: {number: "2014-01"}`, "number", nil},
		{"Query.invoices", `filter: {number: "2014-01-01' or '1'='1"}`, "number", nil},
		{"Query.invoices", "filter: {kind: [CREDIT_NOTE], year: 2026}", "number", []string{"canary-1-credit"}},
		{"Query.invoices", "filter: {kind: []}", "number", []string{"canary-1-credit", "canary-1-invoice", "2020-01-01", "2019-12-31", "2014-01-01"}},
		{"Query.subscriptions", `filter: {renewsFrom: "2027-02-28"}`, "label", []string{"2027-02-28", "2027-03-01", "canary-1-label"}},
		{"Query.subscriptions", `filter: {renewsBefore: "2027-02-28"}`, "label", []string{"2027-02-27"}},
		{"Query.subscriptions", `filter: {renewsFrom: "2027-02-28", renewsBefore: "2027-03-01"}`, "label", []string{"2027-02-28"}},
		{"Query.domains", `filter: {expiresBefore: "2027-02-28"}`, "name", []string{"a.co.uk"}},
		{"Query.domains", "filter: {autoRenew: false}", "name", []string{"b.uk", "c.nl"}},
		{"Query.domains", `filter: {tld: ["nl"]}`, "name", []string{"c.nl", "canary-1-domain.nl"}},
		{"Query.domains", `filter: {tld: ["UK", "nlx"]}`, "name", []string{"a.co.uk", "b.uk", "d.nlx"}},
		{"Query.domains", `filter: {tld: ["co.uk"]}`, "name", []string{"a.co.uk"}},
		{"Query.domains", `filter: {tld: ["%", "_l", ""]}`, "name", nil},
		{"Query.domains", `orderBy: {field: EXPIRES_ON, direction: DESC}`, "name", []string{"e_nl.com", "canary-1-domain.nl", "c.nl", "b.uk", "a.co.uk"}},
		{"Query.hostingPackages", "filter: {minimumDiskPercent: 80}", "name", []string{"just enough", "over"}},
		{"Query.hostingPackages", "filter: {minimumDiskPercent: 2147483647}", "name", nil},
		{"Query.hostingPackages", "filter: {minimumDiskPercent: -2147483648}", "name", []string{"a little less", "canary-1-package", "just enough", "over"}},
	} {
		p := a.filtered(t, named(t, test.list).as(v), test.filter, test.selection)
		var got []string
		for _, n := range p.Nodes {
			got = append(got, n[test.selection].(string))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s(%s): %q, want %q", test.list, test.filter, got, test.want)
		}
	}
	for _, test := range []struct {
		name, list, filter string
		v                  viewer.Viewer
		want               []string
	}{
		{"an invoice that was due yesterday is overdue", "Query.accounts", "filter: {hasOverdueInvoice: true}", staff(), accountsOf(alone, other, partner, partner2, ofThis, ofThat)},
		{"of the partner's none is", "Query.accounts", "filter: {hasOverdueInvoice: true, isPartner: false}", owner(partner), accountsOf(ofThis)},
		{"partners", "Query.accounts", "filter: {isPartner: true}", staff(), accountsOf(partner, partner2)},
		{"others", "Query.accounts", "filter: {isPartner: false}", owner(partner), accountsOf(ofThis)},
		{"consumers", "Query.accounts", "filter: {kind: [CONSUMER]}", staff(), nil},
	} {
		got := a.filtered(t, named(t, test.list).as(test.v), test.filter, "").ids()
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, orEmpty(test.want)) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	for filter, want := range map[string]int{"": 1, "filter: {unread: true}": 1, "filter: {unread: false}": 0, "filter: {kind: [INVOICE_OPEN], unread: true}": 1, "filter: {kind: [INVOICE_PAID]}": 0} {
		l := named(t, "Account.notifications")
		if got := len(a.filtered(t, l, filter, "").Nodes); got != want {
			t.Errorf("%s: %d notifications, want %d", filter, got, want)
		}
	}
}

func accountsOf(ks ...int) (ids []string) {
	for _, k := range ks {
		ids = append(ids, gid(key.Account, "account", k))
	}
	return ids
}

// TestDraftsAndWhatIsOlderThanTheArchiveAreShownNowhere tries every way to an invoice (P-08).
func TestDraftsAndWhatIsOlderThanTheArchiveAreShownNowhere(t *testing.T) {
	a := newAPI(t)
	if _, err := a.Owner.DB.Exec(`
		insert into invoice (id, account_id, kind, state, number, origin, issued_on, due_on, net_cents, vat_cents, refers_to_id, created_at)
			values (md5('late')::uuid, md5('account-1')::uuid, 'CREDIT_NOTE', 'ISSUED', 'late', 'IMPORT', '2014-01-01', '2014-01-01', -100, -21, md5('old-1')::uuid, '2014-01-01Z');
		insert into customer_order (id, account_id, number, status, invoice_id, net_cents, vat_cents, created_at) values (md5('order-draft')::uuid, md5('account-1')::uuid, 'draft', 'PLACED', md5('draft-1')::uuid, 1, 0, '2026-11-19Z'),
			(md5('order-old')::uuid, md5('account-1')::uuid, 'old', 'PLACED', md5('old-1')::uuid, 1, 0, '2026-11-19Z');
		insert into notification (id, account_id, kind, subject_type, subject_id, created_at) values (md5('about-old')::uuid, md5('account-1')::uuid, 'INVOICE_PAID', 'inv', md5('old-1')::uuid, '2014-01-01Z')`); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]viewer.Viewer{"owner": owner(alone), "staff": staff()} {
		got := a.must(t, v, `query($ids: [ID!]!) { nodes(ids: $ids) { id } account(id: "`+gid(key.Account, "account", alone)+`") {
			invoices(first: 100) { totalCount nodes { id number refersTo { id } creditNotes { id } } } orders { nodes { number invoice { id number } } } notifications { nodes { subject { id } } } } }`,
			map[string]any{"ids": []string{gid(key.Invoice, "old", alone), gid(key.Invoice, "draft", alone)}})
		for _, hidden := range []string{"old", "draft"} {
			if strings.Contains(got.raw, gid(key.Invoice, hidden, alone)) {
				t.Errorf("%s sees the %s invoice: %s", name, hidden, got.raw)
			}
		}
		if !strings.Contains(got.raw, `"number":"late","refersTo":null`) {
			t.Errorf("%s does not see the first day of the archive: %s", name, got.raw)
		}
	}
}
