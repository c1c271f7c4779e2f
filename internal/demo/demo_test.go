package demo_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

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
	begin := time.Now()
	s, err := demo.Seed(t.Context(), d.DB, gate, demo.Options{Today: civil.MustParse("2026-11-20")})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(begin), s)
	var n string
	d.Owner.NewRaw(`select string_agg(t::text, E'\n') from (select a.name, i.number, i.issued_on, i.total_cents, i.open_cents from invoice i join account a on a.id=i.account_id order by issued_on, number) t`).Scan(t.Context(), &n)
	fmt.Println(n)
	d.Owner.NewRaw(`select string_agg(t::text, E'\n') from (select label, status, period_end_on, next_invoice_on, next_invoice_net_cents, last_cancel_on, offer_on from subscription) t`).Scan(t.Context(), &n)
	fmt.Println(n)
	d.Owner.NewRaw(`select string_agg(t::text, E'\n') from (select renews_on, status from renewal_offer) t`).Scan(t.Context(), &n)
	fmt.Println(n)
}
