package local

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// account is whom PostgreSQL runs as when this program is root, which PostgreSQL refuses to be.
type account struct{ uid, gid int }

// unprivileged returns the account to run as; nil for our own.
func unprivileged() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		return &account{uid, gid}, errors.Join(err1, err2)
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody to run it as")
}

// command returns one of PostgreSQL's programs, in a process group of its own so that Ctrl-C reaches only us: we stop it.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin.Dir, name), args...)
	c.Dir = "/"
	c.Env = append(os.Environ(), "LC_ALL=C", "PGDATA=", "PGOPTIONS=")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: !s.options.Detached, Setsid: s.options.Detached}
	if s.account != nil {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(s.account.uid), Gid: uint32(s.account.gid)}
	}
	return c
}

// initialise makes the cluster if there is none. It is made beside its place and moved there, so that a crash half way
// leaves nothing that looks like one.
func (s *Server) initialise() error {
	if _, err := os.Stat(filepath.Join(s.data(), "PG_VERSION")); err == nil {
		return nil
	}
	fresh := s.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	args := []string{"-D", fresh, "-U", Super, "-A", "trust", "-E", "UTF8", "--locale=C", "--lc-ctype=" + letters(), "--no-instructions"}
	if s.options.Unsafe {
		args = append(args, "--no-sync")
	}
	c := s.command("initdb", args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		return fmt.Errorf("make it: %w: %s", err, strings.TrimSpace(out.String()))
	}
	return os.Rename(fresh, s.data())
}

// letters returns the locale that knows upper and lower case of every letter. Everything is sorted by code point.
func letters() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

// launch starts the server.
func (s *Server) launch() error {
	settings := append([]string{"listen_addresses=", "unix_socket_directories=" + s.socket, "port=" + port, "unix_socket_permissions=0700",
		"max_connections=200", "shared_buffers=256MB", "log_timezone=UTC", "log_min_messages=warning", "password_encryption=scram-sha-256"}, s.options.Settings...)
	if s.options.Unsafe {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=2GB", "wal_level=minimal", "max_wal_senders=0")
	}
	args := []string{"-D", s.data()}
	for _, set := range settings {
		args = append(args, "-c", set)
	}
	c := s.command("postgres", args...)
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the child has its own
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		return err
	}
	s.process, s.exited = c.Process, make(chan struct{})
	go func() {
		_ = c.Wait()
		close(s.exited)
	}()
	return nil
}

// leftOver returns the process id of a server that runs on our data, 0 for none. A postmaster.pid that no server belongs
// to any more is removed: PostgreSQL would refuse to start if the number is in use by another program by now.
func (s *Server) leftOver() (pid int, err error) {
	file := filepath.Join(s.data(), "postmaster.pid")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err == nil && pid > 1 && syscall.Kill(pid, 0) == nil && runsOn(pid, s.data()) {
		return pid, nil
	}
	return 0, os.Remove(file)
}

// runsOn reports whether the process is a PostgreSQL that runs on this data, as far as the system tells.
func runsOn(pid int, data string) bool {
	if dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil { // a postmaster works in its data
		return dir == data
	}
	out, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return true // rather adopt in vain than start a second server
	}
	return strings.HasPrefix(filepath.Base(strings.TrimSpace(string(out))), "postgres")
}

// adopt takes over the server that runs as pid.
func (s *Server) adopt(pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	s.process, s.adopted = p, true
	return nil
}

// Stop ends the server: it lets nobody in, ends what runs and writes everything down. It returns when that is done.
func (s *Server) Stop() error {
	defer s.release()
	if s.process == nil {
		return nil
	}
	if err := s.process.Signal(syscall.SIGINT); err != nil { // PostgreSQL's fast shutdown
		if errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH) {
			return nil
		}
		return err
	}
	if s.gone(30 * time.Second) {
		return nil
	}
	_ = s.process.Signal(syscall.SIGQUIT) // immediate: the next start recovers
	if s.gone(5 * time.Second) {
		return nil
	}
	return fmt.Errorf("private PostgreSQL in %s, process %d, does not stop", s.dir, s.process.Pid)
}

// gone waits until the process has ended.
func (s *Server) gone(wait time.Duration) bool {
	if s.exited != nil {
		select {
		case <-s.exited:
			return true
		case <-time.After(wait):
			return false
		}
	}
	for until := time.Now().Add(wait); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if syscall.Kill(s.process.Pid, 0) != nil {
			return true
		}
	}
	return false
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "postgres.log") }

// tail returns the last lines of a file.
func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(text[max(0, len(text)-800):]))
}
