package term_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/term"
)

// The properties of section 6 that need no database. go test -rapid.checks=1000000 looks longer.

// start is when the accounts of these tests begin to be billed.
var start = day("2026-11-20")

// anyContract draws a contract around start: new, running, ending, consumer or business, of any length.
var anyContract = rapid.Custom(func(t *rapid.T) term.Contract {
	c := term.Contract{
		ID:       uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
		Kind:     rapid.SampledFrom([]term.Kind{term.Business, term.Business, term.Business, term.Consumer}).Draw(t, "kind"),
		AnchorOn: start.AddDays(-rapid.IntRange(0, 1200).Draw(t, "age")),
		Months:   rapid.SampledFrom([]int{1, 1, 2, 3, 6, 12, 12, 12, 24, 36}).Draw(t, "months"),
		Prices:   at(money.Cents(rapid.IntRange(1, 500_00).Draw(t, "net"))),
	}
	if c.AnchorOn.Before(start) || rapid.Bool().Draw(t, "billed") {
		c.BilledUntil = c.PeriodOn(start).End
	}
	if rapid.IntRange(0, 4).Draw(t, "ends?") == 0 {
		c.EndsOn = start.AddDays(rapid.IntRange(1, 900).Draw(t, "ends in"))
		c.BilledUntil = earliest(c.BilledUntil, c.EndsOn)
	}
	if c.FixedConsumer() {
		c.AgreedUntil = c.PeriodOn(start).End
		if rapid.Bool().Draw(t, "accepted") {
			c.AgreedUntil = c.PeriodOn(c.AgreedUntil).End
		}
	}
	return c
})

func earliest(a, b civil.Date) civil.Date {
	if a.IsZero() {
		return a
	}
	return civil.Earliest(a, b)
}

var anyAccount = rapid.SliceOfNDistinct(anyContract, 1, 6, func(c term.Contract) uuid.UUID { return c.ID })

// runDays draws days on which runs happen: every 1st but the skipped ones, and some others, as after outages.
func runDays(t *rapid.T, skip bool) (days []civil.Date) {
	for on := start; on.Before(start.AddMonths(30)); {
		days = append(days, on)
		next := on.LastOfMonth().AddDays(1)
		if skip {
			next = on.AddDays(rapid.IntRange(1, 60).Draw(t, "pause"))
		}
		on = next
	}
	return days
}

// bill makes a run over the account, marks what it billed, and returns it.
func bill(account []term.Contract, on civil.Date) term.Upcoming {
	u := term.PING.Due(account, on)
	for _, l := range u.Lines {
		for i := range account {
			if account[i].ID == l.ContractID && (account[i].BilledUntil.IsZero() || account[i].BilledUntil == l.Period.Start) {
				account[i].BilledUntil = l.Period.End
			}
		}
	}
	return u
}

// Invariants 1, 2, 7, 10, 15: whatever days runs happen on, coverage has no gap and no overlap, nothing due is skipped,
// nothing is billed past an end, the same run again bills nothing, and dates keep the promise of 30 days.
func TestWhateverTheRunDaysEveryPeriodIsBilledOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := anyAccount.Draw(t, "account")
		covered := map[uuid.UUID]civil.Date{}
		for _, c := range account {
			covered[c.ID] = civil.Latest(c.AnchorOn, c.BilledUntil)
		}
		for _, on := range runDays(t, true) {
			for _, l := range bill(account, on).Lines {
				if l.Period.Start != covered[l.ContractID] || l.Period.Days() == 0 {
					t.Fatalf("on %v: %v after %v", on, l.Period, covered[l.ContractID])
				}
				covered[l.ContractID] = l.Period.End
				lead := l.Period.Start.Sub(on)
				flagged := l.Late || l.Rule == term.Monthly || l.Rule == term.First || l.Rule == term.Accepted
				if !flagged && (lead < 30 || on.Day() != 1) || l.Late != (on.After(l.ScheduledOn)) {
					t.Fatalf("on %v: %+v", on, l)
				}
			}
			if again := term.PING.Due(account, on); len(again.Lines)+len(again.Held) > 0 {
				t.Fatalf("again on %v: %s", on, show(again.Lines))
			}
			for _, c := range account {
				promptly(t, c, on)
			}
		}
	})
}

