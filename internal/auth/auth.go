// Package auth owns who signs in: passwords, second factors, login sessions, API tokens and the links that replace a
// forgotten password. It turns a request into a viewer, and is the only package that sees a credential.
//
// It reads and writes as a viewer of its own kind, which may look up anybody, and finds out who asks. Sessions, codes and
// rate limits live by the wall clock, so that moving the test clock signs nobody out; links (P-03) live by the program's.
package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"
)

// Options are what a Gate needs. DB, Key, PublicURL and Now are required; the zero of the others is a good default.
type Options struct {
	DB        *pg.DB
	Key       seal.Key
	PublicURL string           // where the panel is: links in mails begin with it (P-02)
	Now       func() time.Time // the wall clock, not the test clock
	Log       *slog.Logger

	Hashing     Hashing
	SessionIdle time.Duration // a session unused for so long ends; 7 days
	SessionMax  time.Duration // a session ends after so long in any case; 30 days
	EvenTime    time.Duration // a failed login takes at least so long, so that its time tells nothing; 300 ms, negative for none
}

// Gate is where everyone comes in. It is safe for use by several goroutines; several servers may each have one.
type Gate struct {
	Options
	*Limiter
	hasher *hasher
	seen   cache
	secure bool // whether the panel is served over TLS
	host   string
}

// New returns the Gate. It is an error if an option makes no sense.
func New(o Options) (*Gate, error) {
	if o.DB == nil || o.Now == nil {
		return nil, errors.New("auth: no database or no clock")
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("auth: the public URL %q is not an http or https address", o.PublicURL)
	}
	o.PublicURL = strings.TrimRight(o.PublicURL, "/")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.SessionIdle = orElse(o.SessionIdle, 7*24*time.Hour)
	o.SessionMax = orElse(o.SessionMax, 30*24*time.Hour)
	o.EvenTime = orElse(o.EvenTime, 300*time.Millisecond)
	o.Hashing.MemoryKiB = orElse(o.Hashing.MemoryKiB, 19*1024)
	o.Hashing.Iterations = orElse(o.Hashing.Iterations, 2)
	o.Hashing.AtOnce = orElse(o.Hashing.AtOnce, max(1, runtime.NumCPU()/2))
	o.Hashing.MaxWait = orElse(o.Hashing.MaxWait, 5*time.Second)
	h, err := newHasher(o.Hashing)
	if err != nil {
		return nil, err
	}
	return &Gate{Options: o, Limiter: &Limiter{db: o.DB, now: o.Now}, hasher: h, secure: u.Scheme == "https", host: u.Hostname()}, nil
}

// Client is where a request came from, for the history and for limits.
type Client struct {
	IP        netip.Addr // of the client itself, behind any proxy; the zero Addr when unknown
	UserAgent string
}

// address returns the IP as the tables hold it; "" when unknown.
func (c Client) address() string {
	if !c.IP.IsValid() {
		return ""
	}
	return c.IP.Unmap().WithZone("").String()
}

// agent returns the user agent within bounds, in text that PostgreSQL can hold.
func (c Client) agent() string {
	s := strings.ToValidUTF8(strings.ReplaceAll(c.UserAgent, "\x00", ""), "")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// as returns this package's own viewer, acting for v.
func as(v viewer.Viewer) viewer.Viewer {
	v.Kind = viewer.Auth
	return v.With(manage)
}

// itself is this package's viewer before it knows who asks.
var itself = as(viewer.Viewer{Name: "auth"})

// manage is the permission under which this package works.
const manage = viewer.ManageUsers

// canonical returns the one spelling of a mail address under which a user is known (M-05); "" for what cannot be one.
func canonical(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if !plain(email) || len(email) > 254 || !strings.Contains(email, "@") {
		return ""
	}
	return email
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}
