package pg_test

import (
	"errors"
	"testing"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

func TestWhatBecameOfACommitIsLookedUp(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	db := s.reopen(t, s.URL, pg.Options{ConnectWait: 500 * time.Millisecond})
	now, err := pg.Incarnation(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	xid := func(end error) (xid string) {
		err := db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
			if err := tx.NewRaw("SELECT pg_current_xact_id()::text").Scan(ctx, &xid); err != nil {
				return err
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
		return xid
	}
	committed, aborted := xid(nil), xid(errors.New("no"))
	if err := db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error { return tx.Record(renamed{Name: "x"}) }); err != nil {
		t.Fatal(err)
	}
	event, err := ask[uuid.UUID](ctx, db, job, "SELECT id FROM event")
	if err != nil {
		t.Fatal(err)
	}
	const before = "before the crash"
	for _, test := range []struct {
		name             string
		xid, incarnation string
		event            uuid.UUID
		again, unknown   bool
	}{
		{"it changed nothing", "", now, uuid.Nil, true, true},
		{"it was committed", committed, now, uuid.Nil, false, false},
		{"it was rolled back", aborted, now, uuid.Nil, true, true},
		{"the server crashed, its event is there", aborted, before, event, false, false},
		{"the server crashed, its event is not there", committed, before, key.New(), true, true},
		{"the server crashed, it had no event", committed, before, uuid.Nil, false, true},
	} {
		again, err := pg.LookUp(ctx, db, test.xid, test.incarnation, test.event)
		if again != test.again || errors.Is(err, pg.ErrUnknownOutcome) != test.unknown {
			t.Errorf("%s: again %v, %v", test.name, again, err)
		}
	}
	err = db.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
		var running string
		if err := tx.NewRaw("SELECT pg_current_xact_id()::text").Scan(ctx, &running); err != nil {
			return err
		}
		if again, err := pg.LookUp(ctx, db, running, now, uuid.Nil); again || !errors.Is(err, pg.ErrUnknownOutcome) {
			t.Errorf("it is still going on: again %v, %v", again, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
