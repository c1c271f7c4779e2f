package demo

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// measured is a package with what it holds at most, for the imagination.
type measured struct {
	ID, AccountID uuid.UUID
	Name          string
	Disk, Traffic int64 // limits
	Since         time.Time
}

// measure gives every package thirteen months of daily samples (P-22), and the newest as what it uses now. One is nearly full.
func (s *seeder) measure(ctx context.Context) error {
	var packages []measured
	err := s.db.Read(pg.At(ctx, s.now), job, viewer.ReadDesk, func(tx *pg.Tx) error {
		return tx.NewRaw(`select id, account_id, name, coalesce(disk_limit_bytes, 100000000000) as disk, coalesce(traffic_limit_bytes, 1000000000000) as traffic, created_at as since
			from hosting_package where status in ('ACTIVE', 'SUSPENDED') order by created_at, id`).Scan(ctx, &packages)
	})
	if err != nil {
		return fmt.Errorf("find the packages: %w", err)
	}
	_, err = s.db.Copy(pg.At(ctx, s.now), job, viewer.ManageDesk, pg.Bulk{Table: "usage_day", Columns: []string{"package_id", "day", "account_id", "disk_bytes", "traffic_bytes", "inodes", "measured_at"}}, s.samples(packages))
	if err != nil {
		return err
	}
	return s.do(ctx, s.now, func(tx *pg.Tx) error {
		_, err := tx.NewRaw(`update hosting_package h set disk_bytes = u.disk_bytes, traffic_bytes = u.traffic_bytes, inodes = u.inodes, measured_at = u.measured_at
			from (select distinct on (package_id) * from usage_day order by package_id, day desc) u where u.package_id = h.id`).Exec(ctx)
		if err != nil {
			return fmt.Errorf("measure: %w", err)
		}
		full := packages[slices.IndexFunc(packages, func(p measured) bool { return fullness[p.Name] == 0.93 })]
		return notify.Add(ctx, tx, &notify.Notification{AccountID: full.AccountID, Kind: "USAGE_90", SubjectType: key.HostingPackage, SubjectID: &full.ID, Data: map[string]string{"name": full.Name, "percent": "92"}})
	})
}

// fullness is how full the packages are that need attention: the bakery's, and one of a customer of the reseller.
var fullness = map[string]float64{"dekorenaar-voorbeeld.nl": 0.93, "yogastudioadem-voorbeeld.nl": 0.84}

// samples imagines what was measured: storage that grows slowly, and traffic that adds up over each month with quiet weekends.
func (s *seeder) samples(packages []measured) iter.Seq2[[]any, error] {
	last := s.now.Add(-3 * time.Hour)
	if night := civil.In(s.now).At(3, 10); night.Before(s.now) {
		last = night
	}
	return func(yield func([]any, error) bool) {
		for i, p := range packages {
			r := rand.New(rand.NewPCG(uint64(i), 13))
			share := 0.15 + 0.5*r.Float64()
			if f, ok := fullness[p.Name]; ok {
				share = f
			}
			from := civil.Latest(civil.In(p.Since), s.today.FirstOfMonth().AddMonths(1-hosting.HistoryMonths))
			until := civil.In(last)
			traffic, monthly := 0.0, 0.1+0.5*r.Float64()
			for day := from; !day.After(until); day = day.AddDays(1) {
				if day.Day() == 1 {
					traffic = 0
				}
				weight := 1.2
				if !day.IsWorkingDay() {
					weight = 0.5
				}
				traffic += monthly * float64(p.Traffic) / 30 * weight * (0.6 + 0.8*r.Float64())
				disk := float64(p.Disk) * share * (1 - 0.0009*float64(until.Sub(day))) * (0.995 + 0.005*r.Float64())
				at := day.At(3, 10)
				if day == until {
					at = last
				}
				if !yield([]any{p.ID, day, p.AccountID, int64(max(0, disk)), int64(traffic), int64(max(0, disk)) / 40_000, at}, nil) {
					return
				}
			}
		}
	}
}
