package term_test

import (
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"
)

func instant(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, civil.Amsterdam)
	if err != nil {
		panic(err)
	}
	return at
}

func TestEffectiveEndOfABusinessContract(t *testing.T) {
	hosting := term.Contract{Kind: term.Business, AnchorOn: day("2020-04-18"), Months: 12}
	for _, tt := range []struct {
		name             string
		policy           term.Policy
		mode             term.Mode
		received         string
		issued           string // the invoice for the period after the running one
		late             bool
		wantOn, wantOwed string
		wantLast         string
		wantTimely       bool
	}{
		{name: "PING, 30 days before, last second", policy: term.PING, received: "2027-03-19 23:59:59", issued: "2027-03-01 04:00:00",
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-03-19", wantTimely: true},
		{name: "PING, the midnight after", policy: term.PING, received: "2027-03-20 00:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2027-03-19"},
		{name: "A05", policy: term.PING, received: "2027-03-19 23:30:00", issued: "2027-03-01 04:00:00",
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-03-19", wantTimely: true},
		{name: "A07a, before the invoice", policy: term.MHP, received: "2027-02-28 12:00:00",
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-03-18", wantTimely: true},
		{name: "A07b, after the invoice", policy: term.MHP, received: "2027-03-05 12:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2027-02-28"},
		{name: "MHP, on the 1st before the run (M-03)", policy: term.MHP, received: "2027-03-01 03:59:59", issued: "2027-03-01 04:00:00",
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-03-18", wantTimely: true},
		{name: "MHP, on the 1st with the run", policy: term.MHP, received: "2027-03-01 04:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2027-02-28"},
		{name: "MHP, no invoice came, last day of the month's notice", policy: term.MHP, received: "2027-03-18 23:59:59",
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-03-18", wantTimely: true},
		{name: "MHP, no invoice came, a day later", policy: term.MHP, received: "2027-03-19 00:00:00",
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2027-03-18"},
		{name: "PING, a late line grants 14 days", policy: term.PING, received: "2027-04-08 23:59:59", issued: "2027-03-25 04:00:00", late: true,
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-04-08", wantTimely: true},
		{name: "MHP, a late line grants them too", policy: term.MHP, received: "2027-04-08 23:59:59", issued: "2027-03-25 04:00:00", late: true,
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-04-08", wantTimely: true},
		{name: "a late line, on the 15th day", policy: term.PING, received: "2027-04-09 00:00:00", issued: "2027-03-25 04:00:00", late: true,
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2027-04-08"},
		{name: "a line that is overdue for billing is not lost by asking early", policy: term.PING, received: "2027-03-25 12:00:00", late: true,
			wantOn: "2027-04-18", wantOwed: "2027-04-18", wantLast: "2027-04-08", wantTimely: true},
		{name: "on the renewal itself the new term runs", policy: term.PING, received: "2027-04-18 00:00:00",
			wantOn: "2028-04-18", wantOwed: "2028-04-18", wantLast: "2028-03-19", wantTimely: true},
		{name: "at once, in time: the next term is not owed", policy: term.PING, mode: term.Immediate, received: "2027-03-10 10:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2027-03-10", wantOwed: "2027-04-18", wantLast: "2027-03-19", wantTimely: true},
		{name: "at once, too late: what is billed stands", policy: term.PING, mode: term.Immediate, received: "2027-03-25 10:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2027-03-25", wantOwed: "2028-04-18", wantLast: "2027-03-19"},
		{name: "at once, too late, but nothing was billed", policy: term.PING, mode: term.Immediate, received: "2027-03-25 10:00:00",
			wantOn: "2027-03-25", wantOwed: "2027-04-18", wantLast: "2027-03-19"},
		{name: "a switch within the paid year", policy: term.PING, mode: term.Switch, received: "2026-11-20 10:00:00",
			wantOn: "2027-01-19", wantOwed: "2027-04-18", wantTimely: true},
		{name: "a switch over the renewal owes the days", policy: term.PING, mode: term.Switch, received: "2027-04-01 10:00:00", issued: "2027-03-01 04:00:00",
			wantOn: "2027-05-31", wantOwed: "2027-05-31", wantTimely: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := hosting
			c.BilledUntil = day("2027-04-18")
			if tt.issued != "" && !instant(tt.issued).After(instant(tt.received)) {
				c.BilledUntil = day("2028-04-18")
			}
			mode := tt.mode
			if mode == "" {
				mode = term.EndOfTerm
			}
			end, err := tt.policy.EffectiveEnd(&c, term.Cancellation{
				Mode: mode, ReceivedAt: instant(tt.received), Next: term.Issue{At: instant(tt.issued), Late: tt.late},
			})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "ends", end.On, day(tt.wantOn))
			equal(t, "owed until", end.OwedUntil, day(tt.wantOwed))
			equal(t, "last notice", end.LastNoticeOn, day(tt.wantLast))
			equal(t, "in time", end.Timely, tt.wantTimely)
			if mode == term.Immediate {
				equal(t, "instant", end.At, instant(tt.received))
			} else {
				equal(t, "instant", end.At, end.On.Start())
			}
		})
	}
}

func TestALateLineMayBeDroppedAfterItsPeriodBegan(t *testing.T) { // V34, where 14 days outlast the renewal
	c := term.Contract{Kind: term.Business, AnchorOn: day("2026-04-05"), Months: 12, BilledUntil: day("2028-04-05")}
	x := term.Cancellation{Mode: term.EndOfTerm, Running: term.Issue{At: instant("2027-04-01 04:00:00"), Late: true}}
	x.ReceivedAt = instant("2027-04-15 23:59:59")
	end, err := term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "ends", end.On, day("2027-04-16"))
	equal(t, "owed until", end.OwedUntil, day("2027-04-05"))
	x.ReceivedAt = instant("2027-04-16 00:00:00")
	end, err = term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "a day later it ends", end.On, day("2028-04-05"))

	x.ReceivedAt, x.Running.Late = instant("2027-04-12 12:00:00"), false
	end, err = term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "an invoice that was on time stands", end.On, day("2028-04-05"))

	c.AnchorOn, x.Running.Late = day("2027-04-05"), true
	end, err = term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "a first period was ordered and stands", end.On, day("2028-04-05"))
}

func TestEffectiveEndOfAConsumerContract(t *testing.T) {
	year := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-04-18"), Months: 12, BilledUntil: day("2027-04-18")}
	renewed := year
	renewed.AgreedUntil, renewed.BilledUntil = day("2028-04-18"), day("2028-04-18")
	month := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-12-31"), Months: 1, BilledUntil: day("2027-02-28")}
	for _, tt := range []struct {
		name             string
		contract         term.Contract
		x                term.Cancellation
		received         string
		wantOn, wantOwed string
	}{
		{"a year, on the last day", year, term.Cancellation{Mode: term.EndOfTerm}, "2027-04-17 23:59:59", "2027-04-18", "2027-04-18"},
		{"a year, renewed: a yes binds", renewed, term.Cancellation{Mode: term.EndOfTerm}, "2027-04-17 12:00:00", "2028-04-18", "2028-04-18"},
		{"a year, at once: it was paid for", year, term.Cancellation{Mode: term.Immediate}, "2026-11-20 12:00:00", "2026-11-20", "2027-04-18"},
		{"a year that went on tacitly", year, term.Cancellation{Mode: term.EndOfTerm, Continued: true}, "2027-05-07 12:00:00", "2027-06-07", "2027-06-07"},
		{"a month, clamped", month, term.Cancellation{Mode: term.EndOfTerm}, "2027-01-31 23:59:59", "2027-02-28", "2027-02-28"},
		{"a month, the day after", month, term.Cancellation{Mode: term.EndOfTerm}, "2027-02-01 00:00:00", "2027-03-01", "2027-03-01"},
		{"a month, at once: notice is a month", month, term.Cancellation{Mode: term.Immediate}, "2027-01-10 12:00:00", "2027-01-10", "2027-02-10"},
		{"a switch reported done", month, term.Cancellation{Mode: term.Switch, CompletedOn: day("2027-01-20")}, "2027-01-10 12:00:00", "2027-01-20", "2027-01-20"},
		{"a switch extended by the customer", year, term.Cancellation{Mode: term.Switch, ExtendedTo: day("2027-03-01")}, "2026-11-20 12:00:00", "2027-03-01", "2027-04-18"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.x.ReceivedAt = instant(tt.received)
			for _, policy := range []term.Policy{term.PING, term.MHP} { // §1c.3: no difference for consumers
				end, err := policy.EffectiveEnd(&tt.contract, tt.x)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, policy.Name+" ends", end.On, day(tt.wantOn))
				equal(t, policy.Name+" owed until", end.OwedUntil, day(tt.wantOwed))
				equal(t, policy.Name+" in time", end.Timely, true)
			}
		})
	}
}

func TestWithdrawal(t *testing.T) { // A23
	c := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-11-20"), Months: 12, BilledUntil: day("2027-11-20")}
	x := term.Cancellation{
		Mode: term.Withdrawal, ReceivedAt: instant("2026-11-27 10:00:00"), ContractOn: day("2026-11-20"),
		Withdrawn: c.PeriodOn(day("2026-11-20")), StartedEarly: true,
	}
	equal(t, "the function is visible until", term.PING.WithdrawalEndsAt(x.ContractOn).Format(time.RFC3339), "2026-12-04T23:00:00Z")

	end, err := term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "ends at", end.At, x.ReceivedAt)
	equal(t, "hosting gives back", term.Unused(36_00, x.Withdrawn, end.OwedUntil), money.Cents(35_31))
	equal(t, "the domain gives back", term.Unused(9_00, x.Withdrawn, end.OwedUntil), money.Cents(8_83))

	x.ReceivedAt = instant("2026-11-20 15:00:00")
	end, err = term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "an hour after ordering it ends at once", end.At, x.ReceivedAt)
	equal(t, "and all comes back", term.Unused(36_00, x.Withdrawn, end.OwedUntil), money.Cents(36_00))
	x.ReceivedAt = instant("2026-11-27 10:00:00")

	x.StartedEarly = false
	end, _ = term.PING.EffectiveEnd(&c, x)
	equal(t, "without the express request all comes back", term.Unused(36_00, x.Withdrawn, end.OwedUntil), money.Cents(36_00))

	x.ReceivedAt = instant("2026-12-04 23:59:59")
	_, err = term.PING.EffectiveEnd(&c, x)
	equal(t, "in the last second", err, nil)
	x.ReceivedAt = instant("2026-12-05 00:00:00")
	if _, err = term.PING.EffectiveEnd(&c, x); !problem.Is(err, problem.Conflict) {
		t.Errorf("the midnight after: %v", err)
	}
	x.ReceivedAt, c.Kind = instant("2026-11-27 10:00:00"), term.Business
	if _, err = term.PING.EffectiveEnd(&c, x); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a business: %v", err)
	}
}

