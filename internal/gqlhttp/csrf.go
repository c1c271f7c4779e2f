package gqlhttp

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
)

// preflightHeaders make a request of a page of another site ask us first (CORS), which we then do not allow.
var preflightHeaders = []string{"X-Requested-With", "Apollo-Require-Preflight", "GraphQL-Preflight"}

// crossOrigin refuses what a page of another site may have sent with the user's cookies. Queries by GET and sockets,
// which count as safe methods, are judged where they are read. It panics when an origin is malformed.
func crossOrigin(next http.Handler, origins []string) http.Handler {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			panic(fmt.Errorf("gqlhttp: %w", err))
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin, Sec-Fetch-Site")
		refuse(http.StatusForbidden, codeCSRF, "This request came from a page of another site.").write(w, mediaJSON)
	}))
	return protection.Handler(next)
}

// preflighted reports whether a GET cannot have been sent by a page of another site without our consent: it carries a
// header or media type that such a page may not send, the browser vouches for it, or no browser sent it.
func preflighted(r *http.Request) bool {
	for _, name := range preflightHeaders {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	switch media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case err != nil, media == "application/x-www-form-urlencoded", media == "multipart/form-data", media == "text/plain":
	default:
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
		return r.Header.Get("Origin") == ""
	}
	return false
}

// hosts returns the hosts of origins, as the WebSocket library wants them.
func hosts(origins []string) []string {
	var patterns []string
	for _, origin := range origins {
		if u, err := url.Parse(origin); err == nil {
			patterns = append(patterns, u.Scheme+"://"+u.Host)
		}
	}
	return patterns
}
