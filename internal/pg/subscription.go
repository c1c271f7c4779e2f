package pg

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Notice is what a subscriber hears.
type Notice struct {
	Payload string
	Reread  bool // something may have been missed: read what there is, and trust nothing heard before; Payload is empty
}

// Subscription is one subscriber of a Listener.
type Subscription struct {
	listener *Listener
	wants    func(string) bool
	wake     chan struct{}

	mu     sync.Mutex
	queue  []string
	reread bool
}

// queueLimit is how many notices wait for a slow subscriber before they become one that says to read anew.
const queueLimit = 256

// rereadEvery is about how often a subscriber reads anew without being told to, in case all else fails.
const rereadEvery = time.Minute

// Next returns the next notice, waiting for it until ctx ends. One goroutine at a time may call it.
func (s *Subscription) Next(ctx context.Context) (Notice, error) {
	timer := time.NewTimer(rereadEvery*3/4 + rand.N(rereadEvery/2)) // not all at once
	defer timer.Stop()
	for {
		if n, ok := s.take(); ok {
			return n, nil
		}
		select {
		case <-ctx.Done():
			return Notice{}, context.Cause(ctx)
		case <-timer.C:
			return Notice{Reread: true}, nil
		case <-s.wake:
		}
	}
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.listener.mu.Lock()
	defer s.listener.mu.Unlock()
	delete(s.listener.subs, s)
}

func (s *Subscription) take() (Notice, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reread {
		s.reread = false
		return Notice{Reread: true}, true
	}
	if len(s.queue) == 0 {
		s.queue = nil
		return Notice{}, false
	}
	n := Notice{Payload: s.queue[0]}
	s.queue = s.queue[1:]
	return n, true
}

// offer never waits.
func (s *Subscription) offer(payload string) {
	s.mu.Lock()
	if s.queue = append(s.queue, payload); len(s.queue) > queueLimit {
		s.queue, s.reread = nil, true
	}
	s.mu.Unlock()
	s.nudge()
}

func (s *Subscription) readAnew() {
	s.mu.Lock()
	s.queue, s.reread = nil, true
	s.mu.Unlock()
	s.nudge()
}

func (s *Subscription) nudge() {
	select {
	case s.wake <- struct{}{}:
	default: // it is awake
	}
}
