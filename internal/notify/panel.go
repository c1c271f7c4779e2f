package notify

import (
	"klantenpaneel/internal/seal"
)

// Panel is where the links in mail lead, and what seals the secret ones.
type Panel struct {
	URL string // of the panel, without a slash at its end
	Key seal.Key
}

// Link returns the address of a page, such as /subscriptions/sub_0190.
func (p Panel) Link(page string) string { return p.URL + page }
