package whmcs

import (
	"html"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCents(t *testing.T) {
	for text, want := range map[string]money.Cents{"": 0, "15.00": 1500, "-0.5": -50, "12": 1200, "15.0000": 1500, "0.29": 29, " 7.10 ": 710, "-1.00": -100, "99999999.99": 9999999999} {
		if got, err := parseCents(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"15.001", "1,50", "1e3", "€ 5", "abc", "1.2.3", "15.0001", "."} {
		if got, err := parseCents(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]string{"": "", "0000-00-00": "", "0000-00-00 00:00:00": "", "2026-11-20": "2026-11-20", "2026-11-20 23:59:59": "2026-11-20", "2024-02-29": "2024-02-29"} {
		if got, err := parseDay(text); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"2026-02-30", "2026-00-00", "20-11-2026", "yesterday", "2026-11-20x"} {
		if got, err := parseDay(text); err == nil {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestInstantsAreInAmsterdam(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"winter", "2026-11-20 10:22:00", "2026-11-20T09:22:00Z"},
		{"summer", "2026-07-01 00:30:00", "2026-06-30T22:30:00Z"},
		{"a date alone is its midnight", "2026-01-01", "2025-12-31T23:00:00Z"},
		{"an hour that the clock skipped", "2027-03-28 02:30:00", "2027-03-28T01:30:00Z"},
		{"none", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseInstant(tt.text)
			if err != nil || got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	if _, err := parseInstant("2026-11-20 25:00:00"); err == nil {
		t.Error("an hour 25 is taken")
	}
}

func TestDecode(t *testing.T) {
	for _, tt := range []struct{ name, stored, want string }{
		{"what WHMCS escapes", "Kap &amp; Zn. &lt;b&gt; &quot;x&quot; &#039;s-Hertogenbosch", `Kap & Zn. <b> "x" 's-Hertogenbosch`},
		{"once, not twice", "&amp;lt;", "&lt;"},
		{"hexadecimal and named", "&#x20AC; caf&eacute;", "€ café"},
		{"without a semicolon it is text", "R&D &copy=1 AT&T", "R&D &copy=1 AT&T"},
		{"unknown", "&nonsense;", "&nonsense;"},
		{"an old table in Windows-1252", "Caf\xe9 \x80 5", "Café € 5"},
		{"letters and accents apart", "e\u0301", "é"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := decode(tt.stored); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDecodeUndoesEscaping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		for name, stored := range map[string]string{
			"Go":  html.EscapeString(typed),
			"PHP": strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;").Replace(typed),
		} {
			if got := decode(stored); got != norm.NFC.String(typed) {
				t.Fatalf("%s stores %q as %q, which is read as %q", name, typed, stored, got)
			}
		}
	})
}

func TestCleanTextIsTextForPostgreSQL(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		for _, got := range []string{line(s), paragraphs(s)} {
			if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || got != strings.TrimSpace(got) {
				t.Fatalf("%q became %q", s, got)
			}
		}
		if strings.ContainsAny(line(s), "\n\r\t") || line(line(s)) != decode(line(s)) && !strings.Contains(line(s), "&") {
			t.Fatalf("%q is not one line: %q", s, line(s))
		}
	})
}

func TestMailAddresses(t *testing.T) {
	for stored, want := range map[string]string{
		"JAN.DEGROOT.103@EXAMPLE.NET": "jan.degroot.103@example.net", " a@example.org ": "a@example.org", "a@example.org, b@example.org": "a@example.org", "o&#039;neill@example.com": "o'neill@example.com",
		"": "", "nobody": "", "a@b": "", "Jan <a@example.org>": "", "a b@example.org": "",
	} {
		if got, ok := mailAddress(stored); got != want || ok != (want != "") {
			t.Errorf("%q became %q, %v; want %q", stored, got, ok, want)
		}
	}
}

func TestPhones(t *testing.T) {
	for _, tt := range []struct {
		stored, country, want string
		ok                    bool
	}{
		{"+31.652206072", "NL", "+31652206072", true},
		{"06-31424575", "NL", "+31631424575", true},
		{"(020) 123 45 67", "NL", "+31201234567", true},
		{"0031 6 31424575", "NL", "+31631424575", true},
		{"+32.470123456", "NL", "+32470123456", true},
		{"06-46451965", "BE", "+31646451965", true}, // no Belgian number: the provider's country
		{"", "NL", "", true},
		{"bel mij", "NL", "bel mij", false},
	} {
		if got, ok := phone(tt.stored, tt.country); got != tt.want || ok != tt.ok {
			t.Errorf("%q in %s became %q, %v", tt.stored, tt.country, got, ok)
		}
	}
}

func TestVATIDs(t *testing.T) {
	for _, tt := range []struct {
		stored, country, id, kvk string
		ok                       bool
	}{
		{"NL 259418407b01", "NL", "NL259418407B01", "", true},
		{"be0427956278", "BE", "BE0427956278", "", true},
		{"90000001", "NL", "", "90000001", true},
		{"", "NL", "", "", true},
		{"DE182798688", "DE", "", "", false},
		{"n.v.t.", "NL", "", "", false},
	} {
		if id, kvk, ok := vatID(tt.stored, tt.country); string(id) != tt.id || kvk != tt.kvk || ok != tt.ok {
			t.Errorf("%q in %s became %q, %q, %v", tt.stored, tt.country, id, kvk, ok)
		}
	}
}

func TestPostcodes(t *testing.T) {
	for _, tt := range []struct{ stored, country, want string }{
		{"3511ka", "NL", "3511 KA"}, {"3511 KA", "NL", "3511 KA"}, {"9000", "BE", "9000"}, {"50667", "DE", "50667"}, {"SW1A 1AA", "GB", "SW1A 1AA"}, {"123", "NL", "123"},
	} {
		if got := postcode(tt.stored, tt.country); got != tt.want {
			t.Errorf("%q in %s became %q", tt.stored, tt.country, got)
		}
	}
}

func TestRepeatedFindsWhatOccursTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.StringMatching("[a-c]{1,2}")).Draw(t, "values")
		counts, c := map[string]int{}, newClaims()
		for _, v := range values {
			counts[v]++
			c.source.add(v)
		}
		c.source.seal()
		taken := map[string]int{}
		for _, v := range values {
			if !c.source.has(v) || c.source.hasTwice(v) != (counts[v] > 1) {
				t.Fatalf("%q of %q: has %v, twice %v", v, values, c.source.has(v), c.source.hasTwice(v))
			}
			if c.take(v) {
				taken[v]++
			}
		}
		for v, n := range taken {
			if n != 1 {
				t.Fatalf("%q was given %d times", v, n)
			}
		}
	})
}

var day = civil.MustParse
