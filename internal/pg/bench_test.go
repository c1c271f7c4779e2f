package pg_test

import (
	"context"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// What a viewer's transaction costs on top of its statement.
func BenchmarkRead(b *testing.B) {
	s := newShop(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	v := as(viewer.Customer, s.alice)
	b.Run("statement alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := pg.Outside(s.DB).QueryRowContext(ctx, "SELECT 1").Scan(new(int)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("in a transaction as a customer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ask[int](ctx, s.DB, v, "SELECT 1"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fetched as a customer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.DB.Fetch(ctx, v, viewer.ReadAccount, "SELECT '1'"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ten in a snapshot", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			snapshot := s.DB.Snapshot(ctx, v)
			for range 10 {
				if err := snapshot.Read(ctx, viewer.ReadAccount, func(tx *pg.Tx) error {
					return tx.QueryRowContext(ctx, "SELECT 1").Scan(new(int))
				}); err != nil {
					b.Fatal(err)
				}
			}
			if err := snapshot.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
