package migrate

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// outside is the first line of a file whose one statement cannot run in a transaction (CREATE INDEX CONCURRENTLY). It must
// do no harm when it is run again, since the program may stop before it is remembered.
const outside = "-- migrate: no transaction"

// A file that cannot get a lock keeps others waiting behind it; so it steps back after half a second and tries again.
const (
	begin     = "BEGIN; SET LOCAL lock_timeout = 500;\n"
	lockPause = 500 * time.Millisecond
	lockTries = 60
)

// migration is one file.
type migration struct {
	number           int
	name, text, hash string
	alone            bool // is one statement that runs outside of a transaction
}

// row is a migration as the database remembers it.
type row struct {
	name, hash string
	appliedAt  time.Time
}

var fileName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

// read returns the migrations of files in order.
func read(files fs.FS) ([]migration, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	var all []migration
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".sql") {
			continue
		}
		part := fileName.FindStringSubmatch(e.Name())
		if part == nil {
			return nil, fmt.Errorf("migration %s is not named like 0001_name.sql", e.Name())
		}
		text, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read the migrations: %w", err)
		}
		number, _ := strconv.Atoi(part[1])
		sum := sha256.Sum256(text)
		all = append(all, migration{number, e.Name(), string(text), hex.EncodeToString(sum[:]), strings.HasPrefix(string(text), outside)})
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(all); i++ {
		if all[i].number == all[i-1].number {
			return nil, fmt.Errorf("migrations %s and %s have the same number", all[i-1].name, all[i].name)
		}
	}
	return all, nil
}

// Hash returns a text that changes whenever a file does, to recognise a database that was made from them.
func Hash(files fs.FS) (string, error) {
	all, err := read(files)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, m := range all {
		fmt.Fprintf(h, "%s %s\n", m.name, m.hash)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// compare returns the files that the database has not applied, and an error if it has others.
func compare(ctx context.Context, c *sql.Conn, files fs.FS) (pending []migration, err error) {
	known, err := read(files)
	if err != nil {
		return nil, err
	}
	done, err := remembered(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := unknown(done, known); err != nil {
		return nil, err
	}
	for _, m := range known {
		switch r, ok := done[m.number]; {
		case !ok:
			pending = append(pending, m)
		case r.hash != m.hash:
			return nil, fmt.Errorf("migration %s was changed after it was applied on %s: put it back and add a new file", m.name, r.appliedAt.Format(time.DateOnly))
		}
	}
	return pending, nil
}

// unknown returns an error if the database was migrated by a newer program.
func unknown(done map[int]row, known []migration) error {
	for number, r := range done {
		if !slices.ContainsFunc(known, func(m migration) bool { return m.number == number }) {
			return fmt.Errorf("the database is newer than this program: it has migration %s; start the newer version, or restore an older database", r.name)
		}
	}
	return nil
}

// remembered returns what the database has applied; nothing if it has never been migrated.
func remembered(ctx context.Context, c *sql.Conn) (map[int]row, error) {
	rows, err := c.QueryContext(ctx, "SELECT number, name, sha256, applied_at FROM public.schema_migration")
	var e pgdriver.Error
	if errors.As(err, &e) && e.Field('C') == "42P01" { // undefined table
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was migrated: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err says it
	done := map[int]row{}
	for rows.Next() {
		var number int
		var r row
		if err := rows.Scan(&number, &r.name, &r.hash, &r.appliedAt); err != nil {
			return nil, err
		}
		done[number] = r
	}
	return done, rows.Err()
}

// apply runs the file and remembers it. While the server is busy it waits for locks in small steps, so that nobody else
// waits behind it for long.
func (m migration) apply(ctx context.Context, c *sql.Conn) error {
	remember := fmt.Sprintf("INSERT INTO public.schema_migration VALUES (%d, '%s', '%s', clock_timestamp());", m.number, m.name, m.hash)
	if m.alone {
		if _, err := c.ExecContext(ctx, m.text); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, remember)
		return err
	}
	for try := 1; ; try++ {
		_, err := c.ExecContext(ctx, begin+m.text+"\n;"+remember+"COMMIT")
		if err == nil {
			return nil
		}
		if _, undo := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); undo != nil {
			return errors.Join(err, undo)
		}
		var e pgdriver.Error
		if !errors.As(err, &e) || e.Field('C') != "55P03" || try == lockTries {
			return explain(err, m.text)
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(lockPause):
		}
	}
}

// explain adds the line and PostgreSQL's detail, hint and context, which say more than its message.
func explain(err error, text string) error {
	var e pgdriver.Error
	if !errors.As(err, &e) {
		return err
	}
	if at, _ := strconv.Atoi(e.Field('P')); at > 0 { // counted in characters, from what goes ahead of the file
		before := []rune(begin + text)
		err = fmt.Errorf("line %d: %w", strings.Count(string(before[:min(at, len(before))]), "\n"), err)
	}
	for _, field := range []byte{'D', 'H', 'W'} {
		if s := e.Field(field); s != "" {
			err = fmt.Errorf("%w; %s", err, s)
		}
	}
	return err
}
