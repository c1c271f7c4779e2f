package term_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/term"
)

// vector is one line of testdata/calendar-vectors.csv by column name.
type vector map[string]string

func (v vector) day(column string) civil.Date { return day(v[column]) }

func (v vector) number(t *testing.T, column string) int {
	n, err := strconv.Atoi(v[column])
	if err != nil {
		t.Fatalf("%s: %v", column, err)
	}
	return n
}

// subject is the contract that the vector is about, billed up to the renewal in question.
func (v vector) subject(t *testing.T) term.Contract {
	return term.Contract{
		Kind: term.Kind(strings.ToUpper(v["customer"])), AnchorOn: v.day("anchor"), Months: v.number(t, "term_months"),
		Prices: price, BilledUntil: v.day("renewal"), AgreedUntil: v.day("renewal"),
	}
}

// account adds the other members of the group, as yearly contracts that renew on their day.
func (v vector) account(t *testing.T) []term.Contract {
	all := []term.Contract{v.subject(t)}
	for _, member := range strings.Fields(v["unbilled_group_same_month"]) {
		if r := day(member); r != v.day("renewal") {
			all = append(all, term.Contract{Kind: term.Business, AnchorOn: r.AddMonths(-12), Months: 12, Prices: price, BilledUntil: r})
		}
	}
	return all
}

// firstRun is the first daily run that knows the contract: items that come late are entered after that day's run.
func (v vector) firstRun() civil.Date {
	if strings.HasPrefix(v["case"], "late item") {
		return v.day("evaluated_on").AddDays(1)
	}
	return v.day("period_start")
}

func vectors(t *testing.T) []vector {
	t.Helper()
	file, err := os.Open("testdata/calendar-vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	for _, row := range rows[1:] {
		v := vector{}
		for i, column := range rows[0] {
			v[column] = row[i]
		}
		all = append(all, v)
	}
	return all
}

func TestCalendarVectors(t *testing.T) {
	all := vectors(t)
	if len(all) != 56 {
		t.Fatalf("%d vectors, want 56", len(all))
	}
	for _, v := range all {
		t.Run(v["id"]+" "+v["case"], func(t *testing.T) {
			c, r := v.subject(t), v.day("renewal")
			running := c.PeriodOn(r.AddDays(-1))
			equal(t, "period_start", running.Start, v.day("period_start"))
			equal(t, "renewal", running.End, r)
			equal(t, "next_period_end", term.NextRenewal(c.AnchorOn, c.Months, r), v.day("next_period_end"))
			if c.Kind == term.Consumer {
				consumerVector(t, v, c)
			} else {
				businessVector(t, v, running)
			}
		})
	}
}

func businessVector(t *testing.T, v vector, running civil.Period) {
	r, months, want := v.day("renewal"), v.number(t, "term_months"), v.day("expected_invoice_date")
	var group []civil.Date
	for _, member := range strings.Fields(v["unbilled_group_same_month"]) {
		group = append(group, day(member))
	}

	next := term.PING.NextLines(v.account(t), v.firstRun())[0]
	equal(t, "expected_invoice_date", next.On, want)
	equal(t, "renewal billed", next.Line.Period.Start, r)
	equal(t, "lead_days", r.Sub(next.On), v.number(t, "lead_days"))
	equal(t, "strict_reading_invoice_date", term.PING.GroupInvoiceOn(r, group...), v.day("strict_reading_invoice_date"))

	ping, mhp := term.PING.LastNoticeOn(running, months, want, false), term.MHP.LastNoticeOn(running, months, want, false)
	equal(t, "ping_last_cancel_day", ping, v.day("ping_last_cancel_day"))
	equal(t, "ping_cutoff_utc_exclusive", term.NoticeEndsAt(ping).Format(time.RFC3339), v["ping_cutoff_utc_exclusive"])
	equal(t, "slack_days_invoice_to_ping_deadline", ping.Sub(next.On), v.number(t, "slack_days_invoice_to_ping_deadline"))
	equal(t, "mhp_last_cancel_day", mhp, v.day("mhp_last_cancel_day"))
	if next.Line.Late {
		equal(t, "last day of a late line", next.Line.LastNoticeOn, civil.Latest(ping, next.On.AddDays(14)))
	} else {
		equal(t, "last day on the line", next.Line.LastNoticeOn, ping)
	}

	reminder, ok := term.PING.ReminderOn(want, civil.Date{})
	equal(t, "reminder is sent", ok, true)
	equal(t, "reminder_date_if_requested", reminder, v.day("reminder_date_if_requested"))
	equal(t, "consumer_offer_date", "", v["consumer_offer_date"])
}

func consumerVector(t *testing.T, v vector, c term.Contract) {
	r := v.day("renewal")
	equal(t, "expected_invoice_date", "none until accepted", v["expected_invoice_date"])
	for on := v.day("period_start"); on.Before(r.AddDays(60)); on = on.AddDays(1) {
		if u := term.PING.Due([]term.Contract{c}, on); len(u.Lines)+len(u.Held) > 0 {
			t.Fatalf("billed on %v: %+v", on, u)
		}
	}
	offer, ok := term.PING.OfferFor(&c, v.day("period_start"))
	equal(t, "an offer is made", ok, true)
	equal(t, "consumer_offer_date", offer.MailOn, v.day("consumer_offer_date"))
	equal(t, "what it offers", offer.Renewal, civil.Period{Start: r, End: v.day("next_period_end")})
	equal(t, "it expires", offer.ExpiresAt, r.Start())
	end, err := term.PING.EffectiveEnd(&c, term.Cancellation{Mode: term.EndOfTerm, ReceivedAt: r.Start().Add(-time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "a word in the last second", end.On, r)

	c.AgreedUntil = offer.Renewal.End
	u := term.PING.Due([]term.Contract{c}, offer.MailOn)
	if len(u.Lines) != 1 || u.Lines[0].Rule != term.Accepted || u.Lines[0].Period != offer.Renewal {
		t.Errorf("once accepted: %+v", u)
	}
}

func TestTheOldSchemeIsNeverBilledAgain(t *testing.T) { // V04
	c := term.Contract{Kind: term.Business, AnchorOn: day("2014-01-30"), Months: 12, Prices: price, BilledUntil: day("2015-01-30")}
	next := term.PING.NextLines([]term.Contract{c}, day("2015-01-01"))[0]
	equal(t, "renewal", next.Line.Period.Start, day("2016-01-30"))
	equal(t, "invoice", next.On, day("2015-12-01"))
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
