package gqlhttp

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/coder/websocket"
)

// subscribe starts an operation of any kind on a socket; a code other than 0 says how to close.
func (s *socket) subscribe(m message) (websocket.StatusCode, string) {
	if !s.isAcked() {
		return closeUnauthorized, "Unauthorized"
	}
	params, refusal := decode(m.Payload)
	if refusal != nil || m.ID == "" || len(m.ID) > longestOperationID {
		return closeBadRequest, "Invalid message received"
	}
	params.Headers = s.request.Header
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(s.ctx))
	operation := &running{cancel: cancel}
	s.mu.Lock()
	_, taken := s.running[m.ID]
	full := len(s.running) >= s.h.opts.Limits.SocketRunning
	if !taken && !full {
		s.running[m.ID] = operation
	}
	s.mu.Unlock()
	switch {
	case taken:
		cancel()
		return closeDuplicate, "Subscriber for " + m.ID + " already exists"
	case full:
		cancel()
		s.refuse(m.ID, gqlerror.List{failure(codeRateLimited, "Too many operations run on this connection; complete one first.")})
		return 0, ""
	}
	prepared, refused := s.h.prepare(ctx, params)
	if refused != nil {
		s.end(m.ID, operation, func() { s.refuse(m.ID, refused.Errors) })
		return 0, ""
	}
	s.work.Go(func() { s.run(ctx, m.ID, operation, prepared) })
	return 0, ""
}

// run sends the results of an operation, then complete.
func (s *socket) run(ctx context.Context, id string, operation *running, prepared *graphql.OperationContext) {
	defer s.end(id, operation, func() { s.write(message{Type: "complete", ID: id}) })
	defer func() {
		if value := recover(); value != nil {
			s.next(id, operation, &graphql.Response{Errors: gqlerror.List{s.h.fault(ctx, caught(ctx, value))}})
		}
	}()
	if prepared.Operation.Operation != ast.Subscription {
		s.next(id, operation, s.h.run(ctx, prepared))
		return
	}
	next, ctx := s.h.exec.DispatchOperation(ctx, prepared)
	for response := next(ctx); response != nil; response = next(ctx) {
		if !s.alive() {
			return
		}
		s.next(id, operation, response)
	}
}

// next sends one result, unless the client has completed the operation and may have given its id to another.
func (s *socket) next(id string, operation *running, response *graphql.Response) {
	m := message{Type: "next", ID: id, Payload: json.RawMessage(encode(response))}
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.is(id, operation) {
		s.send(m)
	}
}

// end frees the id and then calls last, unless the client has completed the operation. The id is free before the client
// hears of it, since the client may use it again at once.
func (s *socket) end(id string, operation *running, last func()) {
	operation.cancel()
	s.mu.Lock()
	ours := s.running[id] == operation
	if ours {
		delete(s.running, id)
	}
	s.mu.Unlock()
	if ours {
		last()
	}
}

func (s *socket) is(id string, operation *running) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[id] == operation
}

// refuse tells that an operation will not run; that also completes it.
func (s *socket) refuse(id string, errs gqlerror.List) {
	payload, err := json.Marshal(errs)
	if err != nil {
		payload = []byte("[]")
	}
	s.write(message{Type: "error", ID: id, Payload: payload})
}
