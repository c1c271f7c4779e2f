package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"

	"github.com/google/uuid"
)

// question is one thing that all are asked, each in its own words: ask/<ask>.graphql for the server,
// ask/<ask>.postgraphile.graphql and ask/<ask>.sql.
type question struct {
	name, about string
	ask         string
	people      []int // who ask, in turns
	deep        bool  // for page 1,000 and not page 1
}

// questions are what is measured. Those that only the server can answer are there for how its times grow.
var questions = []question{
	{"Q1", "the dashboard of a customer with 14 services", "dashboard", dashboards, false},
	{"Q2", "50 of 500 customers of a partner, with counts, services, open invoices and usage", "customers", []int{bigPartner}, false},
	{"Q3", "page 1 of 1,250 of a customer's invoices", "invoices", []int{manyInvoices}, false},
	{"Q3-deep", "page 1,000 of the same", "invoices", []int{manyInvoices}, true},
	{"Q4", "viewer {id name}", "viewer", dashboards, false},
	{"Q2-small", "the customers of a partner with 50", "customers", []int{smallPartner}, false},
	{"Q5", "page 1 of all invoices, for staff", "desk", []int{staff}, false},
	{"Q5-deep", "page 1,000 of the same", "desk", []int{staff}, true},
}

const (
	pageSize = 20
	deepPage = 1000
)

// contender is who is measured.
type contender struct {
	name    string
	process *process
	// request returns the whole HTTP request for a question; fs.ErrNotExist when it cannot be asked.
	request func(ctx context.Context, q question, p person) ([]byte, error)
}

// setting is what all contenders are given.
type setting struct {
	out, database string
	postgres      *local.Server
	people        map[int]person
}

const connections = "16"

func (s *setting) file(name string) string { return filepath.Join(s.out, name) }

func (s *setting) url() string {
	if path, err := filepath.Abs(s.file("people.json")); err == nil {
		_ = os.Setenv("PEOPLE", path)
	}
	return s.postgres.URL()
}

// ours starts the server, as it ships but for the log lines, which its peers do not write, and the limit of requests.
func (s *setting) ours(ctx context.Context, program, profiles string) (*contender, error) {
	environment := []string{"DATABASE_URL=" + s.url(), "DATABASE_OWNER_URL=" + s.postgres.OwnerURL(), "DATABASE_CONNECTIONS=" + connections,
		"DATA_DIR=" + s.file("server"), "RATE_LIMIT=0", "LOG_LEVEL=warn", "MODE=sandbox", "PUBLIC_URL="}
	p, err := launch(ctx, s.file("server.log"), "", environment, answers("/readyz"), program, "serve", "--no-seed", "--no-jobs", "--profile="+profiles)
	if err != nil {
		return nil, err
	}
	c := &contender{name: "ours", process: p}
	c.request = func(ctx context.Context, q question, who person) ([]byte, error) {
		return s.graphql(ctx, c, q, who, ".graphql", walk)
	}
	return c, nil
}

// limit starts the limit, which is this program.
func (s *setting) limit(ctx context.Context) (*contender, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := launch(ctx, s.file("limit.log"), "", []string{"DATABASE_URL=" + s.url(), "DATABASE_CONNECTIONS=" + connections}, answers("/metrics"), program, "limit")
	if err != nil {
		return nil, err
	}
	return &contender{name: "limit", process: p, request: func(ctx context.Context, q question, who person) ([]byte, error) {
		if _, err := fs.Stat(asked, "ask/"+q.ask+".sql"); err != nil {
			return nil, err
		}
		var body []byte
		if q.deep {
			at, err := s.deepest(ctx, who)
			if err != nil {
				return nil, err
			}
			if body, err = json.Marshal(at); err != nil {
				return nil, err
			}
		}
		return post(p.address, "/"+q.ask, who.Token, body), nil
	}}, nil
}

// postgraphile starts PostGraphile, in so many processes, and installs it first if it is not there.
func (s *setting) postgraphile(ctx context.Context, processes int) (*contender, error) {
	if err := install(ctx); err != nil {
		return nil, err
	}
	name := "PostGraphile"
	if processes > 1 {
		name += " ×" + strconv.Itoa(processes)
	}
	conns, _ := strconv.Atoi(connections)
	environment := []string{"DATABASE_URL=" + s.url(), "POOL=" + strconv.Itoa(conns/processes), "PROCESSES=" + strconv.Itoa(processes), "NODE_ENV=production", "GRAPHILE_ENV=production"}
	p, err := launch(ctx, s.file("postgraphile.log"), "bench/peer", environment, answers("/graphql"), "node", "server.mjs")
	if err != nil {
		return nil, err
	}
	c := &contender{name: name, process: p}
	c.request = func(ctx context.Context, q question, who person) ([]byte, error) {
		return s.graphql(ctx, c, q, who, ".postgraphile.graphql", skip)
	}
	return c, nil
}

