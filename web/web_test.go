package web

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	bootScript = `document.documentElement.lang='nl'`
	bootStyle  = `body{margin:0}`
	panelHTML  = `<!doctype html><style>` + bootStyle + `</style><script>` + bootScript + `</script>` +
		`<script type="module" crossorigin src="/assets/main-1.js"></script>PANEL`
)

// build is a small build of the panel, as Vite and the compressor leave it.
var build = fstest.MapFS{
	"index.html":          {Data: []byte(panelHTML)},
	"index.html.gz":       {Data: []byte("PANEL in gzip")},
	"playground.html":     {Data: []byte(`<!doctype html><script>` + bootScript + `</script>PLAYGROUND`)},
	"favicon.svg":         {Data: []byte("<svg/>")},
	"assets/main-1.js":    {Data: []byte("plain")},
	"assets/main-1.js.br": {Data: []byte("brotli")},
	"assets/main-1.js.gz": {Data: []byte("gzip")},
	"pages/404.html":      {Data: []byte("NOT FOUND PAGE")},
}

func serve(t *testing.T, o Options, method, path string, header ...string) *http.Response {
	t.Helper()
	s, err := newSite(build, build, o)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWhatAnAddressAnswers(t *testing.T) {
	navigation := []string{"Sec-Fetch-Mode", "navigate", "Accept", "text/html,*/*;q=0.8"}
	script := []string{"Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script", "Accept", "*/*"}
	call := []string{"Sec-Fetch-Mode", "cors", "Accept", "application/json"}
	for _, c := range []struct {
		name, method, path string
		header             []string
		status             int
		holds              string
	}{
		{"the panel at its root", "GET", "/", navigation, 200, "PANEL"},
		{"the panel at a screen of its own", "GET", "/activate", navigation, 200, "PANEL"},
		{"a slash at the end is forgiven", "GET", "/activate/", navigation, 200, "PANEL"},
		{"a program without a wish about media types", "GET", "/", nil, 200, "PANEL"},
		{"curl", "GET", "/reset", []string{"Accept", "*/*"}, 200, "PANEL"},
		{"an older browser without fetch metadata", "GET", "/reset", []string{"Accept", "text/html"}, 200, "PANEL"},
		{"a screen that does not exist", "GET", "/nowhere", navigation, 404, "NOT FOUND PAGE"},
		{"a screen asked for by a script is no page", "GET", "/activate", call, 404, "Not Found\n"},
		{"a program that wants JSON", "GET", "/", []string{"Accept", "application/json"}, 404, "Not Found\n"},
		{"graphql is not swallowed", "GET", "/graphql", call, 404, "Not Found\n"},
		{"a navigation to graphql is not swallowed either", "GET", "/graphql", navigation, 404, "NOT FOUND PAGE"},
		{"an asset", "GET", "/assets/main-1.js", script, 200, "plain"},
		{"an asset of an earlier build", "GET", "/assets/main-0.js", script, 404, "Not Found\n"},
		{"an asset of an earlier build, opened in a tab", "GET", "/assets/main-0.js", navigation, 404, "Not Found\n"},
		{"the compressed form has no address of its own", "GET", "/assets/main-1.js.br", script, 404, "Not Found\n"},
		{"nor has the file of a page", "GET", "/index.html", call, 404, "Not Found\n"},
		{"a way out of the folder", "GET", "/assets/../web.go", call, 404, "Not Found\n"},
		{"the playground", "GET", "/playground", navigation, 200, "PLAYGROUND"},
		{"a write", "POST", "/", navigation, 405, "Method Not Allowed\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := serve(t, Options{Playground: true}, c.method, c.path, c.header...)
			if got := body(t, r); r.StatusCode != c.status || !strings.Contains(got, c.holds) {
				t.Errorf("%s %s: %d %q, want %d with %q", c.method, c.path, r.StatusCode, got, c.status, c.holds)
			}
		})
	}
}

func TestPlaygroundCanBeSwitchedOff(t *testing.T) {
	if r := serve(t, Options{}, "GET", "/playground"); r.StatusCode != 404 {
		t.Errorf("got %d, want 404", r.StatusCode)
	}
}

func TestHEADSendsNoBody(t *testing.T) {
	for path, status := range map[string]int{"/": 200, "/nowhere": 404} {
		r := serve(t, Options{}, "HEAD", path)
		if got := body(t, r); r.StatusCode != status || got != "" {
			t.Errorf("%s: %d %q, want %d without a body", path, r.StatusCode, got, status)
		}
	}
}

func TestTheBestCodingIsChosen(t *testing.T) {
	for accept, want := range map[string]string{
		"gzip, deflate, br, zstd": "brotli",
		"gzip":                    "gzip",
		"GZIP;q=0.5, br;q=0":      "gzip",
		"br;q=0, gzip;q=0.0":      "plain",
		"":                        "plain",
		"identity":                "plain",
		"br;q=nonsense":           "plain",
	} {
		r := serve(t, Options{}, "GET", "/assets/main-1.js", "Accept-Encoding", accept)
		if got := body(t, r); got != want {
			t.Errorf("Accept-Encoding %q: %q, want %q", accept, got, want)
		}
		if got := r.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary is %q", accept, got)
		}
		if got := r.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
			t.Errorf("Accept-Encoding %q: Content-Type is %q", accept, got)
		}
	}
}

