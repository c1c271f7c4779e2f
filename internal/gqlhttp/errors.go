package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"klantenpaneel/internal/problem"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The codes of this package. With those of package problem and Options.Codes they are all that a client can meet in
// extensions.code.
const (
	codeBadRequest           = "BAD_REQUEST"
	codeMethodNotAllowed     = "METHOD_NOT_ALLOWED"
	codeNotAcceptable        = "NOT_ACCEPTABLE"
	codeUnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
	codeRequestTooLarge      = "REQUEST_TOO_LARGE"
	codeCSRF                 = "CSRF_PREVENTED"

	codeParse         = errcode.ParseFailed
	codeValidation    = errcode.ValidationFailed
	codeLimit         = "OPERATION_LIMIT_EXCEEDED"
	codeComplexity    = "COMPLEXITY_LIMIT_EXCEEDED"
	codeRateLimited   = string(problem.RateLimited)
	codeIntrospection = "INTROSPECTION_DISABLED"
	codeStream        = "STREAM_REQUIRED"
	codeNotPersisted  = "PERSISTED_QUERY_NOT_FOUND"
	codeHashMismatch  = "PERSISTED_QUERY_MISMATCH"
	codeNotTrusted    = "DOCUMENT_NOT_TRUSTED"
	codeTimeout       = "TIMEOUT"
	codeInternal      = "INTERNAL"
)

// statuses are the HTTP statuses of responses without data, for codes that have one under every media type.
var statuses = map[string]int{
	codeRateLimited:                 http.StatusTooManyRequests,
	codeInternal:                    http.StatusInternalServerError,
	codeTimeout:                     http.StatusServiceUnavailable,
	string(problem.Unauthenticated): http.StatusUnauthorized,
	string(problem.Forbidden):       http.StatusForbidden,
	codeCSRF:                        http.StatusForbidden,
}

const (
	longestMessage = 300 // bytes; messages of the validator repeat names of any length
	mostErrors     = 20  // of one response that was refused
)

var (
	textInternal = problem.Text{
		NL: "Er ging iets mis bij ons. Meld het ons met kenmerk %s.",
		EN: "Something went wrong on our side. Please report it with reference %s.",
	}
	textTimeout = problem.Text{
		NL: "Dit duurde te lang. Probeer het later opnieuw, of vraag minder tegelijk.",
		EN: "This took too long. Try again later, or ask for less at once.",
	}
	textSignedOut = problem.Text{
		NL: "U bent niet meer ingelogd, of uw rechten zijn gewijzigd. Log opnieuw in.",
		EN: "You are no longer signed in, or your rights have changed. Please sign in again.",
	}
)

// failure returns an error that may reach the client.
func failure(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// allowed returns the codes that may reach the client on an error that is not a problem.
func allowed(more []string) map[string]bool {
	codes := set([]string{codeBadRequest, codeParse, codeValidation, codeLimit, codeComplexity, codeRateLimited, codeIntrospection,
		codeStream, codeNotPersisted, codeHashMismatch, codeNotTrusted, codeTimeout})
	for _, code := range more {
		codes[code] = true
	}
	return codes
}

// presenter decides what of an error the client sees.
type presenter struct {
	codes    map[string]bool
	language func(context.Context) string
	logger   *slog.Logger
}

// present returns the error as the client sees it: a problem in the caller's language, an error with an allowed code,
// or else INTERNAL with the request's id, after it has been logged whole.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var located *gqlerror.Error
	if errors.As(err, &located) {
		shown.Path, shown.Locations = clipPath(located.Path), located.Locations
	}
	if cause, ok := problem.As(err); ok {
		shown.Message = cause.In(p.language(ctx))
		shown.Extensions = map[string]any{"code": string(cause.Code)}
		if len(cause.Path) > 0 {
			shown.Extensions["inputPath"] = cause.Path
		}
		return shown
	}
	if located != nil {
		if code, _ := located.Extensions["code"].(string); p.codes[code] {
			shown.Message, shown.Extensions = clip(located.Message), located.Extensions
			return shown
		}
		if belowField(ctx, located.Path) {
			shown.Message = "This value cannot be read."
			shown.Extensions = map[string]any{"code": string(problem.Invalid)}
			return shown
		}
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		shown.Message = problem.New(codeTimeout, textTimeout).In(p.language(ctx))
		shown.Extensions = map[string]any{"code": codeTimeout}
		return shown
	}
	id := RequestID(ctx)
	if !errors.Is(err, context.Canceled) || ctx.Err() == nil { // a client that left is not a fault
		p.log(ctx, err, shown.Path)
	}
	shown.Message = problem.New(codeInternal, textInternal, id).In(p.language(ctx))
	shown.Extensions = map[string]any{"code": codeInternal, "requestId": id}
	return shown
}

// log writes the fault with all that is known of it, except for variables: they hold personal data and passwords.
func (p presenter) log(ctx context.Context, err error, path ast.Path) {
	attributes := []any{"error", err.Error(), "path", path.String(), "request_id", RequestID(ctx)}
	if graphql.HasOperationContext(ctx) {
		if operation := graphql.GetOperationContext(ctx); operation.Operation != nil {
			attributes = append(attributes, "operation", operation.Operation.Name, "type", string(operation.Operation.Operation))
		}
	}
	var panicked *panicError
	if errors.As(err, &panicked) {
		attributes = append(attributes, "stack", string(panicked.stack))
	}
	p.logger.ErrorContext(ctx, "fault in a GraphQL operation", attributes...)
}

// belowField reports whether path leads into the arguments of the field that ctx resolves: gqlgen could not read one.
func belowField(ctx context.Context, path ast.Path) bool {
	field := graphql.GetPath(ctx)
	return len(field) > 0 && len(path) > len(field) && path[:len(field)].String() == field.String()
}

// panicError is a recovered panic.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// caught turns the panic of a resolver into an error for the presenter.
func caught(_ context.Context, value any) error {
	return &panicError{value: value, stack: debug.Stack()}
}

// recovered answers a request whose transport panicked, if nothing was sent yet.
func (h *handler) recovered(w http.ResponseWriter, r *http.Request) {
	value := recover()
	if value == nil {
		return
	}
	if value == http.ErrAbortHandler {
		panic(value)
	}
	shown := h.fault(r.Context(), caught(r.Context(), value))
	writeSingle(w, mediaJSON, http.StatusInternalServerError, &graphql.Response{Errors: gqlerror.List{shown}})
}

// fault logs err and returns what the client may see of it.
func (h *handler) fault(ctx context.Context, err error) *gqlerror.Error {
	return presenter{codes: nil, language: h.opts.Language, logger: h.opts.Logger}.present(ctx, err)
}

// clip shortens message to longestMessage, at a rune.
func clip(message string) string {
	if len(message) <= longestMessage {
		return message
	}
	end := longestMessage
	for !utf8.RuneStart(message[end]) {
		end--
	}
	return strings.ToValidUTF8(message[:end], "") + "…"
}

// signedOut is what a stream or socket says last when its caller may no longer be served.
func (h *handler) signedOut(ctx context.Context) *gqlerror.Error {
	return failure(string(problem.Unauthenticated), problem.New(problem.Unauthenticated, textSignedOut).In(h.opts.Language(ctx)))
}

// clipPath shortens the names in path, which may be keys that the client made up.
func clipPath(path ast.Path) ast.Path {
	clipped := slices.Clone(path)
	for i, element := range clipped {
		if name, ok := element.(ast.PathName); ok {
			clipped[i] = ast.PathName(clip(string(name)))
		}
	}
	return clipped
}
