package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// routes.json lists every address of the panel, as the router in src/router.tsx writes
// them. A test of the panel holds the two equal.
//
//go:embed routes.json
var routesJSON []byte

// route is the address of a screen, in segments; a segment that starts with $ is a
// parameter and matches any one segment.
type route []string

func panelRoutes() ([]route, error) {
	var patterns []string
	if err := json.Unmarshal(routesJSON, &patterns); err != nil {
		return nil, fmt.Errorf("reading routes.json: %w", err)
	}
	routes := make([]route, len(patterns))
	for i, p := range patterns {
		routes[i] = strings.Split(p, "/")
	}
	return routes, nil
}

func (rt route) matches(path string) bool {
	segments := strings.Split(path, "/")
	if len(segments) != len(rt) {
		return false
	}
	for i, want := range rt {
		parameter := strings.HasPrefix(want, "$") && segments[i] != ""
		if !parameter && segments[i] != want {
			return false
		}
	}
	return true
}

// knows tells whether path is a screen of the panel. A slash at its end does not matter.
func (s *site) knows(path string) bool {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	for _, rt := range s.routes {
		if rt.matches(path) {
			return true
		}
	}
	return false
}

// navigates tells whether the request is for a page to look at, and not a script, an
// image or a call of a program that would choke on HTML.
func navigates(r *http.Request) bool {
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate" || r.Header.Get("Sec-Fetch-Dest") == "document"
	}
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "text/html") || strings.Contains(accept, "*/*")
}
