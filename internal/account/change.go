package account

import (
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/page"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// ChangeRequest is a change of the customer's data that staff review (P-06).
type ChangeRequest struct {
	bun.BaseModel `bun:"table:change_request,alias:cr"`

	ID             uuid.UUID `bun:",pk"`
	AccountID      uuid.UUID
	Status         string
	Reason         string
	SubmittedBy    *uuid.UUID
	SubmittedAt    time.Time
	DecidedAt      *time.Time
	DecisionReason string
}

// GlobalID returns the request's id in the API.
func (c *ChangeRequest) GlobalID() string { return key.Format(key.ChangeRequest, c.ID) }

// IsNode marks what has an id in the API.
func (*ChangeRequest) IsNode() {}

// ChangeRequestField is one field of a change request, with its old and its new value.
type ChangeRequestField struct {
	bun.BaseModel `bun:"table:change_request_field,alias:crf"`

	ChangeRequestID uuid.UUID `bun:",pk"`
	AccountID       uuid.UUID
	Field           string `bun:",pk"`
	OldValue        string
	NewValue        string
	Decision        *string
}

// ChangeRequestConnection and ChangeRequestEdge are a page of change requests.
type (
	ChangeRequestConnection = page.Connection[ChangeRequest]
	ChangeRequestEdge       = page.Edge[ChangeRequest]
)

// ChangeRequests lists them, newest first.
var ChangeRequests = page.List[ChangeRequest]{Parent: "account_id", Default: "SUBMITTED_AT",
	Orders: map[string]page.Order{"SUBMITTED_AT": {Column: "submitted_at", Desc: true}}}
