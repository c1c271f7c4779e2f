// Package graph serves the API: it reads the input, calls the domain, and wraps what comes back. It holds no rules.
//
// The schema's sources lie beside the resolvers that serve them; schema.graphql at the root is the whole of them, merged.
package graph

import (
	"context"
	"time"

	"klantenpaneel/graph/model"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Resolver is what the resolvers call.
type Resolver struct {
	Now           func() time.Time
	Auth          *auth.Gate
	Hosting       *hosting.Hosting
	Notifications *notify.Feed
}

// today returns the day in Amsterdam.
func (r *Resolver) today() civil.Date { return civil.In(r.Now()) }

// failures turns a problem into the union of a mutation's errors. What the union has no member for, and every fault, stays
// an error of the request.
func failures[E any](ctx context.Context, err error) ([]E, error) {
	p, ok := problem.As(err)
	if !ok {
		return []E{}, err
	}
	var member any
	code, text := string(p.Code), p.In(language(ctx))
	switch p.Code {
	case problem.Invalid:
		member = model.InvalidInputError{Code: code, Message: text, Path: p.Path}
	case problem.NotFound:
		member = model.NotFoundError{Code: code, Message: text, Path: p.Path}
	case problem.Forbidden:
		member = model.ForbiddenError{Code: code, Message: text, Path: p.Path}
	case problem.RateLimited:
		member = model.RateLimitedError{Code: code, Message: text, Path: p.Path}
	case auth.LoginFailed:
		member = model.LoginFailedError{Code: code, Message: text, Path: p.Path}
	case auth.SecondFactorRequired:
		member = model.SecondFactorRequiredError{Code: code, Message: text, Path: p.Path}
	case problem.Unauthenticated:
	default:
		member = model.ConflictError{Code: code, Message: text, Path: p.Path}
	}
	if e, ok := member.(E); ok {
		return []E{e}, nil
	}
	return []E{}, err
}

// nextInvoice returns when and what the next invoice is; nil when there is none, or the viewer may not see billing.
func nextInvoice(ctx context.Context, on civil.Date, net, vat *money.Cents) *model.NextInvoice {
	if on.IsZero() || net == nil || vat == nil || !can(ctx, viewer.ReadBilling) {
		return nil
	}
	return &model.NextInvoice{On: on, Price: &money.Price{Net: *net, VAT: *vat}}
}

// viewerID returns the id of who asks: of the program's token, or of the user.
func viewerID(v viewer.Viewer) string {
	if v.Token != uuid.Nil {
		return key.Format(key.APIToken, v.Token)
	}
	return key.Format(key.User, v.User)
}

func idOrNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// some returns what filter points to, or a filter that lets all through.
func some[F any](filter *F) F {
	if filter == nil {
		return *new(F)
	}
	return *filter
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func where(f *page.StatusFilter) func(*bun.SelectQuery) *bun.SelectQuery { return some(f).Where }
