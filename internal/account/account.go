// Package account owns who the customers are: accounts, contacts, who may sign in for them, billing preferences and
// the requests to change their data.
package account

import (
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// Kind is whether the law sees a customer as a business or as a consumer.
type Kind string

// The kinds of customers.
const (
	Business Kind = "BUSINESS"
	Consumer Kind = "CONSUMER"
)

// Status is whether an account is in use.
type Status string

// The states of an account.
const (
	Active Status = "ACTIVE"
	Closed Status = "CLOSED"
	Erased Status = "ERASED"
)

// Account is a customer.
type Account struct {
	bun.BaseModel `bun:"table:account,alias:a"`

	ID                uuid.UUID `bun:",pk"`
	Number            string
	BrandID           uuid.UUID
	Kind              Kind
	TreatedAsConsumer bool
	IsPartner         bool
	PartnerID         *uuid.UUID
	Status            Status
	CompanyName       string
	FirstName         string
	LastName          string
	Name              string `bun:",nullzero,skipupdate"` // the database computes it
	Email             string
	Phone             string
	Line1             string
	Line2             string
	Postcode          string
	City              string
	Region            string
	Country           string
	KvkNumber         string
	VatID             string
	Language          string
	PaymentTermDays   *int
	CustomerSince     civil.Date
	BalanceCents      money.Cents `bun:",nullzero,skipupdate"` // the database computes it
	NextInvoiceOn     civil.Date
	NextInvoiceNetCents,
	NextInvoiceVatCents *money.Cents
	CreatedAt time.Time
}

// GlobalID returns the account's id in the API.
func (a *Account) GlobalID() string { return key.Format(key.Account, a.ID) }

// IsNode marks what has an id in the API.
func (*Account) IsNode() {}

// Address returns where the customer resides.
func (a *Account) Address() Address {
	return Address{a.Line1, a.Line2, a.Postcode, a.City, a.Region, a.Country}
}

// ActsAsConsumer reports whether the rules for consumers apply (rules §0).
func (a *Account) ActsAsConsumer() bool { return a.Kind == Consumer || a.TreatedAsConsumer }

// Address is a postal address.
type Address struct{ Line1, Line2, Postcode, City, Region, Country string }

// Brand is the provider under one of its trade names.
type Brand struct {
	bun.BaseModel `bun:"table:brand,alias:b"`

	ID              uuid.UUID `bun:",pk"`
	Code            string
	Profile         string
	Name            string
	LegalName       string
	Line1           string
	Postcode        string
	City            string
	Country         string
	KvkNumber       string
	VatID           string
	Iban            string
	Bic             string
	Email           string
	Phone           string
	URL             string
	Hue             int
	PaymentTermDays int
	OssRegistered   bool
	CreatedAt       time.Time
}

// GlobalID returns the brand's id in the API.
func (b *Brand) GlobalID() string { return key.Format(key.Brand, b.ID) }

// IsNode marks what has an id in the API.
func (*Brand) IsNode() {}

// Address returns where the provider resides.
func (b *Brand) Address() Address {
	return Address{Line1: b.Line1, Postcode: b.Postcode, City: b.City, Country: b.Country}
}

// Contact is somebody else to write to at a customer.
type Contact struct {
	bun.BaseModel `bun:"table:contact,alias:c"`

	ID        uuid.UUID `bun:",pk"`
	AccountID uuid.UUID
	Kind      string
	Name      string
	Email     string
	Phone     string
	CreatedAt time.Time
}

// GlobalID returns the contact's id in the API.
func (c *Contact) GlobalID() string { return key.Format(key.Contact, c.ID) }

// IsNode marks what has an id in the API.
func (*Contact) IsNode() {}

// BillingPreference is how a customer wants to be billed (P-07).
type BillingPreference struct {
	bun.BaseModel `bun:"table:billing_preference,alias:bp"`

	AccountID             uuid.UUID `bun:",pk"`
	Delivery              string
	InvoiceEmail          string
	PurchaseReference     string
	PaymentMethod         string
	ReminderBeforeInvoice bool
	PeppolID              string
	Language              string
	UpdatedAt             time.Time
}

// Membership is what a user may do in an account.
type Membership struct {
	bun.BaseModel `bun:"table:membership,alias:m"`

	ID        uuid.UUID `bun:",pk"`
	UserID    uuid.UUID
	AccountID uuid.UUID
	Role      viewer.AccountRole
	CreatedAt time.Time
}

// GlobalID returns the membership's id in the API.
func (m *Membership) GlobalID() string { return key.Format(key.Membership, m.ID) }

// IsNode marks what has an id in the API.
func (*Membership) IsNode() {}

// AccountGlobalID returns the id of the account, which the user may switch to though the account itself is not in sight.
func (m *Membership) AccountGlobalID() string { return key.Format(key.Account, m.AccountID) }

// Connection and Edge are a page of accounts.
type (
	Connection = page.Connection[Account]
	Edge       = page.Edge[Account]
)
