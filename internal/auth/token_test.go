package auth

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnAPITokenIsRecognisedAndAMistypedOneIsNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := APITokenOf([32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes")))
		if len(token) != 52 || !isAPIToken(token) || !strings.HasPrefix(token, "kp_") {
			t.Fatalf("%q is not one", token)
		}
		at := rapid.IntRange(0, 51).Draw(t, "at")
		other := digits62[rapid.IntRange(0, 61).Draw(t, "other")]
		if mistyped := token[:at] + string(other) + token[at+1:]; mistyped != token && isAPIToken(mistyped) {
			t.Fatalf("%q passes for %q", mistyped, token)
		}
		if isSecret(sessionPrefix, token) {
			t.Fatal("it passes for a session's")
		}
	})
}

func TestTokensAreOfOneKindAndNoTwoAreTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		session, link, api := newSecret(sessionPrefix), newSecret(linkPrefix), NewAPIToken()
		for _, s := range []string{session, link, api} {
			if seen[s] {
				t.Fatalf("%q was made twice", s)
			}
			seen[s] = true
		}
		if !isSecret(sessionPrefix, session) || isSecret(linkPrefix, session) || isAPIToken(session) || isAPIToken(link) || !isSecret(linkPrefix, link) {
			t.Fatalf("%q, %q and %q are mixed up", session, link, api)
		}
	}
	for _, s := range []string{"", "ks_", "kp_", "ks_" + strings.Repeat("A", 42), "ks_" + strings.Repeat("A", 44), "ks_" + strings.Repeat("=", 43), "ks_" + strings.Repeat("A", 42) + "B"} {
		if isSecret(sessionPrefix, s) || isAPIToken(s) {
			t.Errorf("%q passes", s)
		}
	}
}
