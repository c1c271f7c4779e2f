package graph

import (
	"context"
	"net/http"

	"klantenpaneel/graph/model"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"

	"github.com/google/uuid"
)

// Visit is what the resolvers that sign people in and out need of the HTTP request.
type Visit struct {
	Client    auth.Client
	SetCookie func(*http.Cookie) // nil where no cookie can be set, as on a WebSocket
}

type visitKey struct{}

// WithVisit returns a context that carries v.
func WithVisit(ctx context.Context, v Visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

// VisitFrom returns the visit of a request.
func VisitFrom(ctx context.Context) Visit {
	v, _ := ctx.Value(visitKey{}).(Visit)
	return v
}

func (v Visit) remember(c *http.Cookie) {
	if v.SetCookie != nil {
		v.SetCookie(c)
	}
}

// revokeSessions ends one session, or all but the present one.
func (r *Resolver) revokeSessions(ctx context.Context, input model.SessionRevokeInput) (int, error) {
	switch {
	case input.SessionID == nil && (input.AllOthers == nil || !*input.AllOthers): // asked to end none
		return 0, nil
	case input.SessionID == nil:
		return r.Auth.RevokeOtherSessions(ctx, from(ctx).who())
	}
	id, _ := key.Parse(key.Session, *input.SessionID)
	return r.Auth.RevokeSession(ctx, from(ctx).who(), orUnknown(id))
}

// chosen returns the id that was given: Nil when none was, and one that nothing has for one that is malformed.
func chosen(p key.Prefix, id *string) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	parsed, _ := key.Parse(p, *id)
	return orUnknown(parsed)
}

// orUnknown returns an id that no object has for one that could not be read, so that both get the same answer.
func orUnknown(id uuid.UUID) uuid.UUID {
	if id == uuid.Nil {
		return uuid.Max
	}
	return id
}

// SecretMutations are the mutations that try a secret: a request may hold one of them.
var SecretMutations = []string{"login", "passwordSet", "passwordChange", "passwordResetRequest", "twoFactorStart", "twoFactorConfirm", "twoFactorDisable"}
