// Package web owns what a browser loads besides GraphQL: the customer panel and the
// playground. Vite builds both into dist/, and this package embeds that folder in the
// binary and serves it: precompressed, cached for as long as it can be, under a strict
// content security policy.
//
// Without Node the binary still builds: dist-stub/, one page that tells how to build the
// panel, is embedded always and served as long as dist/ is absent.
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
)

// The pattern matches dist-stub always and dist when it has been built, because a pattern
// that matches nothing does not compile.
//
//go:embed all:dist* pages/404.html
var embedded embed.FS

// Options say how the pages are served.
type Options struct {
	// HTTPS tells that browsers reach the server by https: PUBLIC_URL has that scheme.
	HTTPS bool
	// Playground serves GraphiQL at /playground; otherwise that address does not exist.
	Playground bool
}

// Handler serves the panel at its known routes (routes.json), the playground at
// /playground, and the files both need. Everything else is a real 404: it swallows neither
// the addresses of other handlers nor files of an earlier build. It sets the policies of
// its pages; SecurityHeaders sets what all responses of the server share.
//
// It panics when what is embedded is broken, which the tests of this package exclude.
func Handler(o Options) http.Handler {
	s, err := newSite(built(embedded), embedded, o)
	if err != nil {
		panic(fmt.Sprintf("web: %v", err))
	}
	return s
}

// site is one build of the panel, ready to serve.
type site struct {
	files      map[string]file // by address, such as /assets/main-x.js
	panel      page
	playground *page // nil when switched off
	notFound   page
	routes     []route
}

// newSite reads the build in dist and prepares its pages. pages holds pages/404.html.
func newSite(dist, pages fs.FS, o Options) (*site, error) {
	s := &site{}
	var err error
	if s.routes, err = panelRoutes(); err != nil {
		return nil, err
	}
	if s.files, err = readFiles(dist); err != nil {
		return nil, err
	}
	if s.panel, err = newPage(dist, "index.html", panelPolicy, o.HTTPS); err != nil {
		return nil, err
	}
	if s.notFound, err = newPage(pages, "pages/404.html", panelPolicy, o.HTTPS); err != nil {
		return nil, err
	}
	if o.Playground {
		name := "playground.html"
		if _, err := fs.Stat(dist, name); err != nil {
			name = "index.html" // the stub explains both in one page
		}
		p, err := newPage(dist, name, playgroundPolicy, o.HTTPS)
		if err != nil {
			return nil, err
		}
		s.playground = &p
	}
	return s, nil
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	if f, ok := s.files[r.URL.Path]; ok {
		f.serve(w, r, http.StatusOK)
		return
	}
	switch {
	case r.URL.Path == "/playground" && s.playground != nil && navigates(r):
		s.playground.serve(w, r, http.StatusOK)
	case s.knows(r.URL.Path) && navigates(r):
		s.panel.serve(w, r, http.StatusOK)
	case navigates(r) && !strings.HasPrefix(r.URL.Path, "/assets/"):
		s.notFound.serve(w, r, http.StatusNotFound)
	default:
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(http.StatusNotFound), http.StatusNotFound)
	}
}

// built is the build when there is one, else the stub.
func built(root fs.FS) fs.FS {
	name := "dist-stub"
	if _, err := fs.Stat(root, "dist/index.html"); err == nil {
		name = "dist"
	}
	sub, err := fs.Sub(root, name)
	if err != nil {
		panic(fmt.Sprintf("web: %v", err)) // both names are valid paths
	}
	return sub
}
