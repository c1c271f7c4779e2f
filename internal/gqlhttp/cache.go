package gqlhttp

import (
	"context"
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// byteCache keeps what was used last, up to a number of bytes: a cache bounded by its number of entries can be filled
// with entries of the largest size. It is safe for concurrent use.
type byteCache[T any] struct {
	mu    sync.Mutex
	used  int
	most  int
	size  func(key string, value T) int
	inner *simplelru.LRU[string, T]
}

func newByteCache[T any](most int, size func(string, T) int) *byteCache[T] {
	c := &byteCache[T]{most: most, size: size}
	inner, err := simplelru.NewLRU(math.MaxInt, func(key string, value T) { c.used -= size(key, value) })
	if err != nil {
		panic(err) // only for a size below 1
	}
	c.inner = inner
	return c
}

// Get returns the value under key.
func (c *byteCache[T]) Get(_ context.Context, key string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inner.Get(key)
}

// Add stores value under key and drops the least recently used others until all fit. What does not fit on its own is
// not stored.
func (c *byteCache[T]) Add(_ context.Context, key string, value T) {
	size := c.size(key, value)
	if size > c.most {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inner.Remove(key)
	for c.used+size > c.most {
		c.inner.RemoveOldest()
	}
	c.inner.Add(key, value)
	c.used += size
}

// nodeBytes is what one byte of a document comes to in its syntax tree, measured on dense documents (cache_test.go).
const nodeBytes = 110

// newDocumentCache returns a cache of parsed and validated documents, by their text.
func newDocumentCache(most int) *byteCache[*ast.QueryDocument] {
	return newByteCache(most, func(text string, _ *ast.QueryDocument) int { return 512 + nodeBytes*len(text) })
}

// newTextCache returns a cache of texts by their hash.
func newTextCache(most int) *byteCache[string] {
	return newByteCache(most, func(hash, text string) int { return 256 + len(hash) + len(text) })
}
