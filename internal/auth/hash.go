package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/problem"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"
)

// Hashing is what a password costs to check: to us, and to whoever stole the hashes.
type Hashing struct {
	MemoryKiB  uint32        // of one argon2id computation; 19 MiB
	Iterations uint32        // 2
	AtOnce     int           // how many computations may run at the same moment; half the processors
	MaxWait    time.Duration // how long a login waits for its turn; 5 s
}

// maxBcryptCost bounds what an imported hash may cost: 2^14 rounds take about a second.
const maxBcryptCost = 14

// hasher computes and checks password hashes, a few at a time: a flood of logins waits, and cannot take the memory.
type hasher struct {
	Hashing
	params argon2id.Params
	turns  chan struct{}
	nobody string // the hash that the password of an unknown user is compared with
}

func newHasher(o Hashing) (*hasher, error) {
	h := &hasher{Hashing: o, turns: make(chan struct{}, o.AtOnce),
		params: argon2id.Params{Memory: o.MemoryKiB, Iterations: o.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
	var err error
	if h.nobody, err = argon2id.CreateHash(newSecret(""), &h.params); err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return h, nil
}

// turn waits until this goroutine may compute. It is a problem if that takes too long.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(h.MaxWait)
	defer timer.Stop()
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-timer.C:
		return nil, problem.New(problem.RateLimited, problem.Text{
			NL: "Het is nu te druk met inloggen; probeer het zo nog eens.",
			EN: "Too many people are signing in just now; please try again in a moment."})
	}
}

// hash returns the argon2id hash of a password. The caller has its turn.
func (h *hasher) hash(password string) (string, error) {
	s, err := argon2id.CreateHash(norm.NFC.String(password), &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return s, nil
}

// verify reports whether the password has this hash, and whether the hash should be renewed: it is bcrypt, from an
// import, or has other parameters than we use now. Without a hash the answer is no and takes as long. The caller has its turn.
func (h *hasher) verify(password, hash string) (right, renew bool, err error) {
	if len(password) > maxPassword {
		password, hash = "", "" // a longer one was never set
	}
	if strings.HasPrefix(hash, "$2") {
		cost, err := bcrypt.Cost([]byte(hash))
		if err == nil && cost <= maxBcryptCost {
			return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil, true, nil
		}
		hash = "" // not a hash, or one made to keep us busy
	}
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, h.nobody)
		return false, false, err
	}
	right, params, err := argon2id.CheckHash(norm.NFC.String(password), hash)
	if err != nil {
		return false, false, fmt.Errorf("check a password: %w", err)
	}
	return right, *params != h.params, nil
}

// HashPassword returns the hash of a password for CreateUser. It does not look at the password's strength: demo users
// have weak ones.
func (g *Gate) HashPassword(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > maxPassword {
		return "", errors.New("auth: no password, or one that is too long")
	}
	done, err := g.hasher.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return g.hasher.hash(password)
}
