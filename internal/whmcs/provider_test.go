package whmcs

import (
	"errors"
	"maps"
	"strings"
	"testing"
)

// start is a small shop: one client, one product that renews on 26 May, one domain and one user.
var start = provider{
	"tblclients":  {client},
	"tblproducts": {"id=1; name=Webhosting Basis; type=hostingaccount"},
	"tblhosting": {"id=1; userid=1; packageid=1; server=1; username=u1; domain=kaptuin.nl; regdate=2020-05-26; nextduedate=2027-05-26; nextinvoicedate=2027-05-26; amount=72.00; billingcycle=Annually; domainstatus=Active; " +
		"diskusage=100; disklimit=0; bwusage=5; bwlimit=51200; lastupdate=2026-11-20 03:00:00"},
	"tbldomains":       {"id=1; userid=1; domain=Kaptuin.NL; registrationdate=2020-05-26; recurringamount=9.00; registrationperiod=1; expirydate=2027-05-26; nextduedate=2027-05-26; nextinvoicedate=2027-05-26; status=Active; donotrenew=0; registrar=sidn"},
	"tblusers":         {"id=1; email=Noor@Example.org; first_name=Noor; last_name=de Groot; password=$2y$10$9AAh.cGdAGefGGGeaA7h1F/8Db43.d72a087g0AG6dEh32ceg5gdf"},
	"tblusers_clients": {"id=1; auth_user_id=1; client_id=1; owner=1"},
}

// with returns the shop with other rows in some tables.
func with(other provider) provider {
	p := maps.Clone(start)
	maps.Copy(p, other)
	return p
}

const (
	paidInvoice = "id=10; userid=1; invoicenum=2026001; date=2026-05-01; duedate=2026-05-15; datepaid=2026-05-03 10:00:00; subtotal=100.00; credit=0.00; tax=21.00; tax2=0.00; total=121.00; taxrate=21.000; taxrate2=0.000; status=Paid"
	itemOfIt    = "id=100; invoiceid=10; userid=1; type=Item; relid=0; description=Werk; amount=100.00; taxed=1"
	paymentOfIt = "id=1000; userid=1; gateway=mollieideal; date=2026-05-03 10:00:00; amountin=121.00; amountout=0.00; transid=tr_1; invoiceid=10"
)

func instead(row string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		parts := strings.Split(row, "; ")
		found := false
		for n, p := range parts {
			if strings.HasPrefix(p, pairs[i]+"=") {
				parts[n], found = pairs[i]+"="+pairs[i+1], true
			}
		}
		if row = strings.Join(parts, "; "); !found {
			row += "; " + pairs[i] + "=" + pairs[i+1]
		}
	}
	return row
}

// look is what must be found after an import.
type look struct{ query, want string }

