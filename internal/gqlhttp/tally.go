package gqlhttp

import "sync"

// tally counts what each caller has open. It is safe for concurrent use.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func newTally() *tally { return &tally{count: map[string]int{}} }

// take adds one to the caller's count unless that would exceed most. The release, to be called once, takes it off.
func (t *tally) take(caller string, most int) (release func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count[caller] >= most {
		return nil, false
	}
	t.count[caller]++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.count[caller]--; t.count[caller] == 0 {
			delete(t.count, caller)
		}
	}, true
}
