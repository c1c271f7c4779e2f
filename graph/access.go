package graph

import (
	"reflect"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/order"
	"klantenpaneel/internal/quote"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/ticket"
	"klantenpaneel/internal/viewer"
)

// reads says which permission it takes to read each type. The policies of the database ask the same; a type that is not
// here cannot be loaded.
var reads = map[reflect.Type]viewer.Permission{
	reflect.TypeFor[account.Brand]():              viewer.ReadCatalog,
	reflect.TypeFor[catalog.Product]():            viewer.ReadCatalog,
	reflect.TypeFor[catalog.Price]():              viewer.ReadCatalog,
	reflect.TypeFor[auth.User]():                  viewer.ReadSelf,
	reflect.TypeFor[auth.Session]():               viewer.ReadSelf,
	reflect.TypeFor[auth.LoginAttempt]():          viewer.ReadSelf,
	reflect.TypeFor[account.Membership]():         viewer.ReadSelf,
	reflect.TypeFor[auth.APIToken]():              viewer.ManageTokens,
	reflect.TypeFor[account.Account]():            viewer.ReadAccount,
	reflect.TypeFor[account.Contact]():            viewer.ReadAccount,
	reflect.TypeFor[account.BillingPreference]():  viewer.ReadAccount,
	reflect.TypeFor[account.ChangeRequest]():      viewer.ReadAccount,
	reflect.TypeFor[account.ChangeRequestField](): viewer.ReadAccount,
	reflect.TypeFor[notify.Notification]():        viewer.ReadAccount,
	reflect.TypeFor[subscription.Subscription]():  viewer.ReadService,
	reflect.TypeFor[subscription.Cancellation]():  viewer.ReadService,
	reflect.TypeFor[subscription.RenewalOffer]():  viewer.ReadService,
	reflect.TypeFor[domainname.Domain]():          viewer.ReadService,
	reflect.TypeFor[hosting.Package]():            viewer.ReadService,
	reflect.TypeFor[billing.Invoice]():            viewer.ReadBilling,
	reflect.TypeFor[billing.Line]():               viewer.ReadBilling,
	reflect.TypeFor[billing.VATTotal]():           viewer.ReadBilling,
	reflect.TypeFor[billing.Allocation]():         viewer.ReadBilling,
	reflect.TypeFor[billing.Payment]():            viewer.ReadBilling,
	reflect.TypeFor[quote.Quote]():                viewer.ReadBilling,
	reflect.TypeFor[quote.Line]():                 viewer.ReadBilling,
	reflect.TypeFor[order.Order]():                viewer.ReadBilling,
	reflect.TypeFor[order.Line]():                 viewer.ReadBilling,
	reflect.TypeFor[ticket.Ticket]():              viewer.ReadSupport,
	reflect.TypeFor[ticket.Message]():             viewer.ReadSupport,
}

// permission returns what it takes to read T.
func permission[T any]() viewer.Permission {
	p, ok := reads[reflect.TypeFor[T]()]
	if !ok {
		panic("no permission is set for reading " + reflect.TypeFor[T]().String())
	}
	return p
}

// nodes says how each type with an id in the API is found by it.
var nodes = map[key.Prefix]finder{
	key.Account: find[account.Account], key.Brand: find[account.Brand], key.Contact: find[account.Contact], key.Membership: find[account.Membership],
	key.ChangeRequest: find[account.ChangeRequest], key.User: find[auth.User], key.Session: find[auth.Session], key.APIToken: find[auth.APIToken],
	key.Product: find[catalog.Product], key.Subscription: find[subscription.Subscription], key.Cancellation: find[subscription.Cancellation],
	key.RenewalOffer: find[subscription.RenewalOffer], key.Invoice: findInvoice, key.Payment: find[billing.Payment], key.Quote: find[quote.Quote],
	key.Order: find[order.Order], key.Domain: find[domainname.Domain], key.HostingPackage: find[hosting.Package],
	key.LoginAttempt: find[auth.LoginAttempt], key.Notification: find[notify.Notification], key.Ticket: find[ticket.Ticket], key.TicketMessage: find[ticket.Message],
}
