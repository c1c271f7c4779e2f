package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/key"

	"github.com/google/uuid"
)

const recordUsage = "mutation($samples: [UsageSampleInput!]!) { usageRecord(input: {samples: $samples}) { recordedCount errors { __typename ... on UserError { code message path } } } }"

// hosted is a site with hosting packages, half of them of either customer, and a program that reports for them.
type hosted struct {
	*site
	packages []uuid.UUID
	node     *client
}

func newHosted(t *testing.T, n int) *hosted {
	t.Helper()
	h := &hosted{site: newSite(t)}
	for i := range n {
		h.packages = append(h.packages, key.New())
		account := h.one
		if i%2 == 1 {
			account = h.two
		}
		h.must(t, "insert into hosting_package (id, account_id, name, node, username, status, disk_limit_bytes, created_at) values (?, ?, ?, 'web1', ?, 'ACTIVE', 29, now())", h.packages[i], account, fmt.Sprint("p", i), fmt.Sprint("u", i))
	}
	h.user(t, "admin@ping.example", uuid.Nil, "ADMIN")
	made := h.signedIn(t, "admin@ping.example").ask(t, createToken, tokenInput("web1", 30, "USAGE_RECORD"))
	h.node = h.bearer(made.str("data.apiTokenCreate.token"))
	return h
}

func (h *hosted) sample(n int, at time.Time, disk, traffic int64) map[string]any {
	return map[string]any{"packageId": key.Format(key.HostingPackage, h.packages[n]), "measuredAt": at.UTC().Format(time.RFC3339Nano), "diskBytes": disk, "trafficBytes": traffic}
}

func (h *hosted) record(t testing.TB, samples ...map[string]any) reply {
	t.Helper()
	return h.node.ask(t, recordUsage, map[string]any{"samples": append([]map[string]any{}, samples...)})
}

func TestAMachineSeesNothingAndOnlyItRecordsUsage(t *testing.T) {
	t.Parallel()
	h := newHosted(t, 2)
	h.user(t, "owner@one.example", h.one, "OWNER")
	got := h.node.ask(t, "{ viewer { kind name permissions account { id } user { id } } accounts { totalCount } hostingPackages { totalCount } node(id: \""+key.Format(key.HostingPackage, h.packages[0])+"\") { id } }", nil)
	if got.str("data.viewer.kind") != "MACHINE" || fmt.Sprint(got.at("data.viewer.permissions")) != "[USAGE_RECORD]" || got.at("data.accounts") != nil || got.at("data.hostingPackages") != nil || got.at("data.node") != nil || got.at("errors") != nil {
		t.Errorf("%s", got.raw)
	}
	sample := h.sample(0, time.Now(), 1, 1)
	for name, c := range map[string]*client{"an owner": h.signedIn(t, "owner@one.example"), "an admin": h.signedIn(t, "admin@ping.example")} {
		if got := c.ask(t, recordUsage, map[string]any{"samples": []any{sample}}); got.code() != "FORBIDDEN" || got.str("data.usageRecord.errors.0.__typename") != "ForbiddenError" {
			t.Errorf("%s: %s", name, got.raw)
		}
	}
	if got := h.visitor().ask(t, recordUsage, map[string]any{"samples": []any{sample}}); got.code() != "UNAUTHENTICATED" {
		t.Errorf("a visitor: %s", got.raw)
	}
	if n := h.number(t, "select count(*) from usage_day"); n != 0 {
		t.Errorf("%d samples were recorded", n)
	}
}

