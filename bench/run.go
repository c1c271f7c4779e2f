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
	"runtime"
	"slices"
	"strings"
	"time"
)

// sample is one contender's turn at one question.
type sample struct {
	Rate        float64       // answers a second
	Median, P99 time.Duration // of the time of an answer
	Server      time.Duration // CPU time per answer in the program
	Database    time.Duration // and in PostgreSQL
	Allocations float64       // per answer; 0 when unknown
}

// results holds all samples: by question, how many asked at once, and contender, in order of the rounds.
type results struct {
	Started   time.Time
	Customers int
	Cores     int
	Samples   map[string]map[int]map[string][]sample
	Bytes     map[string]int   // of an answer of ours, by question
	Memory    map[string]int64 // resident at the end, by contender
}

// Run measures.
func (r *runCommand) Run(ctx context.Context) (err error) {
	if r.Quick {
		r.Customers, r.Rounds, r.Time, r.At = 2000, 1, 150*time.Millisecond, []int{1, 16}
	}
	if r.Customers < 1000 {
		return errors.New("the partners alone have 550 customers: ask for 1000 at least")
	}
	if _, err := os.Stat("bench/ask"); err != nil {
		return errors.New("run this in the root of the project, as make bench does")
	}
	if err := os.MkdirAll(r.Out, 0o755); err != nil {
		return err
	}
	s, all, profiles, err := r.start(ctx)
	defer func() {
		err = errors.Join(err, stopAll(all))
		if s != nil && s.postgres != nil {
			err = errors.Join(err, s.postgres.Stop())
		}
	}()
	if err != nil {
		return err
	}
	if r.Profile != "" {
		return r.profile(ctx, s, all[0], profiles)
	}
	result := &results{Started: time.Now(), Customers: r.Customers, Cores: runtime.NumCPU(), Samples: map[string]map[int]map[string][]sample{}, Bytes: map[string]int{}, Memory: map[string]int64{}}
	for _, q := range questions {
		if len(r.Only) > 0 && !slices.Contains(r.Only, q.name) {
			continue
		}
		if err := r.measure(ctx, s, all, q, result); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	for _, c := range all {
		result.Memory[c.name] = usageOf(c.process.cmd.Process.Pid).memory
	}
	report(os.Stdout, result, names(all))
	text, err := json.MarshalIndent(result, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.Out, "result.json"), text, 0o644)
}

// start makes the data and starts everybody; what did start is returned in any case, and is the caller's to stop.
func (r *runCommand) start(ctx context.Context) (s *setting, all []*contender, profiles string, err error) {
	program := r.Server
	if program == "" {
		if program, err = filepath.Abs(filepath.Join(r.Out, "klantenpaneel")); err != nil {
			return nil, nil, "", err
		}
		say("building the server")
		if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, ".").CombinedOutput(); err != nil {
			return nil, nil, "", fmt.Errorf("build the server: %w\n%s", err, out)
		}
	}
	s = &setting{out: r.Out}
	if s.database, err = nameOf(r.Customers); err != nil {
		return s, nil, "", err
	}
	if s.postgres, err = database(ctx, r.Out, r.Customers); err != nil {
		return s, nil, "", err
	}
	if s.people, err = signIn(ctx, s.postgres, s.database, s.file("people.json")); err != nil {
		return s, nil, "", err
	}
	if r.Profile != "" {
		if profiles, err = freeAddress(); err != nil {
			return s, nil, "", err
		}
	}
	starts := []func() (*contender, error){func() (*contender, error) { return s.ours(ctx, program, profiles) }}
	if r.Profile == "" {
		starts = append(starts, func() (*contender, error) { return s.limit(ctx) })
		if !r.NoPeer {
			starts = append(starts, func() (*contender, error) { return s.postgraphile(ctx, 1) })
		}
		if r.Cluster > 1 {
			starts = append(starts, func() (*contender, error) { return s.postgraphile(ctx, r.Cluster) })
		}
	}
	for _, start := range starts {
		c, err := start()
		if err != nil {
			return s, all, "", err
		}
		all = append(all, c)
	}
	return s, all, profiles, nil
}

