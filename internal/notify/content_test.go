package notify_test

import (
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/notify"

	"github.com/sebdah/goldie/v2"
)

var brand = notify.Brand{Name: "Ping & Co", LegalName: "Ping Web B.V.", Line1: "Dorpsstraat 1", Postcode: "1234 AB", City: "Utrecht",
	KvkNumber: "12345678", VatID: "NL123456789B01", Email: "support@ping.example", Phone: "+31 30 123 45 67", URL: "https://ping.example", Hue: 256}

var at = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // already the 21st in Amsterdam

var (
	day     = civil.MustParse("2027-04-18")
	panel   = "https://mijn.ping.example/subscriptions/sub_0190"
	renewal = "https://mijn.ping.example/renew#token=" + notify.Placeholder
	offered = []notify.OfferedService{{Service: "fatima.nl", Product: "Webhosting Start", Until: day.AddMonths(12), Amount: 43_56}, {Service: "fatima & co.nl", Product: "Domeinnaam .nl", Until: day.AddMonths(3), Amount: 10_89}}
)

// contents holds an example of each mail, and of each of its forms. A new mail is added here.
var contents = map[string]notify.Content{
	"activation":            notify.Activation{Email: "siobhan@example.org", Link: "https://mijn.ping.example/activate#token=" + notify.Placeholder, ValidUntil: at},
	"password_reset":        notify.PasswordReset{Link: "https://mijn.ping.example/reset#token=" + notify.Placeholder, ValidUntil: at},
	"password_changed":      notify.PasswordChanged{At: at, IP: "2001:db8::7", ResetLink: "https://mijn.ping.example/reset"},
	"two_factor_on":         notify.SignInMethod{TwoFactor: true, Added: true, At: at, IP: "192.0.2.7", ResetLink: "https://mijn.ping.example/reset"},
	"two_factor_off":        notify.SignInMethod{TwoFactor: true, At: at, ResetLink: "https://mijn.ping.example/reset"},
	"api_token":             notify.SignInMethod{Token: "CI <script>", At: at, ResetLink: "https://mijn.ping.example/reset"},
	"cancellation_received": notify.CancellationReceived{Service: "klant.nl", Mode: "END_OF_TERM", ReceivedAt: at, EndsOn: day, Credit: 87_12, UndoUntil: day.AddDays(-30), Link: panel},
	"cancellation_late":     notify.CancellationReceived{Service: "klant.nl", Mode: "END_OF_TERM", ReceivedAt: at, EndsOn: day, Late: true, Due: 87_12, UndoUntil: day.AddDays(-30), Link: panel},
	"switch_received":       notify.CancellationReceived{Service: "klant <b>", Mode: "SWITCH", ReceivedAt: at, EndsOn: day, Link: panel},
	"domain_choice":         notify.CancellationWaits{Service: "klant.nl", Domain: "klant.nl", ReceivedAt: at, EndsOn: day, Link: panel},
	"cancellation_done":     notify.CancellationConfirmed{Service: "klant.nl", Mode: "END_OF_TERM", ReceivedAt: at, EndsOn: day, Credit: 87_12, CreditNote: "2027-000002", Link: panel},
	"ended_at_once":         notify.CancellationConfirmed{Service: "klant.nl", Mode: "IMMEDIATE", ReceivedAt: at, EndsOn: day, ErasedAt: at, Link: panel},
	"cancellation_rejected": notify.CancellationRejected{Service: "klant.nl", ReceivedAt: at, Ground: "NOT_AUTHORISED", Link: panel},
	"cancellation_undone":   notify.CancellationWithdrawn{Service: "klant.nl", RenewsOn: day, Link: panel},
	"subscription_ended":    notify.SubscriptionEnded{Service: "klant.nl", EndsOn: day, NotRenewed: true, DataUntil: day.AddDays(30), DomainUntil: day.AddDays(40)},
	"renewal_offer":         notify.RenewalOffer{Services: offered, EndsOn: day, Total: 54_45, Link: renewal},
	"renewal_reminder":      notify.RenewalOffer{Services: offered, EndsOn: day, Total: 54_45, Reminder: 1, Link: renewal},
	"renewal_accepted": notify.RenewalAccepted{Services: offered, From: day, Total: 54_45, Invoice: "2027-000003", DueOn: day, WithdrawUntil: day,
		Button: "Verlengen met betalingsverplichting", AcceptedAt: at, Link: panel},
	"renewal_declined":    notify.RenewalDeclined{Services: []string{"fatima.nl", "<i>"}, EndsOn: day, Link: panel},
	"withdrawal_received": notify.WithdrawalReceived{Statement: "F. El Amrani", Contract: "20260012", Services: []string{"nieuw.nl"}, DeclaredAt: at, EndsOn: day, Credit: 53_41, Refund: 53_41, RefundBy: day},
	"restored":            notify.ServiceRestored{Service: "klant.nl", Outcome: "FULL", RenewsOn: day, Note: "Alles is terug."},
	"not_restored":        notify.ServiceRestored{Service: "klant.nl", Outcome: "FAILED"},
	"account_locked":      notify.AccountLocked{At: at, IP: "192.0.2.7", ResetLink: "https://mijn.ping.example/reset"},
}

