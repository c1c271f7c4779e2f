package local_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
)

// folder returns a folder that another user may enter too, since PostgreSQL does not run as root.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "pg")
}

func start(t *testing.T, dir string) *local.Server {
	t.Helper()
	s, err := local.Start(t.Context(), dir, local.Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// query runs a statement as the owner and returns its one value.
func query(t *testing.T, s *local.Server, statement string) (value string) {
	t.Helper()
	db, err := pg.Unguarded(s.OwnerURL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestDataStaysBetweenRuns(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	if super := query(t, s, "CREATE TABLE kept AS SELECT 'me' AS who; SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"); super != "false" {
		t.Error("the owner is superuser")
	}
	if letters := query(t, s, "SELECT lower('ÉÜß')"); letters != "éüß" {
		t.Errorf("lower gives %q", letters)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	default:
		t.Error("it has stopped, but Done is open")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("stopping twice: %v", err)
	}
	again := start(t, dir)
	if got := query(t, again, "SELECT who FROM kept"); got != "me" || again.Adopted() {
		t.Errorf("kept %q, adopted %v", got, again.Adopted())
	}
}

func TestASecondProgramOnTheSameDataIsRefused(t *testing.T) {
	dir := folder(t)
	start(t, dir)
	if _, err := local.Start(t.Context(), dir, local.Options{}); err == nil || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("got %v", err)
	}
}

// TestMain lets the test run itself as a program that crashes.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CRASH_IN"); dir != "" {
		s, err := local.Start(context.Background(), dir, local.Options{Unsafe: true})
		if err != nil {
			os.Exit(2)
		}
		_, _ = os.Stdout.WriteString(strconv.Itoa(s.PID()))
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	os.Exit(m.Run())
}

func crash(t *testing.T, dir string) (postmaster int) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "CRASH_IN="+dir)
	out, err := c.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("it did not crash as it should: %v", err)
	}
	pid, err := strconv.Atoi(string(out))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestAServerLeftOverFromACrashIsAdopted(t *testing.T) {
	dir := folder(t)
	pid := crash(t, dir)
	s := start(t, dir)
	if !s.Adopted() || s.PID() != pid {
		t.Errorf("adopted %v, process %d, want %d", s.Adopted(), s.PID(), pid)
	}
	query(t, s, "SELECT 'answers'")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Error("it still runs")
	}
}

func TestAServerThatCrashedTooIsStartedAnew(t *testing.T) {
	dir := folder(t)
	s, err := local.Start(t.Context(), dir, local.Options{}) // as for real data
	if err != nil {
		t.Fatal(err)
	}
	query(t, s, "CREATE TABLE kept AS SELECT 1; SELECT ''")
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	// The number of the dead server may belong to someone else by now; PostgreSQL would believe it.
	file := filepath.Join(dir, "data", "postmaster.pid")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if query(t, again, "SELECT count(*)::text FROM kept") != "1" || again.Adopted() {
		t.Errorf("adopted %v", again.Adopted())
	}
}

func TestDataOfAnotherVersionIsRefused(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Start(t.Context(), dir, local.Options{}); err == nil || !strings.Contains(err.Error(), "the data is PostgreSQL 9's") || !strings.Contains(err.Error(), "pg_upgrade") {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	_, err := local.Start(t.Context(), folder(t), local.Options{Unsafe: true, Settings: []string{"no_such_setting=1"}})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("got %v", err)
	}
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(folder(t), strings.Repeat("a-long-name", 8))
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	query(t, s, "SELECT 'answers'")
}

func TestAFolderThatPostgresCannotEnterIsNamed(t *testing.T) {
	if os.Getuid() != 0 {
		dir := filepath.Join(folder(t), "closed")
		if err := os.MkdirAll(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := local.Start(t.Context(), filepath.Join(dir, "pg"), local.Options{}); err == nil {
			t.Error("it starts in a folder that may not be written")
		}
		return
	}
	closed := filepath.Join(folder(t), "closed")
	if err := os.MkdirAll(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Start(t.Context(), filepath.Join(closed, "pg"), local.Options{}); err == nil || !strings.Contains(err.Error(), closed) || !strings.Contains(err.Error(), "DATA_DIR") {
		t.Errorf("got %v", err)
	}
}

func TestInstallationsAreFoundNewestFirst(t *testing.T) {
	dir := t.TempDir()
	fake := func(version string) string {
		bin := filepath.Join(dir, version)
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
		if err := errors.Join(os.MkdirAll(bin, 0o755), os.WriteFile(filepath.Join(bin, "postgres"), []byte(script), 0o755), os.WriteFile(filepath.Join(bin, "initdb"), []byte(script), 0o755)); err != nil {
			t.Fatal(err)
		}
		return bin
	}
	found, err := local.Find(fake("9.6.1"), fake("98.2"), fake("99beta1"), fake("97.1 (Debian 97.1-1)"), filepath.Join(dir, "nothing"))
	if err != nil || len(found) < 3 || found[0].Major != 99 || found[1].Major != 98 || found[2].Major != 97 {
		t.Errorf("found %v (%v)", found, err)
	}
	for _, f := range found {
		if f.Major < 15 {
			t.Errorf("%v is too old", f)
		}
	}
}
