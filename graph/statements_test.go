package graph_test

import (
	"fmt"
	"testing"
)

// dashboard is what the panel's first screen asks.
const dashboard = `query Dashboard { viewer { id kind name permissions
	account { id number name kind balance { amount } nextInvoice { on price { includingVat { amount } excludingVat { amount } vat { amount } } }
		summary { openAmount { amount } openInvoiceCount overdueAmount { amount } unreadNotificationCount activeSubscriptionCount domainCount diskBytes trafficBytes openTicketCount }
		notifications(first: 5, filter: {unread: true}) { nodes { id kind text createdAt subject { __typename id } } }
		invoices(first: 5) { totalCount nodes { id number issuedOn dueOn status openAmount { amount } total { includingVat { amount } } } }
		subscriptions(first: 100) { nodes { id label status renewsOn endsOn lastCancelOn nextInvoice { on price { includingVat { amount } } } price { amount }
			product { name kind } domain { id name expiresOn autoRenew } hostingPackage { id name usage { diskBytes diskPercent trafficBytes trafficPercent stale } } cancellation { id status effectiveOn } renewalOffer { id status } } } } } }`

// TestADashboardCostsTheSameStatementsWithOneOrAHundredSubscriptions counts what goes to PostgreSQL.
func TestADashboardCostsTheSameStatementsWithOneOrAHundredSubscriptions(t *testing.T) {
	a := newAPI(t)
	a.more(t, alone, 1)
	few := a.must(t, owner(alone), dashboard, nil)
	a.more(t, alone, 99)
	many := a.must(t, owner(alone), dashboard, nil)
	var got struct {
		Viewer struct {
			Account struct {
				Subscriptions struct {
					Nodes []struct{ Domain, HostingPackage *struct{ ID string } }
				}
			}
		}
	}
	many.into(t, &got)
	nodes := got.Viewer.Account.Subscriptions.Nodes
	if len(nodes) != 100 || nodes[50].Domain == nil || nodes[50].HostingPackage == nil {
		t.Fatalf("the dashboard shows %d subscriptions: %.300s", len(nodes), many.raw)
	}
	const most = 13 // the account, its sums, three lists, a total, the subjects of notifications, and what belongs to subscriptions
	if few.statements != many.statements || many.statements > most {
		t.Errorf("two subscriptions cost %d statements, a hundred %d; at most %d are allowed", few.statements, many.statements, most)
	}
}

// TestAPartnersListCostsTheSameStatementsWhateverItsLength is the same for accounts within accounts.
func TestAPartnersListCostsTheSameStatementsWhateverItsLength(t *testing.T) {
	a := newAPI(t)
	const customers = `{ viewer { account { customers(first: 100) { totalCount nodes { id name status nextInvoice { on price { includingVat { amount } } }
		summary { openAmount { amount } activeSubscriptionCount diskBytes } subscriptions(first: 3) { totalCount nodes { id label product { name } } }
		invoices(first: 3, filter: {status: [OPEN, OVERDUE]}) { totalCount nodes { number status } } } } } } }`
	one := a.must(t, owner(partner), customers, nil)
	for k := 10; k < 40; k++ {
		if _, err := a.Owner.DB.Exec(fmt.Sprintf(`insert into account (id, number, brand_id, kind, partner_id, company_name, customer_since, created_at) values (md5('account-%d')::uuid, 'K%d', md5('brand')::uuid, 'BUSINESS', md5('account-3')::uuid, 'Customer %d', '2020-01-01', '2020-01-01Z')`, k, k, k)); err != nil {
			t.Fatal(err)
		}
		a.more(t, k, 2)
	}
	thirty := a.must(t, owner(partner), customers, nil)
	if one.statements != thirty.statements || thirty.statements > 9 {
		t.Errorf("one customer costs %d statements, thirty-one %d; at most 9 are allowed", one.statements, thirty.statements)
	}
}

// more gives an account n further subscriptions, each with a domain and a package.
func (a *api) more(t testing.TB, k, n int) {
	t.Helper()
	statement := fmt.Sprintf(`insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
			select md5('more-%[1]d-' || n)::uuid, md5('account-%[1]d')::uuid, md5('product')::uuid, 'more' || n, 12, '2026-05-01', '2026-05-01', '2027-05-01', '2027-05-01', 'ACTIVE', '2026-05-01Z' from generate_series(1, %[2]d) n on conflict do nothing;
		insert into domain (id, account_id, subscription_id, name, status, expires_on, created_at)
			select md5('moredomain-%[1]d-' || n)::uuid, md5('account-%[1]d')::uuid, md5('more-%[1]d-' || n)::uuid, 'more' || n || '-%[1]d.nl', 'ACTIVE', '2027-05-01', '2026-05-01Z' from generate_series(1, %[2]d) n on conflict do nothing;
		insert into hosting_package (id, account_id, subscription_id, name, status, disk_bytes, traffic_bytes, measured_at, created_at)
			select md5('morepackage-%[1]d-' || n)::uuid, md5('account-%[1]d')::uuid, md5('more-%[1]d-' || n)::uuid, 'more' || n, 'ACTIVE', 1, 1, '2026-11-20Z', '2026-05-01Z' from generate_series(1, %[2]d) n on conflict do nothing;`, k, n)
	if _, err := a.Owner.DB.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