func TestCaching(t *testing.T) {
	for path, want := range map[string]string{
		"/":                 "no-cache",
		"/favicon.svg":      "no-cache",
		"/assets/main-1.js": "public, max-age=31536000, immutable",
		"/assets/main-0.js": "no-store",
		"/nowhere":          "no-store",
	} {
		if got := serve(t, Options{}, "GET", path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control is %q, want %q", path, got, want)
		}
	}
}

func TestAPageThatDidNotChangeIsNotSentAgain(t *testing.T) {
	first := serve(t, Options{}, "GET", "/", "Accept-Encoding", "gzip")
	again := serve(t, Options{}, "GET", "/", "Accept-Encoding", "gzip", "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("got %d, want 304", again.StatusCode)
	}
	plain := serve(t, Options{}, "GET", "/", "If-None-Match", first.Header.Get("ETag"))
	if plain.StatusCode != http.StatusOK {
		t.Errorf("another coding has the same tag: got %d, want 200", plain.StatusCode)
	}
}

func TestPoliciesAllowOurInlineElementsByHashAndNoOthers(t *testing.T) {
	panel := serve(t, Options{HTTPS: true}, "GET", "/").Header.Get("Content-Security-Policy")
	for _, want := range []string{
		"script-src 'self' " + source(bootScript), "style-src 'self' " + source(bootStyle),
		"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "upgrade-insecure-requests",
	} {
		if !strings.Contains(panel, want) {
			t.Errorf("the panel's policy lacks %q: %s", want, panel)
		}
	}
	playground := serve(t, Options{Playground: true}, "GET", "/playground").Header.Get("Content-Security-Policy")
	for _, want := range []string{"script-src 'self' " + source(bootScript), "worker-src 'self'", "style-src 'self' 'unsafe-inline'"} {
		if !strings.Contains(playground, want) {
			t.Errorf("the playground's policy lacks %q: %s", want, playground)
		}
	}
	for _, p := range []string{panel, playground} {
		scripts, _, _ := strings.Cut(p[strings.Index(p, "script-src"):], ";")
		if strings.Contains(scripts, "unsafe") || strings.Contains(p, "unsafe-eval") {
			t.Errorf("scripts are not strict: %s", p)
		}
	}
	if strings.Contains(playground, "upgrade-insecure-requests") {
		t.Error("a server on plain http asks browsers for https")
	}
}

func source(inline string) string {
	sum := sha256.Sum256([]byte(inline))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func TestSecurityHeaders(t *testing.T) {
	header := func(https bool) http.Header {
		w := httptest.NewRecorder()
		SecurityHeaders(http.NotFoundHandler(), https).ServeHTTP(w, httptest.NewRequest("GET", "/graphql", nil))
		return w.Result().Header
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options":    "nosniff",
		"X-Frame-Options":           "DENY",
		"Referrer-Policy":           "same-origin",
		"Strict-Transport-Security": "max-age=63072000",
	} {
		if got := header(true).Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := header(true).Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("an answer of the API may be framed: %s", got)
	}
	if got := header(true).Get("Permissions-Policy"); !strings.Contains(got, "camera=()") {
		t.Errorf("Permissions-Policy is %q", got)
	}
	if got := header(false).Get("Strict-Transport-Security"); got != "" {
		t.Errorf("a server on plain http asks for https: %q", got)
	}
}

func TestRouteWithParameters(t *testing.T) {
	s := &site{routes: []route{strings.Split("/invoices/$id", "/")}}
	for path, want := range map[string]bool{
		"/invoices/inv_1": true, "/invoices/inv_1/": true, "/invoices/": false, "/invoices//": false,
		"/invoices": false, "/invoices/a/b": false, "/quotes/q": false,
	} {
		if got := s.knows(path); got != want {
			t.Errorf("%s: known is %v, want %v", path, got, want)
		}
	}
}

// Holds for the stub and for a real build, whichever is embedded.
func TestWhatIsEmbeddedIsServed(t *testing.T) {
	h := Handler(Options{Playground: true})
	for path, status := range map[string]int{"/": 200, "/playground": 200, "/reset": 200, "/nowhere": 404} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status {
			t.Errorf("%s: got %d, want %d", path, w.Code, status)
		}
		if w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: is served without a policy", path)
		}
		if !strings.Contains(w.Body.String(), "<!doctype html>") {
			t.Errorf("%s: is no page: %.80q", path, w.Body.String())
		}
	}
}

func TestTheStubServesBothPages(t *testing.T) {
	stub, err := fs.Sub(embedded, "dist-stub")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSite(stub, embedded, Options{Playground: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/playground"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || !strings.Contains(w.Body.String(), "npm run build") {
			t.Errorf("%s: %d, and how to build it is not explained", path, w.Code)
		}
	}
}
