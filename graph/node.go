package graph

import (
	"context"

	"klantenpaneel/graph/model"
	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/problem"

	"github.com/google/uuid"
)

// maxNodes is how many objects Query.nodes fetches at once.
const maxNodes = 100

type finder func(ctx context.Context, id uuid.UUID) (model.Node, error)

// find returns the T with this id; nil when it does not exist or may not be seen: the two are one answer (P-01).
func find[T any, P interface {
	*T
	model.Node
}](ctx context.Context, id uuid.UUID) (model.Node, error) {
	row, err := one[T](ctx, &id)
	if err != nil || row == nil {
		return nil, err
	}
	return P(row), nil
}

// shownInvoice returns the invoice with this id, unless it is a draft or older than the archive (P-08): of a draft even the
// number and the days are missing.
func shownInvoice(ctx context.Context, id *uuid.UUID) (*billing.Invoice, error) {
	i, err := one[billing.Invoice](ctx, id)
	if err != nil || i == nil || !i.Shown() {
		return nil, err
	}
	return i, nil
}

func findInvoice(ctx context.Context, id uuid.UUID) (model.Node, error) {
	i, err := shownInvoice(ctx, &id)
	if err != nil || i == nil {
		return nil, err
	}
	return i, nil
}

// node returns any object by its id in the API.
func node(ctx context.Context, id string) (model.Node, error) {
	prefix, uid, ok := key.Split(id)
	if !ok {
		return nil, nil
	}
	f, ok := nodes[prefix]
	if !ok {
		return nil, nil
	}
	return f(ctx, uid)
}

// manyNodes returns objects in the order of their ids, with nil for each that is missing.
func manyNodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxNodes {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "Vraag ten hoogste %d objecten tegelijk.", EN: "Ask for at most %d objects at once."}, maxNodes).At("ids")
	}
	found := make([]model.Node, len(ids))
	byType := map[key.Prefix][]uuid.UUID{}
	for _, id := range ids {
		if prefix, uid, ok := key.Split(id); ok {
			byType[prefix] = append(byType[prefix], uid)
		}
	}
	for _, uids := range byType {
		from(ctx).together(uids)
	}
	for i, id := range ids {
		var err error
		if found[i], err = node(ctx, id); err != nil {
			return nil, err
		}
	}
	return found, nil
}
