package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// burst is what came of asking for a while.
type burst struct {
	took  time.Duration
	times []time.Duration // of each answer, shortest first
}

func (b burst) rate() float64 { return float64(len(b.times)) / b.took.Seconds() }

// at returns the time within which this part of the answers came.
func (b burst) at(part float64) time.Duration {
	if len(b.times) == 0 {
		return 0
	}
	return b.times[min(int(part*float64(len(b.times))), len(b.times)-1)]
}

// drive asks the requests over and over, each worker on a connection of its own, for as long as it may take and at most so
// often; it goes nowhere but to this machine. Anything but a 200 with data is an error. It is written for the purpose
// because a generator that costs as much as the server would be half of what is measured.
func drive(ctx context.Context, address string, requests [][]byte, workers int, atMost time.Duration, count int) (burst, error) {
	if host, _, err := net.SplitHostPort(address); err != nil || !net.ParseIP(host).IsLoopback() {
		return burst{}, fmt.Errorf("%s is not this machine", address)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var left atomic.Int64
	left.Store(int64(count))
	parts := make([][]time.Duration, workers)
	var all sync.WaitGroup
	start := time.Now()
	for w := range workers {
		all.Go(func() {
			c, err := dial(ctx, address, start.Add(atMost+30*time.Second))
			if err != nil {
				cancel(err)
				return
			}
			defer c.conn.Close() //nolint:errcheck // done with
			for n := w; ctx.Err() == nil && time.Since(start) < atMost && left.Add(-1) >= 0; n++ {
				began := time.Now()
				if err := c.ask(requests[n%len(requests)]); err != nil {
					cancel(err)
					return
				}
				parts[w] = append(parts[w], time.Since(began))
			}
		})
	}
	all.Wait()
	b := burst{took: time.Since(start), times: slices.Concat(parts...)}
	slices.Sort(b.times)
	return b, context.Cause(ctx)
}

// client is a connection of HTTP/1.1 that is kept.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

func dial(ctx context.Context, address string, deadline time.Time) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, conn.SetDeadline(deadline)
}

// ask sends one request and reads its answer into body.
func (c *client) ask(request []byte) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	status, err := c.in.ReadString('\n')
	if err != nil {
		return err
	}
	length, chunked := -1, false
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return err
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "" {
			break
		}
		switch textproto.CanonicalMIMEHeaderKey(name) {
		case "Content-Length":
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		case "Transfer-Encoding":
			chunked = true
		}
	}
	if err := c.read(length, chunked); err != nil {
		return err
	}
	if !strings.Contains(status, " 200 ") || !bytes.HasPrefix(c.body.Bytes(), []byte(`{"data"`)) {
		return fmt.Errorf("%s: %.300s", strings.TrimSpace(status), c.body.Bytes())
	}
	return nil
}

func (c *client) read(length int, chunked bool) error {
	c.body.Reset()
	if !chunked {
		if length < 0 {
			return errors.New("an answer without a length")
		}
		_, err := io.CopyN(&c.body, c.in, int64(length))
		return err
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(strings.TrimSpace(line), 16, 64)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(&c.body, c.in, size); err != nil {
			return err
		}
		if _, err := c.in.Discard(2); err != nil || size == 0 {
			return err
		}
	}
}

// post returns a whole request, ready to be sent.
func post(address, path, token string, body []byte) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s",
		path, address, token, len(body), body)
}
