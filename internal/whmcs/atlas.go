package whmcs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"klantenpaneel/internal/money"
)

// atlas is what must be known of the whole source before a single client can be planned.
type atlas struct {
	places  map[int64]int            // of a client among all clients, by id
	mails   map[string]int           // of the client with this address, for tickets of people who had not signed in
	owners  map[string]map[int64]int // by table and id: the place of the client
	servers map[int64]string

	languages map[int64]string // by client, as WHMCS names them
	speaks    map[int64]string // by user, of the client it owns

	settings   map[string]string
	currencies map[int64]string // code by id
	periods    *periodReader

	numbers, domains, logins, transactions, tickets, orders *claims
	lastTicket                                              int64 // the highest number of a ticket

	requests map[int64]bool // invoices that ask to pay something else, and are for nothing themselves
	plans    map[int64]*planStats
	addons   map[int64]*planStats
	tlds     map[string]*planStats
}

// planStats is what is sold under a product.
type planStats struct {
	amounts map[int]map[money.Cents]int // how often an amount is asked, by months of the term
	limits  map[[2]int64]int            // how often a limit of disk and traffic is given, in MB
}

// survey reads the whole source once, sorts it by client and returns what there is to know beforehand.
func survey(ctx context.Context, src *source, o Options) (*atlas, *spool, error) {
	a := &atlas{
		places: map[int64]int{}, mails: map[string]int{}, owners: map[string]map[int64]int{}, servers: map[int64]string{},
		languages: map[int64]string{}, speaks: map[int64]string{}, settings: map[string]string{}, currencies: map[int64]string{}, periods: &periodReader{},
		numbers: newClaims(), domains: newClaims(), logins: newClaims(), transactions: newClaims(), tickets: newClaims(), orders: newClaims(),
		requests: map[int64]bool{}, plans: map[int64]*planStats{}, addons: map[int64]*planStats{}, tlds: map[string]*planStats{},
	}
	if err := a.small(src); err != nil {
		return nil, nil, err
	}
	if err := a.number(src); err != nil {
		return nil, nil, err
	}
	sp, err := newSpool(src, len(a.places), o.BatchClients)
	if err != nil {
		return nil, nil, err
	}
	bar := newBar(o.Progress, "reading the tables", int64(len(tables)))
	for i, t := range tables {
		if t.owner != "" {
			if err := a.sort(ctx, src, sp, t); err != nil {
				sp.close()
				return nil, nil, err
			}
		}
		bar.at(int64(i + 1))
	}
	for _, c := range []*claims{a.numbers, a.domains, a.logins, a.transactions, a.tickets, a.orders} {
		c.source.seal()
	}
	a.periods.decide(a.settings["dateformat"])
	a.owners, a.mails = nil, nil // the spool knows it now
	return a, sp, nil
}

// small reads the settings and the tables that explain numbers elsewhere.
func (a *atlas) small(src *source) error {
	for r, err := range src.rows("tblconfiguration") {
		if err != nil {
			return err
		}
		a.settings[strings.ToLower(r.text("setting"))] = r.text("value")
	}
	for r, err := range src.rows("tblcurrencies") {
		if err != nil {
			return err
		}
		a.currencies[r.id] = strings.ToUpper(r.text("code"))
	}
	for r, err := range src.rows("tblservers") {
		if err != nil {
			return err
		}
		a.servers[r.id] = cmp.Or(r.text("hostname"), r.text("name"))
	}
	return nil
}

// number gives every client its place, in the order of the ids.
func (a *atlas) number(src *source) error {
	byMail := map[string]int64{}
	for r, err := range src.rows("tblclients") {
		if err != nil {
			return err
		}
		if _, twice := a.places[r.id]; twice {
			return fmt.Errorf("tblclients has two rows with id %d", r.id)
		}
		a.places[r.id], a.languages[r.id] = 0, r.text("language")
		if m, ok := mailAddress(r.raw("email")); ok {
			if _, twice := byMail[m]; !twice {
				byMail[m] = r.id
			}
		}
	}
	for i, id := range slices.Sorted(maps.Keys(a.places)) {
		a.places[id] = i
	}
	for m, id := range byMail {
		a.mails[m] = a.places[id]
	}
	return nil
}