// Every case reconciles, also a second time, unless it says that rows are refused.
func TestWhatProvidersHave(t *testing.T) {
	const money = "SELECT concat_ws(' ', state, i.kind, number, total_cents, allocated_cents, credited_cents, open_cents) FROM invoice i JOIN import_ref r ON r.target_id = i.id AND r.kind = 'tblinvoices' WHERE r.source_id = '10'"
	const balance = "SELECT balance_cents || ': ' || coalesce((SELECT string_agg(reason || amount_cents, ' ' ORDER BY recorded_at, amount_cents) FROM balance_entry), '') FROM account"
	const pays = "SELECT string_agg(concat_ws(' ', direction, method, status, amount_cents, refunded_cents, provider, provider_id), '; ' ORDER BY direction, paid_at, amount_cents) FROM payment"
	const contract = "SELECT concat_ws(' ', s.label, price_cents, term_months, s.status, billed_until_on, ends_on, end_reason) FROM subscription s JOIN import_ref r ON r.target_id = s.id WHERE r.kind = 'tblhosting'"
	invoice := func(rows provider) provider {
		p := provider{"tblinvoices": {paidInvoice}, "tblinvoiceitems": {itemOfIt}, "tblaccounts": {paymentOfIt}}
		maps.Copy(p, rows)
		return p
	}
	for _, tt := range []struct {
		name    string
		source  provider
		looks   []look
		says    []string // parts of findings, as "table: part"
		refused bool
	}{
		{name: "a shop", source: provider{}, looks: []look{
			{contract, "kaptuin.nl 7200 12 ACTIVE 2027-05-26"},
			{"SELECT concat_ws(' ', h.name, node, username, h.status, disk_limit_bytes, traffic_limit_bytes, disk_bytes, d.name) FROM hosting_package h JOIN domain d ON d.id = h.domain_id", "kaptuin.nl server-1 u1 ACTIVE 53687091200 104857600 kaptuin.nl"},
			{"SELECT string_agg(code || ' ' || kind || ' ' || coalesce(amount_cents::text, ''), ', ' ORDER BY code) FROM product p LEFT JOIN product_price pp ON pp.product_id = p.id", "DOM-NL DOMAIN 900, WEBHOSTING-BASIS HOSTING 7200"},
			{"SELECT name || ' ' || status || ' ' || registrar || ' ' || auto_renew FROM domain", "kaptuin.nl ACTIVE sidn true"},
		}},
		{name: "a paid invoice", source: invoice(nil), looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}, {pays, "IN IDEAL PAID 12100 0 mollie tr_1"}}},
		{name: "an invoice that is paid in part", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Unpaid")}, "tblaccounts": {instead(paymentOfIt, "amountin", "21.50")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 2150 0 9950"}}},
		{name: "an invoice that was paid twice", source: invoice(provider{"tblclients": {instead(client, "credit", "121.00")}, "tblaccounts": {paymentOfIt, instead(paymentOfIt, "id", "1001", "transid", "tr_2", "date", "2026-05-04 10:00:00")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}, {balance, "12100: OVERPAYMENT12100"}}, says: []string{"tblaccounts: 121.00 of it is more than invoice 10 asks for"}},
		{name: "an invoice that was paid from the balance", source: invoice(provider{"tblclients": {instead(client, "credit", "5.00")}, "tblaccounts": {instead(paymentOfIt, "amountin", "100.00")},
			"tblinvoices": {instead(paidInvoice, "credit", "21.00", "total", "100.00")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}, {balance, "500: IMPORT2600 USED-2100"}}},
		{name: "an invoice that was marked as paid without a payment", source: invoice(provider{"tblaccounts": nil}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}, {balance, "0: CORRECTION-12100 CORRECTION12100"}}, says: []string{"tblinvoices: 121.00 of it was never booked"}},
		{name: "a refunded invoice", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Refunded")},
			"tblaccounts": {paymentOfIt, "id=1001; userid=1; gateway=mollieideal; date=2026-05-09 10:00:00; amountin=0.00; amountout=121.00; transid=re_1; invoiceid=10; refundid=1000"}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 0 12100 0"}, {pays, "IN IDEAL REFUNDED 12100 12100 mollie tr_1; OUT IDEAL PAID 12100 0 mollie"}, {balance, "0: "}}, says: []string{"tblinvoices: refunded in WHMCS"}},
		{name: "an invoice of which a part was refunded", source: invoice(provider{"tblaccounts": {paymentOfIt, "id=1001; userid=1; gateway=mollieideal; date=2026-05-09 10:00:00; amountin=0.00; amountout=21.00; invoiceid=10; refundid=1000"}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 10000 2100 0"}, {pays, "IN IDEAL PARTIALLY_REFUNDED 12100 2100 mollie tr_1; OUT IDEAL PAID 2100 0 mollie"}}, says: []string{"tblinvoices: 21.00 was paid back"}},
		{name: "a chargeback as a negative payment", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Unpaid")}, "tblaccounts": {paymentOfIt, instead(paymentOfIt, "id", "1001", "amountin", "-121.00", "transid", "", "gateway", "molliedirectdebit")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 0 0 12100"}, {pays, "IN IDEAL REFUNDED 12100 12100 mollie tr_1; OUT DIRECT_DEBIT PAID 12100 0 mollie"}}},
		{name: "a row of money in and out", source: invoice(provider{"tblaccounts": {instead(paymentOfIt, "amountout", "21.00")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 12100 10000 2100 0"}, {"SELECT count(*) FROM payment", "2"}}, says: []string{"tblinvoices: 21.00 was paid back"}},
		{name: "a cancelled invoice", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Cancelled")}, "tblaccounts": nil}), looks: []look{{money, "ISSUED INVOICE 2026001 12100 0 12100 0"}}, says: []string{"tblinvoices: cancelled in WHMCS"}},
		{name: "an invoice with a collector", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Collections")}, "tblaccounts": nil}), looks: []look{{money, "ISSUED INVOICE 2026001 12100 0 0 12100"}}, says: []string{"tblinvoices: collector"}},
		{name: "a draft", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Draft", "invoicenum", "")}, "tblaccounts": nil}), looks: []look{{money, "DRAFT INVOICE 12100 0 0 0"}}, says: []string{"tblinvoices: it is a draft"}},
		{name: "a negative invoice", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "subtotal", "-100.00", "tax", "-21.00", "total", "-121.00")}, "tblinvoiceitems": {instead(itemOfIt, "amount", "-100.00")}, "tblaccounts": nil}),
			looks: []look{{money, "ISSUED CREDIT_NOTE 2026001 -12100 0 0 0"}}, says: []string{"tblinvoices: negative"}},
		{name: "an invoice of nothing", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "subtotal", "0.00", "tax", "0.00", "total", "0.00")}, "tblinvoiceitems": {instead(itemOfIt, "amount", "0.00")}, "tblaccounts": nil}), looks: []look{{money, "ISSUED INVOICE 2026001 0 0 0 0"}}},
		{name: "an invoice whose lines are with VAT", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "subtotal", "24.79", "tax", "5.21", "total", "30.00", "status", "Unpaid")}, "tblaccounts": nil,
			"tblinvoiceitems": {instead(itemOfIt, "amount", "10.00"), instead(itemOfIt, "id", "101", "amount", "10.00"), instead(itemOfIt, "id", "102", "amount", "10.00")}}),
			looks: []look{{money, "ISSUED INVOICE 2026001 3000 0 0 3000"}, {"SELECT string_agg(net_cents::text, ' ' ORDER BY position) FROM invoice_line", "826 827 826"}, {"SELECT net_cents || ' ' || vat_cents FROM invoice_vat", "2479 521"}}},
		{name: "an invoice whose lines do not add up", source: invoice(provider{"tblinvoiceitems": {instead(itemOfIt, "amount", "90.00")}}), looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}, {"SELECT string_agg(description || net_cents, ' ' ORDER BY position) FROM invoice_line", "Werk9000 Verschil met de regels in WHMCS1000"}}, says: []string{"tblinvoices: its lines make 90.00"}},
		{name: "an invoice without lines", source: invoice(provider{"tblinvoiceitems": nil}), looks: []look{{money, "ISSUED INVOICE 2026001 12100 12100 0 0"}}, says: []string{"tblinvoices: its lines make 0.00"}},
		{name: "lines with and without VAT", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "subtotal", "110.00", "total", "131.00")}, "tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "amount", "10.00", "taxed", "0", "type", "LateFee")}, "tblaccounts": {instead(paymentOfIt, "amountin", "131.00")}}),
			looks: []look{{"SELECT string_agg(concat_ws(' ', category, rate, net_cents, vat_cents), ', ' ORDER BY rate) FROM invoice_vat", "Z 0 1000 0, S 2100 10000 2100"}}},
		{name: "German VAT of a German consumer", source: invoice(provider{"tblclients": {instead(client, "country", "DE", "companyname", "", "tax_id", "")}, "tblinvoices": {instead(paidInvoice, "tax", "19.00", "total", "119.00", "taxrate", "19.000")}, "tblaccounts": {instead(paymentOfIt, "amountin", "119.00")}}),
			looks: []look{{"SELECT concat_ws(' ', category, rate, country, vat_cents) FROM invoice_vat", "S 1900 DE 1900"}, {"SELECT kind || country FROM location_evidence", "BILLING_ADDRESSDE"}}},
		{name: "an id that is another invoice's number", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "invoicenum", ""), instead(paidInvoice, "id", "11", "invoicenum", "10", "status", "Unpaid")}, "tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11")}}),
			looks: []look{{"SELECT string_agg(number, ' ' ORDER BY number) FROM invoice", "10 WHMCS-10"}}, says: []string{"tblinvoices: another invoice has its id as number"}},
		{name: "a number that two invoices have", source: invoice(provider{"tblinvoices": {paidInvoice, instead(paidInvoice, "id", "11", "status", "Unpaid")}, "tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11")}}),
			looks: []look{{"SELECT string_agg(number, ' ' ORDER BY number) FROM invoice", "2026001 2026001-11"}}, says: []string{"tblinvoices: is taken by another invoice"}},
		{name: "an invoice without a date", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "date", "0000-00-00")}}), looks: []look{{"SELECT issued_on FROM invoice", "2026-05-03"}}, says: []string{"tblinvoices: it has no date"}},
		{name: "notes on an invoice", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "notes", "Bel&amp;mail")}}), looks: []look{{"SELECT body FROM account_note", "Bij factuur 2026001: Bel&mail"}}, says: []string{"tblinvoices: notes"}},

		{name: "a mass payment that was paid", source: invoice(provider{
			"tblinvoices": {instead(paidInvoice, "credit", "121.00", "total", "0.00"), instead(paidInvoice, "id", "11", "invoicenum", "2026002", "subtotal", "50.00", "tax", "10.50", "credit", "60.50", "total", "0.00"),
				"id=12; userid=1; invoicenum=2026003; date=2026-05-02; duedate=2026-05-02; subtotal=181.50; credit=0.00; tax=0.00; total=181.50; taxrate=0.000; status=Paid"},
			"tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11", "amount", "50.00"), "id=102; invoiceid=12; type=Invoice; relid=10; description=Invoice #10; amount=121.00; taxed=0", "id=103; invoiceid=12; type=Invoice; relid=11; description=Invoice #11; amount=60.50; taxed=0"},
			"tblaccounts":     {instead(paymentOfIt, "invoiceid", "12", "amountin", "181.50")},
			"tblcredit":       {"id=1; clientid=1; amount=181.50; description=Mass Invoice Payment Credit", "id=2; clientid=1; amount=-121.00; description=Credit Applied to Invoice #10", "id=3; clientid=1; amount=-60.50; description=Credit Applied to Invoice #11"}}),
			looks: []look{{"SELECT string_agg(number || ' ' || total_cents || ' ' || open_cents, ', ' ORDER BY number) FROM invoice", "2026001 12100 0, 2026002 6050 0"}, {"SELECT string_agg(amount_cents::text, ' ' ORDER BY amount_cents) FROM allocation WHERE payment_id IS NOT NULL", "6050 12100"}, {balance, "0: "}},
			says:  []string{"tblinvoiceitems: part of a request", "tblinvoices: it asks for payment of other invoices"}},
		{name: "a mass payment that is open", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Unpaid"), "id=12; userid=1; date=2026-05-02; duedate=2026-05-02; subtotal=121.00; credit=0.00; tax=0.00; total=121.00; taxrate=0.000; status=Unpaid"},
			"tblinvoiceitems": {itemOfIt, "id=102; invoiceid=12; type=Invoice; relid=10; description=Invoice #10; amount=121.00; taxed=0"}, "tblaccounts": nil}), looks: []look{{"SELECT count(*) || ' ' || sum(open_cents) FROM invoice", "1 12100"}}, says: []string{"tblinvoiceitems: part of a request", "tblinvoices: it asks for payment"}},
		{name: "money that was added to the balance", source: invoice(provider{"tblclients": {instead(client, "credit", "50.00")}, "tblinvoices": {"id=10; userid=1; date=2026-05-02; duedate=2026-05-02; subtotal=50.00; credit=0.00; tax=0.00; total=50.00; taxrate=0.000; status=Paid"},
			"tblinvoiceitems": {"id=102; invoiceid=10; type=AddFunds; relid=0; description=Tegoed; amount=50.00; taxed=0"}, "tblaccounts": {instead(paymentOfIt, "amountin", "50.00")}}), looks: []look{{balance, "5000: OVERPAYMENT5000"}, {"SELECT count(*) FROM invoice", "0"}}, says: []string{"tblinvoiceitems: part of a request", "tblinvoices: add to the balance"}},
		{name: "credit of which the history does not tell", source: provider{"tblclients": {instead(client, "credit", "12.10")}, "tblcredit": {"id=1; clientid=1; amount=10.00"}}, looks: []look{{balance, "1210: IMPORT1210"}}, says: []string{"tblclients: its history makes 10.00"}},
		{name: "a payment for an invoice that was deleted", source: provider{"tblaccounts": {paymentOfIt}}, looks: []look{{pays, "IN IDEAL PAID 12100 0 mollie tr_1"}, {balance, "0: "}}, says: []string{"tblaccounts: its invoice 10 does not exist"}},
		{name: "the provider's own bookkeeping", source: provider{"tblaccounts": {"id=1; userid=0; invoiceid=0; gateway=x; date=2026-01-01; amountin=0.00; amountout=500.00; transid="}}, looks: []look{{"SELECT count(*) FROM payment", "0"}}, says: []string{"tblaccounts: belongs to no client"}},
		{name: "one transaction for two invoices", source: invoice(provider{"tblinvoices": {paidInvoice, instead(paidInvoice, "id", "11", "invoicenum", "2026002")}, "tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11")}, "tblaccounts": {paymentOfIt, instead(paymentOfIt, "id", "1001", "invoiceid", "11")}}),
			looks: []look{{"SELECT count(*) || ' ' || count(provider_id) || ' ' || string_agg(reference, ' ') FROM payment", "2 1 tr_1 tr_1"}}},

		{name: "a total that is not subtotal and tax", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "total", "121.01")}}), says: []string{"tblinvoices: 10 refused: subtotal 100.00 and tax 21.00 make 121.00, but total and credit make 121.01", "tblinvoiceitems: refused", "tblaccounts: refused"}, refused: true},
		{name: "an amount of a tenth of a cent", source: invoice(provider{"tblaccounts": {instead(paymentOfIt, "amountin", "121.001")}}), says: []string{"tblinvoices: refused: its payment 1000 is refused", "tblinvoiceitems: refused", "tblaccounts: refused: amountin \"121.001\" is not an amount in cents"}, refused: true},
		{name: "an unknown status", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "status", "Vaag")}}), says: []string{"tblinvoiceitems: refused", "tblaccounts: refused", "tblinvoices: refused: its status \"Vaag\" is unknown"}, refused: true},
		{name: "an invoice of nobody", source: invoice(provider{"tblinvoices": {instead(paidInvoice, "userid", "7")}, "tblaccounts": nil}), says: []string{"tblinvoiceitems: left out", "tblinvoices: refused: client 7 does not exist"}, refused: true},
		{name: "a client who pays in dollars", source: provider{"tblcurrencies": {"id=1; code=EUR", "id=2; code=USD"}, "tblclients": {instead(client, "currency", "2")}}, says: []string{"tbldomains: refused", "tblclients: refused: it pays in USD", "tblhosting: refused: its client 1 is refused", "tblusers_clients: refused"}, refused: true},
		{name: "a product that does not exist", source: provider{"tblhosting": {instead(start["tblhosting"][0], "packageid", "9")}}, says: []string{"tblhosting: refused: its product 9 does not exist"}, refused: true},
		{name: "no domain name", source: provider{"tbldomains": {instead(start["tbldomains"][0], "domain", "mijn domein")}}, says: []string{"tbldomains: refused: \"mijn domein\" is not a domain name"}, refused: true},

		{name: "a free service", source: provider{"tblhosting": {instead(start["tblhosting"][0], "billingcycle", "Free Account", "amount", "0.00", "nextduedate", "0000-00-00", "nextinvoicedate", "0000-00-00")}}, looks: []look{{contract, "kaptuin.nl 0 1 ACTIVE 2026-11-26"}}, says: []string{"tblhosting: free"}},
		{name: "a service that is paid once", source: provider{"tblhosting": {instead(start["tblhosting"][0], "billingcycle", "One Time", "nextduedate", "0000-00-00", "nextinvoicedate", "0000-00-00")}}, looks: []look{{"SELECT count(*) FROM subscription", "1"}, {"SELECT name || (subscription_id IS NULL) FROM hosting_package", "kaptuin.nltrue"}}, says: []string{"tblhosting: paid once"}},
		{name: "an addon", source: provider{"tbladdons": {"id=1; name=Back-up"}, "tblhostingaddons": {"id=1; hostingid=1; addonid=1; name=; recurring=2.00; billingcycle=Monthly; regdate=2026-01-15; nextduedate=2026-12-15; nextinvoicedate=2026-12-15; status=Active",
			"id=2; hostingid=1; addonid=0; name=Met de hand; recurring=24.00; billingcycle=Annually; regdate=2026-01-15; nextduedate=2027-01-15; nextinvoicedate=2027-01-15; status=Cancelled"}},
			looks: []look{{"SELECT string_agg(concat_ws(' ', s.label, p.code, price_cents, s.status), ', ' ORDER BY s.label) FROM subscription s JOIN product p ON p.id = s.product_id WHERE s.label LIKE '% %'", "Back-up kaptuin.nl BACK-UP 200 ACTIVE, Met de hand kaptuin.nl EXTRA 2400 ENDED"}}, says: []string{"tblhostingaddons: does not say when it ended"}},
		{name: "prices with VAT", source: provider{"tblconfiguration": {"setting=TaxType; value=Inclusive"}, "tblhosting": {instead(start["tblhosting"][0], "amount", "87.12")}}, looks: []look{{contract, "kaptuin.nl 7200 12 ACTIVE 2027-05-26"}}},
		{name: "a price list", source: provider{"tblpricing": {"id=1; type=product; currency=1; relid=1; monthly=-1.00; annually=80.00; biennially=150.00", "id=2; type=domainrenew; currency=1; relid=5; msetupfee=10.00; qsetupfee=19.00"}, "tbldomainpricing": {"id=5; extension=.nl"}},
			looks: []look{{"SELECT string_agg(concat_ws(' ', code, term_months, amount_cents), ', ' ORDER BY code, term_months) FROM product p JOIN product_price pp ON pp.product_id = p.id", "DOM-NL 12 1000, DOM-NL 24 1900, WEBHOSTING-BASIS 12 8000, WEBHOSTING-BASIS 24 15000"}}},
		{name: "a domain that is not to be renewed", source: provider{"tbldomains": {instead(start["tbldomains"][0], "donotrenew", "1")}}, looks: []look{{"SELECT concat_ws(' ', s.status, ends_on, end_reason, auto_renew) FROM subscription s JOIN domain d ON d.subscription_id = s.id", "ENDING 2027-05-26 CANCELLED f"}}},
		{name: "a domain in quarantine", source: provider{"tbldomains": {instead(start["tbldomains"][0], "status", "Redemption", "expirydate", "2026-11-01")}}, looks: []look{{"SELECT concat_ws(' ', d.status, quarantine_until_on, s.status, ends_on) FROM subscription s JOIN domain d ON d.subscription_id = s.id", "QUARANTINE 2026-12-11 ENDED 2026-11-01"}}},
		{name: "a domain that somebody else has now", source: provider{"tbldomains": {start["tbldomains"][0], instead(start["tbldomains"][0], "id", "2")}}, looks: []look{{"SELECT string_agg(status, ' ' ORDER BY status) FROM domain", "ACTIVE RELEASED"}}, says: []string{"tbldomains: somebody's already"}},
		{name: "two packages with one user", source: provider{"tblhosting": {start["tblhosting"][0], instead(start["tblhosting"][0], "id", "2")}}, looks: []look{{"SELECT string_agg(username, ',' ORDER BY username) FROM hosting_package", ",u1"}}, says: []string{"tblhosting: another package has user"}},
		{name: "a service that ends at once and one that ended", source: provider{"tblhosting": {start["tblhosting"][0], instead(start["tblhosting"][0], "id", "2", "username", "u2", "domainstatus", "Terminated", "termination_date", "2026-01-31", "nextduedate", "0000-00-00")},
			"tblcancelrequests": {"id=1; date=2026-11-18 12:00:00; relid=1; type=Immediate; reason=Te duur", "id=2; date=2026-11-19 12:00:00; relid=1; type=End of Billing Period; reason=", "id=3; date=2026-01-10 12:00:00; relid=2; type=Immediate; reason=Weg &amp; klaar"}},
			looks: []look{{"SELECT string_agg(concat_ws(' ', mode, c.status, reason_code, effective_on, rejection), ', ' ORDER BY received_at) FROM cancellation c", "IMMEDIATE EXECUTED OTHER 2026-01-31, IMMEDIATE OPEN TOO_EXPENSIVE 2026-11-18, END_OF_TERM REJECTED  2027-05-26 DUPLICATE"},
				{"SELECT string_agg(status, ' ' ORDER BY status) FROM subscription", "ACTIVE CANCELLATION_REQUESTED ENDED"}}, says: []string{"tblcancelrequests: to end at once", "tblcancelrequests: duplicate"}},

		{name: "a company that is none", source: provider{"tblclients": {instead(client, "companyname", "Particulier", "tax_id", "")}}, looks: []look{{"SELECT kind || company_name || ' ' || name FROM account", "CONSUMER Noor de Groot"}}, says: []string{"tblclients: is not one"}},
		{name: "a company without any number", source: provider{"tblclients": {instead(client, "tax_id", "")}}, looks: []look{{"SELECT kind FROM account", "BUSINESS"}}, says: []string{"tblclients: neither VAT id nor KvK number"}},
		{name: "a sole trader by VAT id alone", source: provider{"tblclients": {instead(client, "companyname", "")}}, looks: []look{{"SELECT kind || vat_id FROM account", "BUSINESSNL004495445B01"}}, says: []string{"tblclients: no company name"}},
		{name: "a KvK number in the field for VAT", source: provider{"tblclients": {instead(client, "tax_id", "9000 0001")}}, looks: []look{{"SELECT kvk_number || vat_id FROM account", "90000001"}}},
		{name: "what has no place becomes a note", source: provider{"tblclients": {instead(client, "notes", "VIP", "taxexempt", "1", "separateinvoices", "on", "defaultgateway", "molliedirectdebit")}, "tblnotes": {"id=1; userid=1; note=Belde; created=2025-01-01 10:00:00"}}, looks: []look{{"SELECT count(*) FROM account_note", "5"}}, says: []string{"tblclients: exempt", "tblclients: for each service", "tblclients: mandate"}},
		{name: "contacts", source: provider{"tblclients": {instead(client, "billingcid", "3")}, "tblcontacts": {"id=3; userid=1; firstname=An; lastname=Bos; companyname=Boekhouding; email=AN@example.org; phonenumber=020 1234567; address1=Kade 1", "id=4; userid=1; firstname=Bo; email=bo@example.org; domainemails=1"}},
			looks: []look{{"SELECT string_agg(kind || ' ' || name || ' ' || email, ', ' ORDER BY email) FROM contact", "BILLING An Bos, Boekhouding an@example.org, TECHNICAL Bo bo@example.org"}, {"SELECT invoice_email FROM billing_preference", "an@example.org"}}},
		{name: "one person with two logins, and other rights", source: provider{"tblusers": {start["tblusers"][0], instead(start["tblusers"][0], "id", "2", "email", "NOOR@example.org"), instead(start["tblusers"][0], "id", "3", "email", "bo@example.org", "password", "md5:abc", "second_factor", "totp")},
			"tblusers_clients": {start["tblusers_clients"][0], "id=2; auth_user_id=2; client_id=1; owner=0; permissions=invoices", "id=3; auth_user_id=3; client_id=1; owner=0; permissions=products,domains"}},
			looks: []look{{"SELECT string_agg(email || ' ' || status || ' ' || role, ', ' ORDER BY email) FROM app_user u JOIN membership m ON m.user_id = u.id", "bo@example.org INVITED TECHNICAL, noor@example.org ACTIVE OWNER"}}, says: []string{"tblusers: it is one login", "tblusers: activation link", "tblusers: two-factor", "tblusers_clients: a member already", "tblusers_clients: the role is TECHNICAL"}},

		{name: "tickets of clients and of others", source: provider{"tbltickets": {"id=1; tid=ABC-1; userid=1; date=2026-02-09 09:00:00; title=SSL; message=Hoi &lt;b&gt;; status=Wacht op Jan; attachment=a.png", "id=2; tid=200001; userid=0; email=NOOR@example.org; name=N.; date=2026-02-10 09:00:00; title=; message=x; status=Closed", "id=3; tid=3; userid=0; email=vreemd@example.com; date=2026-02-10 09:00:00; title=x; message=x; status=Open"},
			"tblticketreplies": {"id=1; tid=1; userid=0; admin=Jan; date=2026-02-11 09:00:00; message=Klaar", "id=2; tid=3; userid=0; date=2026-02-11 09:00:00; message=x"}, "tblticketnotes": {"id=1; ticketid=1; admin=Jan; date=2026-02-11 10:00:00; message=Lastig"}},
			looks: []look{{"SELECT string_agg(concat_ws(' ', number, subject, status, closed_at), ', ' ORDER BY number) FROM ticket", "200001 (geen onderwerp) CLOSED 2026-02-10 08:00:00+00, ABC-1 SSL OPEN"}, {"SELECT string_agg(author || ' ' || author_name || ': ' || body, ', ' ORDER BY sent_at) FROM ticket_message", "CUSTOMER Noor de Groot: Hoi <b>, CUSTOMER N.: x, STAFF Jan: Klaar"}, {"SELECT body FROM ticket_note", "Jan: Lastig"}, {"SELECT nextval('ticket_number_seq') > 200001", "true"}},
			says:  []string{"tbltickets: the provider's own", "tbltickets: attachments", "tbltickets: not a client", "tblticketreplies: left out"}},
		{name: "quotes and orders", source: invoice(provider{"tblquotes": {"id=1; userid=1; subject=Nieuwe site; stage=Delivered; validuntil=2026-12-18; subtotal=291.00; tax1=61.11; total=352.11; datecreated=2026-11-18; datesent=2026-11-18 10:00:00", "id=2; userid=0; subject=x; stage=Draft; subtotal=1.00"},
			"tblquoteitems": {"id=1; quoteid=1; description=Werk; quantity=1.5; unitprice=144.00; discount=0.00", "id=2; quoteid=1; description=Verhuizen; quantity=1; unitprice=100.00; discount=25.00"},
			"tblorders":     {"id=1; ordernum=123; userid=1; date=2020-05-26 10:00:00; amount=81.00; status=Active; invoiceid=10", "id=2; ordernum=123; userid=1; date=2020-05-26 10:00:00; amount=5.00; status=Cancelled; invoiceid=0"}, "tblhosting": {instead(start["tblhosting"][0], "orderid", "1", "firstpaymentamount", "72.00")}}),
			looks: []look{{"SELECT string_agg(concat_ws(' ', q.number, q.title, q.status, q.net_cents, q.vat_cents, l.net_cents), ', ' ORDER BY position) FROM quote q JOIN quote_line l ON l.quote_id = q.id", "WHMCS-1 Nieuwe site SENT 29100 6111 21600, WHMCS-1 Nieuwe site SENT 29100 6111 7500"}, {"SELECT string_agg(concat_ws(' ', o.number, o.status, o.net_cents, o.vat_cents, l.label, l.net_cents), ', ' ORDER BY o.number) FROM customer_order o LEFT JOIN order_line l ON l.order_id = o.id", "123 COMPLETED 10000 2100 kaptuin.nl 7200, 123-2 CANCELED 500 0"}},
			says:  []string{"tblquotes: not a client", "tblorders: taken by another order"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, dir := target(t), with(tt.source).write(t)
			var r Report
			for _, first := range []bool{true, false} {
				again, err := Import(t.Context(), d.DB, dir, Options{})
				if tt.refused != errors.Is(err, ErrNotReconciled) || err != nil && !tt.refused {
					t.Fatalf("%v\n%v\n%+v", err, again.Findings, again.Reconciliation)
				}
				if first {
					r = again
				}
			}
			for _, l := range tt.looks {
				if got := one(t, d, l.query); got != l.want {
					t.Errorf("%s\n got %q\nwant %q", l.query, got, l.want)
				}
			}
			silent := map[string]bool{"tblcurrencies": true, "tblcredit": true, "tblpricing": true, "tbldomainpricing": true}
			for _, s := range tt.says {
				table, part, _ := strings.Cut(s, ": ")
				silent[table] = true
				if !strings.Contains(r.findings(table), part) {
					t.Errorf("%s says %q, want %q", table, r.findings(table), part)
				}
			}
			for _, f := range r.Findings {
				if !silent[f.Table] {
					t.Errorf("%s says %q, want nothing", f.Table, f.Reason)
				}
			}
		})
	}
}
