package gqlhttp

import (
	"context"
	"net/http"
	"regexp"

	"github.com/google/uuid"
)

const headerRequestID = "X-Request-Id"

// wellFormedID is what we take over from a proxy; anything else could forge lines in the log.
var wellFormedID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

type requestIDKey struct{}

// RequestIDs gives each request an id, in the context and in the answer's X-Request-Id. A well-formed id of the
// request is kept, so that one id follows a request through all servers.
func RequestIDs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(headerRequestID)
		if !wellFormedID.MatchString(id) {
			id = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set(headerRequestID, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// RequestID returns the id that RequestIDs gave, "" outside of a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
