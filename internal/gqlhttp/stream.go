package gqlhttp

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// framing is how a stream of results is written down.
type framing struct {
	contentType string
	opening     string // sent at once, so that the client knows that it is connected
	result      func(encoded []byte) string
	heartbeat   string
	end         string
}

// framings are those of server-sent events (graphql-sse, distinct connections mode) and of Apollo's multipart
// subscriptions 1.0.
var framings = map[string]framing{
	mediaEvents: {
		contentType: "text/event-stream; charset=utf-8",
		opening:     ":\n\n",
		result:      func(encoded []byte) string { return fmt.Sprintf("event: next\ndata: %s\n\n", encoded) },
		heartbeat:   ":\n\n",
		end:         "event: complete\ndata:\n\n", // EventSource ignores events without data
	},
	mediaMultipart: {
		contentType: `multipart/mixed;boundary="graphql";subscriptionSpec=1.0`,
		opening:     "\r\n--graphql",
		result: func(encoded []byte) string {
			return fmt.Sprintf("\r\nContent-Type: application/json\r\n\r\n{\"payload\":%s}\r\n--graphql", encoded)
		},
		heartbeat: "\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql",
		end:       "--\r\n",
	},
}

// stream answers with the results of an operation as they come.
func (h *handler) stream(w http.ResponseWriter, r *http.Request, ctx context.Context, media string, operation *graphql.OperationContext) {
	framing, ok := framings[media]
	if !ok {
		refuse(http.StatusBadRequest, codeStream, "Send subscriptions over WebSocket, or accept text/event-stream or multipart/mixed;subscriptionSpec=1.0.").write(w, mediaJSON)
		return
	}
	release, ok := h.streams.take(h.caller(ctx, r), h.opts.Limits.Streams)
	if !ok {
		refuse(http.StatusTooManyRequests, codeRateLimited, "You have too many open streams.").with("Retry-After", "10").write(w, mediaJSON)
		return
	}
	defer release()
	defer h.metrics.opened("stream")()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	frames := &frameWriter{w: w, control: http.NewResponseController(w), patience: h.opts.Limits.WriteEachFrame}
	if frames.open(framing) != nil {
		return
	}
	results := h.results(ctx, operation)
	defer func() { // the resolvers end before the request does
		cancel()
		for range results {
		}
	}()
	h.pump(ctx, frames, framing, results)
}

// pump writes results until they end, the client leaves, its rights do, or the server stops.
func (h *handler) pump(ctx context.Context, frames *frameWriter, framing framing, results <-chan []byte) {
	heartbeat := time.NewTicker(h.opts.Limits.Heartbeat)
	defer heartbeat.Stop()
	recheck := time.NewTicker(h.opts.Limits.Recheck)
	defer recheck.Stop()
	for {
		var frame string
		select {
		case <-ctx.Done():
			return
		case <-h.opts.Stop:
			frames.write(framing.end)
			return
		case <-heartbeat.C:
			frame = framing.heartbeat
		case <-recheck.C:
			if h.dead(ctx, frames, framing) {
				return
			}
			continue
		case result, more := <-results:
			if !more {
				frames.write(framing.end)
				return
			}
			if h.dead(ctx, frames, framing) {
				return
			}
			frame = framing.result(result)
		}
		if frames.write(frame) != nil {
			return
		}
	}
}

// dead ends the stream of a caller that may no longer be served.
func (h *handler) dead(ctx context.Context, frames *frameWriter, framing framing) bool {
	if h.alive(ctx) {
		return false
	}
	frames.write(framing.result(encode(&graphql.Response{Errors: gqlerror.List{h.signedOut(ctx)}})))
	frames.write(framing.end)
	return true
}

// results runs an operation and gives its encoded results. The channel is closed when there are no more, or ctx ends.
func (h *handler) results(ctx context.Context, operation *graphql.OperationContext) <-chan []byte {
	results := make(chan []byte)
	send := func(response *graphql.Response) bool {
		select {
		case results <- encode(response):
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		defer close(results)
		defer func() {
			if value := recover(); value != nil {
				send(&graphql.Response{Errors: gqlerror.List{h.fault(ctx, caught(ctx, value))}})
			}
		}()
		if operation.Operation.Operation != ast.Subscription {
			send(h.run(ctx, operation))
			return
		}
		next, ctx := h.exec.DispatchOperation(ctx, operation)
		for response := next(ctx); response != nil; response = next(ctx) {
			send(response) // once ctx has ended, next returns nil
		}
	}()
	return results
}

// streamOnce answers with one result as server-sent events, as graphql-sse wants refusals to be told.
func (h *handler) streamOnce(w http.ResponseWriter, response *graphql.Response) {
	framing := framings[mediaEvents]
	frames := &frameWriter{w: w, control: http.NewResponseController(w), patience: h.opts.Limits.WriteEachFrame}
	if frames.open(framing) == nil && frames.write(framing.result(encode(response))) == nil {
		frames.write(framing.end)
	}
}
