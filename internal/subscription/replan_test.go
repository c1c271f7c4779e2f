package subscription_test

import (
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/subscription/shoptest"

	"github.com/google/uuid"
)

const plans = `select label, next_invoice_on, next_invoice_net_cents, next_invoice_vat_cents, last_cancel_on, offer_on from subscription order by created_at, label`

func replan(t *testing.T, s *shoptest.Shop, accounts ...uuid.UUID) {
	t.Helper()
	s.Must(func(tx *pg.Tx) error { return subscription.Replan(t.Context(), tx, accounts) })
}

func TestThePanelShowsTheNextInvoice(t *testing.T) {
	s := shoptest.New(t, "PING")
	s.Today("2026-11-20")
	a := s.Account("BUSINESS")
	s.Yearly(a, "DOM-NL", "a.example", "2027-05-05")
	s.Yearly(a, "HOST-PLUS", "b.example", "2027-05-31")
	s.Yearly(a, "ODD", "c.example", "2027-07-05")
	replan(t, s, a)
	want := "a.example,2027-04-01,900,189,2027-04-05,; b.example,2027-04-01,12000,2520,2027-05-01,; c.example,2027-06-01,2750,578,2027-06-05,"
	if got := s.Text(plans); got != want {
		t.Errorf("services: got\n%s, want\n%s", got, want)
	}
	if got := s.Text(`select next_invoice_on, next_invoice_net_cents, next_invoice_vat_cents from account`); got != "2027-04-01,12900,2709" {
		t.Errorf("account: %s", got)
	}
}

func TestWhatTheLastDayToCancelDependsOn(t *testing.T) {
	for _, c := range []struct{ name, profile, kind, set, want string }{
		{"thirty days before the renewal", "PING", "BUSINESS", "", "2027-03-19"},
		{"before the invoice and a month ahead", "MHP", "BUSINESS", "", "2027-02-28"},
		{"a consumer need not cancel", "PING", "CONSUMER", "", ""},
		{"one who is treated as a consumer neither", "PING", "BUSINESS", "update account set treated_as_consumer = true", ""},
		{"an end is set", "PING", "BUSINESS", "update subscription set status = 'ENDING', ends_on = '2027-04-18'", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shoptest.New(t, c.profile)
			s.Today("2026-11-20")
			a := s.Account(c.kind)
			s.Yearly(a, "HOST-BASIS", "x.example", "2027-04-18")
			if c.set != "" {
				s.Exec(c.set)
			}
			replan(t, s, a)
			if got := s.Text(`select last_cancel_on from subscription`); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAConsumerSeesTheOfferAndNoInvoice(t *testing.T) {
	s := shoptest.New(t, "PING")
	s.Today("2026-11-20")
	a := s.Account("CONSUMER")
	s.Yearly(a, "HOST-START", "fatima.example", "2027-04-18")
	s.Service(a, "VPS-S", "monthly", 1, "2026-11-05", "2026-11-05", "2026-12-05")
	replan(t, s, a)
	if got, want := s.Text(plans), "fatima.example,,,,,2027-03-19; monthly,2026-12-01,1200,252,,"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReplanCostsTheSameStatementsForAnyNumberOfAccounts(t *testing.T) {
	s := shoptest.New(t, "PING")
	s.Today("2026-11-20")
	var accounts []uuid.UUID
	count := func() int64 {
		ctx, n := pg.Count(t.Context())
		s.Must(func(tx *pg.Tx) error { return subscription.Replan(ctx, tx, accounts) })
		return n.Load()
	}
	for range 20 {
		a := s.Account("BUSINESS")
		s.Yearly(a, "HOST-BASIS", "x.example", "2027-04-18")
		s.Yearly(a, "DOM-NL", "x.example", "2027-04-20")
		accounts = append(accounts, a)
	}
	all := accounts
	accounts = all[:1]
	one := count()
	accounts = all
	if many := count(); one != many || many > 4 {
		t.Errorf("%d statements for one account, %d for twenty", one, many)
	}
	if got := s.Text(`select count(*) from account where next_invoice_on = '2027-03-01' and next_invoice_net_cents = 8100`); got != "20" {
		t.Errorf("%s accounts have a plan", got)
	}
}

func TestReplanForgetsWhatWillNotCome(t *testing.T) {
	s := shoptest.New(t, "PING")
	s.Today("2026-11-20")
	a := s.Account("BUSINESS")
	id := s.Yearly(a, "HOST-BASIS", "x.example", "2027-04-18")
	replan(t, s, a)
	s.Exec(`insert into cancellation (id, account_id, subscription_id, mode, status, received_at, entered_at, effective_on) values (gen_random_uuid(), ?, ?, 'END_OF_TERM', 'OPEN', now(), now(), '2027-04-18')`, a, id)
	replan(t, s, a)
	if got := s.Text(plans) + " " + s.Text(`select next_invoice_on, next_invoice_net_cents from account`); got != "x.example,,,,, ," {
		t.Errorf("got %s", got)
	}
}
