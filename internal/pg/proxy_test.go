package pg_test

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// proxy stands between the program and PostgreSQL, and breaks what a test wants broken.
type proxy struct {
	listener        net.Listener
	network, target string      // of PostgreSQL
	tls             *tls.Config // speaks TLS with the program

	mu      sync.Mutex
	conns   []net.Conn
	cutWhen func(message []byte) (before, after bool) // breaks the connection before or after passing a message on
}

func newProxy(t testing.TB, address string, secure *tls.Config) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port := cmp.Or(u.Query().Get("port"), u.Port(), "5432")
	network, target := "tcp", net.JoinHostPort(u.Hostname(), port)
	if dir := u.Query().Get("host"); dir != "" {
		network, target = "unix", filepath.Join(dir, ".s.PGSQL."+port)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, network: network, target: target, tls: secure}
	t.Cleanup(func() { _ = l.Close(); p.cut() })
	go p.serve()
	u.Host, u.RawQuery = l.Addr().String(), "sslmode=disable"
	return p, u.String()
}

func (p *proxy) serve() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.carry(c)
	}
}

func (p *proxy) carry(c net.Conn) {
	defer c.Close()
	if p.tls != nil {
		request := make([]byte, 8)
		if _, err := io.ReadFull(c, request); err != nil {
			return
		}
		_, _ = c.Write([]byte("S"))
		c = tls.Server(c, p.tls)
	} // else PostgreSQL itself says that it has none
	server, err := net.Dial(p.network, p.target)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	p.conns = append(p.conns, c, server)
	p.mu.Unlock()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(c, server)
		_ = c.Close()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		cut := p.cutWhen
		p.mu.Unlock()
		var before, after bool
		if cut != nil {
			before, after = cut(buf[:n])
		}
		if after {
			_ = c.Close() // the answer gets nowhere
		}
		if before {
			return
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if after {
			<-answered
			return
		}
	}
}

// cut breaks all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

// once breaks the first connection on which the text goes by.
func (p *proxy) once(text string, beforeIt bool) {
	var done sync.Once
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cutWhen = func(message []byte) (before, after bool) {
		if bytes.Contains(message, []byte(text)) {
			done.Do(func() { before, after = beforeIt, !beforeIt })
		}
		return before, after
	}
}
