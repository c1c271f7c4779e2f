package viewer

// Permission is one verb on one noun. A viewer holds a set of them; the database knows the set too (app.can) and its
// policies ask for it, so that a forgotten check shows nothing.
type Permission string

// The permissions.
const (
	ReadCatalog        Permission = "catalog:read" // what anyone may see; every viewer holds it
	ReadSelf           Permission = "self:read"    // one's own login; every user holds it
	ReadAccount        Permission = "account:read"
	ManageAccount      Permission = "account:manage" // data, preferences, users
	ReadBilling        Permission = "billing:read"   // invoices, payments, quotes, amounts
	ManageBilling      Permission = "billing:manage" // pay, accept quotes, order
	ReadService        Permission = "service:read"   // subscriptions, domains, hosting, usage
	ManageService      Permission = "service:manage" // settings of domains and hosting
	ManageSubscription Permission = "subscription:manage"
	ReadSupport        Permission = "support:read" // tickets
	ManageSupport      Permission = "support:manage"
	ManageUsers        Permission = "user:manage"
	ManageTokens       Permission = "token:manage"
	RecordUsage        Permission = "usage:record"
	ReadDesk           Permission = "desk:read" // staff: what no customer sees
	ManageDesk         Permission = "desk:manage"
	ManageStaff        Permission = "staff:manage"
)

// Permissions lists every permission, in the order of the API's enum.
var Permissions = []Permission{ReadAccount, ManageAccount, ReadBilling, ManageBilling, ReadService, ManageService, ManageSubscription,
	ReadSupport, ManageSupport, ManageUsers, ManageTokens, RecordUsage, ReadDesk, ManageDesk, ManageStaff}

// AccountRole is what a user may do in one account.
type AccountRole string

// The roles of a user in an account.
const (
	Owner     AccountRole = "OWNER"
	Billing   AccountRole = "BILLING"
	Technical AccountRole = "TECHNICAL"
)

// Permissions returns what the role may do.
func (r AccountRole) Permissions() []Permission {
	switch r {
	case Owner:
		return []Permission{ReadAccount, ManageAccount, ReadBilling, ManageBilling, ReadService, ManageService, ManageSubscription,
			ReadSupport, ManageSupport, ManageUsers, ManageTokens}
	case Billing:
		return []Permission{ReadAccount, ReadBilling, ManageBilling, ReadService, ManageSubscription, ReadSupport, ManageSupport}
	case Technical:
		return []Permission{ReadAccount, ReadService, ManageService, ReadSupport, ManageSupport}
	}
	return nil
}

// StaffRole is what a member of staff may do, over all accounts.
type StaffRole string

// The roles of staff.
const (
	Support StaffRole = "SUPPORT"
	Finance StaffRole = "FINANCE"
	Admin   StaffRole = "ADMIN"
)

// Permissions returns what the role may do. Every member of staff can do for a customer what the customer can (P-23).
func (r StaffRole) Permissions() []Permission {
	all := []Permission{ReadAccount, ManageAccount, ReadBilling, ManageBilling, ReadService, ManageService, ManageSubscription,
		ReadSupport, ManageSupport, ManageTokens, ReadDesk}
	switch r {
	case Support:
		return all
	case Finance:
		return append(all, ManageDesk)
	case Admin:
		return append(all, ManageDesk, ManageUsers, ManageStaff)
	}
	return nil
}
