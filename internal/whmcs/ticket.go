package whmcs

import (
	"cmp"
	"strings"
	"time"

	"github.com/google/uuid"

	"klantenpaneel/internal/key"
)

// ticketed is a ticket while it is planned.
type ticketed struct {
	row    *row
	id     uuid.UUID
	isNew  bool
	opened time.Time
	last   time.Time
}

// takeTickets adds the tickets, what was said in them, and what staff noted.
func (c *customer) takeTickets() {
	all := map[int64]*ticketed{}
	for _, r := range c.rows["tbltickets"] {
		if r.out() {
			all[r.id] = &ticketed{row: r}
			continue
		}
		t := &ticketed{row: r, opened: r.at("date")}
		if t.opened.IsZero() {
			r.warn("it has no date: that of the client is taken")
			t.opened = c.created
		}
		t.last = t.opened
		t.id, t.isNew = c.target(r)
		all[r.id] = t
		if r.integer("userid") == 0 && t.isNew {
			r.warn("whoever wrote it had not signed in: the client was found by the mail address")
		}
		warnAttached(r)
		if t.isNew {
			c.addMessage(t, r, key.New(), t.opened)
		}
	}
	for _, r := range c.rows["tblticketreplies"] {
		if t := all[r.integer("tid")]; !r.out() && !r.follow(t.row, "ticket") {
			c.takeReply(t, r)
		}
	}
	for _, r := range c.rows["tblticketnotes"] {
		if t := all[r.integer("ticketid")]; !r.out() && !r.follow(t.row, "ticket") {
			if id, isNew := c.target(r); isNew {
				c.b.ticketNote.add(id, t.id, strings.TrimPrefix(r.text("admin")+": "+r.body("message"), ": "), c.orOpened(r, t))
			}
		}
	}
	for _, r := range c.rows["tbltickets"] {
		if t := all[r.id]; t.isNew {
			c.addTicket(t)
		}
	}
}

func (c *customer) takeReply(t *ticketed, r *row) {
	at := c.orOpened(r, t)
	if at.After(t.last) {
		t.last = at
	}
	warnAttached(r)
	if id, isNew := c.target(r); isNew {
		c.addMessage(t, r, id, at)
	}
}

// orOpened returns the date of what was said in a ticket.
func (c *customer) orOpened(r *row, t *ticketed) time.Time {
	at := r.at("date")
	if at.IsZero() {
		r.warn("it has no date: that of its ticket is taken")
		return t.opened
	}
	return at
}

// addMessage adds the first message of a ticket, which WHMCS keeps in the ticket itself, or a reply.
func (c *customer) addMessage(t *ticketed, r *row, id uuid.UUID, at time.Time) {
	author, name := "CUSTOMER", cmp.Or(r.text("name"), c.displayName())
	switch admin := r.text("admin"); {
	case admin != "":
		author, name = "STAFF", admin
	case r.table == "tblticketreplies" && r.integer("userid") == 0 && r.text("name") == "" && r.text("email") == "":
		r.warn("WHMCS does not say who wrote it: it is taken as an answer of staff")
		author, name = "STAFF", c.brand.Name
	}
	c.b.message.add(id, t.id, c.id, author, name, uuid.Nil, r.body("message"), at)
}

func (c *customer) addTicket(t *ticketed) {
	r := t.row
	number := cmp.Or(r.text("tid"), r.raw("id"))
	if !c.tickets.take(number) {
		r.warn("number %s is taken by another ticket: it becomes %[1]s-%d", number, r.id)
		number += "-" + r.raw("id")
	}
	status, closed := c.ticketStatus(r), any(nil)
	if status == "CLOSED" {
		closed = t.last
	}
	c.b.ticket.add(t.id, c.id, number, cmp.Or(r.text("title"), "(geen onderwerp)"), status, t.opened, t.last, closed)
}

func (c *customer) ticketStatus(r *row) string {
	switch status := r.text("status"); status {
	case "Open":
		return "OPEN"
	case "Answered":
		return "WAITING_FOR_CUSTOMER"
	case "Customer-Reply", "In Progress", "On Hold":
		return "WAITING_FOR_STAFF"
	case "Closed":
		return "CLOSED"
	default:
		r.warn("its status %q is the provider's own: it is open", status)
		return "OPEN"
	}
}

// displayName names the client as the author of a message.
func (c *customer) displayName() string {
	return cmp.Or(line(c.row.raw("firstname")+" "+c.row.raw("lastname")), c.company, c.row.raw("id"))
}

func warnAttached(r *row) {
	if names := r.text("attachment"); names != "" {
		r.warn("its attachments are not taken over: %q", names)
	}
}
