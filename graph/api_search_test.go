package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"klantenpaneel/internal/viewer"
)

// TestASearchFindsEveryWordAndTakesWildcardsLiterally tries what support types (P-10).
func TestASearchFindsEveryWordAndTakesWildcardsLiterally(t *testing.T) {
	a := newAPI(t)
	if _, err := a.Owner.DB.Exec(`
		insert into account (id, number, brand_id, kind, company_name, first_name, last_name, email, phone, postcode, city, customer_since, created_at)
			select md5('found-' || n)::uuid, n, md5('brand')::uuid, 'BUSINESS', company, first, last, mail, phone, postcode, city, '2020-01-01', '2020-01-01Z'
			from (values ('10077', 'Bakkerij De Korst B.V.', 'Siobhán', 'O''Brien', 'Info@De-Korst.example', '+31 30 123 45 67', '3511 AB', 'Utrecht'),
				('10078', '100% Natural_Co', 'José', 'van der Berg', 'jose@natural.example', '', '9712 CD', 'Groningen'),
				('10079', 'C:\temp', '', '', 'x@y.example', '', '', ''),
				('10080', 'Bakkerij Utrecht', '', '', 'bakker@example.org', '', '', 'Zeist')) f(n, company, first, last, mail, phone, postcode, city);
		insert into domain (id, account_id, name, status, created_at) select md5('found' || name)::uuid, md5('found-10078')::uuid, name, 'ACTIVE', '2020-01-01Z' from unnest(array['puur-natuur.nl', 'xn--caf-dma.example', 'shop.natuur.com']) name;
		insert into invoice (id, account_id, kind, state, number, origin, issued_on, due_on, net_cents, vat_cents, search, created_at)
			select md5('found' || n)::uuid, md5('account-1')::uuid, 'INVOICE', 'ISSUED', n, 'MANUAL', '2020-01-01', '2020-01-15', 10000, 2100, search, '2020-01-01Z'
			from (values ('2020-0001', '2020-0001 webhosting basis puur-natuur.nl 50% korting'), ('2020-0002', '2020-0002 domeinnaam puur_natuur.com')) f(n, search);
		insert into ticket (id, account_id, number, subject, status, opened_at, last_message_at) select md5('found' || n)::uuid, md5('account-1')::uuid, n, subject, 'OPEN', '2026-11-01Z', '2026-11-01Z'
			from (values ('100777', 'Mail komt niet aan (100%)'), ('100778', 'MAIL_archief vol')) f(n, subject);
		insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
			select md5('found' || label)::uuid, md5('account-1')::uuid, md5('product')::uuid, label, 12, '2026-01-01', '2026-01-01', '2027-01-01', '2027-01-01', 'ACTIVE', '2020-01-01Z' from unnest(array['Puur-Natuur.nl', 'VPS_groot 50%']) label;
		insert into hosting_package (id, account_id, name, status, created_at) select md5('found' || name)::uuid, md5('account-1')::uuid, name, 'ACTIVE', '2020-01-01Z' from unnest(array['Puur-Natuur.nl', 'VPS_groot 50%']) name;`); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		list, selection, search string
		want                    []string
	}{
		{"accounts", "number", "10077", []string{"10077"}},
		{"accounts", "number", "1007", []string{"10078", "10077", "10079"}},
		{"accounts", "number", "bakkerij", []string{"10077", "10080"}},
		{"accounts", "number", "UTRECHT bakkerij", []string{"10077", "10080"}},
		{"accounts", "number", "  korst \t\n utrecht ", []string{"10077"}},
		{"accounts", "number", "bakkerij groningen", nil},
		{"accounts", "number", "o'brien", []string{"10077"}},
		{"accounts", "number", "SIOBHÁN", []string{"10077"}},
		{"accounts", "number", "info@de-korst.EXAMPLE", []string{"10077"}},
		{"accounts", "number", "123 45 67", []string{"10077"}},
		{"accounts", "number", "9712 cd", []string{"10078"}},
		{"accounts", "number", "puur-natuur.nl", []string{"10078"}},
		{"accounts", "number", "natuur berg groningen", []string{"10078"}},
		{"accounts", "number", "100%", []string{"10078"}},
		{"accounts", "number", "natural_co", []string{"10078"}},
		{"accounts", "number", "natura__co", nil},
		{"accounts", "number", "%", []string{"10078"}},
		{"accounts", "number", "_", []string{"10078"}},
		{"accounts", "number", `c:\temp`, []string{"10079"}},
		{"accounts", "number", `\`, []string{"10079"}},
		{"accounts", "number", "' or 1=1 --", nil},
		{"accounts", "number", "1007?", nil},
		{"invoices", "number", "2020-0001", []string{"2020-0001"}},
		{"invoices", "number", "2020-000", []string{"2020-0002", "2020-0001"}},
		{"invoices", "number", "WEBHOSTING puur", []string{"2020-0001"}},
		{"invoices", "number", "puur_natuur", []string{"2020-0002"}},
		{"invoices", "number", "50%", []string{"2020-0001"}},
		{"invoices", "number", "puur domeinnaam webhosting", nil},
		{"domains", "name", "natuur", []string{"puur-natuur.nl", "shop.natuur.com"}},
		{"domains", "name", "NATUUR .com", []string{"shop.natuur.com"}},
		{"domains", "name", "puur_natuur", nil},
		{"domains", "name", "%", nil},
		{"tickets", "number", "100777", []string{"100777"}},
		{"tickets", "number", "mail", []string{"100778", "100777"}},
		{"tickets", "number", "mail_", []string{"100778"}},
		{"tickets", "number", "100%", []string{"100777"}},
		{"subscriptions", "label", "puur-natuur", []string{"Puur-Natuur.nl"}},
		{"subscriptions", "label", "vps_groot 50%", []string{"VPS_groot 50%"}},
		{"subscriptions", "label", "vps%50", nil},
		{"hostingPackages", "name", "PUUR nl", []string{"Puur-Natuur.nl"}},
		{"hostingPackages", "name", "_", []string{"VPS_groot 50%"}},
	} {
		l := named(t, "Query."+test.list)
		p := a.filtered(t, l, fmt.Sprintf("search: %s", quoted(test.search)), test.selection)
		var got []string
		for _, n := range p.Nodes {
			got = append(got, n[test.selection].(string))
		}
		slices.Sort(got)
		slices.Sort(test.want)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s for %q: %q, want %q", test.list, test.search, got, test.want)
		}
	}
	nothing := named(t, "Query.accounts")
	whole, blank := a.filtered(t, nothing, "", ""), a.filtered(t, nothing, `search: "   "`, "")
	if !slices.Equal(whole.ids(), blank.ids()) {
		t.Error("a search for blanks hides accounts")
	}
	for name, v := range map[string]viewer.Viewer{"a customer": owner(alone), "a partner": owner(partner)} {
		if p := a.filtered(t, nothing.as(v), `search: "bakkerij"`, ""); len(p.Nodes) != 0 {
			t.Errorf("%s finds accounts of others: %v", name, p.Nodes)
		}
	}
	if p := a.filtered(t, named(t, "Account.customers"), `search: "canary-4-company"`, ""); !slices.Equal(p.ids(), accountsOf(ofThis)) {
		t.Errorf("the partner finds %v among its customers", p.ids())
	}
}
