package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serving returns the address of a server that answers n bytes, in chunks or not, and counts the requests.
func serving(t *testing.T, n int, chunked bool) (address string, count *atomic.Int64) {
	count = new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		body, _ := io.ReadAll(r.Body)
		if string(body) != "q" || r.Header.Get("Authorization") != "Bearer t" {
			http.Error(w, "another request", http.StatusBadRequest)
			return
		}
		answer := `{"data":"` + strings.Repeat("x", n) + `"}`
		fmt.Fprint(w, answer[:len(answer)/2])
		if chunked {
			w.(http.Flusher).Flush()
		}
		fmt.Fprint(w, answer[len(answer)/2:])
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String(), count
}

func TestABurstAsksAsOftenAsItMay(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		address, count := serving(t, 100_000, chunked)
		b, err := drive(t.Context(), address, [][]byte{post(address, "/", "t", []byte("q"))}, 4, time.Minute, 57)
		if err != nil || len(b.times) != 57 || count.Load() != 57 {
			t.Errorf("chunked %v: %d answers to %d requests: %v", chunked, len(b.times), count.Load(), err)
		}
		if b.at(0.5) > b.at(0.99) || b.rate() <= 0 {
			t.Errorf("median %s, p99 %s, rate %f", b.at(0.5), b.at(0.99), b.rate())
		}
	}
}

func TestABurstEndsWithItsTime(t *testing.T) {
	address, count := serving(t, 1, false)
	if _, err := drive(t.Context(), address, [][]byte{post(address, "/", "t", []byte("q"))}, 2, time.Millisecond, 1_000_000_000); err != nil {
		t.Error(err)
	}
	before := count.Load()
	time.Sleep(20 * time.Millisecond)
	if after := count.Load(); after != before {
		t.Errorf("%d requests after the end", after-before)
	}
}

func TestARefusalIsAnError(t *testing.T) {
	address, _ := serving(t, 1, false)
	if _, err := drive(t.Context(), address, [][]byte{post(address, "/", "t", []byte("other"))}, 2, time.Second, 10); err == nil || !strings.Contains(err.Error(), "400") {
		t.Errorf("%v", err)
	}
}

func TestOnlyThisMachineIsAsked(t *testing.T) {
	for _, address := range []string{"192.0.2.1:80", "example.com:80", "0.0.0.0:80", ""} {
		if _, err := drive(context.Background(), address, nil, 1, time.Second, 1); err == nil {
			t.Errorf("%q is asked", address)
		}
	}
}