func TestEveryMailReadsWellInBothLanguages(t *testing.T) {
	golden := goldie.New(t, goldie.WithNameSuffix(""))
	used := map[string]bool{}
	for name, content := range contents {
		for _, language := range []string{"nl", "en"} {
			t.Run(name+" in "+language, func(t *testing.T) {
				used[strings.ToLower(string(content.Kind()))+"."+language+".tmpl"] = true
				got, err := notify.Render(brand, language, "Siobhán <b>Jansen</b>", content)
				if err != nil {
					t.Fatal(err)
				}
				golden.Assert(t, name+"."+language+".txt", []byte("Subject: "+got.Subject+"\n\n"+got.Text))
				golden.Assert(t, name+"."+language+".html", []byte(got.HTML))
				if strings.Contains(got.HTML, "<script>") || strings.Contains(got.HTML, "<b>Jansen") {
					t.Error("what a customer typed is markup in the mail")
				}
				if strings.Contains(got.Text, "&amp;") || strings.Contains(got.Subject, "&lt;") {
					t.Error("the text shows HTML")
				}
				if strings.Contains(got.Text+got.HTML, "no value") || strings.Contains(got.HTML, "ZgotmplZ") {
					t.Error("something could not be filled in")
				}
			})
		}
	}
	files, err := fs.ReadDir(os.DirFS("templates"), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used[f.Name()] && !strings.HasPrefix(f.Name(), "layout.") {
			t.Errorf("templates/%s belongs to no mail in this test", f.Name())
		}
	}
}

type unwritten struct{}

func (unwritten) Kind() notify.Kind { return "NOT_WRITTEN" }

func TestAMailWithoutATemplateIsAnError(t *testing.T) {
	if got, err := notify.Render(brand, "nl", "Jan", unwritten{}); err == nil {
		t.Errorf("it gives %q", got.Subject)
	}
	if got, err := notify.Render(brand, "de", "Jan", contents["activation"]); err == nil {
		t.Errorf("a language we do not write gives %q", got.Subject)
	}
}

func TestWhiteTextCanBeReadOnEveryBrandsColour(t *testing.T) {
	for hue := range 360 {
		b := notify.Brand{Hue: hue}
		if ratio := 1.05 / (luminance(t, b.Accent()) + 0.05); ratio < 4.5 {
			t.Errorf("hue %d gives %s, with a contrast of %.2f", hue, b.Accent(), ratio)
		}
	}
}

// luminance is WCAG's relative luminance of #rrggbb.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 || colour[0] != '#' {
		t.Fatalf("%q is not a colour", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n := strings.IndexByte("0123456789abcdef", colour[1+2*i])*16 + strings.IndexByte("0123456789abcdef", colour[2+2*i])
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