// promptly fails when something of the contract should have been billed by the end of that day.
func promptly(t *rapid.T, c term.Contract, on civil.Date) {
	if !c.EndsOn.IsZero() && c.BilledUntil.After(c.EndsOn) {
		t.Fatalf("billed until %v, ends %v", c.BilledUntil, c.EndsOn)
	}
	runs := c.EndsOn.IsZero() || c.BilledUntil.Before(c.EndsOn)
	r := c.BilledUntil
	switch {
	case c.FixedConsumer():
		if r.After(c.AgreedUntil) || runs && r.Before(c.AgreedUntil) {
			t.Fatalf("a consumer billed until %v agreed until %v", r, c.AgreedUntil)
		}
	case c.Months >= 3 && runs && !on.Before(term.PING.SingleInvoiceOn(r)):
		t.Fatalf("on %v: %v is not billed", on, r)
	case c.Months < 3 && runs && r.Sub(on) <= 0:
		t.Fatalf("on %v: month %v is not billed", on, r)
	}
}

// Invariant 7: the runs of many days bill the periods that one run on the last of them bills.
func TestCatchingUpBillsTheSamePeriods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := anyAccount.Draw(t, "account")
		later := slices.Clone(account)
		last := start.AddDays(rapid.IntRange(0, 500).Draw(t, "days"))
		var daily, once []string
		for on := start; !on.After(last); on = on.AddDays(1) {
			for _, l := range bill(account, on).Lines {
				daily = append(daily, l.ContractID.String()+show([]term.Line{{Period: l.Period, Net: l.Net}}))
			}
		}
		for _, l := range bill(later, last).Lines {
			once = append(once, l.ContractID.String()+show([]term.Line{{Period: l.Period, Net: l.Net}}))
		}
		slices.Sort(daily)
		slices.Sort(once)
		if !slices.Equal(daily, once) {
			t.Fatalf("daily\n%v\nonce\n%v", daily, once)
		}
	})
}

// Invariant 11.
func TestRenewalsOfOneMonthShareAnInvoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) term.Contract {
			c := anyContract.Filter(func(c term.Contract) bool { return c.Kind == term.Business && c.Months >= 3 }).Draw(t, "contract")
			c.BilledUntil, c.EndsOn = c.PeriodOn(start).End, civil.Date{}
			return c
		}), 2, 6, func(c term.Contract) uuid.UUID { return c.ID }).Draw(t, "account")
		on := map[string]civil.Date{} // by month of renewal
		first := map[string]civil.Date{}
		for _, u := range term.PING.NextInvoices(account, start.AddDays(1), start.AddMonths(24)) {
			for _, l := range u.Lines {
				month := l.Period.Start.FormatMonth("en")
				if seen, ok := on[month]; ok && seen != u.On {
					t.Fatalf("%s is billed on %v and %v", month, seen, u.On)
				}
				if _, ok := first[month]; !ok {
					first[month] = l.Period.Start
				}
				if on[month] = u.On; !l.Late && u.On != term.PING.SingleInvoiceOn(first[month]) {
					t.Fatalf("%s, led by %v, is billed on %v", month, first[month], u.On)
				}
			}
		}
	})
}

// Invariant 13: what is shown ahead is what daily runs produce.
func TestWhatIsShownIsWhatIsBilled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := anyAccount.Draw(t, "account")
		for i := range account {
			account[i].Prices = append(account[i].Prices, term.Price{
				From:        start.AddDays(rapid.IntRange(0, 400).Draw(t, "new price from")),
				AnnouncedOn: start.AddDays(rapid.IntRange(0, 400).Draw(t, "announced on")),
				Net:         1_00,
			})
		}
		until := start.AddMonths(12)
		shown := term.PING.NextInvoices(account, start, until)
		next := term.PING.NextLines(account, start)
		billedFirst := map[uuid.UUID]bool{}
		work := slices.Clone(account)
		for on := start; !on.After(until); on = on.AddDays(1) {
			u := bill(work, on)
			if sent := u.Net() != 0; sent && (len(shown) == 0 || shown[0].On != on || show(shown[0].Lines) != show(u.Lines)) {
				t.Fatalf("billed on %v: %s\nshown: %+v", on, show(u.Lines), shown)
			} else if sent {
				shown = shown[1:]
			}
			for _, l := range u.Lines {
				i := slices.IndexFunc(account, func(c term.Contract) bool { return c.ID == l.ContractID })
				if !billedFirst[l.ContractID] && (next[i].On != on || next[i].Line != l) {
					t.Fatalf("contract %d is billed on %v: %+v\nshown: %+v", i, on, l, next[i])
				}
				billedFirst[l.ContractID] = true
			}
		}
		if len(shown) > 0 {
			t.Fatalf("shown, never billed: %+v", shown)
		}
	})
}

func TestTheOrderOfContractsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := anyAccount.Draw(t, "account")
		shuffled := rapid.Permutation(account).Draw(t, "shuffled")
		on := start.AddDays(rapid.IntRange(0, 800).Draw(t, "days"))
		a, b := term.PING.Due(account, on), term.PING.Due(shuffled, on)
		if a.Net() != b.Net() || len(a.Lines) != len(b.Lines) {
			t.Fatalf("%s\n%s", show(a.Lines), show(b.Lines))
		}
	})
}

// anyNotice draws a business contract and a request to end it.
var anyNotice = rapid.Custom(func(t *rapid.T) noticed {
	c := anyContract.Filter(func(c term.Contract) bool { return c.Kind == term.Business }).Draw(t, "contract")
	n := noticed{contract: c, policy: rapid.SampledFrom([]term.Policy{term.PING, term.MHP}).Draw(t, "policy")}
	n.x.Mode = term.EndOfTerm
	n.x.ReceivedAt = start.Start().Add(time.Duration(rapid.IntRange(0, 3*365*24*60).Draw(t, "minutes")) * time.Minute)
	running := c.PeriodOn(civil.In(n.x.ReceivedAt))
	if rapid.Bool().Draw(t, "issued") {
		n.x.Next.At = term.RunAt(running.End.AddDays(-rapid.IntRange(0, 90).Draw(t, "issued before R")))
		n.x.Next.Late = rapid.Bool().Draw(t, "late")
	}
	return n
})

type noticed struct {
	policy   term.Policy
	contract term.Contract
	x        term.Cancellation
}

// Invariant 14, and that the deadline is exact to the nanosecond.
func TestNoticeByTheDeadlineEndsAtTheRenewal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice.Draw(t, "notice")
		running := n.contract.PeriodOn(civil.In(n.x.ReceivedAt))
		end, err := n.policy.EffectiveEnd(&n.contract, n.x)
		if err != nil {
			t.Fatal(err)
		}
		inTime := n.x.ReceivedAt.Before(term.NoticeEndsAt(end.LastNoticeOn))
		want := running.End
		if !inTime {
			want = n.contract.PeriodOn(running.End).End
		}
		if end.Timely != inTime || end.On != want || end.OwedUntil != want || end.RenewalOn != running.End {
			t.Fatalf("received %v: %+v", n.x.ReceivedAt, end)
		}
		if n.contract.Months < 3 && end.LastNoticeOn.Before(running.Start) {
			t.Fatalf("notice of a month was due on %v, before it began", end.LastNoticeOn)
		}
	})
}

func TestALaterRequestNeverEndsSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice.Draw(t, "notice")
		first, err := n.policy.EffectiveEnd(&n.contract, n.x)
		if err != nil {
			t.Fatal(err)
		}
		day, running := civil.In(n.x.ReceivedAt), first.RenewalOn
		n.x.ReceivedAt = n.x.ReceivedAt.Add(time.Duration(rapid.IntRange(0, 100*24*60).Draw(t, "minutes later")) * time.Minute)
		if n.contract.PeriodOn(civil.In(n.x.ReceivedAt)).End != running {
			return // another renewal, another invoice
		}
		second, err := n.policy.EffectiveEnd(&n.contract, n.x)
		if err != nil {
			t.Fatal(err)
		}
		if second.On.Before(first.On) || second.Timely && !first.Timely {
			t.Fatalf("received on %v: %v, later: %v", day, first.On, second.On)
		}
	})
}