func TestWithdrawalOfARenewalLeavesWhatRuns(t *testing.T) { // A09
	c := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-04-18"), Months: 12, BilledUntil: day("2028-04-18"), AgreedUntil: day("2028-04-18")}
	x := term.Cancellation{
		Mode: term.Withdrawal, ReceivedAt: instant("2027-04-08 23:59:59"), ContractOn: day("2027-03-25"),
		Withdrawn: c.PeriodOn(day("2027-04-18")), StartedEarly: true,
	}
	end, err := term.PING.EffectiveEnd(&c, x)
	equal(t, "no problem", err, nil)
	equal(t, "ends", end.On, day("2027-04-18"))
	equal(t, "all of it comes back", term.Unused(36_00, x.Withdrawn, end.OwedUntil), money.Cents(36_00))
}

func TestSwitchPlan(t *testing.T) { // A29
	equal(t, "plan", term.PING.PlanSwitch(day("2026-11-20"), civil.Date{}),
		term.SwitchPlan{NoticeUntil: day("2026-12-20"), TransitUntil: day("2027-01-19"), RetrievalUntil: day("2027-02-18")})
}

func TestMinDaysAfterInvoice(t *testing.T) {
	p, running := term.PING, civil.Period{Start: day("2026-05-01"), End: day("2027-05-01")}
	equal(t, "as promised", p.LastNoticeOn(running, 12, day("2027-04-01"), false), day("2027-04-01"))
	p.MinDaysAfterInvoice = 7
	equal(t, "with a week to look at the invoice", p.LastNoticeOn(running, 12, day("2027-04-01"), false), day("2027-04-08"))
}
