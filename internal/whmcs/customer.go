package whmcs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"klantenpaneel/internal/billing/document"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// customer is one client while it is planned.
type customer struct {
	*world
	b    *batch
	refs refs
	rows map[string][]*row

	row      *row
	id       uuid.UUID
	isNew    bool
	business bool
	closed   bool
	company  string
	vatID    vat.ID
	kvk      string
	country  string
	lang     string
	created  time.Time
	since    civil.Date
	snapshot []byte             // as invoices hold it
	balance  money.Cents        // what the entries of this run add up to
	entries  []entry            // on the balance, of this run
	members  map[uuid.UUID]bool // users who may sign in for it

	services map[service]*contracted
	invoices map[int64]*invoice
}

// plan decides what becomes of everything that belongs to one client, and adds it to the batch.
func (w *world) plan(b *batch, known refs, c *clientRows) {
	clients := c.rows["tblclients"]
	for _, rows := range c.rows {
		b.rows = append(b.rows, rows...)
	}
	cu := &customer{world: w, b: b, refs: known, rows: c.rows, row: clients[0], members: map[uuid.UUID]bool{}, services: map[service]*contracted{}, invoices: map[int64]*invoice{}}
	if cu.admit(); cu.row.out() {
		for _, rows := range c.rows {
			for _, r := range rows {
				if r != cu.row && !r.out() {
					r.follow(cu.row, "client")
				}
			}
		}
		return
	}
	cu.readInvoices()
	cu.takeHosting()
	cu.takeAddons()
	cu.takeDomains()
	cu.takePackages()
	cu.takeCancellations()
	cu.takeInvoices()
	cu.takeMoney()
	cu.takeQuotes()
	cu.takeOrders()
	cu.takeTickets()
	cu.takePeople()
	cu.takeAccount()
}

// target returns the id of a row in the target, and whether it is new.
func (c *customer) target(r *row) (id uuid.UUID, isNew bool) {
	if id, isNew = c.targetOf(r.table, r); isNew {
		r.take()
	} else {
		r.known()
	}
	return id, isNew
}

// targetOf is target for a second thing that a row becomes, which is kept under a kind of its own.
func (c *customer) targetOf(kind string, r *row) (id uuid.UUID, isNew bool) {
	if id, ok := c.refs.find(kind, r.id); ok {
		return id, false
	}
	id = key.New()
	c.b.refs.add(Source, kind, fmt.Sprint(r.id), id, c.now)
	return id, true
}

// admit decides whether the client can be imported, and who it is.
func (c *customer) admit() {
	r := c.row
	if r.out() {
		return
	}
	if code := c.currencyOf(r); code != "EUR" {
		r.refuse("it pays in %s, and here there is only EUR", code)
		return
	}
	r.cents("credit")
	if r.out() {
		return
	}
	c.id, c.isNew = c.target(r)
	c.country = strings.ToUpper(r.text("country"))
	if len(c.country) != 2 || strings.Trim(c.country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		r.warn("%q is not a country: %s is taken", r.text("country"), c.brand.Country)
		c.country = c.brand.Country
	}
	c.lang = c.language(r.text("language"))
	c.since = r.day("datecreated")
	if c.since.IsZero() {
		c.since = civil.In(r.at("created_at"))
	}
	if c.since.IsZero() || c.since.Year() < 1990 {
		r.warn("it has no date of creation: today is taken")
		c.since = c.today
	}
	c.created = c.since.Start()
	c.closed = r.text("status") == "Closed"
	c.identify()
	c.snapshot = c.party()
}

// takeAccount adds the account itself; it comes last, when its balance is known.
func (c *customer) takeAccount() {
	r := c.row
	if !c.isNew {
		return
	}
	mail, ok := mailAddress(r.raw("email"))
	if !ok {
		r.warn("%q is not a mail address", r.text("email"))
	}
	tel, ok := phone(r.raw("phonenumber"), c.country)
	if !ok {
		r.warn("phone number %q does not exist in %s: it is taken as it is", tel, c.country)
	}
	kind := "CONSUMER"
	if c.business {
		kind = "BUSINESS"
	}
	number := fmt.Sprint(r.id)
	if !c.accounts.take(number) {
		r.warn("account number %s is taken: it becomes WHMCS-%[1]s", number)
		number = "WHMCS-" + number
	}
	status := "ACTIVE"
	if c.closed {
		status = "CLOSED"
	}
	c.b.account.add(c.id, number, c.brand.ID, kind, status, c.company, r.text("firstname"), r.text("lastname"), mail, tel, r.text("address1"), r.text("address2"), postcode(r.text("postcode"), c.country), r.text("city"), r.text("state"),
		c.country, c.kvk, string(c.vatID), c.lang, c.since, c.balance, c.created)
	c.b.accounts = append(c.b.accounts, c.id)
	c.b.planned.count("clients", 0, 0)
	if c.balance != 0 {
		c.b.planned.count("balance", 0, c.balance)
	}
	c.b.preference.add(c.id, c.invoiceMail(), c.lang, c.now)
	if !c.business && c.country != "NL" {
		c.b.evidence.add(key.New(), c.id, "BILLING_ADDRESS", c.country, c.now)
	}
	c.remark()
}

