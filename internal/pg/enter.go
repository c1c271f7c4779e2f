package pg

import (
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// kinds are the viewers that have a role to enter.
var kinds = map[viewer.Kind]bool{viewer.Visitor: true, viewer.Customer: true, viewer.Partner: true, viewer.Staff: true,
	viewer.Machine: true, viewer.System: true, viewer.Auth: true}

// The kinds of transaction. Reading sees one snapshot throughout; writing sees what others commit, as row locks need.
const (
	beginRead  = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
	beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
)

// enter returns what begins a transaction as v: BEGIN, the role and the settings, each of which ends with it. SET LOCAL
// and not set_config(…): it returns no row, so that it can go ahead of a statement that does.
func enter(begin string, v viewer.Viewer, now time.Time, o Options) (string, error) {
	if !kinds[v.Kind] {
		return "", fmt.Errorf("pg: no role for a viewer of kind %q", v.Kind)
	}
	var b strings.Builder
	b.Grow(512)
	b.WriteString(begin)
	set := func(name, value string) {
		b.WriteString("SET LOCAL ")
		b.WriteString(name)
		b.WriteString(" = ")
		b.WriteString(quote(value))
		b.WriteByte(';')
	}
	set("role", v.Role())
	set("app.kind", string(v.Kind))
	set("app.account", idOrEmpty(v.Account))
	set(`app."user"`, idOrEmpty(v.User))
	set("app.can", v.Granted())
	set("app.now", now.Format(time.RFC3339Nano))
	if v.Kind == viewer.System {
		fmt.Fprintf(&b, "SET LOCAL statement_timeout = %d;", o.JobTimeout.Milliseconds())
	}
	return b.String(), nil
}

func idOrEmpty(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