// measure asks one question of everybody who can answer it: first to see that the answers are equal, then in turns.
func (r *runCommand) measure(ctx context.Context, s *setting, all []*contender, q question, result *results) error {
	requests := map[string][][]byte{}
	var able []*contender
	for _, c := range all {
		for _, k := range q.people {
			request, err := c.request(ctx, q, s.people[k])
			if errors.Is(err, fs.ErrNotExist) {
				break
			}
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			requests[c.name] = append(requests[c.name], request)
		}
		if requests[c.name] != nil {
			able = append(able, c)
		}
	}
	size, err := compare(ctx, able, requests)
	if err != nil {
		return err
	}
	say("%s, %s: %s give the same answer, of %d bytes", q.name, q.about, strings.Join(names(able), ", "), size)
	result.Bytes[q.name], result.Samples[q.name] = size, map[int]map[string][]sample{}
	for _, c := range able { // until compilers, caches and plans have settled
		if _, err := drive(ctx, c.process.address, requests[c.name], 4, max(r.Time, 100*time.Millisecond), 1_000_000); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	for _, at := range r.At {
		samples := map[string][]sample{}
		for range r.Rounds {
			for _, c := range able {
				one, err := r.turn(ctx, s, c, requests[c.name], at)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				samples[c.name] = append(samples[c.name], one)
			}
		}
		result.Samples[q.name][at] = samples
	}
	return nil
}

// turn lets one contender answer for a while.
func (r *runCommand) turn(ctx context.Context, s *setting, c *contender, requests [][]byte, at int) (sample, error) {
	server, postgres, allocations := usageOf(c.process.cmd.Process.Pid), usageOf(s.postgres.PID()), c.process.allocations(ctx)
	b, err := drive(ctx, c.process.address, requests, at, r.Time, 1_000_000)
	if err != nil {
		return sample{}, err
	}
	n := len(b.times)
	if n == 0 {
		return sample{}, fmt.Errorf("not one answer within %s", r.Time)
	}
	one := sample{Rate: b.rate(), Median: b.at(0.5), P99: b.at(0.99),
		Server:   (usageOf(c.process.cmd.Process.Pid).cpu - server.cpu) / time.Duration(n),
		Database: (usageOf(s.postgres.PID()).cpu - postgres.cpu) / time.Duration(n)}
	if allocations > 0 {
		one.Allocations = (c.process.allocations(ctx) - allocations) / float64(n)
	}
	return one, nil
}

// compare returns the size of our answer, and an error if the answers to any of the requests are not all the same.
func compare(ctx context.Context, all []*contender, requests map[string][][]byte) (size int, err error) {
	for i := range requests[all[0].name] {
		var first any
		for n, c := range all {
			text, err := once(ctx, c.process.address, requests[c.name][i])
			if err != nil {
				return 0, fmt.Errorf("%s: %w", c.name, err)
			}
			data, err := read(text)
			if err != nil {
				return 0, fmt.Errorf("the answer of %s: %w", c.name, err)
			}
			if n == 0 {
				first, size = data, len(text)
			} else if where := differ("data", first, data); where != "" {
				return 0, fmt.Errorf("%s and %s differ at %s", all[0].name, c.name, where)
			}
		}
	}
	return size, nil
}

// once sends one request and returns a copy of the answer.
func once(ctx context.Context, address string, request []byte) ([]byte, error) {
	c, err := dial(ctx, address, time.Now().Add(time.Minute))
	if err != nil {
		return nil, err
	}
	defer c.conn.Close() //nolint:errcheck // done with
	if err := c.ask(request); err != nil {
		return nil, err
	}
	return slices.Clone(c.body.Bytes()), nil
}

func names(all []*contender) []string {
	var list []string
	for _, c := range all {
		list = append(list, c.name)
	}
	return list
}