// sort brings the rows of a table to their clients.
func (a *atlas) sort(ctx context.Context, src *source, sp *spool, t table) error {
	owners := map[int64]int{}
	a.owners[t.name] = owners
	keep := slices.ContainsFunc(tables, func(other table) bool { return other.via == t.name })
	n := 0
	for r, err := range src.rows(t.name) {
		if err != nil {
			return err
		}
		place := a.placeOf(t, r)
		if keep && place != nobody {
			owners[r.id] = place
		}
		a.look(t.name, r)
		if err := sp.put(place, r); err != nil {
			return err
		}
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// placeOf returns the place of the row's client.
func (a *atlas) placeOf(t table, r *row) int {
	if r.table == "tblaccounts" && r.integer("invoiceid") != 0 {
		if place, ok := a.owners["tblinvoices"][r.integer("invoiceid")]; ok {
			return place
		}
	}
	if t.via != "" {
		if place, ok := a.owners[t.via][r.integer(t.owner)]; ok {
			return place
		}
		return nobody
	}
	if place, ok := a.places[r.integer(t.owner)]; ok {
		return place
	}
	if r.table == "tbltickets" && r.integer("userid") == 0 {
		if m, ok := mailAddress(r.raw("email")); ok {
			if place, ok := a.mails[m]; ok {
				return place
			}
		}
	}
	return nobody
}

// look notes what must be known of the row beforehand.
func (a *atlas) look(table string, r *row) {
	switch table {
	case "tblinvoices":
		if n := r.text("invoicenum"); n != "" {
			a.numbers.source.add(n)
		}
	case "tblinvoiceitems":
		a.periods.look(r.raw("description"))
		if kind := r.raw("type"); kind == "Invoice" || kind == "AddFunds" {
			a.requests[r.integer("invoiceid")] = true
		}
	case "tblaccounts":
		if t := r.text("transid"); t != "" {
			a.transactions.source.add(processor(r.raw("gateway")) + " " + t)
		}
	case "tbltickets":
		a.tickets.source.add(r.text("tid"))
		if n := number(r.text("tid")); n < 1_000_000_000 {
			a.lastTicket = max(a.lastTicket, n)
		}
	case "tblorders":
		a.orders.source.add(orderNumber(r))
	case "tblusers_clients":
		if user := r.integer("auth_user_id"); r.flag("owner") && a.speaks[user] == "" {
			a.speaks[user] = a.languages[r.integer("client_id")]
		}
	case "tblhosting":
		statsOf(a.plans, r.integer("packageid")).look(r, "amount", months(r.raw("billingcycle")))
		a.logins.source.add(a.login(r))
	case "tblhostingaddons":
		statsOf(a.addons, r.integer("addonid")).look(r, "recurring", months(r.raw("billingcycle")))
	case "tbldomains":
		name := domainName(r)
		statsOf(a.tlds, tldOf(name)).look(r, "recurringamount", 12*int(r.integer("registrationperiod")))
		a.domains.source.add(name)
	}
}

// login returns what is unique to a hosting package: its server and its user there.
func (a *atlas) login(r *row) string { return a.node(r) + " " + r.text("username") }

// node returns the name of the server of a hosting package.
func (a *atlas) node(r *row) string {
	id := r.integer("server")
	if id == 0 {
		return ""
	}
	return cmp.Or(a.servers[id], fmt.Sprintf("server-%d", id))
}

func statsOf[K comparable](m map[K]*planStats, k K) *planStats {
	s := m[k]
	if s == nil {
		s = &planStats{amounts: map[int]map[money.Cents]int{}, limits: map[[2]int64]int{}}
		m[k] = s
	}
	return s
}

func (s *planStats) look(r *row, column string, months int) {
	if c, err := parseCents(r.raw(column)); err == nil && months > 0 && c > 0 {
		if s.amounts[months] == nil {
			s.amounts[months] = map[money.Cents]int{}
		}
		s.amounts[months][c]++
	}
	if r.table == "tblhosting" {
		s.limits[[2]int64{r.integer("disklimit"), r.integer("bwlimit")}]++
	}
}

// usual returns what occurs most often, of several the least; ok is false when nothing does.
func usual[K comparable](counts map[K]int, less func(a, b K) int) (most K, ok bool) {
	for k, n := range counts {
		if !ok || n > counts[most] || n == counts[most] && less(k, most) < 0 {
			most, ok = k, true
		}
	}
	return most, ok
}
