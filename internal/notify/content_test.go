package notify_test

import (
	"io/fs"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/notify"

	"github.com/sebdah/goldie/v2"
)

var brand = notify.Brand{Name: "Ping & Co", LegalName: "Ping Web B.V.", Line1: "Dorpsstraat 1", Postcode: "1234 AB", City: "Utrecht",
	KvkNumber: "12345678", VatID: "NL123456789B01", Email: "support@ping.example", Phone: "+31 30 123 45 67", URL: "https://ping.example", Hue: 256}

var at = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // already the 21st in Amsterdam

// contents holds an example of each mail, and of each of its forms. A new mail is added here.
var contents = map[string]notify.Content{
	"activation":       notify.Activation{Email: "siobhan@example.org", Link: "https://mijn.ping.example/activate#token=" + notify.Placeholder, ValidUntil: at},
	"password_reset":   notify.PasswordReset{Link: "https://mijn.ping.example/reset#token=" + notify.Placeholder, ValidUntil: at},
	"password_changed": notify.PasswordChanged{At: at, IP: "2001:db8::7", ResetLink: "https://mijn.ping.example/reset"},
	"two_factor_on":    notify.SignInMethod{TwoFactor: true, Added: true, At: at, IP: "192.0.2.7", ResetLink: "https://mijn.ping.example/reset"},
	"two_factor_off":   notify.SignInMethod{TwoFactor: true, At: at, ResetLink: "https://mijn.ping.example/reset"},
	"api_token":        notify.SignInMethod{Token: "CI <script>", At: at, ResetLink: "https://mijn.ping.example/reset"},
	"account_locked":   notify.AccountLocked{At: at, IP: "192.0.2.7", ResetLink: "https://mijn.ping.example/reset"},
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
