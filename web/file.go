package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// file is one address: its content as it is and as the build compressed it. Contents stay
// in the binary; a request opens them, so that no copy is kept in memory.
type file struct {
	dist      fs.FS
	name      string            // of the plain form
	encodings map[string]string // content coding -> name; "" is the plain form
	etag      string            // of the content, without quotes
	mediaType string
	immutable bool // its name holds a hash of its content
}

// page is an HTML file with the policy it is served under.
type page struct {
	file
	policy string
}

// mediaTypes are those that a build contains. The list of the operating system is not
// used: it differs from machine to machine.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// suffixes of the precompressed forms, in the order of our preference.
var codings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// readFiles maps every file of the build but its pages to its address.
func readFiles(dist fs.FS) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch path.Ext(name) {
		case ".html", ".br", ".gz":
			return nil
		}
		f, err := newFile(dist, name)
		files["/"+name] = f
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the build: %w", err)
	}
	return files, nil
}

func newFile(dist fs.FS, name string) (file, error) {
	mediaType, ok := mediaTypes[path.Ext(name)]
	if !ok {
		return file{}, fmt.Errorf("%s: no media type is known for %q", name, path.Ext(name))
	}
	content, err := fs.ReadFile(dist, name)
	if err != nil {
		return file{}, err
	}
	sum := sha256.Sum256(content)
	f := file{
		dist: dist, name: name, encodings: map[string]string{"": name}, etag: hex.EncodeToString(sum[:8]),
		mediaType: mediaType, immutable: strings.HasPrefix(name, "assets/"),
	}
	for _, c := range codings {
		if _, err := fs.Stat(dist, name+c.suffix); err == nil {
			f.encodings[c.name] = name + c.suffix
		}
	}
	return f, nil
}

func newPage(dist fs.FS, name string, p policy, https bool) (page, error) {
	f, err := newFile(dist, name)
	if err != nil {
		return page{}, err
	}
	html, err := fs.ReadFile(dist, name)
	if err != nil {
		return page{}, err
	}
	return page{file: f, policy: p.forPage(html, https)}, nil
}

func (p page) serve(w http.ResponseWriter, r *http.Request, status int) {
	w.Header().Set("Content-Security-Policy", p.policy)
	p.file.serve(w, r, status)
}

// serve writes the file in the best coding the client takes.
func (f file) serve(w http.ResponseWriter, r *http.Request, status int) {
	coding := f.negotiate(r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("ETag", `"`+strings.TrimSuffix(f.etag+"-"+coding, "-")+`"`)
	h.Set("Cache-Control", "no-cache")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if len(f.encodings) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	content, err := open(f.dist, f.encodings[coding])
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if status == http.StatusOK {
		http.ServeContent(w, r, f.name, time.Time{}, content)
		return
	}
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, content) // the client left: there is no one to tell
	}
}

// open gives a file that ServeContent can seek in. Embedded files can by themselves.
func open(dist fs.FS, name string) (io.ReadSeeker, error) {
	f, err := dist.Open(name)
	if err != nil {
		return nil, err
	}
	if s, ok := f.(io.ReadSeeker); ok {
		return s, nil
	}
	content, err := io.ReadAll(f)
	return bytes.NewReader(content), err
}

// negotiate picks the coding for a request by its Accept-Encoding: our first preference
// among those that it takes, "" for none. A weight of zero refuses a coding.
func (f file) negotiate(accept string) string {
	taken := map[string]bool{}
	for entry := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(entry, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // what is no number refuses
		}
		taken[strings.ToLower(strings.TrimSpace(name))] = weight > 0
	}
	for _, c := range codings {
		if _, ok := f.encodings[c.name]; ok && taken[c.name] {
			return c.name
		}
	}
	return ""
}
