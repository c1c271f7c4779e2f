package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/pg/migrate"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/migrations"

	"github.com/google/go-cmp/cmp"
)

func files(texts ...string) fstest.MapFS {
	all := fstest.MapFS{"embed.go": {Data: []byte("package x")}}
	for i, text := range texts {
		all[fmt.Sprintf("%04d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

const (
	one   = "CREATE TABLE a (n int);"
	two   = "INSERT INTO a VALUES (2); -- no semicolon at the end: it's fine\nCREATE TABLE b (n int)"
	three = "-- migrate: no transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n)"
)

func TestFilesAreAppliedOnceAndInOrder(t *testing.T) {
	d, ctx := pgtest.Empty(t), t.Context()
	for _, step := range []struct {
		files fstest.MapFS
		want  []string
	}{
		{files(one, two), []string{"0001_step.sql", "0002_step.sql"}},
		{files(one, two), nil},
		{files(one, two, three), []string{"0003_step.sql"}},
	} {
		got, err := migrate.Up(ctx, d.OwnerURL, step.files)
		if diff := cmp.Diff(step.want, got); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
	}
	var n int
	if err := d.Owner.NewRaw("SELECT count(*) FROM a").Scan(ctx, &n); n != 1 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestAFileThatFailsLeavesNothing(t *testing.T) {
	d, ctx := pgtest.Empty(t), t.Context()
	bad := "CREATE TABLE b (n int);\nINSERT INTO b VALUES (1);\nINSERT INTO nowhere VALUES (1);"
	applied, err := migrate.Up(ctx, d.OwnerURL, files(one, bad))
	if err == nil || !strings.Contains(err.Error(), "0002_step.sql: line 3:") || len(applied) != 1 {
		t.Errorf("applied %v, %v", applied, err)
	}
	if applied, err := migrate.Up(ctx, d.OwnerURL, files(one, two)); err != nil || len(applied) != 1 {
		t.Errorf("after it was mended: applied %v, %v", applied, err)
	}
}

func TestServersThatStartAtOnceMigrateOnce(t *testing.T) {
	d := pgtest.Empty(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var applied []string
	for range 6 {
		wg.Go(func() {
			got, err := migrate.Up(context.Background(), d.OwnerURL, files("SELECT pg_sleep(0.3);"+one, two, three))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			applied = append(applied, got...)
		})
	}
	wg.Wait()
	if len(applied) != 3 {
		t.Errorf("applied %v", applied)
	}
}

func TestRolesAreMadeOnceByDatabasesThatMigrateAtOnce(t *testing.T) {
	dir := t.TempDir() // PostgreSQL, which does not run as root, must be able to enter it
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	cluster, err := local.Start(t.Context(), filepath.Join(dir, "pg"), local.Options{Unsafe: true}) // a fresh one, without any role
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Stop() //nolint:errcheck // and its data with it
	roles, err := migrations.Files.ReadFile("0001_roles.sql")
	if err != nil {
		t.Fatal(err)
	}
	super, err := pg.Unguarded(cluster.SuperURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close()
	var wg sync.WaitGroup
	for n := range 4 {
		name := fmt.Sprintf("d%d", n)
		if _, err := super.ExecContext(t.Context(), "CREATE DATABASE "+name+" OWNER "+local.Owner); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 4 {
		wg.Go(func() {
			name := fmt.Sprintf("d%d", n)
			if _, err := migrate.Up(context.Background(), strings.Replace(cluster.OwnerURL(), "/panel?", "/"+name+"?", 1), files("SELECT pg_sleep(0.2);"+string(roles)+"; SELECT pg_sleep(0.2)")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	wg.Wait()
	var members, inherited int
	if err := super.QueryRowContext(t.Context(), "SELECT count(*) FILTER (WHERE member = 'panel_login'::regrole), count(*) FILTER (WHERE member = 'panel_login'::regrole AND pg_has_role('panel_login', roleid, 'USAGE')) FROM pg_auth_members").
		Scan(&members, &inherited); err != nil || members != 7 || inherited != 0 {
		t.Errorf("the login role may enter %d roles and has the rights of %d, want 7 and 0 (%v)", members, inherited, err)
	}
}

func TestADatabaseThatDoesNotFitIsRefused(t *testing.T) {
	d, ctx := pgtest.Empty(t), t.Context()
	if _, err := migrate.Up(ctx, d.OwnerURL, files(one, two)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, says string
		files      fstest.MapFS
	}{
		{"a newer database", "newer than this program: it has migration 0002_step.sql", files(one)},
		{"a file that was changed", "0001_step.sql was changed after it was applied", files(one+" ", two)},
		{"a name without a number", "named like 0001_name.sql", fstest.MapFS{"first.sql": {}}},
		{"a number that is there twice", "the same number", fstest.MapFS{"0001_a.sql": {}, "0001_b.sql": {}}},
	} {
		if _, err := migrate.Up(ctx, d.OwnerURL, test.files); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestStatusTellsWhatIsToBeDone(t *testing.T) {
	d, ctx := pgtest.Empty(t), t.Context()
	status := func() string {
		all, err := migrate.Status(ctx, d.OwnerURL, files(one, two))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, s := range all {
			fmt.Fprintf(&b, "%s %v;", s.File, !s.AppliedAt.IsZero())
		}
		return b.String()
	}
	if got := status(); got != "0001_step.sql false;0002_step.sql false;" {
		t.Errorf("before: %s", got)
	}
	if _, err := migrate.Up(ctx, d.OwnerURL, files(one)); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != "0001_step.sql true;0002_step.sql false;" {
		t.Errorf("after the first: %s", got)
	}
}

func TestMigratingABusyTableWaitsInSmallSteps(t *testing.T) {
	d, ctx := pgtest.Empty(t), t.Context()
	if _, err := migrate.Up(ctx, d.OwnerURL, files(one)); err != nil {
		t.Fatal(err)
	}
	reader, err := d.Owner.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback() //nolint:errcheck // over
	if _, err := reader.ExecContext(ctx, "SELECT * FROM a"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := migrate.Up(ctx, d.OwnerURL, files(one, "ALTER TABLE a ADD COLUMN more int"))
		done <- err
	}()
	blocked := 0
	for range 12 { // others must get through while it waits
		read, cancel := context.WithTimeout(ctx, 5*time.Second)
		if _, err := d.Owner.ExecContext(read, "SET lock_timeout = 2000; SELECT * FROM a"); err != nil {
			blocked++
		}
		cancel()
		time.Sleep(100 * time.Millisecond)
	}
	if err := errors.Join(reader.Rollback(), <-done); err != nil || blocked > 0 {
		t.Errorf("%d readers were kept waiting; %v", blocked, err)
	}
}
