package pg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/pg/migrate"
	"klantenpaneel/internal/viewer"
)

// commit is the message that commits, and not the "READ COMMITTED" of BEGIN.
const commit = "COMMIT\x00"

func TestAConnectionThatBreaksCostsNothing(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	p, url := newProxy(t, s.URL, nil)
	db := s.reopen(t, url, pg.Options{MaxConns: 3})
	for _, test := range []struct {
		name, text string
		before     bool
		tries      int
	}{
		{"while the first statement is on its way", "INSERT INTO account", true, 2},
		{"before the answer to the first statement", "INSERT INTO account", false, 2},
		{"while the second statement is on its way", "SELECT 'second'", true, 2},
		{"while COMMIT is on its way", commit, true, 2},
		{"before the answer to COMMIT", commit, false, 1},
	} {
		p.once(test.text, test.before)
		id, tries := key.New(), 0
		err := db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
			tries++
			if _, err := tx.ExecContext(ctx, "INSERT INTO account VALUES (?)", id); err != nil {
				return fmt.Errorf("insert: %w", err)
			}
			_, err := tx.ExecContext(ctx, "SELECT 'second'")
			return err
		})
		n, askErr := ask[int](ctx, s.DB, job, "SELECT count(*) FROM account WHERE id = ?", id)
		if err != nil || n != 1 || tries != test.tries || askErr != nil {
			t.Errorf("%s: %v; %d rows after %d tries, want 1 after %d", test.name, err, n, tries, test.tries)
		}
	}
	for _, before := range []bool{true, false} {
		p.once("SELECT 42", before)
		if n, err := ask[int](ctx, db, job, "SELECT 42"); n != 42 || err != nil {
			t.Errorf("reading, before %v: %v", before, err)
		}
		snapshot := db.Snapshot(ctx, job)
		for range 3 {
			p.once("SELECT 43", before)
			if err := snapshot.Read(ctx, viewer.ReadAccount, func(tx *pg.Tx) error { return tx.NewRaw("SELECT 43").Scan(ctx, new(int)) }); err != nil {
				t.Errorf("in a snapshot, before %v: %v", before, err)
			}
		}
		if err := snapshot.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := ask[int](ctx, db, job, "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	p.cut()
	for range 10 {
		if _, err := ask[int](ctx, db, job, "SELECT 1"); err != nil {
			t.Errorf("on connections that broke while they lay idle: %v", err)
		}
	}
}

func TestAnOutcomeThatNobodyCanTellIsSaidToBeUnknown(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	p, url := newProxy(t, s.URL, nil)
	db := s.reopen(t, url, pg.Options{ConnectWait: 100 * time.Millisecond})
	p.once(commit, false)
	tries := 0
	err := db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
		tries++
		if _, err := tx.ExecContext(ctx, "INSERT INTO account VALUES (gen_random_uuid())"); err != nil {
			return err
		}
		return p.listener.Close() // and no way back
	})
	if !errors.Is(err, pg.ErrUnknownOutcome) || tries != 1 {
		t.Errorf("%d tries, %v", tries, err)
	}
}

// tempDir returns a folder that another user may enter too, since PostgreSQL does not run as root.
func tempDir(t *testing.T) string {
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestARestartUnderLoadCostsNoRequestAndNoWrite(t *testing.T) {
	ctx, dir := context.Background(), tempDir(t)
	start := func() *local.Server {
		s, err := local.Start(ctx, dir, local.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	server := start()
	defer func() { _ = server.Stop() }()
	if _, err := migrate.Up(ctx, server.OwnerURL(), files(t)); err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(server.URL(), pg.Options{Now: time.Now, MaxConns: 6, ConnectWait: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	var stop atomic.Bool
	var acknowledged, unknown, read atomic.Int64
	var wg sync.WaitGroup
	for n := range 6 {
		events := n%2 == 0 // by its event a write can be recognised even after a crash
		wg.Go(func() {
			for !stop.Load() {
				err := db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
					if events {
						if err := tx.Record(renamed{Name: "x"}); err != nil {
							return err
						}
					}
					_, err := tx.ExecContext(ctx, "INSERT INTO account VALUES (?)", key.New())
					return err
				})
				switch {
				case err == nil:
					acknowledged.Add(1)
				case !events && errors.Is(err, pg.ErrUnknownOutcome):
					unknown.Add(1)
				default:
					t.Errorf("write: %v", err)
					return
				}
				if _, err := ask[int](ctx, db, job, "SELECT count(*) FROM note"); err != nil {
					t.Errorf("read: %v", err)
					return
				}
				read.Add(1)
			}
		})
	}
	for n := range 4 {
		for before := read.Load(); read.Load() < before+50 && !t.Failed(); {
			time.Sleep(5 * time.Millisecond)
		}
		if n%2 == 1 {
			_ = syscall.Kill(server.PID(), syscall.SIGQUIT) // it leaves everything as it lies, and recovers
		}
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
		server = start()
	}
	for before := read.Load(); read.Load() < before+50 && !t.Failed(); {
		time.Sleep(5 * time.Millisecond)
	}
	stop.Store(true)
	wg.Wait()
	n, err := ask[int64](ctx, db, job, "SELECT count(*) FROM account")
	if surplus := n - acknowledged.Load(); surplus < 0 || surplus > unknown.Load() || err != nil {
		t.Errorf("%d rows for %d acknowledged writes and %d of which nobody could tell (%v)", n, acknowledged.Load(), unknown.Load(), err)
	}
}
