package whmcs

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"

	"github.com/google/uuid"
)

// importHere is the environment that makes this test program import the sample into a database, to be killed.
const importHere = "WHMCS_TEST_IMPORT_INTO"

func TestMain(m *testing.M) {
	if url := os.Getenv(importHere); url != "" {
		if err := importInto(url); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func importInto(url string) error {
	db, err := pg.Open(url, pg.Options{Now: pgtest.NewClock().Now})
	if err != nil {
		return err
	}
	_, err = Import(context.Background(), db, sample, Options{BatchClients: 20, afterBatch: func(n int) { fmt.Println("batch", n) }})
	return errors.Join(err, db.Close())
}

// An import that is killed at any moment is finished by the next: the end is the same as without.
func TestAnImportThatIsKilledIsFinishedByTheNext(t *testing.T) {
	whole := target(t)
	must(t, whole, sample, Options{BatchClients: 20})
	want := state(t, whole)
	d := target(t)
	for _, after := range []int{0, 2, 1, 4} {
		killAfter(t, d, after)
	}
	done := one(t, d, "SELECT count(*) FROM account")
	if done == "0" || done == "400" {
		t.Fatalf("%s clients are in: the kills were not in the middle", done)
	}
	must(t, d, sample, Options{BatchClients: 20})
	if diff := differences(want, state(t, d)); len(diff) > 0 {
		t.Errorf("the end differs: %q", diff)
	}
}

// killAfter starts an import in a process of its own and kills it, like kill -9, when it has committed some batches and is
// busy with the next.
func killAfter(t *testing.T, d *pgtest.Database, batches int) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), importHere+"="+d.URL)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; n < batches && lines.Scan(); n++ {
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Fatal("the import ended before it was killed")
	}
}

// An import that is stopped in an orderly way leaves whole clients.
func TestAnImportThatIsCancelledLeavesWholeClients(t *testing.T) {
	d := target(t)
	stop := errors.New("stop")
	for _, after := range []int{1, 3} {
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := Import(ctx, d.DB, sample, Options{BatchClients: 25, afterBatch: func(n int) {
			if n == after {
				cancel(stop)
			}
		}})
		if !errors.Is(err, stop) && !errors.Is(err, context.Canceled) { // a statement that was under way tells only that it was cancelled
			t.Fatalf("after %d batches: %v", after, err)
		}
		if halves := one(t, d, `SELECT count(*) FROM import_ref r JOIN account a ON a.id = r.target_id WHERE r.kind = 'tblclients' AND NOT EXISTS (SELECT FROM membership m WHERE m.account_id = a.id)`); halves != "0" {
			t.Errorf("%s accounts are without their users", halves)
		}
	}
	if n := one(t, d, "SELECT count(*) FROM account"); n == "0" || n == "400" {
		t.Fatalf("%s clients are in", n)
	}
	must(t, d, sample, Options{})
}

// The same provider as a dump, whole or packed, gives the same as its CSV files.
func TestADumpGivesTheSameAsCSV(t *testing.T) {
	csvs := target(t)
	must(t, csvs, sample, Options{})
	want := state(t, csvs)
	for _, name := range []string{"provider.sql", "provider.sql.gz"} {
		t.Run(name, func(t *testing.T) {
			d := target(t)
			r := must(t, d, dumpSample(t, name), Options{TempDir: t.TempDir()})
			if diff := differences(want, state(t, d)); len(diff) > 0 {
				t.Errorf("it differs: %q", diff)
			}
			if len(r.Ignored) != 2 || r.Ignored[0].Table != "mod_extra" || r.Ignored[1].Table != "tbladmins" {
				t.Errorf("not read: %v", r.Ignored)
			}
		})
	}
}

// dumpSample writes the sample as mysqldump would, with some tables that are none of our business.
func dumpSample(t *testing.T, name string) string {
	t.Helper()
	d := &mysqldump{perInsert: 500}
	d.begin()
	for _, known := range tables {
		f, err := os.Open(filepath.Join(sample, known.name+".csv"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		var values [][]*string
		for _, r := range rows[1:] {
			var row []*string
			for i := range r {
				if r[i] == "" && strings.Contains(rows[0][i], "note") {
					row = append(row, nil)
					continue
				}
				row = append(row, &r[i])
			}
			values = append(values, row)
		}
		d.table(known.name, rows[0], values)
	}
	secret := "it's; secret"
	d.table("tbladmins", []string{"id", "password"}, [][]*string{{&secret, &secret}})
	d.table("mod_extra", []string{"id", "x"}, [][]*string{{&secret, nil}})
	path := filepath.Join(t.TempDir(), name)
	text := []byte(d.String())
	if strings.HasSuffix(name, ".gz") {
		var packed strings.Builder
		z := gzip.NewWriter(&packed)
		_, err := z.Write(text)
		if err := errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		text = []byte(packed.String())
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheHookSeesEveryAccountAgain(t *testing.T) {
	d := target(t)
	for range 2 {
		seen := map[uuid.UUID]bool{}
		must(t, d, sample, Options{BatchClients: 150, AfterLoad: func(_ context.Context, accounts []uuid.UUID) error {
			for _, a := range accounts {
				seen[a] = true
			}
			return nil
		}})
		if len(seen) != 400 {
			t.Errorf("it saw %d", len(seen))
		}
	}
	broken := errors.New("broken")
	if _, err := Import(t.Context(), d.DB, sample, Options{AfterLoad: func(context.Context, []uuid.UUID) error { return broken }}); !errors.Is(err, broken) {
		t.Errorf("its error became %v", err)
	}
}
