package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// How the shared server lives: each test program touches the file "used" as long as it runs. A shell in the background
// stops the server when nobody has for a while; before it does it makes the folder "stopping", for which newcomers wait.
const (
	used     = "used"
	stopping = "stopping"
	idle     = 5 // minutes
)

const watchdog = `
while kill -0 "$1" 2>/dev/null; do
	sleep 15
	[ -n "$(find "$2/used" -mmin -` + "%d" + `)" ] && continue
	mkdir "$2/stopping" || exit
	if [ -z "$(find "$2/used" -mmin -` + "%d" + `)" ]; then
		kill -INT "$1"
		while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
	fi
	rmdir "$2/stopping"
done`

// keep returns the folder of the shared server, and keeps the server alive as long as this program runs.
func keep() (dir string, err error) {
	dir = filepath.Join(os.TempDir(), fmt.Sprintf("klantenpaneel-test-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := touch(dir); err != nil {
		return "", err
	}
	go func() {
		for range time.Tick(30 * time.Second) {
			_ = touch(dir)
		}
	}()
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		info, err := os.Stat(filepath.Join(dir, stopping))
		if errors.Is(err, os.ErrNotExist) {
			return dir, nil
		}
		if err != nil {
			return "", err
		}
		if time.Since(info.ModTime()) > time.Minute || time.Now().After(until) { // who made it is gone
			if err := os.Remove(filepath.Join(dir, stopping)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
	}
}

func touch(dir string) error { return os.WriteFile(filepath.Join(dir, used), nil, 0o600) }

// exclusively waits until no other test program is starting the server.
func exclusively(dir string) (done func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "start.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// watch starts the shell that stops the server, unless it runs.
func watch(dir string, postmaster int) error {
	file := filepath.Join(dir, "watchdog.pid")
	text, _ := os.ReadFile(file)
	if pid, postgres, ok := strings.Cut(strings.TrimSpace(string(text)), " "); ok && postgres == strconv.Itoa(postmaster) {
		if n, _ := strconv.Atoi(pid); n > 1 && syscall.Kill(n, 0) == nil {
			return nil
		}
	}
	c := exec.Command("sh", "-c", fmt.Sprintf(watchdog, idle, idle), "klantenpaneel-test", strconv.Itoa(postmaster), dir)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.Start(); err != nil {
		return fmt.Errorf("start the watchdog: %w", err)
	}
	pid := c.Process.Pid
	go c.Wait() //nolint:errcheck // it outlives us
	return os.WriteFile(file, fmt.Appendf(nil, "%d %d\n", pid, postmaster), 0o600)
}
