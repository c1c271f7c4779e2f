// Package seal owns what the server's key does: it encrypts the few secrets that must be read back (a TOTP secret, the
// link in a mail that has not left yet) and authenticates what only this provider can have made.
//
// Passwords and tokens are never sealed: they are hashed, since nobody needs to read them back.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// Size is the number of bytes of the server's key.
const Size = 32

// Purpose separates uses: what was sealed for one cannot be opened for another.
type Purpose string

// Key is the server's key, ready for use by several goroutines. The zero Key panics.
type Key struct {
	master []byte
	aead   cipher.AEAD
}

// New returns the Key made of exactly Size secret bytes. All servers of one database need the same.
func New(master []byte) (Key, error) {
	if len(master) != Size {
		return Key{}, fmt.Errorf("the server's key must be %d bytes, not %d", Size, len(master))
	}
	derived, err := hkdf.Key(sha256.New, master, nil, "klantenpaneel seal v1", Size)
	if err != nil {
		return Key{}, fmt.Errorf("derive the sealing key: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return Key{}, fmt.Errorf("derive the sealing key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return Key{}, fmt.Errorf("derive the sealing key: %w", err)
	}
	return Key{master: append([]byte(nil), master...), aead: aead}, nil
}

// Parse reads a key written as 64 hexadecimal digits or as base64, as `openssl rand -hex 32` and `-base64 32` print it.
func Parse(s string) (Key, error) {
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString} {
		if raw, err := decode(s); err == nil && len(raw) == Size {
			return New(raw)
		}
	}
	return Key{}, errors.New("the server's key must be 32 bytes, written as 64 hexadecimal digits or in base64")
}

// Seal encrypts plain with AES-256-GCM under a random nonce. It opens only for the same purpose and the same subject,
// such as a row's id, so that a sealed value moved to another row is worthless.
func (k Key) Seal(p Purpose, subject, plain []byte) []byte {
	return k.aead.Seal(nil, nil, plain, bind(p, subject))
}

// Open returns what Seal got; it fails for anything that was changed, moved, or sealed with another key.
func (k Key) Open(p Purpose, subject, sealed []byte) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, bind(p, subject))
	if err != nil {
		return nil, fmt.Errorf("open the sealed %s: it was made for something else, or with another key: %w", p, err)
	}
	return plain, nil
}

// MAC returns 32 bytes that nobody without the key can compute for this purpose and data.
func (k Key) MAC(p Purpose, data []byte) []byte {
	h := hmac.New(sha256.New, k.master)
	h.Write(bind(p, data))
	return h.Sum(nil)
}

// bind joins purpose and data so that no two pairs give the same bytes: a purpose holds no NUL.
func bind(p Purpose, data []byte) []byte {
	return append(append([]byte(p), 0), data...)
}
