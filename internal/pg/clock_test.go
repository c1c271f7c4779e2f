package pg_test

import (
	"testing"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/viewer"
)

func TestATransactionHappensWhenItsContextSays(t *testing.T) {
	d := pgtest.New(t)
	past := time.Date(2014, time.April, 18, 2, 0, 0, 123456789, time.UTC)
	var day string
	err := d.DB.Write(pg.At(t.Context(), past), viewer.ForJob("test"), viewer.ManageDesk, func(tx *pg.Tx) error {
		if want := past.Truncate(time.Microsecond); !tx.Now.Equal(want) {
			t.Errorf("it is %s, not %s", tx.Now, want)
		}
		return tx.NewRaw("SELECT app.today()::text").Scan(t.Context(), &day)
	})
	if err != nil || day != "2014-04-18" {
		t.Errorf("in SQL it is %s: %v", day, err)
	}
}
