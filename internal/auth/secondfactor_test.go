package auth_test

import (
	"testing"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
)

func TestASecondFactorWithAKnownSecretIsInForceAtOnce(t *testing.T) {
	h := newHouse(t)
	u := h.user("jan@example.nl", h.one)
	const secret = "NOORDERHOSTDEMO234567ABCDEFGHIJK"
	h.system(func(tx *pg.Tx) error { return h.SetTwoFactor(t.Context(), tx, u.ID, secret) })
	if _, err := h.try(h.Gate, "jan@example.nl", good, ""); !problem.Is(err, auth.SecondFactorRequired) {
		t.Errorf("without a code: %v", err)
	}
	if _, err := h.try(h.Gate, "jan@example.nl", good, phone{h, secret}.shows()); err != nil {
		t.Errorf("with a code: %v", err)
	}
}
