// Package viewer says on whose behalf a piece of work runs. Nothing reads or writes a row without one.
package viewer

import (
	"context"
	"slices"
	"strings"
	"time"

	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

// Kind decides which rows the database will show.
type Kind string

// The kinds of viewer. Each has a PostgreSQL role of its own, panel_<kind> in lower case.
const (
	Visitor  Kind = "VISITOR"  // nobody has signed in
	Customer Kind = "CUSTOMER" // a user, in one account
	Partner  Kind = "PARTNER"  // a user or token of a reseller: its own account and those of its customers
	Staff    Kind = "STAFF"    // the provider's people: every account
	Machine  Kind = "MACHINE"  // a node that reports usage
	System   Kind = "SYSTEM"   // jobs; never built from a request
	Auth     Kind = "AUTH"     // package auth, while it finds out who asks
)

// Viewer is the who of a request or job. The zero Viewer sees nothing.
type Viewer struct {
	Kind      Kind
	Account   uuid.UUID // the account acted in; Nil for staff, machines, jobs and visitors
	User      uuid.UUID // who is signed in, or who made the token; Nil for jobs and visitors
	Session   uuid.UUID // the login session; Nil for tokens
	Token     uuid.UUID // the API token; Nil for sessions
	Name      string    // of the person or token, for showing
	Language  string    // "nl" or "en"
	ExpiresAt time.Time // when the session or token ends; zero for never
	can       []Permission
	asked     string // by whom, when a job carries out what somebody asked for
}

// With returns a copy of v that holds just these permissions.
func (v Viewer) With(permissions ...Permission) Viewer {
	v.can = slices.Clone(permissions)
	return v
}

// Can reports whether v holds p. Jobs hold all.
func (v Viewer) Can(p Permission) bool {
	switch {
	case p == ReadCatalog:
		return v.Kind != ""
	case p == ReadSelf:
		return v.Kind != "" && v.Kind != Visitor && v.Kind != Machine
	}
	return v.Kind == System || slices.Contains(v.can, p)
}

// Permissions returns what v holds, in the order of the API's enum.
func (v Viewer) Permissions() []Permission {
	var held []Permission
	for _, p := range Permissions {
		if v.Can(p) {
			held = append(held, p)
		}
	}
	return held
}

// Require returns a problem unless v holds p: UNAUTHENTICATED for a visitor, FORBIDDEN for anyone else.
func (v Viewer) Require(p Permission) error {
	switch {
	case v.Can(p):
		return nil
	case v.Kind == Visitor || v.Kind == "":
		return problem.New(problem.Unauthenticated, problem.Text{NL: "Log eerst in.", EN: "Please sign in first."})
	default:
		return problem.New(problem.Forbidden, problem.Text{NL: "U heeft hiervoor niet de juiste rechten (%s).", EN: "You do not have the permission for this (%s)."}, p)
	}
}

// Role returns the PostgreSQL role to enter. An unknown kind has none, and PostgreSQL refuses.
func (v Viewer) Role() string { return "panel_" + strings.ToLower(string(v.Kind)) }

// Granted returns the permissions as the database's app.can setting holds them: separated and enclosed by spaces.
func (v Viewer) Granted() string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, p := range v.Permissions() {
		b.WriteString(string(p))
		b.WriteByte(' ')
	}
	return b.String()
}

// Actor names v in the audit trail: "user:…", "staff:…", "token:…", "job:renewals". Package auth acts for who it found.
func (v Viewer) Actor() string {
	switch {
	case v.asked != "":
		return v.asked
	case v.Kind == System:
		return "job:" + v.Name
	case v.Token != uuid.Nil:
		return "token:" + v.Token.String()
	case v.Kind == Staff:
		return "staff:" + v.User.String()
	case v.User != uuid.Nil:
		return "user:" + v.User.String()
	}
	return "visitor"
}

// ForJob returns the viewer for background work of this name.
func ForJob(name string) Viewer { return Viewer{Kind: System, Name: name, Language: "nl"} }

// Elevated returns the viewer of a job of this name that carries out what v asked for: it may do anything, and the audit
// trail names v. The caller has made sure that v may ask for it.
func (v Viewer) Elevated(job string) Viewer {
	return Viewer{Kind: System, User: v.User, Name: job, Language: v.Language, asked: v.Actor()}
}

// Nobody returns the viewer of a request without credentials.
func Nobody(language string) Viewer { return Viewer{Kind: Visitor, Language: language} }

type contextKey struct{}

// NewContext returns a context that carries v.
func NewContext(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, contextKey{}, v)
}

// FromContext returns the viewer that the HTTP layer put in ctx. Only graph and gqlhttp may call it.
func FromContext(ctx context.Context) Viewer {
	v, _ := ctx.Value(contextKey{}).(Viewer)
	return v
}
