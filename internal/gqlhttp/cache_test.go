package gqlhttp

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"klantenpaneel/internal/gqlhttp/gqltest"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestByteCacheKeepsWithinItsBytes(t *testing.T) {
	ctx := context.Background()
	cache := newByteCache(100, func(_, value string) int { return len(value) })
	cache.Add(ctx, "a", strings.Repeat("a", 40))
	cache.Add(ctx, "b", strings.Repeat("b", 40))
	cache.Get(ctx, "a") // b is now the oldest
	cache.Add(ctx, "c", strings.Repeat("c", 40))
	cache.Add(ctx, "whale", strings.Repeat("w", 101))
	cache.Add(ctx, "c", strings.Repeat("c", 60)) // replaces, and leaves room for a
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "whale": false} {
		if _, got := cache.Get(ctx, key); got != want {
			t.Errorf("%s is kept: %v, want %v", key, got, want)
		}
	}
	if cache.used != 100 {
		t.Errorf("the cache counts %d bytes, want 100", cache.used)
	}
}

func TestDocumentCacheEstimatesItsMemoryHighEnough(t *testing.T) {
	shapes := map[string]func(i int) string{
		"one-letter aliases": func(i int) string {
			return fmt.Sprintf("query Q%d{item{%s}}", i, strings.Repeat("a:id b:id c:id ", 9))
		},
		"nested selections": func(i int) string {
			return fmt.Sprintf("query Q%d{item{%sid%s}}", i, strings.Repeat("self{", 15), strings.Repeat("}", 15))
		},
		"literals": func(i int) string {
			return fmt.Sprintf("query Q%d{echo(list:[%s])}", i, strings.Repeat("1,", 200))
		},
		"a query as people write them": func(i int) string {
			return fmt.Sprintf("query Dashboard%d($first: Int) {\n  items(first: $first) {\n    nodes {\n      id\n      name\n    }\n    totalCount\n  }\n}\n", i)
		},
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			const documents = 400
			h := newHandler(gqltest.New(&gqltest.Resolver{}), Options{})
			cache := newDocumentCache(1 << 30)
			h.exec.SetQueryCache(cache)
			texts := make([]string, documents)
			for i := range texts {
				texts[i] = shape(i)
			}
			before := heap()
			for _, text := range texts {
				if _, errs := h.exec.CreateOperationContext(graphql.StartOperationTrace(context.Background()), &graphql.RawParams{Query: text}); errs != nil {
					t.Fatal(errs)
				}
			}
			actual := int(heap()-before) / documents
			estimated := cache.used / documents
			t.Logf("%d bytes of text: %d bytes in memory, estimated at %d", len(texts[0]), actual, estimated)
			if estimated < actual {
				t.Errorf("a document takes %d bytes and is counted as %d", actual, estimated)
			}
			runtime.KeepAlive(cache)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

var _ graphql.Cache[*ast.QueryDocument] = (*byteCache[*ast.QueryDocument])(nil)
