package whmcs

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg/pgtest"

	"github.com/google/uuid"
)

// The whole sample: every row ends in one of the five ways, and the money is equal to the cent.
func TestTheSampleReconciles(t *testing.T) {
	d := target(t)
	r := must(t, d, sample, Options{})
	for _, tr := range r.Tables {
		if sum := tr.Imported + tr.Warned + tr.LeftOut + tr.Refused + tr.Known; sum != tr.Rows || tr.Refused > 0 || tr.Known > 0 {
			t.Errorf("%+v", tr)
		}
		if n := rowsIn(t, tr.Table); n != tr.Rows {
			t.Errorf("%s has %d rows, of which %d are told about", tr.Table, n, tr.Rows)
		}
	}
	if len(r.Tables) != 13 {
		t.Errorf("%d tables are told about", len(r.Tables))
	}
	for what, want := range map[string][2]int{"clients": {400, 0}, "invoices": {6712, 310836_14}, "payments": {6634, 306320_73}, "refunds": {0, 0}, "balance": {116, 3354_12}, "open": {70, 4382_31}} {
		count, sum := 0, 0
		for _, l := range r.Reconciliation.Lines {
			if l.What == what {
				count, sum = count+l.TargetCount, sum+int(l.TargetSum)
			}
		}
		if count != want[0] || sum != want[1] {
			t.Errorf("%s: %d for %d cents, want %v", what, count, sum, want)
		}
	}
	if u := r.Reconciliation.Uncounted[0]; u.Count != 6 || u.Sum != 553_69 {
		t.Errorf("not counted: %+v", r.Reconciliation.Uncounted)
	}
	checkSample(t, d)
}