// noCompany are things that private people fill in as their company.
var noCompany = []string{"-", "--", ".", "n.v.t.", "nvt", "n/a", "na", "none", "geen", "no", "nee", "x", "particulier", "privé", "prive", "private", "persoonlijk"}

// identify decides whether the client is a business. The law protects consumers, so that a company's name that says
// nothing does not make one.
func (c *customer) identify() {
	r, ok := c.row, false
	c.company = r.text("companyname")
	c.vatID, c.kvk, ok = vatID(r.raw("tax_id"), c.country)
	if !ok {
		r.warn("VAT id %q is wrong (country %s, check digits): it is left out, and kept in a note", r.text("tax_id"), c.country)
	}
	proven := c.vatID != "" || c.kvk != ""
	person := strings.TrimSpace(r.text("firstname") + " " + r.text("lastname"))
	if says := strings.ToLower(c.company); slices.Contains(noCompany, says) || !proven && c.company != "" && says == strings.ToLower(person) {
		r.warn("company name %q is not one", c.company)
		c.company = ""
	}
	switch {
	case c.company != "" && r.text("tax_id") == "":
		r.warn("%q has neither VAT id nor KvK number: it is taken for a business, and for a consumer other rules apply", c.company)
	case c.company == "" && proven:
		r.warn("it has a VAT id or KvK number and no company name: it is taken for a business")
	}
	c.business = c.company != "" || proven
}

// party returns the client as invoices hold it, as JSON.
func (c *customer) party() []byte {
	r := c.row
	p := document.Party{Name: strings.TrimSpace(r.text("firstname") + " " + r.text("lastname")), Street: r.text("address1"), Extra: r.text("address2"),
		Postcode: postcode(r.text("postcode"), c.country), City: r.text("city"), Country: c.country, VATID: c.vatID, RegistrationNumber: c.kvk}
	p.Email, _ = mailAddress(r.raw("email"))
	if c.company != "" {
		p.Name, p.Attention = c.company, p.Name
	}
	if p.Name == "" {
		p.Name = fmt.Sprint(r.id)
	}
	text, err := json.Marshal(p)
	if err != nil { // a struct of text
		panic(err)
	}
	return text
}

// remark adds what has no place of its own as notes for staff.
func (c *customer) remark() {
	r := c.row
	notes := []string{r.body("notes")}
	if _, _, ok := vatID(r.raw("tax_id"), c.country); !ok {
		notes = append(notes, fmt.Sprintf("Btw-nummer in WHMCS: %s (klopt niet).", r.text("tax_id")))
	}
	if r.flag("taxexempt") {
		r.warn("it is exempt from VAT in WHMCS: here country, kind and VAT id decide")
		notes = append(notes, "Was in WHMCS vrijgesteld van btw.")
	}
	if r.flag("separateinvoices") {
		r.warn("it had an invoice for each service in WHMCS: here there is one for all")
		notes = append(notes, "Kreeg in WHMCS een factuur per dienst.")
	}
	if gateway := strings.ToLower(r.text("defaultgateway")); method(gateway) == "DIRECT_DEBIT" {
		r.warn("it paid by direct debit: it is to give its mandate again, until then it gets invoices")
		notes = append(notes, "Betaalde in WHMCS per automatische incasso; de machtiging moet opnieuw worden gegeven.")
	}
	for _, n := range notes {
		if n != "" {
			c.b.note.add(key.New(), c.id, n, c.now)
		}
	}
}

// invoiceMail returns the address for invoices, if it is another than the client's own.
func (c *customer) invoiceMail() string {
	billing := c.row.integer("billingcid")
	for _, r := range c.rows["tblcontacts"] {
		if m, ok := mailAddress(r.raw("email")); ok && r.id == billing {
			return m
		}
	}
	return ""
}

// postcode returns a Dutch postcode as it is written: 3511 KA. Others stay as they are.
func postcode(s, country string) string {
	p := strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	if country != "NL" || len(p) != 6 || strings.Trim(p[:4], "0123456789") != "" {
		return s
	}
	return p[:4] + " " + p[4:]
}
