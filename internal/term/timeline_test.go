package term_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/term"
)

func TestOffers(t *testing.T) { // A09, A10
	c := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-04-18"), Months: 12, BilledUntil: day("2027-04-18")}
	offer, ok := term.PING.OfferFor(&c, day("2027-01-01"))
	equal(t, "made", ok, true)
	equal(t, "in the panel from", offer.PanelOn, day("2027-02-17"))
	equal(t, "mailed", offer.MailOn, day("2027-03-19"))
	equal(t, "reminders", offer.ReminderOn, [2]civil.Date{day("2027-04-11"), day("2027-04-17")})
	equal(t, "sent from 08:00", term.MailAt(offer.MailOn).Format(time.RFC3339), "2027-03-19T07:00:00Z")
	equal(t, "the day before the panel offers it", offer.Acceptable(instant("2027-02-16 23:59:59")), false)
	equal(t, "the first moment", offer.Acceptable(instant("2027-02-17 00:00:00")), true)
	equal(t, "the last second", offer.Acceptable(instant("2027-04-17 23:59:59")), true)
	equal(t, "a second into R", offer.Acceptable(instant("2027-04-18 00:00:01")), false)

	c.AgreedUntil = day("2028-04-18")
	offer, _ = term.PING.OfferFor(&c, day("2027-03-26"))
	equal(t, "once accepted, the next one", offer.MailOn, day("2028-03-19"))
}

// Invariant 22.
func TestNoOfferFor(t *testing.T) {
	year := term.Contract{Kind: term.Consumer, AnchorOn: day("2026-04-18"), Months: 12}
	for name, change := range map[string]func(*term.Contract){
		"a business":             func(c *term.Contract) { c.Kind = term.Business },
		"a month":                func(c *term.Contract) { c.Months = 1 },
		"what ends at R":         func(c *term.Contract) { c.EndsOn = day("2027-04-18") },
		"what ends sooner":       func(c *term.Contract) { c.EndsOn = day("2026-11-20") },
		"what ends by agreement": func(c *term.Contract) { c.AgreedUntil, c.EndsOn = day("2028-04-18"), day("2028-04-18") },
	} {
		c := year
		change(&c)
		if offer, ok := term.PING.OfferFor(&c, day("2026-11-20")); ok {
			t.Errorf("%s: %+v", name, offer)
		}
	}
}

func TestReminderOn(t *testing.T) {
	for _, tt := range []struct{ name, asked, want string }{
		{"always asked for (A20)", "", "2027-03-02"},
		{"asked for on the day itself", "2027-03-02", "2027-03-02"},
		{"asked for late: at once", "2027-03-10", "2027-03-10"},
		{"with seven days left", "2027-03-25", "2027-03-25"},
		{"with six days left: not any more", "2027-03-26", ""},
		{"after the invoice", "2027-04-02", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := term.PING.ReminderOn(day("2027-04-01"), day(tt.asked))
			if ok != (tt.want != "") || ok && got != day(tt.want) {
				t.Errorf("got %v, %v; want %s", got, ok, tt.want)
			}
		})
	}
}

func TestDunning(t *testing.T) { // A15
	due := term.PING.DueOn(day("2027-03-25"), 0)
	equal(t, "due", due, day("2027-04-08"))
	equal(t, "steps", term.RemindersFrom(due), term.Reminders{FirstOn: day("2027-04-11"), SecondOn: day("2027-04-18"), LetterOn: day("2027-04-26")})
	after := term.ConsequencesOf(day("2027-04-26"))
	equal(t, "after the letter", after, term.Consequences{
		LastFreeOn: day("2027-05-10"), CostsOn: day("2027-05-11"), TerminationOn: day("2027-06-10"), DeletionOn: day("2027-07-10"),
	})
	equal(t, "a broken arrangement starts anew (A14)", term.RemindersFrom(day("2027-05-06")).FirstOn, day("2027-05-09"))
	equal(t, "a longer term", term.PING.DueOn(day("2027-03-25"), 21), day("2027-04-15"))
	equal(t, "but 30 days at most", term.PING.DueOn(day("2027-03-25"), 60), day("2027-04-24"))
	equal(t, "a dispute", term.AfterDispute(day("2027-05-01")), day("2027-05-15"))
}

