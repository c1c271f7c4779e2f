package gqlhttp

import (
	"net/http"

	"klantenpaneel/internal/problem"
)

// Refuse answers a request that must not reach the schema, such as one with a token that is no good, in the form that
// the client accepts.
func Refuse(w http.ResponseWriter, r *http.Request, status int, p *problem.Error, language string) {
	refuse(status, string(p.Code), p.In(language)).write(w, negotiate(r.Header.Values("Accept")).single())
}
