package pg_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

type renamed struct {
	Account uuid.UUID `json:"-"`
	Note    uuid.UUID `json:"noteId"`
	Name    string    `json:"name"`
}

func (renamed) Kind() string                          { return "note.renamed" }
func (e renamed) About() (account, subject uuid.UUID) { return e.Account, e.Note }

// told is what the table holds of an event.
type told struct {
	At                               time.Time
	Actor, UserID, AccountID, Kind   string
	SubjectID, Channel, Reason, Data string
	ReceivedAt                       *time.Time
}

func TestAnEventIsWrittenWithItsTransactionOrNotAtAll(t *testing.T) {
	for name, open := range map[string]func(testing.TB) shop{
		"on the shop's tables": newShop,
		"on the program's":     func(t testing.TB) shop { return shop{pgtest.New(t), key.New(), key.New()} },
	} {
		t.Run(name, func(t *testing.T) {
			s, ctx := open(t), t.Context()
			v, e := as(viewer.Staff, uuid.Nil), renamed{s.alice, key.New(), "it's"}
			asked := s.Clock.Now().Add(-48 * time.Hour)
			for _, fail := range []error{errors.New("no"), nil} {
				err := s.DB.Write(ctx, v, viewer.ManageAccount, func(tx *pg.Tx) error {
					tx.OnBehalf = pg.OnBehalf{Channel: "PHONE", ReceivedAt: asked, Reason: "call 12"}
					if err := tx.Record(e); err != nil {
						return err
					}
					return fail
				})
				if !errors.Is(err, fail) {
					t.Fatal(err)
				}
			}
			var got []told
			err := s.DB.Read(ctx, job, viewer.ReadAccount, func(tx *pg.Tx) error {
				return tx.NewRaw("SELECT at, actor, user_id::text, account_id::text, kind, subject_id::text, channel, received_at, reason, data::text FROM event").Scan(ctx, &got)
			})
			want := []told{{At: s.Clock.Now(), Actor: v.Actor(), UserID: v.User.String(), AccountID: s.alice.String(), Kind: "note.renamed", SubjectID: e.Note.String(),
				Channel: "PHONE", ReceivedAt: &asked, Reason: "call 12", Data: `{"name": "it's", "noteId": "` + e.Note.String() + `"}`}}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func TestTheTransactionKnowsTheDayInAmsterdam(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	for _, test := range []struct {
		name, now, today string
	}{
		{"the last second of a day", "2026-12-31T22:59:59.999999Z", "2026-12-31"},
		{"midnight in winter", "2026-12-31T23:00:00Z", "2027-01-01"},
		{"midnight in summer", "2026-06-30T22:00:00Z", "2026-07-01"},
		{"before the day of a leap year", "2028-02-28T22:59:59Z", "2028-02-28"},
		{"the leap day", "2028-02-28T23:00:00Z", "2028-02-29"},
	} {
		now, err := time.Parse(time.RFC3339Nano, test.now)
		if err != nil {
			t.Fatal(err)
		}
		s.Clock.Set(now.Add(300 * time.Nanosecond)) // finer than PostgreSQL holds
		err = s.DB.Read(ctx, job, viewer.ReadAccount, func(tx *pg.Tx) error {
			var day civil.Date
			var instant time.Time
			if err := tx.NewRaw("SELECT app.today(), app.now()").Scan(ctx, &day, &instant); err != nil {
				return err
			}
			if want := civil.MustParse(test.today); tx.Today() != want || day != want || !instant.Equal(tx.Now) || !instant.Equal(now) {
				t.Errorf("%s: %v in Go, %v in SQL, want %v; %v in Go, %v in SQL", test.name, tx.Today(), day, want, tx.Now, instant)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func init() {
	pg.RegisterConstraint("note_body_key", problem.New(problem.Conflict, problem.Text{NL: "Bestaat al.", EN: "It exists already."}))
}

func TestAViolationIsTheProblemRegisteredForIt(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	insert := func(body string, n int) error {
		return write(ctx, s.DB, as(viewer.Customer, s.alice), "INSERT INTO note VALUES (?, ?, ?, ?)", key.New(), s.alice, body, n)
	}
	if err := insert("once", 0); err != nil {
		t.Fatal(err)
	}
	err := insert("once", 0)
	if p, ok := problem.As(err); !ok || p.Code != problem.Conflict || !pg.Violates(err, "note_body_key") {
		t.Errorf("registered: %v", err)
	}
	err = insert("twice", -1)
	if _, ok := problem.As(err); ok || !pg.Violates(err, "note_n_check") || pg.Violates(err, "note_body_key") {
		t.Errorf("not registered: %v", err)
	}
	if err := write(ctx, s.DB, as(viewer.Customer, s.alice), "INSERT INTO note VALUES (?, ?, 'x')", key.New(), s.bob); !pg.Denied(err) {
		t.Errorf("a row for someone else: %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a constraint can be registered twice")
		}
	}()
	pg.RegisterConstraint("note_body_key", nil)
}

func TestTransactionsInEachOthersWayAreRunAgain(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	ids := []uuid.UUID{key.New(), key.New()}
	for i, id := range ids {
		if err := write(ctx, s.DB, job, "INSERT INTO note VALUES (?, ?, ?)", id, s.alice, string(rune('a'+i))); err != nil {
			t.Fatal(err)
		}
	}
	var tries [2]int
	var meet, wg sync.WaitGroup
	meet.Add(2)
	for i := range 2 {
		wg.Go(func() {
			err := s.DB.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
				tries[i]++
				add := func(id uuid.UUID) error {
					_, err := tx.ExecContext(ctx, "UPDATE note SET n = n + 1 WHERE id = ?", id)
					return err
				}
				if err := add(ids[i]); err != nil {
					return err
				}
				if tries[i] == 1 {
					meet.Done()
					meet.Wait() // each holds what the other wants
				}
				return add(ids[1-i])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	sum, err := ask[int](ctx, s.DB, job, "SELECT sum(n) FROM note")
	if sum != 4 || tries[0]+tries[1] != 3 || err != nil {
		t.Errorf("the sum is %d after %v tries (%v), want 4 after 3", sum, tries, err)
	}
}

func TestWaitingForALockEnds(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	short := s.reopen(t, s.URL, pg.Options{LockTimeout: 30 * time.Millisecond, StatementTimeout: 200 * time.Millisecond})
	err := s.DB.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
		if _, err := tx.ExecContext(ctx, "LOCK TABLE note"); err != nil {
			return err
		}
		if err := write(ctx, short, as(viewer.Staff, uuid.Nil), "DELETE FROM note"); !pg.TimedOut(err) {
			t.Errorf("waiting for a lock: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := ask[string](ctx, short, as(viewer.Staff, uuid.Nil), "SELECT pg_sleep(60)::text"); !pg.TimedOut(err) {
		t.Errorf("a slow statement: %v", err)
	}
	if _, err := ask[string](ctx, short, job, "SELECT pg_sleep(0.3)::text"); err != nil {
		t.Errorf("a job's slow statement: %v", err)
	}
}

func TestWorkThatIsCancelledIsNotCommitted(t *testing.T) {
	s := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	id := key.New()
	err := s.DB.Write(ctx, job, viewer.ManageAccount, func(tx *pg.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO account VALUES (?)", id)
		cancel()
		return err
	})
	n, askErr := ask[int](t.Context(), s.DB, job, "SELECT count(*) FROM account WHERE id = ?", id)
	if !errors.Is(err, context.Canceled) || n != 0 || askErr != nil {
		t.Errorf("%v, %d rows (%v)", err, n, askErr)
	}
}

func TestTheIDsOfSQLAndGoAreTheSame(t *testing.T) {
	s := newShop(t)
	id := key.New()
	got, err := ask[string](t.Context(), s.DB, job, "SELECT app.key('inv', ?)", id)
	if want := key.Format(key.Invoice, id); got != want || err != nil {
		t.Errorf("%s in SQL, %s in Go (%v)", got, want, err)
	}
	var raw json.RawMessage
	if raw, err = ask[json.RawMessage](t.Context(), s.DB, job, "SELECT json_build_object('id', app.key('inv', ?))", id); err != nil || len(raw) == 0 {
		t.Error(err)
	}
}