func TestOfSeveralSamplesOfADayTheNewestStaysInWhateverOrderTheyCome(t *testing.T) {
	t.Parallel()
	h := newHosted(t, 1)
	noon := time.Now().UTC().AddDate(0, 0, -40).Truncate(24 * time.Hour).Add(12 * time.Hour)
	var samples []map[string]any
	for i := range 6 {
		samples = append(samples, h.sample(0, noon.Add(time.Duration(i)*time.Minute), int64(i), int64(100*i)))
	}
	for range 20 {
		h.must(t, "delete from usage_day; update hosting_package set measured_at = null")
		rand.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		cut := rand.IntN(len(samples) + 1)
		for _, batch := range [][]map[string]any{samples[:cut], samples[cut:], samples} {
			if len(batch) > 0 {
				if got := h.record(t, batch...); got.code() != "" {
					t.Fatal(got.raw)
				}
			}
		}
		if disk := h.number(t, "select disk_bytes from usage_day"); disk != 5 {
			t.Fatalf("in the order %v sample %d stays", samples, disk)
		}
		if disk := h.number(t, "select disk_bytes from hosting_package"); disk != 5 {
			t.Fatalf("in the order %v the package shows sample %d", samples, disk)
		}
	}
	before := h.fingerprint(t)
	if got := h.record(t, samples...); got.at("data.usageRecord.recordedCount") != 0.0 {
		t.Errorf("a repeat counts: %s", got.raw)
	}
	if tables := changed(before, h.fingerprint(t)); len(tables) != 0 {
		t.Errorf("a repeat changes %v", tables)
	}
	older := h.sample(0, noon.AddDate(0, 0, -1), 7, 7)
	if got := h.record(t, older); got.at("data.usageRecord.recordedCount") != 1.0 {
		t.Errorf("an older day does not count: %s", got.raw)
	}
	if disk := h.number(t, "select disk_bytes from hosting_package"); disk != 5 {
		t.Errorf("an older day becomes the present: %d", disk)
	}
}

// TestTheDayOfASampleIsTheOneInAmsterdam: just before and just after midnight there.
func TestTheDayOfASampleIsTheOneInAmsterdam(t *testing.T) {
	t.Parallel()
	h := newHosted(t, 1)
	year := time.Now().Year()
	if time.Now().Month() < time.August {
		year--
	}
	summer := time.Date(year, 6, 30, 21, 59, 59, 999999000, time.UTC) // two hours ahead
	if got := h.record(t, h.sample(0, summer, 1, 500), h.sample(0, summer.Add(time.Microsecond), 2, 3)); got.at("data.usageRecord.recordedCount") != 2.0 {
		t.Fatal(got.raw)
	}
	h.user(t, "owner@one.example", h.one, "OWNER")
	got := h.signedIn(t, "owner@one.example").ask(t, "{ hostingPackages { nodes { usage { diskBytes diskPercent trafficBytes trafficPercent stale } usageHistory { month diskBytes trafficBytes } } } }", nil)
	want := fmt.Sprintf(`"usageHistory":[{"month":"%d-06-01","diskBytes":1,"trafficBytes":500},{"month":"%d-07-01","diskBytes":2,"trafficBytes":3}]`, year, year)
	if !strings.Contains(got.raw, want) || !strings.Contains(got.raw, `"usage":{"diskBytes":2,"diskPercent":6,"trafficBytes":3,"trafficPercent":null,"stale":true}`) {
		t.Errorf("%s", got.raw)
	}
}

func TestABatchIsRecordedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := newHosted(t, 3)
	h.must(t, "update hosting_package set status = 'PURGED' where id = ?", h.packages[2])
	now := time.Now()
	with := func(name string, value any) map[string]any {
		s := maps.Clone(h.sample(1, now, 1, 1))
		s[name] = value
		return s
	}
	good := h.sample(0, now, 1, 1)
	h.record(t, h.sample(0, now.Add(-time.Hour), 1, 1)) // so that the token was used before
	before := h.fingerprint(t)
	for _, test := range []struct {
		name, code, field string
		sample            map[string]any
	}{
		{"storage below nothing", "INVALID", "diskBytes", with("diskBytes", -1)},
		{"traffic below nothing", "INVALID", "trafficBytes", with("trafficBytes", -1)},
		{"files below nothing", "INVALID", "inodes", with("inodes", -1)},
		{"the future", "INVALID", "measuredAt", with("measuredAt", now.Add(time.Hour).UTC().Format(time.RFC3339))},
		{"longer than 13 months ago", "INVALID", "measuredAt", with("measuredAt", now.AddDate(0, -14, 0).UTC().Format(time.RFC3339))},
		{"an unknown package", "NOT_FOUND", "packageId", with("packageId", key.Format(key.HostingPackage, key.New()))},
		{"a malformed id", "NOT_FOUND", "packageId", with("packageId", "x")},
		{"an id of another type", "NOT_FOUND", "packageId", with("packageId", key.Format(key.Domain, h.packages[1]))},
		{"a package that is purged", "NOT_FOUND", "packageId", with("packageId", key.Format(key.HostingPackage, h.packages[2]))},
		{"more than a Long holds", "GRAPHQL_VALIDATION_FAILED", "", with("diskBytes", 1<<53)},
		{"a fraction", "GRAPHQL_VALIDATION_FAILED", "", with("diskBytes", 1.5)},
		{"text", "GRAPHQL_VALIDATION_FAILED", "", with("diskBytes", "1")},
		{"a day", "GRAPHQL_VALIDATION_FAILED", "", with("measuredAt", "2026-11-20")},
	} {
		got := h.record(t, good, test.sample)
		if got.code() != test.code || got.at("data.usageRecord.recordedCount") != nil {
			t.Errorf("%s: %s", test.name, got.raw)
		}
		if path := fmt.Sprint(got.at("data.usageRecord.errors.0.path")); test.field != "" && path != "[input samples 1 "+test.field+"]" {
			t.Errorf("%s: blames %s", test.name, path)
		}
	}
	if got := h.record(t); got.code() != "INVALID" || fmt.Sprint(got.at("data.usageRecord.errors.0.path")) != "[input samples]" {
		t.Errorf("no samples: %s", got.raw)
	}
	if got := h.record(t, slices.Repeat([]map[string]any{good}, 1001)...); got.code() != "OPERATION_LIMIT_EXCEEDED" && got.code() != "INVALID" && got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("1,001 samples: %.300s", got.raw)
	}
	if tables := changed(before, h.fingerprint(t)); len(tables) != 0 {
		t.Errorf("refused batches changed %v", tables)
	}
}

// TestAThousandSamplesAtOnceFromSeveralNodesTogether: of all that is sent the newest stays, and no batch fails.
func TestAThousandSamplesAtOnceFromSeveralNodesTogether(t *testing.T) {
	t.Parallel()
	h := newHosted(t, 250)
	base := time.Now().Add(-2 * time.Hour).Truncate(time.Second)
	var wait sync.WaitGroup
	for node := range 4 {
		wait.Go(func() {
			samples := make([]map[string]any, 0, 1000)
			for i := range 1000 {
				n := i % len(h.packages)
				minute := (i/len(h.packages))*4 + node
				samples = append(samples, h.sample(n, base.Add(time.Duration(minute)*time.Minute), int64(minute), int64(minute)))
			}
			rand.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
			for range 2 {
				if got := h.record(t, samples...); got.code() != "" || got.status != 200 {
					t.Errorf("node %d: %d %.300s", node, got.status, got.raw)
				}
			}
		})
	}
	wait.Wait()
	days := h.number(t, "select count(distinct day) from usage_day")
	for what, query := range map[string]string{
		"packages without their newest sample": "select count(*) from hosting_package where disk_bytes is distinct from 15",
		"days without their newest sample":     "select count(*) from (select package_id, max(disk_bytes) as newest from usage_day group by 1) d where newest <> 15",
		"rows too many or too few":             fmt.Sprintf("select abs(count(*) - %d) from usage_day", 250*days),
	} {
		if n := h.number(t, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}
