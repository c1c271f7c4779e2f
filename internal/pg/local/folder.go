package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// maxSocketPath is what the path of a Unix socket may have on every system that we run on (macOS has least).
const maxSocketPath = 103

// makeDirs makes the folders and gives them to the account that PostgreSQL runs as.
func (s *Server) makeDirs() error {
	s.socket = socketDir(s.dir)
	for _, dir := range []string{s.dir, s.socket} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if s.account == nil {
			continue
		}
		if err := os.Chown(dir, s.account.uid, s.account.gid); err != nil {
			return err
		}
	}
	if s.account == nil {
		return nil
	}
	return reachable(s.dir, s.account)
}

// socketDir returns where the socket is: with the data, or in the system's temporary folder when that path is too long.
func socketDir(dir string) string {
	short := filepath.Join(dir, "socket")
	if len(filepath.Join(short, ".s.PGSQL."+port+".lock")) <= maxSocketPath {
		return short
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), "klantenpaneel-"+hex.EncodeToString(sum[:6]))
}

// reachable returns an error if the account cannot get to dir, because a folder above it is closed, as /root is.
func reachable(dir string, a *account) error {
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		mode := info.Mode().Perm()
		open := mode&0o001 != 0 || int(owner.Uid) == a.uid && mode&0o100 != 0 || int(owner.Gid) == a.gid && mode&0o010 != 0
		if !open {
			return fmt.Errorf("as root we run PostgreSQL as another user (%d), who may not enter %s: set DATA_DIR to a folder elsewhere, such as /var/lib/klantenpaneel", a.uid, parent)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// lockDir makes this the one program that uses dir, until release or the end of the program.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name())
		_ = f.Close()
		return nil, fmt.Errorf("it is in use by another klantenpaneel (process %s): stop that one, or give this one another DATA_DIR", strings.TrimSpace(string(holder)))
	}
	err = errors.Join(f.Truncate(0), writeAt(f, strconv.Itoa(os.Getpid())))
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text+"\n"), 0)
	return err
}

// release lets another program use the folder.
func (s *Server) release() {
	if s.lock != nil {
		_ = s.lock.Close()
		s.lock = nil
	}
}

// choose returns the installation for the data: its own version if there is data, else the newest.
func choose(found []Installation, data string) (Installation, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return found[0], nil
	}
	if err != nil {
		return Installation{}, err
	}
	version := strings.TrimSpace(string(text))
	have := make([]string, len(found))
	for i, f := range found {
		if have[i] = strconv.Itoa(f.Major); have[i] == version {
			return f, nil
		}
	}
	return Installation{}, fmt.Errorf("the data is PostgreSQL %s's and here is PostgreSQL %s: install version %[1]s again, "+
		"or move the data over with pg_upgrade, or pg_dump under the old version and restore under the new one", version, strings.Join(have, ", "))
}
