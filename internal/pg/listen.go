package pg

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
)

// Listener delivers what is announced on one channel of PostgreSQL (NOTIFY) to any number of subscribers. It has one
// connection, outside of the pool, however many there are.
//
// PostgreSQL forgets what it announces while nobody listens. So after each interruption, and also when a subscriber is too
// slow, the subscriber is told to read anew instead.
type Listener struct {
	db      *DB
	channel string
	ping    string // a channel of our own, to hear that the connection works

	mu   sync.Mutex
	subs map[*Subscription]struct{}
}

// How a listener knows that it listens: it pings itself through the pool.
const (
	pingSoon  = 250 * time.Millisecond // until the first answer
	pingLater = 5 * time.Second        // when nothing else is heard
	pingLimit = 3                      // unanswered, after which it connects anew
)

// Listen returns a listener for the channel; Run makes it listen.
func (db *DB) Listen(channel string) *Listener {
	return &Listener{db: db, channel: channel, ping: "panel_ping_" + strings.ToLower(rand.Text()), subs: map[*Subscription]struct{}{}}
}

// Run listens until ctx ends. It connects again as often as needed.
func (l *Listener) Run(ctx context.Context) {
	for ctx.Err() == nil {
		started := time.Now()
		err := l.session(ctx)
		if ctx.Err() != nil {
			return
		}
		slog.WarnContext(ctx, "stopped hearing PostgreSQL, connecting again", "channel", l.channel, "error", err)
		if time.Since(started) < time.Second {
			select {
			case <-ctx.Done():
			case <-time.After(pingSoon):
			}
		}
	}
}

// session listens on one connection until it breaks.
func (l *Listener) session(ctx context.Context) error {
	pool, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // it has no connection of its own
	ln := pgdriver.NewListener(bun.NewDB(pool, pgdialect.New()))
	defer ln.Close()                                          //nolint:errcheck // over either way
	defer context.AfterFunc(ctx, func() { _ = ln.Close() })() // a read does not end with its context
	if err := ln.Listen(ctx, l.channel, l.ping); err != nil {
		return err
	}
	for synced, unanswered, wait := false, 0, time.Duration(0); ; {
		channel, payload, err := "", "", error(errSilence)
		if wait > 0 {
			channel, payload, err = ln.ReceiveTimeout(ctx, wait)
		}
		var netErr net.Error
		switch {
		case errors.Is(err, errSilence), errors.As(err, &netErr) && netErr.Timeout():
			if unanswered++; unanswered > pingLimit && (synced || unanswered > 10*pingLimit) {
				return errSilence
			}
			if wait = pingLater; !synced {
				wait = pingSoon
			}
			if _, err := l.db.bun.ExecContext(ctx, "SELECT pg_notify(?, '')", l.ping); err != nil {
				slog.DebugContext(ctx, "ping PostgreSQL", "error", err)
			}
			continue
		case err != nil:
			return err
		case channel == l.channel:
			l.deliver(payload)
		case !synced: // the ping was sent after LISTEN and has arrived: from here on nothing is lost
			synced, wait = true, pingLater
			l.readAnew()
		}
		unanswered = 0
	}
}

var errSilence = errors.New("pings are not answered")

// open returns a pool from which pgdriver's listener takes how to connect.
func (l *Listener) open(ctx context.Context) (*sql.DB, error) {
	main, plain := l.db.address.connectors()
	pool := sql.OpenDB(rawConnector{main, nil})
	if plain == nil {
		return pool, nil
	}
	err := pool.PingContext(ctx)
	if err == nil {
		return pool, nil
	}
	if !noTLS(err) {
		return nil, errors.Join(err, pool.Close())
	}
	return sql.OpenDB(rawConnector{plain, nil}), pool.Close()
}

// Subscribe returns a subscription to what wants accepts, which must be quick; nil accepts everything. Subscribe first and
// read after: what happens in between is then heard of. Close must be called.
func (l *Listener) Subscribe(wants func(payload string) bool) *Subscription {
	s := &Subscription{listener: l, wants: wants, wake: make(chan struct{}, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.subs[s] = struct{}{}
	return s
}

func (l *Listener) deliver(payload string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.subs {
		if s.wants == nil || s.wants(payload) {
			s.offer(payload)
		}
	}
}

func (l *Listener) readAnew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.subs {
		s.readAnew()
	}
}
