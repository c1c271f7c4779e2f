package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// minMajor is the oldest PostgreSQL that will do.
const minMajor = 15

// Installation is a PostgreSQL found on this machine.
type Installation struct {
	Dir   string // where initdb and postgres are
	Major int    // 15, 16, …
}

// errNoPostgres tells what to do about it.
var errNoPostgres = fmt.Errorf("no PostgreSQL %d or newer was found: install it (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql), "+
	"or say where one runs with DATABASE_URL=postgres://…", minMajor)

// Find returns the PostgreSQL installations of this machine that will do, newest first. It looks in PATH and where
// Debian, Red Hat, Homebrew, Postgres.app and npm's embedded-postgres put it; extra are more places, looked at first.
func Find(extra ...string) ([]Installation, error) {
	var found []Installation
	var tooOld error
	for _, dir := range candidates(extra) {
		i, err := inspect(dir)
		switch {
		case err != nil:
		case i.Major < minMajor:
			tooOld = fmt.Errorf("only PostgreSQL %d in %s", i.Major, dir)
		case !slices.ContainsFunc(found, func(o Installation) bool { return o.Dir == i.Dir }):
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return nil, errors.Join(errNoPostgres, tooOld)
	}
	slices.SortStableFunc(found, func(a, b Installation) int { return b.Major - a.Major })
	return found, nil
}

func candidates(extra []string) []string {
	dirs := slices.Clone(extra)
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin",
		"node_modules/@embedded-postgres/*/native/bin", "web/node_modules/@embedded-postgres/*/native/bin",
	} {
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	return dirs
}

var versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect returns what is in dir, if it can both make and run a database.
func inspect(dir string) (Installation, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Installation{}, err
	}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Installation{}, err
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Installation{}, err
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return Installation{}, fmt.Errorf("%s/postgres says %q", dir, strings.TrimSpace(string(out)))
	}
	major, err := strconv.Atoi(string(m[1]))
	return Installation{dir, major}, err
}
