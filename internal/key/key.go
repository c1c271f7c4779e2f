// Package key makes and reads the opaque ids of the API: a prefix that names the type, an underscore and the uuid in
// hex, such as inv_0190f2c4a7b37c2e8f1d0a1b2c3d4e5f.
//
// The same text is made in SQL by app.key(prefix, id), so that a list can be rendered by the database.
package key

import (
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// Prefix names the type of object that an id stands for.
type Prefix string

// The prefixes, one for each type that has an id in the API. A prefix is never reused.
const (
	User           Prefix = "usr"
	Membership     Prefix = "mbr"
	Session        Prefix = "ses"
	APIToken       Prefix = "tok"
	Account        Prefix = "acc"
	Contact        Prefix = "ctc"
	Brand          Prefix = "brd"
	Product        Prefix = "prd"
	Subscription   Prefix = "sub"
	Invoice        Prefix = "inv"
	InvoiceLine    Prefix = "inl"
	Payment        Prefix = "pay"
	Quote          Prefix = "quo"
	QuoteLine      Prefix = "qul"
	OrderLine      Prefix = "orl"
	LoginAttempt   Prefix = "lat"
	Order          Prefix = "ord"
	Domain         Prefix = "dom"
	HostingPackage Prefix = "hst"
	Notification   Prefix = "ntf"
	ChangeRequest  Prefix = "chg"
	Cancellation   Prefix = "can"
	RenewalOffer   Prefix = "off"
	Withdrawal     Prefix = "wdr"
	Ticket         Prefix = "tic"
	TicketMessage  Prefix = "msg"
	Event          Prefix = "evt"
)

// Format returns the API's id for the object of the type with this uuid.
func Format(p Prefix, id uuid.UUID) string { return string(p) + "_" + hex.EncodeToString(id[:]) }

// Parse returns the uuid in s if s is a well-formed id of type p. Ids of other types, upper case and every other
// spelling are refused, so that one object has one id; the uuid is then Nil, which no object has.
func Parse(p Prefix, s string) (uuid.UUID, bool) {
	if got, id, ok := Split(s); ok && got == p {
		return id, true
	}
	return uuid.Nil, false
}

// Split returns the type and the uuid of any well-formed id; ok is false for text that no Format could have made.
func Split(s string) (p Prefix, id uuid.UUID, ok bool) {
	prefix, digits, found := strings.Cut(s, "_")
	if !found || len(prefix) != 3 || len(digits) != 32 || strings.ToLower(s) != s {
		return "", uuid.Nil, false
	}
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return "", uuid.Nil, false
	}
	return Prefix(prefix), uuid.UUID(raw), true
}

// New returns a fresh uuid whose order is the order of creation (version 7).
func New() uuid.UUID { return uuid.Must(uuid.NewV7()) }
