package whmcs

import (
	"cmp"
	"strings"

	"klantenpaneel/internal/civil"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// domainName returns the name in lower case, as registries write it.
func domainName(r *row) string {
	name := strings.Trim(strings.ToLower(r.text("domain")), ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

// tldOf returns the extension under which a name is registered, such as nl or co.uk; "" when it is no name.
func tldOf(name string) string {
	if strings.ContainsAny(name, " /@") || !strings.Contains(name, ".") {
		return ""
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	if !icann {
		suffix = name[strings.LastIndexByte(name, '.')+1:]
	}
	return suffix
}

// takeDomains plans the domain names and their subscriptions.
func (c *customer) takeDomains() {
	for _, r := range c.rows["tbldomains"] {
		if r.out() {
			continue
		}
		name := domainName(r)
		p, ok := c.tlds[tldOf(name)]
		if !ok {
			r.refuse("%q is not a domain name", name)
			continue
		}
		c.takeDomain(r, name, p)
	}
}

func (c *customer) takeDomain(r *row, name string, p offered) {
	expires := r.day("expirydate")
	status, quarantine := c.domainStatus(r, name, expires)
	if status == "" {
		r.refuse("its status %q is unknown", r.text("status"))
		return
	}
	s := &contracted{row: r, product: p.id, label: name, expires: expires, quantity: 1}
	renew := !r.flag("donotrenew")
	s.status, s.reason = domainSubscription(status)
	s.ended = s.status == "ENDED" || s.status == "VOIDED"
	if !s.ended && !renew {
		s.reason = "CANCELLED"
	}
	if s.ended && !expires.After(c.today) {
		s.endedOn = expires
	}
	if c.agree(s); r.out() {
		return
	}
	isNew := false
	if s.target, isNew = c.targetOf(domainRef, r); !isNew {
		return
	}
	if live := status != "TRANSFERRED_OUT" && status != "RELEASED" && status != "FAILED"; live && !c.domains.take(name) {
		r.warn("%s is somebody's already: this one is taken as released", name)
		status = "RELEASED"
	}
	c.b.domain.add(s.target, c.id, s.subscription, name, status, r.text("registrar"), s.registered, expires, renew && !s.ended, quarantine, cmp.Or(s.registered, c.since).Start())
}

// agree makes a domain a subscription with its dates, its term and its price.
func (c *customer) agree(s *contracted) {
	r := s.row
	s.registered, s.due, s.invoiced = r.day("registrationdate"), r.day("nextduedate"), r.day("nextinvoicedate")
	years := r.integer("registrationperiod")
	if years < 1 || years > 10 {
		r.warn("its registration period is %d years: one is taken", years)
		years = 1
	}
	price := r.cents("recurringamount")
	if r.out() {
		return
	}
	if s.price = c.net(price); price < 0 { // WHMCS writes -1 for a price that it does not have
		r.warn("its price is %s: the catalog's is taken", price.Amount())
		s.price = nil
	}
	s.months = int(12 * years)
	c.services[service{r.table, r.id}] = s
	c.subscribe(s)
}

// domainRef is the kind under which import_ref keeps the domain of a row of tbldomains, whose own is its subscription.
const domainRef = "tbldomains.domain"

// domainStatus returns what a domain in that state becomes (state-machines §10), and until when it can be had back; ""
// for a state that WHMCS does not have.
func (c *customer) domainStatus(r *row, name string, expires civil.Date) (status string, quarantine civil.Date) {
	switch was := r.text("status"); was {
	case "Active":
		return "ACTIVE", quarantine
	case "Pending":
		return "REQUESTED", quarantine
	case "Pending Registration":
		return "PENDING_REGISTRATION", quarantine
	case "Pending Transfer":
		return "PENDING_TRANSFER_IN", quarantine
	case "Transferred Away":
		return "TRANSFERRED_OUT", quarantine
	case "Cancelled":
		return "RELEASED", quarantine
	case "Fraud":
		return "FAILED", quarantine
	case "Grace", "Redemption", "Expired":
		return c.expired(r, was, tldOf(name), expires)
	}
	return "", quarantine
}

// expired returns where a domain is that was not renewed: rules 3.22 to 3.24.
func (c *customer) expired(r *row, was, tld string, expires civil.Date) (string, civil.Date) {
	days, held := 30, "REDEMPTION"
	switch tld {
	case "nl", "be", "eu":
		days, held = 40, "QUARANTINE"
	default:
		if was == "Grace" {
			return "EXPIRED_GRACE", civil.Date{}
		}
	}
	switch until := expires.AddDays(days); {
	case expires.IsZero():
		return "RELEASED", civil.Date{}
	case expires.After(c.today):
		r.warn("its status is %s though it expires on %v, which is still to come: it is taken as released", was, expires)
		return "RELEASED", civil.Date{}
	case until.After(c.today):
		return held, until
	}
	return "RELEASED", civil.Date{}
}

// domainSubscription returns the status of the subscription of a domain in that state, and why it ended.
func domainSubscription(status string) (as, reason string) {
	switch status {
	case "ACTIVE":
		return "ACTIVE", ""
	case "REQUESTED", "PENDING_REGISTRATION", "PENDING_TRANSFER_IN":
		return "PENDING", ""
	case "FAILED":
		return "VOIDED", ""
	case "TRANSFERRED_OUT":
		return "ENDED", "TRANSFERRED"
	}
	return "ENDED", "IMPORTED"
}
