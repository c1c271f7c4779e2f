package whmcs

import (
	"strings"

	"klantenpaneel/internal/key"
)

// takePeople adds who may sign in for the client, whom else to write to, and what staff noted.
func (c *customer) takePeople() {
	for _, r := range c.rows["tblusers_clients"] {
		c.takeMembership(r)
	}
	for _, r := range c.rows["tblcontacts"] {
		c.takeContact(r)
	}
	for _, r := range c.rows["tblnotes"] {
		if r.out() {
			continue
		}
		if id, isNew := c.target(r); isNew {
			at := r.at("created")
			if at.IsZero() {
				at = c.now
			}
			c.b.note.add(id, c.id, r.body("note"), at)
		}
	}
}

func (c *customer) takeMembership(r *row) {
	user, ok := c.users[r.integer("auth_user_id")]
	switch {
	case r.out():
		return
	case !r.at("deleted_at").IsZero():
		r.leaveOut("it was taken back")
		return
	case !ok:
		r.refuse("user %d does not exist, or is refused", r.integer("auth_user_id"))
		return
	}
	id, isNew := c.target(r)
	already := c.members[user]
	c.members[user] = true
	if !isNew {
		return
	}
	if already {
		r.warn("the user is a member already, under the same mail address")
		return
	}
	at := r.at("created_at")
	if at.IsZero() {
		at = c.created
	}
	c.b.membership.add(id, user, c.id, role(r), at)
}

func (c *customer) takeContact(r *row) {
	if r.out() {
		return
	}
	id, isNew := c.target(r)
	if !isNew {
		return
	}
	name := strings.TrimSpace(r.text("firstname") + " " + r.text("lastname"))
	if company := r.text("companyname"); company != "" {
		name = strings.TrimPrefix(name+", "+company, ", ")
	}
	mail, ok := mailAddress(r.raw("email"))
	if !ok && r.text("email") != "" {
		r.warn("%q is not a mail address", r.text("email"))
	}
	tel, ok := phone(r.raw("phonenumber"), c.country)
	if !ok {
		r.warn("phone number %q does not exist: it is taken as it is", tel)
	}
	if name == "" {
		name = mail
	}
	kind := "GENERAL"
	switch {
	case r.flag("invoiceemails") || r.id == c.row.integer("billingcid"):
		kind = "BILLING"
	case r.flag("productemails") || r.flag("domainemails"):
		kind = "TECHNICAL"
	}
	c.b.contact.add(id, c.id, kind, name, mail, tel, c.created)
	if r.text("address1") != "" {
		c.b.note.add(key.New(), c.id, "Adres van contactpersoon "+name+": "+strings.Join(strings.Fields(strings.Join([]string{r.text("address1"), r.text("address2"), r.text("postcode"), r.text("city"), r.text("country")}, " ")), " "), c.now)
	}
}
