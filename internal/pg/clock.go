package pg

import (
	"context"
	"time"
)

type clockKey struct{}

// At returns a context in which transactions happen at that instant, whatever the clock of the DB shows: the demo's past is
// made by living through it day by day.
func At(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, t)
}

// now returns the instant of a transaction that begins, in UTC and to the microsecond, as PostgreSQL holds it.
func (db *DB) now(ctx context.Context) time.Time {
	t, ok := ctx.Value(clockKey{}).(time.Time)
	if !ok {
		t = db.options.Now()
	}
	return t.UTC().Truncate(time.Microsecond)
}
