package pg_test

import (
	"context"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/viewer"
)

func TestReadEntersTheRoleAndCarriesTheSettings(t *testing.T) {
	d := pgtest.New(t)
	ctx := t.Context()
	var role, kind string
	err := d.DB.Read(ctx, viewer.ForJob("test"), viewer.ReadAccount, func(tx *pg.Tx) error {
		return tx.NewRaw("SELECT current_user::text, app.kind()").Scan(ctx, &role, &kind)
	})
	if err != nil || role != "panel_system" || kind != "SYSTEM" {
		t.Errorf("role %q, kind %q: %v", role, kind, err)
	}
}

func BenchmarkRead(b *testing.B) {
	d := pgtest.New(b)
	v := viewer.ForJob("bench")
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		var n int
		if err := d.DB.Read(ctx, v, viewer.ReadAccount, func(tx *pg.Tx) error {
			return tx.NewRaw("SELECT 1").Scan(ctx, &n)
		}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	d := pgtest.New(b)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		var n int
		if err := d.Owner.NewRaw("SELECT 1").Scan(ctx, &n); err != nil {
			b.Fatal(err)
		}
	}
}
