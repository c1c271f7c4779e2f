package pg_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"unicode/utf8"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var notes = pg.Bulk{Table: "note", Columns: []string{"id", "account_id", "body", "n"}}

func each(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func TestCopiedTextArrivesAsItWasOrIsRefused(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.OneOf(rapid.String(), rapid.StringMatching(`[\\NnrtbxX0'\x00-\x1f.]{0,12}`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		id := key.New()
		_, err := s.DB.Copy(ctx, job, viewer.ManageAccount, notes, each([]any{id, s.alice, body, int16(7)}))
		if strings.Contains(body, "\x00") || !utf8.ValidString(body) {
			if err == nil {
				t.Fatalf("%q was accepted", body)
			}
			return
		}
		if pg.Violates(err, "note_body_key") {
			return // drawn before
		}
		got, askErr := ask[string](ctx, s.DB, job, "SELECT body FROM note WHERE id = ?", id)
		if err != nil || askErr != nil || got != body {
			t.Fatalf("copied %q, got %q (%v, %v)", body, got, err, askErr)
		}
	})
}

func TestCopyIsAllOrNothing(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	stop, cancel := context.WithCancel(ctx)
	row := func(i int) []any { return []any{key.New(), s.alice, fmt.Sprint("row ", i), i} }
	with := func(at int, what func(yield func([]any, error) bool)) iter.Seq2[[]any, error] {
		return func(yield func([]any, error) bool) {
			for i := range 20_000 {
				if i == at {
					what(yield)
					return
				}
				if !yield(row(i), nil) {
					return
				}
			}
		}
	}
	fault := errors.New("the source broke")
	for _, test := range []struct {
		name string
		ctx  context.Context
		rows iter.Seq2[[]any, error]
		is   func(error) bool
	}{
		{"the source breaks", ctx, with(9999, func(yield func([]any, error) bool) { yield(nil, fault) }), func(err error) bool { return errors.Is(err, fault) }},
		{"a row is too short", ctx, with(9999, func(yield func([]any, error) bool) { yield([]any{1}, nil) }), func(err error) bool { return strings.Contains(err.Error(), "row 10000 has 1 values") }},
		{"a value is no uuid", ctx, with(9999, func(yield func([]any, error) bool) { yield([]any{"x", s.alice, "x", 1}, nil) }), func(err error) bool { return strings.Contains(err.Error(), "22P02") }},
		{"a row is there twice", ctx, with(9999, func(yield func([]any, error) bool) { yield(row(1), nil) }), func(err error) bool { return problem.Is(err, problem.Conflict) }},
		{"a row breaks a rule", ctx, with(9999, func(yield func([]any, error) bool) { yield([]any{key.New(), s.alice, "x", -1}, nil) }), func(err error) bool { return pg.Violates(err, "note_n_check") }},
		{"the context ends", stop, with(9999, func(yield func([]any, error) bool) { cancel(); yield(row(9999), nil) }), func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		_, err := s.DB.Copy(test.ctx, job, viewer.ManageAccount, notes, test.rows)
		if err == nil || !test.is(err) {
			t.Errorf("%s: %v", test.name, err)
		}
		if n, err := ask[int](ctx, s.DB, job, "SELECT count(*) FROM note"); n != 0 || err != nil {
			t.Errorf("%s: %d rows (%v)", test.name, n, err)
		}
	}
	n, err := s.DB.Copy(ctx, job, viewer.ManageAccount, notes, with(9999, func(func([]any, error) bool) {}))
	if n != 9999 || err != nil {
		t.Errorf("%d rows copied, want 9999 (%v)", n, err)
	}
	again := notes
	again.OnConflict = "(body) DO UPDATE SET n = note.n + 1 WHERE note.n < 5"
	n, err = s.DB.Copy(ctx, job, viewer.ManageAccount, again, with(9999, func(func([]any, error) bool) {}))
	if n != 5 || err != nil {
		t.Errorf("%d rows changed, want 5 (%v)", n, err)
	}
}

func TestCopyHoldsToThePolicies(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	customer := as(viewer.Customer, s.alice)
	if _, err := s.DB.Copy(ctx, customer, viewer.ManageAccount, notes, each([]any{key.New(), s.bob, "x", 0})); !pg.Denied(err) {
		t.Errorf("a row for someone else: %v", err)
	}
	if _, err := s.DB.Copy(ctx, viewer.Viewer{Kind: viewer.Customer, Account: s.alice}, viewer.ManageAccount, notes, each()); !problem.Is(err, problem.Forbidden) {
		t.Errorf("without the permission: %v", err)
	}
	n, err := s.DB.Copy(ctx, customer, viewer.ManageAccount, notes, each([]any{key.New(), s.alice, "x", 0}))
	if n != 1 || err != nil {
		t.Errorf("a row of its own: %d, %v", n, err)
	}
	var nothing *uuid.UUID
	if _, err := s.DB.Copy(ctx, job, viewer.ManageAccount, pg.Bulk{Table: "account", Columns: []string{"id", "partner_id"}}, each([]any{key.New(), nothing}, []any{key.New(), nil}, []any{key.New(), &s.alice})); err != nil {
		t.Errorf("nothing in a column: %v", err)
	}
}

func BenchmarkCopy(b *testing.B) {
	s := newShop(b)
	for b.Loop() {
		n, err := s.DB.Copy(b.Context(), job, viewer.ManageAccount, notes, func(yield func([]any, error) bool) {
			for i := range 10_000 {
				if !yield([]any{key.New(), s.alice, uuid.NewString(), i}, nil) {
					return
				}
			}
		})
		if err != nil || n != 10_000 {
			b.Fatal(n, err)
		}
	}
}