// The shown last day is safe: notice by then is in time whatever invoice exists (§2.4).
func TestTheDayPrintedOnTheInvoiceHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice.Draw(t, "notice")
		c := n.contract
		c.EndsOn, c.BilledUntil = civil.Date{}, c.PeriodOn(start).End
		next := n.policy.NextLines([]term.Contract{c}, start.AddDays(1))[0]
		running := c.PeriodOn(next.Line.Period.Start.AddDays(-1))
		if next.Line.LastNoticeOn.Before(running.Start) {
			return // too late before the contract was known
		}
		received := term.NoticeEndsAt(next.Line.LastNoticeOn).Add(-time.Second)
		if !received.Before(running.End.Start()) {
			return // a late line may be dropped after its period began: tested apart
		}
		end, err := n.policy.EffectiveEnd(&c, term.Cancellation{
			Mode: term.EndOfTerm, ReceivedAt: received, Next: term.Issue{At: term.RunAt(next.On), Late: next.Line.Late},
		})
		if err != nil || end.On != next.Line.Period.Start || !end.Timely {
			t.Fatalf("line %+v on %v, notice at %v: %+v, %v", next.Line, next.On, received, end, err)
		}
	})
}

// Invariant 15: after any request, what is billed anew stays within what is owed, and credits leave the owed part.
func TestNothingIsBilledBeyondTheEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyContract.Draw(t, "contract")
		c.EndsOn = civil.Date{}
		x := term.Cancellation{
			Mode:       rapid.SampledFrom([]term.Mode{term.EndOfTerm, term.Immediate, term.Switch}).Draw(t, "mode"),
			ReceivedAt: start.Start().Add(time.Duration(rapid.IntRange(0, 700*24).Draw(t, "hours")) * time.Hour),
		}
		received := civil.In(x.ReceivedAt)
		account := []term.Contract{c}
		for on := start; on.Before(received); on = on.AddDays(1) {
			bill(account, on)
		}
		end, err := term.PING.EffectiveEnd(&account[0], x)
		if err != nil {
			t.Fatal(err)
		}
		if end.On.Before(received) || end.At.Before(x.ReceivedAt) && x.Mode != term.Immediate || x.Mode == term.Immediate && !end.At.Equal(x.ReceivedAt) {
			t.Fatalf("received %v: %+v", x.ReceivedAt, end)
		}
		account[0].EndsOn = end.On
		account[0].BilledUntil = earliest(account[0].BilledUntil, end.OwedUntil)
		for on := received; on.Before(received.AddDays(800)); on = on.AddDays(1) {
			for _, l := range bill(account, on).Lines {
				if l.Period.End.After(end.On) {
					t.Fatalf("%v is billed after the end %v", l.Period, end.On)
				}
			}
		}
	})
}

func TestUnusedAndUsedAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := civil.Period{Start: start, End: start.AddDays(rapid.IntRange(1, 1100).Draw(t, "days"))}
		net := money.Cents(rapid.IntRange(0, 1_000_00).Draw(t, "net"))
		from := start.AddDays(rapid.IntRange(-10, 1200).Draw(t, "from"))
		back := term.Unused(net, p, from)
		later := term.Unused(net, p, from.AddDays(1))
		switch {
		case back < 0 || back > net || later > back:
			t.Fatalf("%v of %v for %v from %v, then %v", back, net, p, from, later)
		case !from.After(p.Start) && back != net, !from.Before(p.End) && back != 0:
			t.Fatalf("%v of %v for %v from %v", back, net, p, from)
		case term.Unused(-net, p, from) != -back:
			t.Fatalf("the negative gives %v, want %v", term.Unused(-net, p, from), -back)
		}
	})
}

// Invariant 25.
func TestResultsDoNotDependOnTheZoneOfTheServer(t *testing.T) {
	local := time.Local
	t.Cleanup(func() { time.Local = local })
	rapid.Check(t, func(t *rapid.T) {
		n := anyNotice.Draw(t, "notice")
		account := anyAccount.Draw(t, "account")
		var ends []term.End
		var shown []string
		for _, name := range []string{"UTC", "Pacific/Kiritimati", "America/Los_Angeles"} {
			zone, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			time.Local = zone
			n.x.ReceivedAt, n.x.Next.At = n.x.ReceivedAt.In(zone), n.x.Next.At.In(zone)
			end, err := n.policy.EffectiveEnd(&n.contract, n.x)
			if err != nil {
				t.Fatal(err)
			}
			ends = append(ends, end)
			shown = append(shown, "")
			for _, u := range term.PING.NextInvoices(account, start, start.AddMonths(12)) {
				shown[len(shown)-1] += u.On.String() + show(u.Lines)
			}
		}
		if ends[0] != ends[1] || ends[1] != ends[2] || shown[0] != shown[1] || shown[1] != shown[2] {
			t.Fatalf("%v\n%v", ends, shown)
		}
	})
}
