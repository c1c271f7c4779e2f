package gqlhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

const socketProtocol = "graphql-transport-ws"

// The close codes of graphql-transport-ws. Clients try again after 4403 and 4408, but not after the others.
const (
	closeBadRequest    websocket.StatusCode = 4400 // a message that the protocol does not know
	closeUnauthorized  websocket.StatusCode = 4401 // subscribe before connection_ack
	closeForbidden     websocket.StatusCode = 4403 // credentials refused, expired or revoked
	closeSubprotocol   websocket.StatusCode = 4406
	closeInitTimeout   websocket.StatusCode = 4408
	closeDuplicate     websocket.StatusCode = 4409 // an id that is in use
	closeTooMany       websocket.StatusCode = 4429 // a second connection_init, or too many sockets
	longestCloseReason                      = 123  // bytes, says RFC 6455
	longestOperationID                      = 100  // bytes
)

// socket is one WebSocket. One goroutine reads it; operations write to it side by side.
type socket struct {
	h       *handler
	conn    *websocket.Conn
	request *http.Request // that opened it

	ctx     context.Context // of all operations; carries the caller after connection_init
	writing sync.Mutex

	mu      sync.Mutex
	acked   bool
	running map[string]*running // by id
	release func()              // takes the socket off the caller's tally
	work    sync.WaitGroup
}

// running is an operation on a socket.
type running struct{ cancel context.CancelFunc }

// message is one message of the protocol, in either direction.
type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func isWebSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// serveSocket serves a WebSocket until it closes.
func (h *handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{socketProtocol}, OriginPatterns: hosts(h.opts.Origins)})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(h.opts.Limits.SocketBytes)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context())) // a hijacked request's context tells nothing
	s := &socket{h: h, conn: conn, request: r, ctx: ctx, running: map[string]*running{}}
	defer h.metrics.opened("socket")()
	defer func() {
		cancel()
		s.work.Wait() // the resolvers end before the request does
		_ = conn.CloseNow()
		if s.release != nil {
			s.release()
		}
	}()
	if conn.Subprotocol() != socketProtocol {
		s.close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	late := time.AfterFunc(h.opts.Limits.SocketInit, func() {
		if !s.isAcked() {
			s.close(closeInitTimeout, "Connection initialisation timeout")
		}
	})
	defer late.Stop()
	s.work.Go(func() { s.watch(ctx) })
	s.read(ctx)
}

// read takes messages one at a time until the socket closes. Documents are validated here, so that one socket keeps
// one processor busy at most.
func (s *socket) read(ctx context.Context) {
	for {
		kind, data, err := s.conn.Read(ctx)
		if err != nil {
			return
		}
		var m message
		if kind != websocket.MessageText || !utf8.Valid(data) || json.Unmarshal(data, &m) != nil {
			s.close(closeBadRequest, "Invalid message received")
			return
		}
		if code, reason := s.receive(m); code != 0 {
			s.close(code, reason)
			return
		}
	}
}

// receive acts on one message; a code other than 0 says how to close.
func (s *socket) receive(m message) (websocket.StatusCode, string) {
	switch m.Type {
	case "connection_init":
		return s.init(m.Payload)
	case "ping":
		s.write(message{Type: "pong", Payload: m.Payload})
	case "pong":
	case "subscribe":
		return s.subscribe(m)
	case "complete":
		s.mu.Lock()
		defer s.mu.Unlock()
		if operation := s.running[m.ID]; operation != nil {
			operation.cancel()
			delete(s.running, m.ID)
		}
	default:
		return closeBadRequest, "Invalid message received"
	}
	return 0, ""
}

// init signs the caller in.
func (s *socket) init(payload json.RawMessage) (websocket.StatusCode, string) {
	if s.isAcked() {
		return closeTooMany, "Too many initialisation requests"
	}
	var values map[string]any
	if len(payload) > 0 && json.Unmarshal(payload, &values) != nil {
		return closeBadRequest, "Invalid message received"
	}
	ctx, err := s.h.opts.Connect(s.ctx, values)
	if err != nil {
		return closeForbidden, "Forbidden"
	}
	release, ok := s.h.sockets.take(s.h.caller(ctx, s.request), s.h.opts.Limits.Sockets)
	if !ok {
		return closeTooMany, "Too many connections"
	}
	s.mu.Lock()
	s.ctx, s.acked, s.release = ctx, true, release
	s.mu.Unlock()
	s.write(message{Type: "connection_ack"})
	return 0, ""
}

// watch keeps the socket alive and closes it when it must: the peer is gone, its rights are, or the server stops.
func (s *socket) watch(ctx context.Context) {
	heartbeat := time.NewTicker(s.h.opts.Limits.Heartbeat)
	defer heartbeat.Stop()
	recheck := time.NewTicker(s.h.opts.Limits.Recheck)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.h.opts.Stop:
			s.close(websocket.StatusGoingAway, "The server is stopping")
			return
		case <-heartbeat.C:
			limited, cancel := context.WithTimeout(ctx, s.h.opts.Limits.Heartbeat)
			err := s.conn.Ping(limited)
			cancel()
			if err != nil {
				_ = s.conn.CloseNow()
				return
			}
		case <-recheck.C:
			if !s.alive() {
				return
			}
		}
	}
}

// alive reports whether the caller may still be served; it closes the socket if not.
func (s *socket) alive() bool {
	s.mu.Lock()
	ctx, acked := s.ctx, s.acked
	s.mu.Unlock()
	if !acked || s.h.alive(ctx) {
		return true
	}
	s.close(closeForbidden, "Forbidden")
	return false
}

func (s *socket) isAcked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acked
}

// write sends a message; the socket of a client that does not take it in time is closed.
func (s *socket) write(m message) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.send(m)
}

// send is write for who holds s.writing.
func (s *socket) send(m message) {
	data, err := json.Marshal(m)
	if err != nil {
		data, _ = json.Marshal(message{Type: "complete", ID: m.ID})
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.h.opts.Limits.WriteEachFrame)
	defer cancel()
	if s.conn.Write(ctx, websocket.MessageText, data) != nil {
		_ = s.conn.CloseNow()
	}
}

// close ends the socket with a code; the reader then ends too.
func (s *socket) close(code websocket.StatusCode, reason string) {
	if len(reason) > longestCloseReason {
		reason = reason[:longestCloseReason]
	}
	_ = s.conn.Close(code, reason)
}
