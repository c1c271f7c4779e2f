package hosting

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// HistoryMonths is how many calendar months of usage are kept, the present one included (P-22).
const HistoryMonths = 13

// MaxSamples is how many samples one call may record.
const MaxSamples = 1000

// Hosting is how the rest of the program reaches hosting packages.
type Hosting struct{ db *pg.DB }

// New returns the hosting packages in db.
func New(db *pg.DB) *Hosting { return &Hosting{db} }

// Sample is one measurement of one package.
type Sample struct {
	PackageID               uuid.UUID
	MeasuredAt              time.Time
	DiskBytes, TrafficBytes int64
	Inodes                  *int64
}

// RecordUsage stores samples, all or none, and returns how many were new or newer than what was known. Of several samples
// of one package and day the one measured last stays, in whatever order they come, so that a repeat changes nothing.
// Unknown packages and samples from the future are a problem that names the sample.
func (h *Hosting) RecordUsage(ctx context.Context, v viewer.Viewer, samples []Sample) (recorded int, err error) {
	err = h.db.Write(ctx, v, viewer.RecordUsage, func(tx *pg.Tx) error {
		if err := check(samples, tx.Now); err != nil {
			return err
		}
		n := len(samples)
		ids, at, days, disk, traffic, inodes := make([]string, n), make([]string, n), make([]string, n), make([]int64, n), make([]int64, n), make([]int64, n)
		for i, s := range samples {
			ids[i], at[i], days[i], disk[i], traffic[i], inodes[i] = s.PackageID.String(), s.MeasuredAt.UTC().Format(time.RFC3339Nano), civil.In(s.MeasuredAt).String(), s.DiskBytes, s.TrafficBytes, -1
			if s.Inodes != nil {
				inodes[i] = *s.Inodes
			}
		}
		if err := lock(ctx, tx, samples, ids); err != nil {
			return err
		}
		const given = `with given as (select * from unnest(?::uuid[], ?::timestamptz[], ?::date[], ?::bigint[], ?::bigint[], ?::bigint[]) with ordinality g(package_id, measured_at, day, disk_bytes, traffic_bytes, inodes, n)) `
		args := []any{pgdialect.Array(ids), pgdialect.Array(at), pgdialect.Array(days), pgdialect.Array(disk), pgdialect.Array(traffic), pgdialect.Array(inodes)}
		res, err := tx.NewRaw(given+`insert into usage_day (package_id, day, account_id, disk_bytes, traffic_bytes, inodes, measured_at)
			select distinct on (g.package_id, g.day) g.package_id, g.day, h.account_id, g.disk_bytes, g.traffic_bytes, nullif(g.inodes, -1), g.measured_at
			from given g join hosting_package h on h.id = g.package_id order by g.package_id, g.day, g.measured_at desc, g.n desc
			on conflict (package_id, day) do update set disk_bytes = excluded.disk_bytes, traffic_bytes = excluded.traffic_bytes, inodes = excluded.inodes, measured_at = excluded.measured_at
			where usage_day.measured_at < excluded.measured_at`, args...).Exec(ctx)
		if err != nil {
			return fmt.Errorf("record %d samples: %w", n, err)
		}
		changed, err := res.RowsAffected()
		if err != nil {
			return err
		}
		recorded = int(changed)
		_, err = tx.NewRaw(given+`, newest as (select distinct on (package_id) * from given order by package_id, measured_at desc, n desc)
			update hosting_package h set disk_bytes = g.disk_bytes, traffic_bytes = g.traffic_bytes, inodes = nullif(g.inodes, -1), measured_at = g.measured_at
			from newest g where h.id = g.package_id and (h.measured_at is null or h.measured_at < g.measured_at)`, args...).Exec(ctx)
		return err
	})
	return recorded, err
}

// lock holds the packages of the samples until the transaction ends. All batches take them in one order, so that none waits
// for another that waits for it.
func lock(ctx context.Context, tx *pg.Tx, samples []Sample, ids []string) error {
	var held []uuid.UUID
	err := tx.NewRaw("select id from hosting_package where id = any(?::uuid[]) and status <> 'PURGED' order by id for no key update", pgdialect.Array(ids)).Scan(ctx, &held)
	if err != nil {
		return fmt.Errorf("lock the packages of %d samples: %w", len(samples), err)
	}
	there := make(map[uuid.UUID]bool, len(held))
	for _, id := range held {
		there[id] = true
	}
	for i, s := range samples {
		if !there[s.PackageID] {
			return problem.Missing().At("input", "samples", fmt.Sprint(i), "packageId")
		}
	}
	return nil
}

// check refuses what cannot have been measured.
func check(samples []Sample, now time.Time) error {
	if len(samples) < 1 || len(samples) > MaxSamples {
		return problem.New(problem.Invalid, problem.Text{NL: "Stuur 1 tot en met %d metingen.", EN: "Send 1 to %d samples."}, MaxSamples).At("input", "samples")
	}
	for i, s := range samples {
		field, text := "", problem.Text{}
		switch {
		case s.DiskBytes < 0:
			field, text = "diskBytes", problem.Text{NL: "Opslag kan niet negatief zijn.", EN: "Storage cannot be negative."}
		case s.TrafficBytes < 0:
			field, text = "trafficBytes", problem.Text{NL: "Dataverkeer kan niet negatief zijn.", EN: "Traffic cannot be negative."}
		case s.Inodes != nil && *s.Inodes < 0:
			field, text = "inodes", problem.Text{NL: "Het aantal bestanden kan niet negatief zijn.", EN: "The number of files cannot be negative."}
		case s.MeasuredAt.After(now.Add(5 * time.Minute)):
			field, text = "measuredAt", problem.Text{NL: "De meting ligt in de toekomst.", EN: "The sample lies in the future."}
		case civil.In(s.MeasuredAt).Before(civil.In(now).AddMonths(-HistoryMonths)):
			field, text = "measuredAt", problem.Text{NL: "De meting is meer dan 13 maanden oud.", EN: "The sample is more than 13 months old."}
		default:
			continue
		}
		return problem.New(problem.Invalid, text).At("input", "samples", fmt.Sprint(i), field)
	}
	return nil
}

// History returns what packages used in each calendar month since a day, oldest first. Each package has an entry.
func History(ctx context.Context, tx *pg.Tx, packages []uuid.UUID, since civil.Date) (map[uuid.UUID][]Month, error) {
	ids := make([]string, len(packages))
	history := make(map[uuid.UUID][]Month, len(packages))
	for i, id := range packages {
		ids[i], history[id] = id.String(), []Month{}
	}
	var months []Month
	err := tx.NewRaw(`select package_id, date_trunc('month', day)::date as month, max(disk_bytes) as disk_bytes, max(traffic_bytes) as traffic_bytes
		from usage_day where package_id = any(?::uuid[]) and day >= ? group by 1, 2 order by 1, 2`, pgdialect.Array(ids), since).Scan(ctx, &months)
	for _, m := range months {
		history[m.PackageID] = append(history[m.PackageID], m)
	}
	return history, err
}
