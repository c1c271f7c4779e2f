package key_test

import (
	"strings"
	"testing"

	"klantenpaneel/internal/key"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestAnIDSurvivesTheRoundTripAndHasOneSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		s := key.Format(key.Invoice, id)
		if got, ok := key.Parse(key.Invoice, s); !ok || got != id {
			t.Fatalf("Parse(%q) = %v, %v", s, got, ok)
		}
		if other, ok := key.Parse(key.Account, s); ok || other != uuid.Nil {
			t.Fatalf("an invoice's id %q passes for an account's", s)
		}
		if up := strings.ToUpper(s); up != s {
			if _, _, ok := key.Split(up); ok {
				t.Fatalf("a second spelling %q is accepted", up)
			}
		}
	})
}

func TestSplitRefusesWhatFormatCannotMake(t *testing.T) {
	for _, s := range []string{"", "_", "inv", "inv_", "inv_0190", "inv_zz90f2c4a7b37c2e8f1d0a1b2c3d4e5f", "invo_0190f2c4a7b37c2e8f1d0a1b2c3d4e5f",
		"inv_0190f2c4a7b37c2e8f1d0a1b2c3d4e5f0", "inv_0190f2c4-a7b3-7c2e-8f1d-0a1b2c3d4e5f", "inv_\x000190f2c4a7b37c2e8f1d0a1b2c3d4e5"} {
		if _, _, ok := key.Split(s); ok {
			t.Errorf("Split(%q) accepts it", s)
		}
	}
}
