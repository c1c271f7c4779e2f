package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program under measurement.
type process struct {
	cmd     *exec.Cmd
	address string
	log     string
}

// launch starts a program that listens on an address of its own, and returns when ready says that it answers.
func launch(ctx context.Context, log, dir string, environment []string, ready func(context.Context, string) error, name string, args ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer out.Close() //nolint:errcheck // the child has its own
	p := &process{cmd: exec.CommandContext(ctx, name, args...), address: address, log: log}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, out, out
	p.cmd.Env = append(append(os.Environ(), environment...), "LISTEN="+address)
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 10 * time.Second
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := ready(ctx, "http://"+address)
		switch {
		case err == nil:
			return p, nil
		case ctx.Err() != nil || time.Now().After(end) || p.gone():
			return nil, errors.Join(fmt.Errorf("%s does not answer, see %s", filepath.Base(name), log), err, p.stop())
		}
	}
}

// gone reports whether the program has ended by itself.
func (p *process) gone() bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	return err == nil && strings.Contains(string(text), ") Z ")
}

// stop ends the program, kindly first.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(10*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	_ = p.cmd.Wait() // it was told to end
	return nil
}

// answers is a ready that asks for a page.
func answers(path string) func(context.Context, string) error {
	return func(ctx context.Context, base string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close() //nolint:errcheck // only looked
		if response.StatusCode >= http.StatusInternalServerError {
			return errors.New(response.Status)
		}
		return nil
	}
}

// allocations returns how many objects a Go program has allocated so far, by its metrics; 0 when it has none.
func (p *process) allocations(ctx context.Context) float64 {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/metrics", nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "go_memstats_mallocs_total "); ok {
			n, _ := strconv.ParseFloat(value, 64)
			return n
		}
	}
	return 0
}

// usage is what a program and its children have used; zero where the system has no /proc.
type usage struct {
	cpu    time.Duration
	memory int64 // bytes, resident now; pages shared between them count for each
}

const tick = time.Second / 100 // of the times in /proc, on every Linux

// usageOf returns the usage of a process and its children, those that have ended included.
func usageOf(pid int) (u usage) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended meanwhile
		}
		own, _ := strconv.Atoi(strings.Split(name, "/")[2])
		end := strings.LastIndexByte(string(text), ')')
		fields := strings.Fields(string(text[end+1:])) // from the state on
		if end < 0 || len(fields) < 22 {
			continue
		}
		if parent, _ := strconv.Atoi(fields[1]); own != pid && parent != pid {
			continue
		}
		for _, f := range fields[11:15] { // user and system, its own and of children that ended
			n, _ := strconv.ParseInt(f, 10, 64)
			u.cpu += time.Duration(n) * tick
		}
		pages, _ := strconv.ParseInt(fields[21], 10, 64)
		u.memory += pages * int64(os.Getpagesize())
	}
	return u
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() //nolint:errcheck // for somebody else now
	return l.Addr().String(), nil
}
