package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"klantenpaneel/internal/seal"

	"pgregory.net/rapid"
)

func newKey(t *testing.T, first byte) seal.Key {
	t.Helper()
	k, err := seal.New(append([]byte{first}, make([]byte, seal.Size-1)...))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestOnlyTheSameKeyPurposeAndSubjectOpen(t *testing.T) {
	ours, theirs := newKey(t, 1), newKey(t, 2)
	rapid.Check(t, func(t *rapid.T) {
		plain, subject := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.SliceOf(rapid.Byte()).Draw(t, "subject")
		sealed := ours.Seal("totp", subject, plain)
		if got, err := ours.Open("totp", subject, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open = %x, %v; want %x", got, err, plain)
		}
		if bytes.Equal(sealed, ours.Seal("totp", subject, plain)) {
			t.Fatal("the same secret sealed twice looks the same")
		}
		changed := bytes.Clone(sealed)
		changed[rapid.IntRange(0, len(changed)-1).Draw(t, "at")] ^= 1
		for name, open := range map[string]func() ([]byte, error){
			"another key":     func() ([]byte, error) { return theirs.Open("totp", subject, sealed) },
			"another purpose": func() ([]byte, error) { return ours.Open("mail", subject, sealed) },
			"another subject": func() ([]byte, error) { return ours.Open("totp", append(subject, 0), sealed) },
			"a changed bit":   func() ([]byte, error) { return ours.Open("totp", subject, changed) },
			"a short text":    func() ([]byte, error) { return ours.Open("totp", subject, sealed[:10]) },
		} {
			if got, err := open(); err == nil {
				t.Fatalf("%s opens it: %x", name, got)
			}
		}
	})
}

func TestAMACDependsOnKeyPurposeAndData(t *testing.T) {
	ours, theirs := newKey(t, 1), newKey(t, 2)
	want := ours.MAC("code", []byte("a"))
	if !bytes.Equal(want, ours.MAC("code", []byte("a"))) {
		t.Error("the same data has two codes")
	}
	for name, got := range map[string][]byte{
		"another key": theirs.MAC("code", []byte("a")), "another purpose": ours.MAC("cod", []byte("e\x00a")), "other data": ours.MAC("code", []byte("b")),
	} {
		if bytes.Equal(want, got) {
			t.Errorf("%s gives the same code", name)
		}
	}
}

func TestAKeyIsReadInHexAndBase64AndInNothingElse(t *testing.T) {
	raw := bytes.Repeat([]byte{0xfe}, seal.Size)
	want := newMAC(t, raw)
	for _, s := range []string{hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw)} {
		k, err := seal.Parse(s)
		if err != nil {
			t.Errorf("Parse(%q): %v", s, err)
		} else if !bytes.Equal(k.MAC("x", nil), want) {
			t.Errorf("Parse(%q) gives another key", s)
		}
	}
	for _, s := range []string{"", "secret", hex.EncodeToString(raw[1:]), hex.EncodeToString(raw) + "00"} {
		if _, err := seal.Parse(s); err == nil {
			t.Errorf("Parse(%q) accepts it", s)
		}
	}
}

func newMAC(t *testing.T, raw []byte) []byte {
	t.Helper()
	k, err := seal.New(raw)
	if err != nil {
		t.Fatal(err)
	}
	return k.MAC("x", nil)
}
