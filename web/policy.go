package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// policy is a content security policy: directives with their sources.
type policy map[string][]string

// panelPolicy lets a page load what this server sends and nothing else. Scripts and styles
// that stand in the page are added by hash.
var panelPolicy = policy{
	"default-src":     {"'none'"},
	"script-src":      {"'self'"},
	"style-src":       {"'self'"},
	"img-src":         {"'self'", "data:"},
	"font-src":        {"'self'"},
	"connect-src":     {"'self'"},
	"manifest-src":    {"'self'"},
	"form-action":     {"'self'"},
	"base-uri":        {"'none'"},
	"frame-ancestors": {"'none'"},
}

// playgroundPolicy differs in two points: the editor runs in workers, and it writes its
// theme and measures into style elements, which cannot be known beforehand. Scripts are as
// strict as in the panel.
var playgroundPolicy = panelPolicy.with(policy{
	"style-src":  {"'self'", "'unsafe-inline'"},
	"worker-src": {"'self'"},
})

func (p policy) with(more policy) policy {
	q := policy{}
	for name, sources := range p {
		q[name] = sources
	}
	for name, sources := range more {
		q[name] = sources
	}
	return q
}

// forPage is the header for a page: the policy with the hashes of its inline elements.
func (p policy) forPage(html []byte, https bool) string {
	q := p.with(policy{
		"script-src": slices.Concat(p["script-src"], hashes(inlineScript, html)),
	})
	// A hash switches 'unsafe-inline' off, so a policy has the one or the other.
	if !slices.Contains(p["style-src"], "'unsafe-inline'") {
		q["style-src"] = slices.Concat(p["style-src"], hashes(inlineStyle, html))
	}
	if https {
		q["upgrade-insecure-requests"] = nil
	}
	directives := make([]string, 0, len(q))
	for name, sources := range q {
		directives = append(directives, strings.Join(append([]string{name}, sources...), " "))
	}
	slices.Sort(directives)
	return strings.Join(directives, "; ")
}

// Elements of our own pages, which the tests check against the parsed page in a browser:
// that they are found by a pattern is safe here.
var (
	inlineScript = regexp.MustCompile(`(?is)<script(?:\s+type="(?:module|text/javascript)")?>(.*?)</script>`)
	inlineStyle  = regexp.MustCompile(`(?is)<style[^>]*>(.*?)</style>`)
)

func hashes(element *regexp.Regexp, html []byte) []string {
	var sources []string
	for _, m := range element.FindAllSubmatch(html, -1) {
		sum := sha256.Sum256(m[1])
		source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !slices.Contains(sources, source) {
			sources = append(sources, source)
		}
	}
	return sources
}

// SecurityHeaders sets on every response of next what browsers need to be told whatever
// they asked for; next may override a header. https adds strict transport security.
func SecurityHeaders(next http.Handler, https bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		if https {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}
