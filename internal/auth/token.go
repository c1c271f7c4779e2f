package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash/crc32"
	"math/big"
	"strings"
)

// The tokens. Each holds 256 random bits; the database holds their SHA-256 only, so that a stolen copy of it opens
// nothing. The prefix tells what kind it is, also to whoever searches a leak for them.
const (
	sessionPrefix = "ks_" // and 43 characters of base64url
	apiPrefix     = "kp_" // and 43 characters of base62, and 6 of a checksum
	linkPrefix    = "kl_" // and 43 characters of base64url
	digits62      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

func newSecret(prefix string) string {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // it never fails
	return prefix + base64.RawURLEncoding.EncodeToString(raw[:])
}

// isSecret reports whether s has the form of a token that newSecret made.
func isSecret(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	return ok && err == nil && len(raw) == 32
}

// NewAPIToken returns a fresh API token.
func NewAPIToken() string {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // it never fails
	return APITokenOf(raw)
}

// APITokenOf returns the API token made of these bytes: for demo data, where it must be known. In base62 a double click
// selects all of it.
func APITokenOf(raw [32]byte) string {
	body := base62(new(big.Int).SetBytes(raw[:]), 43)
	return apiPrefix + body + checksum(body)
}

// isAPIToken reports whether s has the form of an API token and its checksum: a typing error costs no statement.
func isAPIToken(s string) bool {
	rest, ok := strings.CutPrefix(s, apiPrefix)
	return ok && len(rest) == 49 && checksum(rest[:43]) == rest[43:]
}

// hint returns the part of an API token that may be shown, to recognise it by.
func hint(token string) string { return token[:len(apiPrefix)+5] }

func checksum(body string) string {
	return base62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(body)))), 6)
}

func base62(n *big.Int, width int) string {
	out := make([]byte, width)
	base, rest := big.NewInt(62), new(big.Int)
	for i := width - 1; i >= 0; i-- {
		n.DivMod(n, base, rest)
		out[i] = digits62[rest.Int64()]
	}
	return string(out)
}

// digest is what the database holds of a token.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
