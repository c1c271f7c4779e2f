package auth

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhichPasswordsMayBeUsed(t *testing.T) {
	for _, c := range []struct {
		name, password string
		ok             bool
	}{
		{"four random words", "klaproos fiets dakgoot kiwi", true},
		{"what a password manager makes", "x7$Kp2!vQ9zR", true},
		{"a line of a poem", "Denkend aan Holland zie ik", true},
		{"twelve characters that say nothing", "vrtkzwphqmxl", true},
		{"twelve characters of another script", "αβράκαδάβραχω", true},
		{"a common word and much that is not", "welkom-vrtkzwph", true},
		{"256 characters", strings.Repeat("vrtkzwph", 32), true},
		{"257 characters", strings.Repeat("vrtkzwph", 32) + "x", false},
		{"eleven characters", "x7$Kp2!vQ9z", false},
		{"eleven characters of two bytes each", "éèêëàâäùûüô", false},
		{"nothing", "", false},
		{"the word itself with a year", "wachtwoord2024", false},
		{"the same in leet", "W4chtw00rd2024!", false},
		{"a word twice", "passwordpassword", false},
		{"words that everybody takes", "WelkomWelkom01", false},
		{"a season and a year", "Zomer-2026-zomer", false},
		{"digits in a row", "123456789012345", false},
		{"digits backwards", "987654321098765", false},
		{"the keyboard", "qwertyuiopasdfgh", false},
		{"one letter", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"the user's name", "siobhan-jansen", false},
		{"the user's address", "sjansen@example", false},
		{"a line break", "klaproos\nfiets dakgoot", false},
		{"a NUL", "klaproos\x00fiets dakgoot", false},
		{"text that is not UTF-8", "klaproos fiets dakgoot\xff", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if p := acceptable(c.password, "sjansen@example.org", "Siobhán Jansen"); (p == nil) != c.ok {
				t.Errorf("%q: %v", c.password, p)
			}
		})
	}
}

func TestMoreOfAPasswordIsNeverWeaker(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`[a-z0-9!@ ]{0,30}`).Draw(t, "password")
		more := p + rapid.StringMatching(` [b-z]`).Draw(t, "more")
		if units(more, nil) < units(p, nil) {
			t.Fatalf("%q has %d surprises, %q has %d", p, units(p, nil), more, units(more, nil))
		}
	})
}
