package auth

import (
	"sync"
	"time"
)

// The cache remembers who somebody is for a moment, so that a burst of requests costs one lookup. rememberFor bounds how
// long a revocation on another server can go unnoticed here.
const (
	rememberFor = 2 * time.Second
	rememberMax = 10_000
)

type cache struct {
	mu      sync.Mutex
	entries map[string]entry
	forgot  uint64
}

type entry struct {
	found found
	at    time.Time // of the computer's own clock: no test moves it
}

// get returns what is remembered under the key and has not expired at now, or what load finds. Failures are not remembered.
func (c *cache) get(key string, now time.Time, load func() (found, error)) (found, error) {
	c.mu.Lock()
	e, ok := c.entries[key]
	before := c.forgot
	c.mu.Unlock()
	began := time.Now()
	if ok && began.Sub(e.at) < rememberFor && now.Before(e.found.viewer.ExpiresAt) {
		return e.found, nil
	}
	f, err := load()
	if err != nil {
		return found{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgot != before { // something was revoked while we looked
		return f, nil
	}
	if c.entries == nil || len(c.entries) >= rememberMax {
		c.entries = make(map[string]entry)
	}
	c.entries[key] = entry{f, began}
	return f, nil
}

// used notes that what is remembered was in use at now.
func (c *cache) used(key string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		e.found.seenAt = now
		c.entries[key] = e
	}
}

// forget drops everything: something was revoked on this server, which must show at once.
func (c *cache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = nil
	c.forgot++
}