// Invariant 23.
func TestCostsFollowALetterByFifteenDays(t *testing.T) {
	eachDay(func(letter civil.Date) {
		after := term.ConsequencesOf(letter)
		if after.CostsOn.Sub(letter) < 15 || after.LastFreeOn.Sub(letter) < 14 || !after.CostsOn.After(after.LastFreeOn) || !after.DeletionOn.After(after.TerminationOn.AddDays(29)) {
			t.Fatalf("%v: %+v", letter, after)
		}
	})
}

func TestCollectionCosts(t *testing.T) {
	for _, tt := range []struct {
		name            string
		principal, want string
	}{
		{"nothing", "0", "0"},
		{"a credit", "-100", "0"},
		{"a cent costs the minimum", "0.01", "40.00"},
		{"A15", "43.56", "40.00"},
		{"the last amount at the minimum", "266.66", "40.00"},
		{"the first above", "266.70", "40.01"},
		{"half a cent goes up", "300.10", "45.02"},
		{"end of the first slice", "2500.00", "375.00"},
		{"end of the second", "5000.00", "625.00"},
		{"end of the third", "10000.00", "875.00"},
		{"end of the fourth", "200000.00", "2775.00"},
		{"a cent of a cent below the maximum", "999999.00", "6775.00"},
		{"the maximum", "1000000.00", "6775.00"},
		{"far above", "9999999999999.99", "6775.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := term.CollectionCosts(money.MustParse(tt.principal)); got != money.MustParse(tt.want) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestCollectionCostsNeverFallWithTheDebt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debt := rapid.Int64Range(1, 2_000_000_00)
		a, b := money.Cents(debt.Draw(t, "a")), money.Cents(debt.Draw(t, "b"))
		low, high := term.CollectionCosts(min(a, b)), term.CollectionCosts(max(a, b))
		if low > high || low < 40_00 || high > 6_775_00 {
			t.Fatalf("%v costs %v, %v costs %v", min(a, b), low, max(a, b), high)
		}
	})
}

func TestInstalments(t *testing.T) { // A14
	plan := term.Instalments(261_36, 3, day("2027-04-01"))
	for i, want := range []string{"2027-04-01", "2027-05-01", "2027-06-01"} {
		equal(t, "on", plan[i].On, day(want))
		equal(t, "amount", plan[i].Amount, money.Cents(87_12))
	}
	equal(t, "reminded", plan[1].RemindOn(), day("2027-05-02"))
	equal(t, "broken", plan[1].BreaksOn(), day("2027-05-06"))
	equal(t, "the 31st is clamped and comes back", term.Instalments(3, 3, day("2027-01-31"))[2].On, day("2027-03-31"))
}

func TestHandling(t *testing.T) {
	equal(t, "confirms itself (A05)", term.PING.ConfirmBy(day("2027-03-19")), day("2027-03-23"))
	equal(t, "run", term.RunAt(day("2027-03-28")).Format(time.RFC3339), "2027-03-28T02:00:00Z")
	equal(t, "before the run", term.NextRunOn(instant("2027-03-01 03:59:59")), day("2027-03-01"))
	equal(t, "with the run", term.NextRunOn(instant("2027-03-01 04:00:00")), day("2027-03-02"))
	r := day("2027-04-18") // five working days before: Monday the 12th
	equal(t, "a transfer still fits", term.PING.TransferTight(day("2027-04-12"), r), false)
	equal(t, "and not the day after", term.PING.TransferTight(day("2027-04-13"), r), true)
	equal(t, "advised by", term.PING.TransferAdvisedBy(r), day("2027-04-05"))
	if p, ok := term.PolicyNamed("MHP"); !ok || p != term.MHP {
		t.Errorf("MHP is %+v", p)
	}
	if _, ok := term.PolicyNamed("mhp"); ok {
		t.Error("names are exact")
	}
}
