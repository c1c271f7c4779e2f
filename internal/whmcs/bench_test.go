package whmcs

import (
	"bufio"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

var benchClients = flag.Int("clients", 400, "how many clients the benchmark imports")

// BenchmarkImport imports the sample, as many times over as -clients asks for:
//
//	go test -run - -bench Import -benchtime 1x -clients 100000 -timeout 1h ./internal/whmcs
func BenchmarkImport(b *testing.B) {
	path := multiply(b, (*benchClients+399)/400)
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		d := target(b)
		last := time.Now()
		b.StartTimer()
		must(b, d, path, Options{TempDir: b.TempDir(), Progress: func(p Progress) {
			if p.Done == p.Total {
				b.Logf("%s: %d in %v", p.Step, p.Total, time.Since(last).Round(time.Millisecond))
				last = time.Now()
			}
		}})
	}
	b.ReportMetric(float64(*benchClients)*float64(b.N)/b.Elapsed().Seconds(), "clients/s")
}

// strides are how far apart the ids of two copies of the sample are.
var strides = map[string]int64{"tblclients": 400, "tblusers": 400, "tblusers_clients": 400, "tblhosting": 500, "tbldomains": 700, "tblinvoices": 7000, "tblinvoiceitems": 10_000, "tblaccounts": 7000,
	"tbltickets": 100, "tblticketreplies": 100, "tblcancelrequests": 20}

// pointers are the columns that hold an id, and of which table.
var pointers = map[string]string{"userid": "tblclients", "client_id": "tblclients", "auth_user_id": "tblusers", "invoiceid": "tblinvoices"}

// multiply writes the sample several times over, with ids, numbers, names and addresses of their own.
func multiply(t testing.TB, times int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, known := range tables {
		in, err := os.Open(filepath.Join(sample, known.name+".csv"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(in).ReadAll()
		if err := errors.Join(err, in.Close()); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, known.name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		buf := bufio.NewWriter(f)
		w := csv.NewWriter(buf)
		_ = w.Write(rows[0]) // the error stays
		copies := times
		if strides[known.name] == 0 {
			copies = 1
		}
		for n := range int64(copies) {
			for _, row := range rows[1:] {
				_ = w.Write(copyOf(known.name, rows[0], row, n))
			}
		}
		w.Flush()
		if err := errors.Join(w.Error(), buf.Flush(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// copyOf returns the n-th copy of a row.
func copyOf(table string, columns, row []string, n int64) []string {
	row = slices.Clone(row)
	if n == 0 {
		return row
	}
	about := map[string]string{"Hosting": "tblhosting", "Domain": "tbldomains", "Invoice": "tblinvoices"}
	for i, c := range columns {
		of := pointers[c]
		switch {
		case c == "id":
			of = table
		case c == "tid" && table == "tblticketreplies":
			of = "tbltickets"
		case c == "relid" && table == "tblcancelrequests":
			of = "tblhosting"
		case c == "relid":
			of = about[row[slices.Index(columns, "type")]]
		}
		if id := number(row[i]); of != "" && id != 0 {
			row[i] = strconv.FormatInt(id+n*strides[of], 10)
		}
		if row[i] == "" {
			continue
		}
		switch c {
		case "email", "domain":
			row[i] = fmt.Sprintf("k%d-%s", n, row[i])
		case "invoicenum", "transid", "username":
			row[i] = fmt.Sprintf("%sk%d", row[i], n)
		case "tid":
			if table == "tbltickets" {
				row[i] = fmt.Sprintf("%s%d", row[i], n)
			}
		}
	}
	return row
}
