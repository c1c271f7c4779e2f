package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

//go:embed ask
var asked embed.FS

// limitCommand is the limit: the least that a Go program can do for an answer. It is one prepared statement a question,
// written for it, whose JSON goes out as it came. It uses the server's own pool, enters the same role with the same
// settings in the same round trip, and is under the same policies. It neither reads GraphQL, nor looks up who asks, nor
// limits, logs or traces anything.
type limitCommand struct{}

// Run serves until it is killed.
func (limitCommand) Run(ctx context.Context) error {
	debug.SetGCPercent(400)
	conns, err := strconv.Atoi(os.Getenv("DATABASE_CONNECTIONS"))
	if err != nil {
		return err
	}
	db, err := pg.Open(os.Getenv("DATABASE_URL"), pg.Options{Now: time.Now, MaxConns: conns})
	if err != nil {
		return err
	}
	h, err := newLimit(db, os.Getenv("PEOPLE"))
	if err != nil {
		return err
	}
	s := &http.Server{Addr: os.Getenv("LISTEN"), Handler: h, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return db.Close()
}

// newLimit returns the handler: POST /<question>, with the place to go on after as the body.
func newLimit(db *pg.DB, file string) (http.Handler, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var people []person
	if err := json.Unmarshal(text, &people); err != nil {
		return nil, err
	}
	viewers := map[string]viewer.Viewer{}
	for _, p := range people {
		viewers["Bearer "+p.Token] = p.viewer()
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector())
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	files, err := asked.ReadDir("ask")
	for _, f := range files {
		name, isSQL := strings.CutSuffix(f.Name(), ".sql")
		if !isSQL {
			continue
		}
		statement, err := asked.ReadFile("ask/" + f.Name())
		if err != nil {
			return nil, err
		}
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) {
			answer(w, r, db, viewers[r.Header.Get("Authorization")], name, string(statement))
		})
	}
	return mux, err
}

func answer(w http.ResponseWriter, r *http.Request, db *pg.DB, v viewer.Viewer, name, statement string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<10))
	after := place{On: "9999-12-31", ID: "ffffffff-ffff-ffff-ffff-ffffffffffff"}
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &after)
	}
	args := []any{v.Account}
	switch name {
	case "dashboard", "viewer":
		args = append(args, v.User)
	case "invoices":
		args = append(args, after.On, after.ID)
	}
	var data []byte
	if err == nil {
		data, err = db.Fetch(r.Context(), v, viewer.ReadSelf, statement, args...)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)+len(`{"data":}`)))
	_, _ = fmt.Fprintf(w, `{"data":%s}`, data)
}

// place is where a list of invoices goes on.
type place struct{ On, ID string }
