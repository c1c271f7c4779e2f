package gqlhttp

import (
	"context"
	"net"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// serve runs the operation of a GET or POST and answers in the form the client accepts: one JSON document where that
// is enough, a stream for subscriptions and for clients that take nothing else.
func (h *handler) serve(w http.ResponseWriter, r *http.Request, accept acceptance, params *graphql.RawParams) {
	ctx := graphql.StartOperationTrace(r.Context())
	operation, refused := h.prepare(ctx, params)
	costHeaders(w.Header(), CostOf(operation))
	single := accept.single()
	if refused != nil {
		code := status(mediaGraphQL, refused)
		if single == "" && accept.stream() == mediaEvents && code == http.StatusBadRequest {
			h.streamOnce(w, refused)
			return
		}
		if single != "" {
			code = status(single, refused)
		} else {
			single = mediaJSON
		}
		writeSingle(w, single, code, refused)
		return
	}
	kind := operation.Operation.Operation
	if r.Method == http.MethodGet && kind == ast.Mutation {
		refuse(http.StatusMethodNotAllowed, codeMethodNotAllowed, "Only queries and subscriptions may be sent with GET.").with("Allow", "POST").write(w, single)
		return
	}
	if kind == ast.Subscription || single == "" {
		h.stream(w, r, ctx, accept.stream(), operation)
		return
	}
	response := h.run(ctx, operation)
	writeSingle(w, single, status(single, response), response)
}

// prepare parses, judges, validates and prices an operation. The response is nil unless it was refused.
func (h *handler) prepare(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, *graphql.Response) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.Timeout) // budgets and rights are asked for elsewhere
	defer cancel()
	operation, errs := h.exec.CreateOperationContext(ctx, params)
	if errs == nil {
		return operation, nil
	}
	if broke := h.costs.refused(ctx, operation); broke != nil {
		errs = gqlerror.List{broke}
	}
	if len(errs) > mostErrors {
		errs = errs[:mostErrors]
	}
	response := h.exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
	h.metrics.refused(response)
	return operation, response
}

// run executes a query or mutation, within the time it may take.
func (h *handler) run(ctx context.Context, operation *graphql.OperationContext) *graphql.Response {
	ctx, cancel := context.WithTimeout(ctx, h.opts.Timeout)
	defer cancel()
	next, ctx := h.exec.DispatchOperation(ctx, operation)
	if response := next(ctx); response != nil {
		return response
	}
	return h.exec.DispatchError(ctx, gqlerror.List{{Err: context.Cause(ctx)}}) // gqlgen gives none once the time is over
}

// caller names who asks, for counting.
func (h *handler) caller(ctx context.Context, r *http.Request) string {
	if h.opts.Caller != nil {
		if name := h.opts.Caller(ctx); name != "" {
			return name
		}
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// alive asks whether the caller may still be served. What cannot be answered now is asked again soon.
func (h *handler) alive(ctx context.Context) bool {
	limited, cancel := context.WithTimeout(ctx, h.opts.Limits.Recheck)
	defer cancel()
	alive, err := h.opts.Alive(limited)
	if err != nil && ctx.Err() == nil {
		h.opts.Logger.WarnContext(ctx, "not known whether a caller may still be served", "error", err, "request_id", RequestID(ctx))
	}
	return alive || err != nil
}
