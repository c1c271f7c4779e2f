package gqlhttp

import (
	"log/slog"
	"net/http"
	"time"
)

// AccessLog writes one line for each request once it has been answered; for a stream or socket, once it has ended. The
// query string is left out: GraphQL by GET has variables in it.
func AccessLog(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &answerWatch{ResponseWriter: w}
		defer func() {
			logger.InfoContext(r.Context(), "HTTP request",
				"request_id", RequestID(r.Context()),
				"method", r.Method,
				"path", clip(r.URL.Path),
				"status", seen.status,
				"bytes", seen.bytes,
				"duration_ms", time.Since(start).Milliseconds(),
				"remote", r.RemoteAddr,
			)
		}()
		next.ServeHTTP(seen, r)
	})
}

// answerWatch sees the status and size of an answer. A hijacked connection has status 101.
type answerWatch struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController flush, hijack and set deadlines.
func (a *answerWatch) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the status.
func (a *answerWatch) WriteHeader(status int) {
	if a.status == 0 || a.status < 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes the size.
func (a *answerWatch) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}
