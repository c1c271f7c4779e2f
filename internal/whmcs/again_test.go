package whmcs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// WHMCS goes on between a trial and the day of the move: what came since is added, what is in stays.
func TestALaterSourceAddsWhatIsNew(t *testing.T) {
	d := target(t)
	unpaidInvoice := instead(paidInvoice, "status", "Unpaid", "datepaid", "0000-00-00 00:00:00")
	must(t, d, with(provider{"tblinvoices": {unpaidInvoice}, "tblinvoiceitems": {itemOfIt}}).write(t), Options{})
	must(t, d, with(provider{
		"tblclients":      {instead(client, "credit", "9.00"), instead(client, "id", "2", "email", "bo@example.org", "companyname", "Bo")},
		"tblinvoices":     {paidInvoice, instead(paidInvoice, "id", "11", "invoicenum", "2026002", "status", "Unpaid")},
		"tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11")},
		"tblaccounts":     {instead(paymentOfIt, "amountin", "130.00")},
	}).write(t), Options{})
	for query, want := range map[string]string{
		"SELECT string_agg(number || ' ' || open_cents, ', ' ORDER BY number) FROM invoice":    "2026001 0, 2026002 12100",
		"SELECT string_agg(number || ' ' || balance_cents, ', ' ORDER BY number) FROM account": "1 900, 2 0",
		"SELECT sum(amount_cents) FROM allocation":                                             "12100",
	} {
		if got := one(t, d, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestWhatIsCorrectedInTheSourceComesInWithTheNextImport(t *testing.T) {
	d := target(t)
	shop := with(provider{"tblinvoices": {paidInvoice}, "tblinvoiceitems": {itemOfIt}, "tblaccounts": {instead(paymentOfIt, "amountin", "121.001")}})
	if _, err := Import(t.Context(), d.DB, shop.write(t), Options{}); !errors.Is(err, ErrNotReconciled) {
		t.Fatalf("got %v", err)
	}
	if n := one(t, d, "SELECT count(*) FROM invoice"); n != "0" {
		t.Errorf("%s invoices came in with a payment that is unknown", n)
	}
	shop["tblaccounts"] = []string{paymentOfIt}
	must(t, d, shop.write(t), Options{})
	if got := one(t, d, "SELECT open_cents || ' ' || allocated_cents FROM invoice"); got != "0 12100" {
		t.Errorf("got %s", got)
	}
}

func TestRowsCanBeLeftOutOnPurpose(t *testing.T) {
	wrong := with(provider{
		"tblclients":      {client, instead(client, "id", "2", "email", "test@example.org", "currency", "2")},
		"tblcurrencies":   {"id=2; code=USD"},
		"tblinvoices":     {instead(paidInvoice, "total", "121.01"), instead(paidInvoice, "id", "11", "userid", "2", "invoicenum", "x")},
		"tblinvoiceitems": {itemOfIt, instead(itemOfIt, "id", "101", "invoiceid", "11")},
		"tblaccounts":     {paymentOfIt, instead(paymentOfIt, "id", "1001", "invoiceid", "11", "userid", "2"), instead(paymentOfIt, "id", "1002", "invoiceid", "0", "userid", "2")},
	}).write(t)
	d := target(t)
	if _, err := Import(t.Context(), d.DB, wrong, Options{}); !errors.Is(err, ErrNotReconciled) {
		t.Fatalf("got %v", err)
	}
	d = target(t)
	r := must(t, d, wrong, Options{Except: []string{"tblinvoices:10", "tblclients:2"}})
	for table, want := range map[string]string{
		"tblinvoices":     "10 left out: named in --except\n11 left out: its client 2 is left out",
		"tblinvoiceitems": "100 left out: its invoice 10 is left out\n101 left out: its client 2 is left out",
		"tblaccounts":     "1000 left out: its invoice 10 is left out\n1001 left out: its client 2 is left out\n1002 left out: its client 2 is left out",
	} {
		if got := r.findings(table); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", table, got, want)
		}
	}
	if _, err := Reconcile(t.Context(), d.DB, wrong, Options{Except: []string{"tblinvoices:10", "tblclients:2"}}); err != nil {
		t.Error(err)
	}
}

func TestWhatIsInThePanelAlreadyStays(t *testing.T) {
	d := target(t)
	change(t, d, `INSERT INTO account (id, number, brand_id, kind, customer_since, created_at) SELECT gen_random_uuid(), '1', id, 'CONSUMER', '2026-01-01', now() FROM brand`)
	change(t, d, `INSERT INTO app_user (id, email, name, created_at) VALUES (gen_random_uuid(), 'noor@example.org', 'Noor', now())`)
	change(t, d, `INSERT INTO product (id, code, kind, name_nl, name_en, created_at) VALUES (gen_random_uuid(), 'HOST-BASIS', 'HOSTING', 'Webhosting Basis', 'Web hosting Basic', now())`)
	change(t, d, `INSERT INTO domain (id, account_id, name, status, created_at) SELECT gen_random_uuid(), id, 'kaptuin.nl', 'ACTIVE', now() FROM account`)
	r := must(t, d, start.write(t), Options{})
	for query, want := range map[string]string{
		"SELECT string_agg(number, ' ' ORDER BY number) FROM account":                                      "1 WHMCS-1",
		"SELECT count(*) || ' ' || (SELECT count(*) FROM membership) FROM app_user":                        "1 1",
		"SELECT p.code FROM subscription s JOIN product p ON p.id = s.product_id WHERE p.kind <> 'DOMAIN'": "HOST-BASIS",
		"SELECT string_agg(status, ' ' ORDER BY status) FROM domain":                                       "ACTIVE RELEASED",
	} {
		if got := one(t, d, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	if !strings.Contains(r.findings("tblusers"), "somebody signs in with noor@example.org here already") {
		t.Errorf("about the user: %s", r.findings("tblusers"))
	}
}

func TestSourcesThatAreNoWHMCS(t *testing.T) {
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	broken := start.write(t)
	if err := os.WriteFile(filepath.Join(broken, "tblhosting.csv"), []byte("id,userid\n1,\"2"), 0o600); err != nil {
		t.Fatal(err)
	}
	twice := start.write(t)
	if err := os.WriteFile(filepath.Join(twice, "TBLCLIENTS.csv.gz"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		o          Options
		want       string
	}{
		{"nothing there", filepath.Join(t.TempDir(), "missing"), Options{}, "no such file"},
		{"an empty folder", t.TempDir(), Options{}, "no table tblclients"},
		{"a file that is no dump", file("x.sql", "hello"), Options{}, "no table tblclients"},
		{"a dump that is cut off", file("x.sql", "CREATE TABLE `tblclients` (`id` int); INSERT INTO `tblclients` VALUES ('"), Options{}, "does not end"},
		{"a table without a column", broken, Options{}, "tblhosting has no column packageid"},
		{"a table twice", twice, Options{}, "the same table"},
		{"two clients with one id", with(provider{"tblclients": {client, client}}).write(t), Options{}, "two rows with id 1"},
		{"an exception that names no row", start.write(t), Options{Except: []string{"tblfoo:1"}}, "table:id"},
		{"an unknown brand", start.write(t), Options{Brand: "XYZ"}, `no brand "XYZ"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := target(t)
			if _, err := Import(t.Context(), d.DB, tt.path, tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestCSVAsOthersWriteIt(t *testing.T) {
	dir := start.write(t)
	path := filepath.Join(dir, "tblproducts.csv")
	if err := os.WriteFile(path, []byte("\xef\xbb\xbf\"ID\";\"Name\";\"type\";\"description\"\r\n\"1\";\"Webhosting; Basis\";\"hostingaccount\";NULL\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Import(t.Context(), nil, dir, Options{Now: time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)})
	if err != nil || r.table("tblproducts").Imported != 1 {
		t.Errorf("got %v, %v", r.Tables, err)
	}
}

func TestProgress(t *testing.T) {
	var text strings.Builder
	now := time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)
	lines := &plainLines{w: &text, now: func() time.Time { return now }}
	for n := range int64(101) {
		if n == 60 {
			now = now.Add(10 * time.Second)
		}
		lines.show(Progress{"importing clients", n, 100})
	}
	if got := text.String(); got != "importing clients: 0%\nimporting clients: 60%\nimporting clients: 100%\n" {
		t.Errorf("lines: %q", got)
	}
	text.Reset()
	bar := &terminal{w: &text}
	bar.show(Progress{"importing clients", 50, 100})
	bar.show(Progress{"importing clients", 100, 100})
	if got := text.String(); !strings.Contains(got, "\r\x1b[Kimporting clients        [===============               ]  50%") || !strings.HasSuffix(got, "100%\n") {
		t.Errorf("terminal: %q", got)
	}
	told := 0
	b := newBar(func(Progress) { told++ }, "x", 100_000)
	for n := range int64(100_001) {
		b.at(n)
	}
	if told != 101 {
		t.Errorf("a bar tells %d times", told)
	}
}

func TestTheReportAsCSV(t *testing.T) {
	r := Report{Findings: []Finding{{"tblclients", "3", Warned, `VAT id "=1+1" is wrong`}}}
	var text strings.Builder
	if err := r.WriteCSV(&text); err != nil || text.String() != "table,id,outcome,reason\ntblclients,3,imported with a warning,\"VAT id \"\"=1+1\"\" is wrong\"\n" {
		t.Errorf("got %q, %v", text.String(), err)
	}
}
