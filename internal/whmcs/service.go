package whmcs

import (
	"cmp"
	"strings"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"

	"github.com/google/uuid"
)

// service names what an invoice line can be for: a table and an id.
type service struct {
	table string
	id    int64
}

// contracted is a service with the subscription that it becomes.
type contracted struct {
	contract
	row          *row
	product      uuid.UUID
	label        string
	subscription uuid.UUID // Nil when it becomes none
	target       uuid.UUID // the domain, if it is one
	isNew        bool      // not imported before
	status       string    // of the subscription
	reason       string    // why it ended, or ends
	pkg          bool      // a hosting package comes with it
	expires      civil.Date
	price        any // net and in cents for one term; nil for the catalog's
	quantity     int
}

// takeHosting plans the services of tblhosting.
func (c *customer) takeHosting() {
	for _, r := range c.rows["tblhosting"] {
		if r.out() {
			continue
		}
		p, ok := c.products[r.integer("packageid")]
		if !ok {
			r.refuse("its product %d does not exist", r.integer("packageid"))
			continue
		}
		s := &contracted{row: r, product: p.id, label: cmp.Or(strings.ToLower(r.text("domain")), p.name)}
		s.registered, s.due, s.invoiced, s.endedOn = r.day("regdate"), r.day("nextduedate"), r.day("nextinvoicedate"), r.day("termination_date")
		s.pkg = r.text("username") != "" || !r.at("lastupdate").IsZero() || r.integer("server") != 0
		s.status, s.reason = subscriptionStatus(r.text("domainstatus"))
		c.take(s, r.text("billingcycle"), r.cents("amount"), r.integer("qty"))
	}
}

// takeAddons plans what is sold on top of a service.
func (c *customer) takeAddons() {
	for _, r := range c.rows["tblhostingaddons"] {
		if r.out() {
			continue
		}
		host := c.services[service{"tblhosting", r.integer("hostingid")}]
		if host == nil {
			r.refuse("its service %d is refused", r.integer("hostingid"))
			continue
		}
		id := r.integer("addonid")
		p, ok := c.extras[id]
		if !ok {
			if p, ok = c.extras[0]; !ok {
				r.refuse("its addon %d does not exist", id)
				continue
			}
			r.warn("its addon %d does not exist any more", id)
		}
		s := &contracted{row: r, product: p.id, label: strings.TrimSpace(cmp.Or(r.text("name"), p.name) + " " + host.label)}
		s.registered, s.due, s.invoiced, s.endedOn = r.day("regdate"), r.day("nextduedate"), r.day("nextinvoicedate"), r.day("termination_date")
		s.status, s.reason = subscriptionStatus(r.text("status"))
		c.take(s, r.text("billingcycle"), r.cents("recurring"), r.integer("qty"))
	}
}

// subscriptionStatus returns what a service or addon in that state becomes; "" for none.
func subscriptionStatus(status string) (as, reason string) {
	switch status {
	case "Pending":
		return "PENDING", ""
	case "Active":
		return "ACTIVE", ""
	case "Suspended":
		return "SUSPENDED", ""
	case "Cancelled":
		return "ENDED", "CANCELLED"
	case "Terminated":
		return "ENDED", "IMPORTED"
	case "Fraud":
		return "VOIDED", ""
	case "Completed":
		return "", ""
	}
	return "unknown", ""
}

// take makes a service a subscription, if it is one.
func (c *customer) take(s *contracted, cycle string, price money.Cents, quantity int64) {
	r := s.row
	s.months = months(cycle)
	s.ended = s.status == "ENDED" || s.status == "VOIDED"
	recurring := s.months > 0
	switch {
	case r.out():
		return
	case s.status == "unknown":
		r.refuse("its status %q is unknown", cmp.Or(r.text("domainstatus"), r.text("status")))
		return
	case strings.HasPrefix(cycle, "Free"):
		recurring, price, s.months, s.free = true, 0, 1, true
		s.registered = cmp.Or(s.registered, c.since)
		r.warn("it is free: the subscription costs nothing and goes on from month to month")
	case !recurring && cycle != "One Time" && cycle != "Onetime":
		r.refuse("its billing cycle %q is unknown", cycle)
		return
	case price < 0:
		r.refuse("its price %s is negative", price.Amount())
		return
	}
	c.services[service{r.table, r.id}] = s
	if !recurring || s.status == "" {
		c.once(s)
		return
	}
	s.price, s.quantity = c.net(price), int(max(1, quantity))
	c.subscribe(s)
}

