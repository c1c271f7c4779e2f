package demo_test

import (
	"log/slog"
	"testing"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/demo"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/seal"
)

func TestSeed(t *testing.T) {
	d := pgtest.New(t)
	master, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	gate, err := auth.New(auth.Options{DB: d.DB, Key: master, PublicURL: "https://mijn.example.org", Now: d.Clock.Now, Log: slog.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Seed(t.Context(), d.DB, gate, demo.Options{Today: civil.MustParse("2026-11-20")}); err != nil {
		t.Fatal(err)
	}
}