// install puts PostGraphile in bench/node_modules, as package-lock.json says.
func install(ctx context.Context) error {
	lock, err := os.Stat("bench/package-lock.json")
	if err != nil {
		return err
	}
	if done, err := os.Stat("bench/node_modules/.package-lock.json"); err == nil && !done.ModTime().Before(lock.ModTime()) {
		return nil
	}
	say("installing PostGraphile")
	c := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
	c.Dir, c.Stdout, c.Stderr = "bench", os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("install PostGraphile (or leave it out with --no-peer): %w", err)
	}
	return nil
}

// graphql returns a request with the document of a question; seek finds the cursor of a deep page.
func (s *setting) graphql(ctx context.Context, c *contender, q question, who person, suffix string, seek func(context.Context, *contender, question, person, string) (string, error)) ([]byte, error) {
	document, err := asked.ReadFile("ask/" + q.ask + suffix)
	if err != nil {
		return nil, err
	}
	body := map[string]any{"query": string(document)}
	if q.deep {
		cursor, err := seek(ctx, c, q, who, string(document))
		if err != nil {
			return nil, fmt.Errorf("find page %d: %w", deepPage, err)
		}
		body["variables"] = map[string]any{"after": cursor}
	}
	text, err := json.Marshal(body)
	return post(c.process.address, "/graphql", who.Token, text), err
}

// walk turns the pages of our list until the one before the deep page, a hundred objects at a time.
func walk(ctx context.Context, c *contender, q question, who person, _ string) (string, error) {
	document := `query($n: Int!, $after: String) { viewer { account { invoices(first: $n, after: $after) { pageInfo { endCursor } } } } }`
	if who.K == staff {
		document = `query($n: Int!, $after: String) { invoices(first: $n, after: $after) { pageInfo { endCursor } } }`
	}
	var after *string
	for left := (deepPage - 1) * pageSize; left > 0; {
		n := min(left, 100)
		left -= n
		cursor, err := endCursor(ctx, c, who, document, map[string]any{"n": n, "after": after})
		if err != nil {
			return "", err
		}
		after = &cursor
	}
	return *after, nil
}

// skip has PostGraphile count past what comes before the deep page.
func skip(ctx context.Context, c *contender, _ question, who person, _ string) (string, error) {
	const document = `query($n: Int!) { me { account { invoices(first: 1, offset: $n, orderBy: [ISSUED_ON_DESC, UID_DESC]) { pageInfo { endCursor } } } } }`
	return endCursor(ctx, c, who, document, map[string]any{"n": (deepPage-1)*pageSize - 1})
}

// endCursor asks a question that has one in its answer.
func endCursor(ctx context.Context, c *contender, who person, document string, variables map[string]any) (string, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return "", err
	}
	text, err := once(ctx, c.process.address, post(c.process.address, "/graphql", who.Token, body))
	if err != nil {
		return "", err
	}
	_, rest, found := strings.Cut(string(text), `"endCursor":"`)
	cursor, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		return "", fmt.Errorf("no cursor in %.200s", text)
	}
	return cursor, nil
}

// deepest returns the last invoice before the deep page.
func (s *setting) deepest(ctx context.Context, who person) (at place, err error) {
	db, err := pg.Unguarded(s.postgres.SuperURL(s.database))
	if err != nil {
		return at, err
	}
	defer db.Close() //nolint:errcheck // only looked
	var id uuid.UUID
	err = db.QueryRowContext(ctx, "SELECT issued_on::text, id FROM invoice WHERE account_id = $1 ORDER BY issued_on DESC, id DESC OFFSET $2 LIMIT 1",
		who.Account.String(), (deepPage-1)*pageSize-1).Scan(&at.On, &id)
	at.ID = id.String()
	return at, err
}

// stopAll ends everything that runs.
func stopAll(all []*contender) error {
	var failed []error
	for _, c := range all {
		failed = append(failed, c.process.stop())
	}
	return errors.Join(failed...)
}
