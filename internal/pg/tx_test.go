package pg_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"pgregory.net/rapid"
)

func TestAViewerSeesItsOwnRowsWithoutAWhere(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	for _, account := range []uuid.UUID{s.alice, s.bob} {
		if err := write(ctx, s.DB, job, "INSERT INTO note VALUES (?, ?, ?)", key.New(), account, "of "+account.String()); err != nil {
			t.Fatal(err)
		}
	}
	powerless := viewer.Viewer{Kind: viewer.Customer, Account: s.alice}.With(viewer.ReadBilling)
	for _, test := range []struct {
		name     string
		viewer   viewer.Viewer
		notes    int
		accounts int
	}{
		{"a customer its own", as(viewer.Customer, s.bob), 1, 1},
		{"another customer its own", as(viewer.Customer, s.alice), 1, 1},
		{"a partner its own and its customers'", as(viewer.Partner, s.alice), 2, 2},
		{"a partner without customers its own", as(viewer.Partner, s.bob), 1, 1},
		{"a customer of nothing none", as(viewer.Customer, uuid.Nil), 0, 0},
		{"staff all", as(viewer.Staff, uuid.Nil), 2, 2},
		{"a job all", job, 2, 2},
	} {
		notes, err1 := ask[int](ctx, s.DB, test.viewer, "SELECT count(*) FROM note")
		accounts, err2 := ask[int](ctx, s.DB, test.viewer, "SELECT count(*) FROM account")
		if notes != test.notes || accounts != test.accounts || err1 != nil || err2 != nil {
			t.Errorf("%s: %d notes, %d accounts, want %d and %d (%v, %v)", test.name, notes, accounts, test.notes, test.accounts, err1, err2)
		}
	}
	err := s.DB.Read(ctx, powerless, viewer.ReadBilling, func(tx *pg.Tx) error {
		var n int
		if err := tx.NewRaw("SELECT count(*) FROM account").Scan(ctx, &n); err != nil || n != 0 {
			t.Errorf("without the permission that the policy asks %d accounts show (%v)", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoMayNotIsRefusedBeforeTheDatabaseHearsOfIt(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	called := func(*pg.Tx) error { t.Error("called"); return nil }
	if err := s.DB.Read(ctx, viewer.Nobody("nl"), viewer.ReadAccount, called); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("a visitor reads: %v", err)
	}
	if err := s.DB.Write(ctx, as(viewer.Customer, s.alice), viewer.ManageDesk, called); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a customer does staff's work: %v", err)
	}
	for _, kind := range []viewer.Kind{"", "LOGIN", "OWNER", "customer", "x'; RESET ROLE; --"} {
		if err := s.DB.Read(ctx, as(kind, s.alice), viewer.ReadAccount, called); err == nil {
			t.Errorf("a viewer of kind %q is let in", kind)
		}
	}
}

func TestReadRefusesToWrite(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	for _, kind := range []viewer.Kind{viewer.Customer, viewer.Partner, viewer.Staff, viewer.System} {
		if _, err := ask[string](ctx, s.DB, as(kind, s.alice), "INSERT INTO account VALUES (gen_random_uuid()) RETURNING id"); err == nil || !strings.Contains(err.Error(), "25006") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := ask[string](ctx, s.DB, job, "SET TRANSACTION READ WRITE; DELETE FROM note"); err == nil {
		t.Error("a read transaction can be made a writing one")
	}
}

func TestNoSettingOutlivesItsTransaction(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	one := s.reopen(t, s.URL, pg.Options{MaxConns: 1})
	const who = "SELECT concat_ws('|', current_user, app.kind(), app.account_id(), app.user_id(), app.can('account:read'), app.can('desk:read'))"
	rapid.Check(t, func(t *rapid.T) {
		v := as(rapid.SampledFrom([]viewer.Kind{viewer.Customer, viewer.Partner, viewer.Staff}).Draw(t, "kind"), rapid.SampledFrom([]uuid.UUID{s.alice, s.bob}).Draw(t, "account"))
		want := fmt.Sprintf("%s|%s|%s|%s|t|f", v.Role(), v.Kind, v.Account, v.User)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var got string
		end := rapid.IntRange(0, 4).Draw(t, "how it ends")
		work := func(tx *pg.Tx) error {
			if err := tx.NewRaw(who).Scan(ctx, &got); err != nil {
				return err
			}
			switch end {
			case 0:
				return errors.New("a reason of its own")
			case 1:
				return tx.NewRaw("SELECT 1/0").Scan(ctx, new(int))
			case 2:
				cancel()
				return tx.NewRaw("SELECT 1").Scan(ctx, new(int))
			case 3:
				panic("a bug")
			}
			return nil
		}
		write := rapid.Bool().Draw(t, "write")
		func() {
			defer func() { _ = recover() }()
			if write {
				_ = one.Write(ctx, v, viewer.ManageAccount, work)
			} else {
				_ = one.Read(ctx, v, viewer.ReadAccount, work)
			}
		}()
		if got != want {
			t.Fatalf("is %s, want %s", got, want)
		}
		var left string
		if err := pg.Outside(one).NewRaw("SELECT concat_ws('|', current_user, current_setting('app.account', true), current_setting('app.user', true), current_setting('app.can', true), current_setting('app.kind', true), current_setting('transaction_read_only'))").Scan(context.Background(), &left); err != nil || left != "panel_login|||||off" && left != "panel_login|off" {
			t.Fatalf("left behind: %q (%v)", left, err)
		}
	})
}

func TestTheLoginRoleHasNoRights(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	for _, url := range []string{s.URL, s.OwnerURL, s.SuperURL} {
		db := s.reopen(t, url, pg.Options{})
		for _, statement := range []string{"SELECT count(*) FROM note", "SELECT count(*) FROM event", "INSERT INTO note SELECT * FROM note", "DELETE FROM account",
			"CREATE TABLE mine ()", "SELECT app.account_ids()", "DROP TABLE note", "SET ROLE panel_owner; SELECT 1"} {
			if _, err := pg.Outside(db).ExecContext(ctx, statement); !pg.Denied(err) && url != s.OwnerURL {
				t.Errorf("outside of a transaction %q gives %v", statement, err)
			} else if err == nil && !strings.HasPrefix(statement, "SET ROLE") {
				t.Errorf("outside of a transaction, logged in as the owner, %q works", statement)
			}
		}
		if _, err := pg.Outside(db).BeginTx(ctx, nil); err == nil {
			t.Error("a transaction without a viewer begins")
		}
		if n, err := ask[int](ctx, db, as(viewer.Customer, s.bob), "SELECT count(*) FROM account"); n != 1 || err != nil {
			t.Errorf("a customer sees %d accounts (%v)", n, err)
		}
	}
	var granted []string
	if err := s.Super(t).NewRaw("SELECT c.relname FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace) AND c.relkind IN ('r', 'v', 'S') "+
		"AND (has_table_privilege('panel_login', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'))").Scan(ctx, &granted); err != nil || len(granted) > 0 {
		t.Errorf("the login role has rights on %v (%v)", granted, err)
	}
}

func TestAFailedTransactionNeverLooksCommitted(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	id := key.New()
	for _, test := range []struct{ name, first, second string }{
		{"the first statement cannot be parsed", "SELEC", "SELECT set_config('app.account', 'x', false)"},
		{"the first statement fails", "SELECT 1/0", "INSERT INTO account VALUES ('" + id.String() + "')"},
		{"the last statement fails", "INSERT INTO account VALUES ('" + id.String() + "')", "SELECT 1/0"},
	} {
		err := s.DB.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
			_, _ = tx.ExecContext(ctx, test.first) // an error that nobody looks at
			if _, err := tx.ExecContext(ctx, test.second); err == nil {
				t.Errorf("%s: the next statement is run", test.name)
			}
			return nil
		})
		n, askErr := ask[int](ctx, s.DB, job, "SELECT count(*) FROM account WHERE id = ?", id)
		if err == nil || n != 0 || askErr != nil {
			t.Errorf("%s: error %v, %d rows (%v)", test.name, err, n, askErr)
		}
	}
	err := s.DB.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
		_ = tx.RunInTx(ctx, nil, func(ctx context.Context, inner bun.Tx) error {
			_, err := inner.ExecContext(ctx, "SELECT 1/0")
			return err
		})
		_, err := tx.ExecContext(ctx, "INSERT INTO account VALUES (?)", id)
		return err
	})
	if n, _ := ask[int](ctx, s.DB, job, "SELECT count(*) FROM account WHERE id = ?", id); n != 1 || err != nil {
		t.Errorf("after a savepoint caught the failure: %d rows, %v", n, err)
	}
}
