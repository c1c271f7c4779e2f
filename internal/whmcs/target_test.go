package whmcs

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klantenpaneel/internal/pg/pgtest"

	"github.com/google/uuid"
)

// sample is a fictional provider of 400 clients, in the shape of a real one.
const sample = "testdata/sample"

// target returns an empty panel with the brand PING, on the day of the sample: 20 November 2026.
func target(t testing.TB) *pgtest.Database {
	t.Helper()
	d := pgtest.New(t)
	change(t, d, `INSERT INTO brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
		VALUES (?, 'PING', 'PING', 'Ping', 'Ping B.V.', 'Straat 1', '1000 AA', 'Amsterdam', 'NL', '90000001', 'NL004495445B01', 'NL91ABNA0417164300', 'ABNANL2A', 'info@example.nl', '+31201234567', 'https://example.nl', '2014-01-01')`, uuid.New())
	return d
}

func change(t testing.TB, d *pgtest.Database, query string, args ...any) {
	t.Helper()
	if _, err := d.Owner.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// one returns the only value that the query gives, as text.
func one(t testing.TB, d *pgtest.Database, query string, args ...any) (value string) {
	t.Helper()
	if err := d.Owner.NewRaw("SELECT coalesce(("+query+")::text, '')", args...).Scan(t.Context(), &value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// many returns the rows of a query that gives one text for each.
func many(t testing.TB, d *pgtest.Database, query string, args ...any) (values []string) {
	t.Helper()
	if err := d.Owner.NewRaw(query, args...).Scan(t.Context(), &values); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return values
}

// state returns what the database holds: for each table how many rows, and a hash of them in which ids stand for where
// they came from. Two imports of the same source give the same state.
func state(t testing.TB, d *pgtest.Database) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range many(t, d, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migration%' ORDER BY 1") {
		var values, joins []string
		for _, c := range many(t, d, "SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position", table) {
			name, kind, _ := strings.Cut(c, " ")
			if kind != "uuid" {
				values = append(values, "coalesce(t."+name+"::text, 'NULL')")
				continue
			}
			values = append(values, "coalesce("+name+"_from.source, (t."+name+" IS NULL)::text)")
			joins = append(joins, "LEFT JOIN known "+name+"_from ON "+name+"_from.target_id = t."+name)
		}
		all[table] = one(t, d, "WITH known AS MATERIALIZED (SELECT target_id, min(kind || source_id) AS source FROM import_ref GROUP BY 1) SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '|' ORDER BY line)), '') "+
			"FROM (SELECT concat_ws(',', "+strings.Join(values, ", ")+") AS line FROM "+table+" t "+strings.Join(joins, " ")+") x")
	}
	for _, sequence := range []string{"account_number_seq", "ticket_number_seq"} {
		all[sequence] = one(t, d, "SELECT last_value FROM "+sequence)
	}
	return all
}

// differences names the tables that are not the same.
func differences(a, b map[string]string) (different []string) {
	for table, was := range a {
		if is := b[table]; is != was {
			different = append(different, fmt.Sprintf("%s: %s, then %s", table, was, is))
		}
	}
	return different
}

// must imports and fails the test if that fails.
func must(t testing.TB, d *pgtest.Database, path string, o Options) Report {
	t.Helper()
	r, err := Import(t.Context(), d.DB, path, o)
	if err != nil {
		var text strings.Builder
		_, _ = r.WriteTo(&text)
		t.Fatalf("%v\n%s", err, text.String())
	}
	return r
}

// provider is a made-up WHMCS: rows by table, each as "column=value" pairs divided by "; ". Columns that are not given
// are empty.
type provider map[string][]string

// write writes the provider as a folder of CSV files and returns where. Tables that every WHMCS has are there.
func (p provider) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, known := range tables {
		rows, given := p[known.name]
		if !given && !known.required {
			continue
		}
		columns, at := append([]string(nil), known.needs...), map[string]int{}
		for i, c := range columns {
			at[c] = i
		}
		for _, r := range rows {
			for _, pair := range strings.Split(r, "; ") {
				c, _, _ := strings.Cut(pair, "=")
				if _, there := at[c]; !there {
					at[c], columns = len(columns), append(columns, c)
				}
			}
		}
		lines := [][]string{columns}
		for _, r := range rows {
			fields := make([]string, len(columns))
			for _, pair := range strings.Split(r, "; ") {
				c, v, _ := strings.Cut(pair, "=")
				fields[at[c]] = v
			}
			lines = append(lines, fields)
		}
		f, err := os.Create(filepath.Join(dir, known.name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		if err := csv.NewWriter(f).WriteAll(lines); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// client is a business that the tests change.
const client = "id=1; firstname=Noor; lastname=de Groot; companyname=Kap tuin; email=noor@example.org; country=NL; credit=0.00; status=Active; datecreated=2018-10-05; tax_id=NL004495445B01"

// findings returns the reasons of the findings of a table.
func (r *Report) findings(table string) string {
	var all []string
	for _, f := range r.Findings {
		if f.Table == table {
			all = append(all, f.ID+" "+string(f.Outcome)+": "+f.Reason)
		}
	}
	return strings.Join(all, "\n")
}
