package graph

import (
	"context"
	"sync"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
)

// operation is what the resolvers of one response share: one viewer, one snapshot of the database, one set of batches.
type operation struct {
	db *pg.DB

	mu       sync.Mutex
	viewer   viewer.Viewer
	snapshot *pg.Snapshot
	batches  map[string]any
	families map[uuid.UUID][]uuid.UUID // rows that came together
}

type operationKey struct{}

// Operations gives each response its operation. It is an extension of the server.
type Operations struct{ DB *pg.DB }

// ExtensionName names the extension to gqlgen.
func (Operations) ExtensionName() string { return "Operations" }

// Validate accepts any schema.
func (Operations) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse begins an operation for each response; a live feed gets one for each event, so that what an event shows
// is read when it happens, as the viewer then is.
func (o Operations) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := &operation{db: o.DB, viewer: viewer.FromContext(ctx)}
	defer op.close()
	return next(context.WithValue(ctx, operationKey{}, op))
}

// InterceptRootField lets each mutation begin on a fresh state: it must not hold a snapshot while it writes, and what it
// returns must show what it wrote.
func (o Operations) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
		from(ctx).close()
	}
	return next(ctx)
}

func from(ctx context.Context) *operation { return ctx.Value(operationKey{}).(*operation) }

// as lets the rest of the operation run as v, after a login or a switch of accounts.
func (op *operation) as(v viewer.Viewer) {
	op.close()
	op.mu.Lock()
	defer op.mu.Unlock()
	op.viewer = v
}

func (op *operation) who() viewer.Viewer {
	op.mu.Lock()
	defer op.mu.Unlock()
	return op.viewer
}

// read runs f in the operation's snapshot if the viewer may do p.
func (op *operation) read(ctx context.Context, p viewer.Permission, f func(tx *pg.Tx) error) error {
	op.mu.Lock()
	if op.snapshot == nil {
		op.snapshot = op.db.Snapshot(ctx, op.viewer)
	}
	s := op.snapshot
	op.mu.Unlock()
	return s.Read(ctx, p, f)
}

func (op *operation) close() {
	op.mu.Lock()
	s := op.snapshot
	op.snapshot, op.batches, op.families = nil, nil, nil
	op.mu.Unlock()
	if s != nil {
		_ = s.Close() // it only read
	}
}

// can reports whether the viewer of ctx holds p.
func can(ctx context.Context, p viewer.Permission) bool { return from(ctx).who().Can(p) }

// language returns the language of the caller's texts.
func language(ctx context.Context) string { return from(ctx).who().Language }

// now returns the moment of the operation, as the database layer sees it.
func (r *Resolver) now() time.Time { return r.Now() }

// missing is the answer for an object that does not exist or may not be seen.
func missing(path ...string) error { return problem.Missing().At(path...) }
