package pgtest_test

import (
	"testing"

	"klantenpaneel/internal/pg/pgtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := pgtest.New(t), pgtest.New(t)
	if _, err := a.Owner.Exec("CREATE TABLE mine ()"); err != nil {
		t.Fatal(err)
	}
	var there bool
	if err := b.Owner.NewRaw("SELECT to_regclass('mine') IS NOT NULL").Scan(t.Context(), &there); err != nil || there {
		t.Errorf("the other database has the table too: %v %v", there, err)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		pgtest.New(b)
	}
}
