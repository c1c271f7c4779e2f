package graph

import (
	"context"

	"klantenpaneel/graph/model"
	"klantenpaneel/internal/gqlhttp"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/viewer"
)

// rateLimit tells what this request cost and what the viewer has left; nil when there is no limit.
func (r *Resolver) rateLimit(ctx context.Context) (*model.RateLimit, error) {
	cost := gqlhttp.CostFrom(ctx)
	if cost == nil || cost.Budget == nil {
		return nil, nil
	}
	return &model.RateLimit{Cost: cost.Requested, Limit: cost.Budget.Limit, Remaining: cost.Budget.Remaining, ResetAt: cost.Budget.ResetAt}, nil
}

// notificationAdded follows an account. A feed is opened before there is a response, and so before there is an operation.
func (r *Resolver) notificationAdded(ctx context.Context, accountID *string) (<-chan *notify.Notification, error) {
	return r.Notifications.Follow(ctx, viewer.FromContext(ctx), accountID)
}

// samples reads the input of usageRecord. An id that is none becomes the nil uuid, which no package has.
func samples(input model.UsageRecordInput) []hosting.Sample {
	samples := make([]hosting.Sample, len(input.Samples))
	for i, s := range input.Samples {
		id, _ := key.Parse(key.HostingPackage, s.PackageID)
		samples[i] = hosting.Sample{PackageID: id, MeasuredAt: s.MeasuredAt, DiskBytes: s.DiskBytes, TrafficBytes: s.TrafficBytes, Inodes: s.Inodes}
	}
	return samples
}
