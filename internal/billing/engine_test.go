package billing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
)

// killed is a context that ends after k statements, at whatever statement that is.
type killed struct {
	context.Context
	n *atomic.Int64
	k int64
}

func (c *killed) Err() error {
	if c.n.Load() >= c.k {
		return context.Canceled
	}
	return c.Context.Err()
}

func kill(ctx context.Context, k int64) context.Context {
	ctx, n := pg.Count(ctx)
	return &killed{ctx, n, k}
}

// crowd fills the shop with accounts that are due on 2027-04-01, renew or end: two in ten are consumers.
func crowd(p *provider, n int) {
	for i := range n {
		kind, day := "BUSINESS", civil.MustParse("2027-05-01").AddDays(i%28).String()
		if i%5 == 4 {
			kind, day = "CONSUMER", "2027-04-01"
		}
		a := p.Account(kind)
		s := p.Yearly(a, "HOST-BASIS", fmt.Sprintf("k%d.nl", i), day)
		p.Package(a, s, fmt.Sprintf("k%d.nl", i))
		d := p.Yearly(a, "DOM-NL", fmt.Sprintf("k%d.nl", i), day)
		p.Domain(a, d, fmt.Sprintf("k%d.nl", i), day)
		if i%5 == 3 {
			p.Service(a, "VPS-S", "m", 1, "2026-04-10", "2027-03-10", "2027-04-10")
		}
	}
}

// settled checks what must be true of the crowd after the job of 2027-04-01, whatever happened on the way.
func settled(p *provider, n int) {
	p.t.Helper()
	business, monthly := n-n/5, n/5
	gapless(p)
	p.is("invoices", `select count(*), count(distinct account_id), max(sequence) from invoice`, fmt.Sprintf("%d,%d,%d", business, business, business))
	p.is("money", `select sum(net_cents), sum(vat_cents) from invoice`, fmt.Sprintf("%d,%d", business*8100+monthly*1200, business*1701+monthly*252))
	p.is("covered", `select count(*) from covered_period`, fmt.Sprint(2*business+monthly))
	p.is("ended", `select count(*), count(distinct ends_on) from subscription where status = 'ENDED'`, fmt.Sprintf("%d,1", 2*(n/5)))
	p.is("told once", `select kind, count(*) from notification group by kind order by kind`,
		fmt.Sprintf("CANCELLATION_CONFIRMED,%d; DOMAIN_QUARANTINE,%d; HOSTING_DELETION_SCHEDULED,%d; INVOICE_OPEN,%d; SUBSCRIPTION_ENDED,%d", 2*(n/5), n/5, n/5, business, 2*(n/5)))
	p.is("recorded once", `select count(*), count(distinct subject_id) from event where kind = 'invoice.issued'`, fmt.Sprintf("%d,%d", business, business))
	p.is("sums", `select count(*) from invoice i where net_cents <> (select sum(net_cents) from invoice_line l where l.invoice_id = i.id)
		or (net_cents, vat_cents) <> (select sum(net_cents), sum(vat_cents) from invoice_vat v where v.invoice_id = i.id)`, "0")
	p.is("the panel agrees with what is billed", `select count(*) from subscription where status = 'ACTIVE' and (next_invoice_on is null or next_invoice_on <= '2027-04-01')`, "0")
}

func TestKilledAtAnyStatementAndStartedAgain(t *testing.T) {
	p := newProvider(t, "PING")
	const n = 20
	crowd(p, n)
	d := p.Today("2027-04-01")
	random := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for k := int64(0); ; k += 1 + random.Int64N(4) {
		err := p.Daily(kill(t.Context(), k), d)
		if err == nil {
			break
		}
		kills++
	}
	if kills < 20 {
		t.Errorf("only killed %d times", kills)
	}
	settled(p, n)
	p.is("the job is done", `select count(*) from daily_step where finished_at is not null`, "5")
}

