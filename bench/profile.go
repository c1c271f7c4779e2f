package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// profile writes a CPU profile of the server for each question: to read with go tool pprof, or, put together, to build with.
func (r *runCommand) profile(ctx context.Context, s *setting, ours *contender, address string) error {
	if err := os.MkdirAll(r.Profile, 0o755); err != nil {
		return err
	}
	for _, q := range questions {
		if len(r.Only) > 0 && !slices.Contains(r.Only, q.name) {
			continue
		}
		var requests [][]byte
		for _, k := range q.people {
			request, err := ours.request(ctx, q, s.people[k])
			if err != nil {
				return err
			}
			requests = append(requests, request)
		}
		const lasts = 10 * time.Second
		done := make(chan error, 1)
		go func() {
			_, err := drive(ctx, ours.process.address, requests, 16, lasts+time.Second, 10_000_000)
			done <- err
		}()
		file := filepath.Join(r.Profile, q.name+".pprof")
		if err := fetch(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", address, int(lasts.Seconds())), file); err != nil {
			return err
		}
		if err := <-done; err != nil {
			return err
		}
		say("%s: %s", q.name, file)
	}
	return nil
}

func fetch(ctx context.Context, url, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, response.Body)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