// rowsIn counts the rows of a table of the sample.
func rowsIn(t *testing.T, table string) int {
	f, err := os.Open(filepath.Join(sample, table+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(all) - 1
}

// checkSample looks at what came of the oddities.
func checkSample(t *testing.T, d *pgtest.Database) {
	t.Helper()
	for _, tt := range []struct{ name, query, want string }{
		{"HTML entities are text", "SELECT company_name || ', ' || last_name FROM account WHERE number = '4'", "Kap tuin & Zn., de Groot"},
		{"mail addresses are in lower case", "SELECT email FROM account WHERE number = '103'", "jan.degroot.103@example.net"},
		{"and those of users", "SELECT count(*) FROM app_user WHERE email <> lower(email)", "0"},
		{"phone numbers are in the form of E.164", "SELECT phone FROM account WHERE number = '3'", "+31652206072"},
		{"a VAT id with a space and a small letter", "SELECT vat_id FROM account WHERE number = '100'", "NL641459555B03"},
		{"three countries", "SELECT string_agg(c, ' ') FROM (SELECT country || count(*) AS c FROM account GROUP BY country ORDER BY 1) x", "BE37 DE20 NL343"},
		{"businesses and consumers", "SELECT string_agg(c, ' ') FROM (SELECT kind || count(*) AS c FROM account GROUP BY kind ORDER BY 1) x", "BUSINESS236 CONSUMER164"},
		{"wrong VAT ids are left out and kept in a note", "SELECT count(*) || ' ' || (SELECT count(*) FROM account_note WHERE body LIKE 'Btw-nummer in WHMCS: DE%') FROM account WHERE country = 'DE' AND kind = 'BUSINESS' AND vat_id = ''", "11 11"},
		{"the old password works once", "SELECT substr(password_hash, 1, 7) || ' ' || u.status FROM credential c JOIN app_user u ON u.id = c.user_id WHERE u.email = 'tess.vandenberg.2@example.com'", "$2y$10$ ACTIVE"},
		{"and belongs to the owner", "SELECT string_agg(m.role || a.number, ' ') FROM membership m JOIN account a ON a.id = m.account_id JOIN app_user u ON u.id = m.user_id WHERE u.email = 'tess.vandenberg.2@example.com'", "OWNER2"},
		{"who speaks English reads English", "SELECT u.language || a.language FROM app_user u JOIN membership m ON m.user_id = u.id JOIN account a ON a.id = m.account_id WHERE a.number = '2'", "enen"},
		{"original numbers", "SELECT string_agg(i.number, ' ' ORDER BY issued_on) FROM invoice i JOIN account a ON a.id = i.account_id WHERE a.number = '3' AND issued_on < '2022-01-01'", "2020000019 20 2021000021"},
		{"requests for payment are no invoices", "SELECT count(*) FROM invoice WHERE issued_on = '2026-11-20'", "0"},
		{"nor are they counted as open", "SELECT sum(open_cents) FROM invoice i JOIN account a ON a.id = i.account_id WHERE a.number = '8'", "726"},
		{"cancelled invoices keep their number and are settled", "SELECT count(*) || ' ' || sum(open_cents) || ' ' || sum(credited_cents) FROM invoice WHERE credited_cents > 0", "8 0 13310"},
		{"an invoice from 2013 is kept", "SELECT min(issued_on) FROM invoice", "2013-08-31"},
		{"periods of lines", "SELECT period_start_on || ' ' || period_end_on || ' ' || label FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE i.number = '2020000001'", "2020-12-12 2021-12-12 hofbrug1.com"},
		{"every line that is for a service names it", "SELECT count(*) FROM invoice_line WHERE subscription_id IS NULL OR period_start_on IS NULL", "0"},
		{"reverse charge", "SELECT DISTINCT a.country || ' ' || v.category || v.rate || v.country FROM invoice_vat v JOIN account a ON a.id = v.account_id WHERE a.country = 'BE' AND a.kind = 'BUSINESS'", "BE AE0BE"},
		{"consumers elsewhere paid Dutch VAT", "SELECT DISTINCT v.category || v.rate || v.country FROM invoice_vat v JOIN account a ON a.id = v.account_id WHERE a.country = 'DE' AND a.kind = 'CONSUMER'", "S2100NL"},
		{"the customer is on the invoice", "SELECT customer->>'Name' || ', ' || (supplier->>'Name') FROM invoice WHERE number = '2020000019'", "Kade linde, Ping B.V."},
		{"what is invoiced after the due date is not billed again", "SELECT period_start_on || ' ' || period_end_on || ' ' || billed_until_on FROM subscription WHERE label = 'korenthee9.nl' AND price_cents = 7200", "2025-12-11 2026-12-11 2027-12-11"},
		{"0000-00-00 of what was terminated", "SELECT status || ' ' || ends_on FROM subscription WHERE label = 'brugbakkerij34.be' AND price_cents = 7200", "ENDED 2025-07-24"},
		{"a quarter that is clamped", "SELECT anchor_on || ' ' || period_end_on || ' ' || billed_until_on FROM subscription WHERE label = 'bakkerijbrug70.nl' AND term_months = 3", "2022-08-31 2026-11-30 2027-02-28"},
		{"monthly contracts of consumers go on", "SELECT count(*) FROM subscription s JOIN account a ON a.id = s.account_id WHERE indefinite <> (a.kind = 'CONSUMER' AND term_months = 1)", "0"},
		{"domains that are not to be renewed end", "SELECT count(*) FROM domain d JOIN subscription s ON s.id = d.subscription_id WHERE d.status = 'ACTIVE' AND d.auto_renew = (s.status = 'ENDING')", "0"},
		{"there are some", "SELECT count(*) FROM domain WHERE status = 'ACTIVE' AND NOT auto_renew", "40"},
		{"no expiry date", "SELECT count(*) FROM domain WHERE expires_on IS NULL AND status = 'PENDING_TRANSFER_IN'", "4"},
		{"usage in bytes", "SELECT disk_bytes || ' ' || disk_limit_bytes || ' ' || traffic_bytes || ' ' || measured_at FROM hosting_package WHERE username = 'u00001'", "16536043520 53687091200 63681069056 2026-11-20 02:14:00+00"},
		{"and its day", "SELECT day || ' ' || u.disk_bytes FROM usage_day u JOIN hosting_package h ON h.id = u.package_id WHERE username = 'u00001'", "2026-11-20 16536043520"},
		{"a package knows its domain", "SELECT d.name FROM hosting_package h JOIN domain d ON d.id = h.domain_id WHERE username = 'u00001'", "brugtuin6.be"},
		{"requests to cancel", "SELECT string_agg(c, ' ') FROM (SELECT mode || status || count(*) AS c FROM cancellation GROUP BY mode, status ORDER BY 1) x", "END_OF_TERMOPEN5 IMMEDIATEOPEN6"},
		{"and when they take effect", "SELECT effective_on FROM cancellation c JOIN subscription s ON s.id = c.subscription_id WHERE s.anchor_on = '2018-07-26'", "2027-07-26"},
		{"the first message of a ticket", "SELECT author || ': ' || body FROM ticket_message m JOIN ticket t ON t.id = m.ticket_id WHERE t.number = '969200' ORDER BY sent_at LIMIT 1", "CUSTOMER: Goedemiddag,\n\nkunt u hiernaar kijken? Groet, Bram"},
		{"entities in tickets", "SELECT DISTINCT subject FROM ticket WHERE subject LIKE 'Verhuizing%'", "Verhuizing <mijn> domein"},
		{"all messages", "SELECT count(*) FROM ticket_message", "152"},
		{"nobody is mailed", "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM message) + (SELECT count(*) FROM notification)", "0"},
		{"new numbers come after the old ones", "SELECT (SELECT last_value FROM ticket_number_seq) >= (SELECT max(number::int) FROM ticket)", "true"},
	} {
		if got := one(t, d, tt.query); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Everything that runs is covered without a gap until the day from which it is billed, and that is where WHMCS was.
func TestNothingOfTheSampleIsBilledTwiceOrSkipped(t *testing.T) {
	d := target(t)
	must(t, d, sample, Options{})
	gaps := many(t, d, `SELECT s.label || ' ' || s.billed_until_on || ' ' || c.covered::text FROM subscription s
		JOIN LATERAL (SELECT range_agg(period) AS covered FROM covered_period WHERE subscription_id = s.id) c ON true
		WHERE s.status NOT IN ('ENDED', 'VOIDED') AND c.covered IS DISTINCT FROM datemultirange(daterange(s.anchor_on, s.billed_until_on))`)
	if len(gaps) > 0 {
		t.Errorf("%d contracts are not covered exactly, such as %q", len(gaps), gaps[0])
	}
	type contract struct {
		Kind, SourceID string
		AnchorOn       civil.Date
		TermMonths     int
		BilledUntilOn  civil.Date
	}
	var all []contract
	if err := d.Owner.NewRaw("SELECT kind, source_id, anchor_on, term_months, billed_until_on FROM subscription s JOIN import_ref r ON r.target_id = s.id").Scan(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	by := map[string]contract{}
	for _, c := range all {
		by[c.Kind+c.SourceID] = c
	}
	for _, table := range []string{"tblhosting", "tbldomains"} {
		for r, err := range openSample(t).rows(table) {
			if err != nil {
				t.Fatal(err)
			}
			if status := r.raw("domainstatus") + r.raw("status"); status != "Active" && status != "Suspended" && !strings.HasPrefix(status, "Pending") {
				continue
			}
			if c := by[table+r.raw("id")]; !renews(c.AnchorOn, c.TermMonths, r.day("nextduedate")) || c.BilledUntilOn != r.day("nextinvoicedate") {
				t.Errorf("%s %d, due on %s and invoiced until %s, became %v", table, r.id, r.raw("nextduedate"), r.raw("nextinvoicedate"), c)
			}
		}
	}
}

func openSample(t *testing.T) *source {
	s, err := open(t.Context(), sample, Options{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

func TestASecondImportFindsEverythingThere(t *testing.T) {
	d := target(t)
	must(t, d, sample, Options{})
	before := state(t, d)
	change(t, d, "UPDATE account SET city = 'Veranderd' WHERE number = '1'") // what happens after the import stays
	r := must(t, d, sample, Options{})
	change(t, d, "UPDATE account SET city = 'Utrecht' WHERE number = '1' AND city = 'Veranderd'")
	for _, tr := range r.Tables {
		if tr.Imported+tr.Warned+tr.Refused > 0 || tr.Known+tr.LeftOut != tr.Rows {
			t.Errorf("%+v", tr)
		}
	}
	if diff := differences(before, state(t, d)); len(diff) > 0 {
		t.Errorf("the second import changed %q", diff)
	}
}

func TestARehearsalChangesNothingAndFindsTheSame(t *testing.T) {
	d := target(t)
	before := state(t, d)
	called := false
	rehearsed := must(t, d, sample, Options{DryRun: true, AfterLoad: func(context.Context, []uuid.UUID) error { called = true; return nil }})
	if diff := differences(before, state(t, d)); len(diff) > 0 || called {
		t.Errorf("the rehearsal changed %q, called the hook: %v", diff, called)
	}
	without, err := Import(t.Context(), nil, sample, Options{Now: d.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	real := must(t, d, sample, Options{})
	for name, r := range map[string]Report{"rehearsed": rehearsed, "without a database": without} {
		if !r.DryRun || len(r.Findings) != len(real.Findings) {
			t.Errorf("%s: %d findings, the import has %d", name, len(r.Findings), len(real.Findings))
		}
		for n, tr := range real.Tables {
			if r.Tables[n] != tr {
				t.Errorf("%s: %+v, the import %+v", name, r.Tables[n], tr)
			}
		}
		for n, f := range real.Findings {
			if n < len(r.Findings) && r.Findings[n] != f {
				t.Errorf("%s: %v, the import %v", name, r.Findings[n], f)
			}
		}
		for n, l := range real.Reconciliation.Lines {
			if r.Reconciliation.Lines[n] != l {
				t.Errorf("%s: %v, the import %v", name, r.Reconciliation.Lines[n], l)
			}
		}
	}
	if _, err := Import(t.Context(), nil, sample, Options{}); err == nil {
		t.Error("a rehearsal without a database and without the time is taken")
	}
}

// A cent too much or too little on either side is found, and the import is not done.
func TestAPlantedCentIsFound(t *testing.T) {
	d := target(t)
	must(t, d, sample, Options{})
	for _, tt := range []struct{ name, plant, undo string }{
		{"a payment", "UPDATE payment SET amount_cents = 1816 WHERE provider_id = 'tr_5883868a29'", "UPDATE payment SET amount_cents = 1815 WHERE provider_id = 'tr_5883868a29'"},
		{"a payment that counts as a refund", "UPDATE payment SET direction = 'OUT' WHERE provider_id = 'tr_5883868a29'", "UPDATE payment SET direction = 'IN' WHERE provider_id = 'tr_5883868a29'"},
		{"a payment of another year", "UPDATE payment SET paid_at = '2020-12-31 23:30Z' WHERE provider_id = 'tr_5883868a29'", "UPDATE payment SET paid_at = '2020-12-17 09:22Z' WHERE provider_id = 'tr_5883868a29'"},
		{"a balance", "UPDATE account SET balance_cents = 1209 WHERE number = '2'", "UPDATE account SET balance_cents = 1210 WHERE number = '2'"},
		{"an open amount", "UPDATE invoice SET credited_cents = 1 WHERE number = '2026000089'", "UPDATE invoice SET credited_cents = 0 WHERE number = '2026000089'"},
		{"an account", "DELETE FROM import_ref WHERE kind = 'tblclients' AND source_id = '400'", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			change(t, d, tt.plant)
			rec, err := Reconcile(t.Context(), d.DB, sample, Options{})
			if !errors.Is(err, ErrNotReconciled) || rec.Equal() {
				t.Errorf("the reconciliation says %v", err)
			}
			if tt.undo == "" {
				return
			}
			report, err := Import(t.Context(), d.DB, sample, Options{})
			var text strings.Builder
			_, _ = report.WriteTo(&text)
			if !errors.Is(err, ErrNotReconciled) || !strings.Contains(text.String(), "<-- differs") || !strings.Contains(text.String(), "is not done") {
				t.Errorf("the import says %v and reports %s", err, text.String())
			}
			change(t, d, tt.undo)
			if rec, err := Reconcile(t.Context(), d.DB, sample, Options{}); err != nil || !rec.Equal() {
				t.Errorf("without it the reconciliation says %v", err)
			}
		})
	}
}
