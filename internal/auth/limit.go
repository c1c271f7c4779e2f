package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"klantenpaneel/internal/pg"
)

// Limiter counts what may be done only so often, over all servers together. It is the generic cell rate algorithm: a key
// may spend its whole limit at once, and gets it back evenly, so there is no moment at which everything is allowed again.
type Limiter struct {
	db  *pg.DB
	now func() time.Time
}

// NewLimiter returns a Limiter that keeps its counts in the database. now is the wall clock.
func NewLimiter(db *pg.DB, now func() time.Time) *Limiter { return &Limiter{db, now} }

// Allowance is what a key may still spend.
type Allowance struct {
	OK        bool      // whether the cost was allowed; if not, nothing was spent
	Limit     int       // what may be spent at once
	Remaining int       // of it
	ResetAt   time.Time // when all of it is back
	RetryAt   time.Time // when the refused cost will be allowed; zero when OK, and when it never will
}

// Allow spends cost for the key, if that stays within limit per window. It is one statement on one row; calls for the
// same key on any number of servers never spend more than the limit together. A cost of 0 only looks.
func (l *Limiter) Allow(ctx context.Context, key string, cost, limit int, window time.Duration) (a Allowance, err error) {
	err = l.db.Write(ctx, itself, manage, func(tx *pg.Tx) error {
		a, err = rate{key, limit, window}.take(ctx, tx, l.now(), cost)
		return err
	})
	return a, err
}

// rate is what a key may spend.
type rate struct {
	key    string
	limit  int
	window time.Duration
}

// The limits of this package. Signing in gives back what it took, so the first three count failures.
func rateOfUser(email string) rate { return rate{"login:" + short(email), 10, 15 * time.Minute} }

// rateAtHome is instead of rateOfUser where the user signed in before: nobody elsewhere can lock it out there.
func rateAtHome(email string, c Client) rate {
	return rate{"login:" + short(email+" "+c.address()), 10, 15 * time.Minute}
}

func rateOfAddress(c Client) rate {
	ip := c.IP.Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil { // a house has that many addresses
			ip = p.Addr()
		}
	}
	return rate{"address:" + ip.String(), 60, 10 * time.Minute}
}

func rateOfMail(email string) rate { return rate{"reset:" + short(email), 3, time.Hour} }

// short keeps keys small and free of what people typed.
func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// take spends cost. The row holds the time at which the key will have its whole limit back.
func (r rate) take(ctx context.Context, tx *pg.Tx, now time.Time, cost int) (Allowance, error) {
	now = now.UTC().Truncate(time.Microsecond)
	each := r.window / time.Duration(r.limit)
	never := cost > r.limit
	if never {
		cost = 0 // look only
	}
	spend := time.Duration(cost) * each
	var row struct {
		ArrivesAt time.Time
		Taken     bool
	}
	err := tx.NewRaw(`WITH taken AS (
			INSERT INTO rate_limit AS r (key, arrives_at) VALUES (?, ?::timestamptz + ? * interval '1 microsecond')
			ON CONFLICT (key) DO UPDATE SET arrives_at = greatest(r.arrives_at, ?::timestamptz) + ? * interval '1 microsecond'
			WHERE greatest(r.arrives_at, ?::timestamptz) + ? * interval '1 microsecond' <= ?::timestamptz
			RETURNING arrives_at)
		SELECT arrives_at, true AS taken FROM taken
		UNION ALL SELECT coalesce((SELECT arrives_at FROM rate_limit WHERE key = ?), ?::timestamptz), false WHERE NOT EXISTS (SELECT FROM taken)`,
		r.key, now, spend.Microseconds(), now, spend.Microseconds(), now, spend.Microseconds(), now.Add(r.window), r.key, now.Add(r.window)).Scan(ctx, &row)
	if err != nil {
		return Allowance{}, fmt.Errorf("count for a rate limit: %w", err)
	}
	a := Allowance{OK: row.Taken && !never, Limit: r.limit, ResetAt: row.ArrivesAt}
	a.Remaining = max(0, int((r.window-row.ArrivesAt.Sub(now))/each))
	if !row.Taken {
		a.RetryAt = row.ArrivesAt.Add(spend - r.window)
	}
	return a, nil
}

// giveBack undoes a take.
func (r rate) giveBack(ctx context.Context, tx *pg.Tx, cost int) error {
	each := r.window / time.Duration(r.limit)
	_, err := tx.NewRaw(`UPDATE rate_limit SET arrives_at = arrives_at - ? * interval '1 microsecond' WHERE key = ?`, (time.Duration(cost) * each).Microseconds(), r.key).Exec(ctx)
	if err != nil {
		return fmt.Errorf("give back to a rate limit: %w", err)
	}
	return nil
}

// clear forgets all that was spent.
func (r rate) clear(ctx context.Context, tx *pg.Tx) error {
	if _, err := tx.NewRaw(`DELETE FROM rate_limit WHERE key = ?`, r.key).Exec(ctx); err != nil {
		return fmt.Errorf("clear a rate limit: %w", err)
	}
	return nil
}