func TestTwoServersAtOnceAndTwice(t *testing.T) {
	p := newProvider(t, "PING")
	const n = 200
	crowd(p, n)
	d := p.Today("2027-04-01")
	var both sync.WaitGroup
	for range 2 {
		server := billing.New(p.DB)
		both.Go(func() {
			for range 2 {
				if err := server.Daily(t.Context(), d); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	settled(p, n)
	p.is("progress", `select step, done, failed from daily_step order by started_at, step`, fmt.Sprintf(`"billing run",%d,0; cancellations,0,0; "ends and renewals",%d,0; "offer mail",0,0; offers,0,0`, n-n/5, n/5))
}

func TestKilledServersBesideOneThatGoesOn(t *testing.T) {
	p := newProvider(t, "PING")
	const n = 60
	crowd(p, n)
	d := p.Today("2027-04-01")
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 9))
			for range 10 {
				_ = billing.New(p.DB).Daily(kill(t.Context(), random.Int64N(120)), d)
			}
		})
	}
	all.Wait()
	if err := p.Daily(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	settled(p, n)
}

func TestCatchingUpAfterAnOutage(t *testing.T) {
	p := newProvider(t, "PING")
	a := p.Account("BUSINESS")
	p.Yearly(a, "HOST-BASIS", "klant.nl", "2027-04-18")
	p.day("2027-03-04")
	p.is("dated today, and says when it should have been", `select i.issued_on, i.scheduled_on, l.late, l.last_cancel_on from invoice i join invoice_line l on l.invoice_id = i.id`,
		"2027-03-04,2027-03-01,t,2027-03-19")
	p.Yearly(a, "HOST-PLUS", "klant.nl", "2027-03-09")
	p.day("2027-03-04")
	p.is("a second one waits for tomorrow", `select count(*) from invoice`, "1")
	p.day("2028-06-03")
	p.is("whole years are caught up on one invoice", `select issued_on, count(*), sum(l.net_cents) from invoice i join invoice_line l on l.invoice_id = i.id group by 1 order by 1`,
		"2027-03-04,1,7200; 2028-06-03,3,31200")
	p.is("and the terms have moved on", `select period_start_on, period_end_on from subscription order by 1`, "2028-03-09,2029-03-09; 2028-04-18,2029-04-18")
}

func TestTheJobOfAnotherDayDoesNothing(t *testing.T) {
	p := newProvider(t, "PING")
	p.Yearly(p.Account("BUSINESS"), "HOST-BASIS", "klant.nl", "2027-04-18")
	p.Today("2027-03-02")
	if err := p.Daily(t.Context(), civil.MustParse("2027-03-01")); err == nil {
		t.Error("it ran")
	}
	p.is("invoices", `select count(*) from invoice`, "0")
}

func TestTheDaysBetweenCanBeLeftOut(t *testing.T) {
	skipping, daily := newProvider(t, "PING"), newProvider(t, "PING")
	until := civil.MustParse("2028-06-01")
	crowd(skipping, 10)
	crowd(daily, 10)
	visited := 0
	for d := skipping.Today("2027-01-01"); !d.IsZero() && !d.After(until); visited++ {
		skipping.Clock.Set(d.At(4, 0))
		if err := skipping.Daily(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		next, err := skipping.NextDay(t.Context())
		if err != nil || !next.IsZero() && !next.After(d) {
			t.Fatalf("after %s comes %s: %v", d, next, err)
		}
		d = next
	}
	for d := daily.Today("2027-01-01"); !d.After(until); d = d.AddDays(1) {
		daily.Clock.Set(d.At(4, 0))
		if err := daily.Daily(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	for _, query := range []string{
		`select a.number, i.issued_on, i.total_cents from invoice i join account a on a.id = i.account_id order by 1, 2`,
		`select a.number, s.label, s.status, s.period_end_on, s.billed_until_on, s.next_invoice_on from subscription s join account a on a.id = s.account_id order by 1, 2, 4, 5`,
		`select a.number, n.kind, (n.created_at at time zone 'Europe/Amsterdam')::date as on from notification n join account a on a.id = n.account_id order by 1, 2, 3`,
		`select renews_on, status, reminders, count(*) from renewal_offer group by 1, 2, 3 order by 1, 2, 3`,
	} {
		daily.is(query, query, skipping.Text(query))
	}
	if visited > 150 {
		t.Errorf("%d of 518 days were visited", visited)
	}
}

func TestWithoutContractsNothingComes(t *testing.T) {
	p := newProvider(t, "PING")
	p.Today("2027-01-01")
	if next, err := p.NextDay(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("%s, %v", next, err)
	}
}