// once handles what is paid once: it leaves a hosting package at most.
func (c *customer) once(s *contracted) {
	if !s.pkg {
		s.row.leaveOut("it was paid once and does not renew: it is on its invoice")
		return
	}
	_, s.isNew = c.target(s.row)
	s.row.warn("it was paid once and does not renew: there is a hosting package and no subscription")
}

// subscribe adds the subscription of a service.
func (c *customer) subscribe(s *contracted) {
	r := s.row
	s.billed = c.periodsOf(service{r.table, r.id}, s.registered, s.months)
	if err := s.settle(c.today, r.warn); err != nil {
		r.refuse("%v", err)
		delete(c.services, service{r.table, r.id})
		return
	}
	s.subscription, s.isNew = c.target(r)
	if !s.isNew {
		return
	}
	if c.closed && !s.ended {
		r.warn("it runs though its client is closed")
	}
	if s.reason != "" && !s.ended {
		s.status, s.endsOn = "ENDING", s.lastDay(c.today)
	}
	var reason any
	if s.reason != "" {
		reason = s.reason
	}
	c.b.subscription.add(s.subscription, c.id, s.product, s.label, s.quantity, s.months, s.anchor, s.period.Start, s.period.End, s.billedUntil, s.price,
		c.statusOf(s), !c.business && s.months < 3, s.endsOn, reason, cmp.Or(s.registered, s.anchor).Start())
}

// lastDay returns when a service ends that is not to be renewed.
func (s *contracted) lastDay(today civil.Date) civil.Date {
	if end := civil.Latest(s.billedUntil, s.expires); end.After(today) {
		return end
	}
	return s.period.End
}

// statusOf returns the status of the subscription: a request to cancel that waits is part of it.
func (c *customer) statusOf(s *contracted) string {
	if s.row.table == "tblhosting" && (s.status == "ACTIVE" || s.status == "SUSPENDED" || s.status == "PENDING") && c.wantsToEnd(s.row.id) {
		return "CANCELLATION_REQUESTED"
	}
	return s.status
}

// wantsToEnd reports whether there is a request to cancel the service.
func (c *customer) wantsToEnd(hosting int64) bool {
	for _, r := range c.rows["tblcancelrequests"] {
		if !r.out() && r.integer("relid") == hosting {
			return true
		}
	}
	return false
}

// takePackages adds the hosting packages, once the domains are known.
func (c *customer) takePackages() {
	for _, r := range c.rows["tblhosting"] {
		s := c.services[service{"tblhosting", r.id}]
		if s == nil || !s.pkg || !s.isNew || r.out() {
			continue
		}
		status := packageStatus(r.text("domainstatus"))
		node, username := c.node(r), r.text("username")
		if username != "" && status != "PURGED" && !c.logins.take(node+" "+username) {
			r.warn("another package has user %q on %s: it is left out here", username, node)
			username = ""
		}
		id, _ := c.targetOf(packageRef, r)
		var disk, traffic any
		measured := r.at("lastupdate")
		if status == "PURGED" {
			measured = time.Time{} // what it used to use is gone
		}
		if !measured.IsZero() {
			disk, traffic = max(0, r.integer("diskusage"))<<20, max(0, r.integer("bwusage"))<<20
			if day := civil.In(measured); !day.Before(c.today.AddMonths(-13)) && !day.After(c.today) {
				c.b.usage.add(id, day, c.id, disk, traffic, measured)
			}
		}
		var domain uuid.UUID
		if d := c.domainNamed(s.label); d != nil {
			domain = d.target
		}
		c.b.hosting.add(id, c.id, s.subscription, domain, cmp.Or(strings.ToLower(r.text("domain")), username, s.label), node, username, status,
			megabytes(r.integer("disklimit")), megabytes(r.integer("bwlimit")), disk, traffic, measured, cmp.Or(s.registered, c.since).Start())
	}
}

// packageRef is the kind under which import_ref keeps the package of a row of tblhosting, whose own is its subscription.
const packageRef = "tblhosting.package"

func packageStatus(status string) string {
	switch status {
	case "Pending":
		return "PROVISIONING"
	case "Suspended":
		return "SUSPENDED"
	case "Active", "Completed":
		return "ACTIVE"
	}
	return "PURGED"
}

// domainNamed returns the client's domain of that name, one that is live if there is.
func (c *customer) domainNamed(name string) *contracted {
	var best *contracted
	for _, r := range c.rows["tbldomains"] {
		s := c.services[service{"tbldomains", r.id}]
		if s == nil || s.target == uuid.Nil || domainName(r) != name {
			continue
		}
		if best == nil || best.ended && !s.ended {
			best = s
		}
	}
	return best
}
