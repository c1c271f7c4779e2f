package pg

import (
	"context"
	"errors"
	"sync"

	"klantenpaneel/internal/viewer"

	"github.com/uptrace/bun"
)

// Snapshot is the one read-only transaction of a query operation: one identity, one state of the database, however many
// loaders read from it. It is opened at the first need. Goroutines may share it.
type Snapshot struct {
	db     *DB
	ctx    context.Context // of the operation: the transaction ends with it
	viewer viewer.Viewer

	mu     sync.Mutex
	tx     *Tx
	bun    bun.Tx
	entry  *entry
	closed bool
}

// errClosed is the answer to a read after the end of the operation.
var errClosed = errors.New("pg: the snapshot is closed")

// Snapshot returns a transaction for v that opens when it is first read from. Close must be called.
func (db *DB) Snapshot(ctx context.Context, v viewer.Viewer) *Snapshot {
	return &Snapshot{db: db, ctx: ctx, viewer: v}
}

// Viewer returns on whose behalf the snapshot is read.
func (s *Snapshot) Viewer() viewer.Viewer { return s.viewer }

// Read runs f in the transaction if the viewer may do p. When the connection breaks f is run again from its start, in a
// new snapshot, which all later reads then share.
func (s *Snapshot) Read(_ context.Context, p viewer.Permission, f func(tx *Tx) error) error {
	if err := s.viewer.Require(p); err != nil {
		return err
	}
	return s.db.retry(s.ctx, func() (again bool, err error) {
		tx, e, err := s.open()
		if err != nil {
			return false, err
		}
		err = f(tx)
		if err != nil && e.lost.Load() {
			s.abandon(e)
			return true, err
		}
		return false, translate(err)
	})
}

// Close ends the transaction. Reading afterwards is an error; closing twice is not.
func (s *Snapshot) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.tx == nil {
		return nil
	}
	if err := s.bun.Rollback(); err != nil && !s.entry.lost.Load() && s.ctx.Err() == nil {
		return err
	}
	return nil
}

func (s *Snapshot) open() (*Tx, *entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, errClosed
	}
	if s.tx == nil {
		tx, btx, e, err := s.db.begin(s.ctx, beginRead, s.viewer)
		if err != nil {
			return nil, nil, err
		}
		s.tx, s.bun, s.entry = tx, btx, e
	}
	return s.tx, s.entry, nil
}

// abandon lets go of a transaction whose connection broke, unless another reader has done so.
func (s *Snapshot) abandon(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entry == e && s.tx != nil {
		_ = s.bun.Rollback()
		s.tx, s.entry = nil, nil
	}
}
