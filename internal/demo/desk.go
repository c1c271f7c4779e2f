package demo

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/order"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/quote"
	"klantenpaneel/internal/ticket"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// tell adds what customers and staff are talking about at the end of the history: quotes, orders, tickets, changes of data;
// and the secrets of the logins.
func (s *seeder) tell(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.quotes, s.openOrders, s.tickets, s.changes} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.do(ctx, s.at(2, 9, 0), func(tx *pg.Tx) error { return s.secure(ctx, tx) })
}

// offer is a quote and what became of it.
type offer struct {
	serial   int
	customer string
	title    string
	status   string
	sent     int // days ago
	valid    int // days after today; before it when negative
	items    []item
	once     []string // products that are paid once
}

func (s *seeder) quotes(ctx context.Context) error {
	for _, o := range []offer{
		{serial: 3, customer: "linde", title: "Verhuizing van de website", status: "ACCEPTED", sent: 160, valid: -130, once: []string{"SVC-MOVE"}},
		{serial: 5, customer: "fietsplus", title: "Webshop", status: "EXPIRED", sent: 75, valid: -45, items: []item{{"HOST-PRO", "webshop.fietsplus-voorbeeld.nl", 0}}},
		{serial: 6, customer: "korenaar", title: "Tweede server", status: "REJECTED", sent: 50, valid: -20, items: []item{{"VPS-M", "server.dekorenaar-voorbeeld.nl", 1}}},
		{serial: 7, customer: "korenaar", title: "Groter pakket voor de webshop", status: "SENT", sent: 2, valid: 28, items: []item{{"HOST-PRO", "webshop.dekorenaar-voorbeeld.nl", 0}}, once: []string{"SVC-MOVE"}},
		{serial: 8, customer: "hostwerk", title: "Vijftig accounts", status: "DRAFT", sent: 0, valid: 30, items: []item{{"RES-25", "hostwerk-voorbeeld.nl", 0}, {"RES-25", "hostwerk-voorbeeld.nl", 0}}},
	} {
		if err := s.do(ctx, s.at(o.sent, 10, 30), func(tx *pg.Tx) error { return s.quote(ctx, tx, o) }); err != nil {
			return fmt.Errorf("quote %d: %w", o.serial, err)
		}
	}
	return nil
}

func (s *seeder) quote(ctx context.Context, tx *pg.Tx, o offer) error {
	c := s.byKey[o.customer]
	q := &quote.Quote{ID: key.New(), AccountID: c.ID, Number: fmt.Sprintf("OFF-%d-%04d", s.today.Year(), o.serial), Version: 1, Title: o.title, Status: o.status,
		Introduction: "Zoals besproken bieden wij u het volgende aan.", ValidUntilOn: s.today.AddDays(o.valid), CreatedAt: tx.Now}
	var lines []quote.Line
	add := func(code, label string, months int, net money.Cents) {
		p := s.product(code)
		q.NetCents += net
		lines = append(lines, quote.Line{ID: key.New(), QuoteID: q.ID, AccountID: c.ID, Position: len(lines) + 1, ProductID: &p.ID, Description: p.NameNl, Label: label, Quantity: 1, TermMonths: months, NetCents: net})
	}
	for _, it := range o.items {
		add(it.code, it.label, it.term(), s.price(it, s.today))
	}
	for _, code := range o.once {
		add(code, "", 0, s.once(code))
	}
	q.VatCents = vat.RateOn("NL", s.today).Of(q.NetCents)
	if o.status != "DRAFT" {
		q.SentAt = &tx.Now
	}
	answered := tx.Now.Add(72 * time.Hour)
	if o.status == "ACCEPTED" || o.status == "REJECTED" {
		q.AnsweredAt = &answered
	}
	if o.status == "REJECTED" {
		q.RejectReason = "Voorlopig nog niet nodig."
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %v", q.Number, q.Version, q.Title, q.NetCents))
	if _, err := tx.NewInsert().Model(q).Value("version_sha256", "?", sum[:]).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(&lines).Exec(ctx); err != nil {
		return err
	}
	if o.status != "SENT" {
		return nil
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "QUOTE_NEW", SubjectType: key.Quote, SubjectID: &q.ID, Data: map[string]string{"number": q.Number, "day": q.ValidUntilOn.Short()}})
}

// once returns the price of something that is paid once.
func (s *seeder) once(code string) money.Cents {
	for _, a := range priceList {
		if a.code == code {
			return a.once
		}
	}
	panic("demo: there is no product " + code)
}

// openOrders are orders that are not complete: one that staff look at, one that was called off.
func (s *seeder) openOrders(ctx context.Context) error {
	for i, o := range []struct {
		customer, status string
		days             int
		item             item
	}{{"korenaar", "UNDER_REVIEW", 1, item{"DOM-SHOP", "dekorenaar-voorbeeld.shop", 0}}, {"fatima", "CANCELED", 30, item{"DOM-ONLINE", "fatimabakt-voorbeeld.online", 0}}} {
		err := s.do(ctx, s.at(o.days, 13, 10+i), func(tx *pg.Tx) error {
			c, net := s.byKey[o.customer], s.price(o.item, s.today)
			s.orders++
			row := &order.Order{ID: key.New(), AccountID: c.ID, Number: fmt.Sprintf("ORD-%d-%04d", s.today.Year(), s.orders), Status: o.status, NetCents: net, VatCents: vat.RateOn("NL", s.today).Of(net), PlacedAt: &tx.Now, CreatedAt: tx.Now}
			if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
				return err
			}
			line := &order.Line{ID: key.New(), OrderID: row.ID, AccountID: c.ID, Position: 1, ProductID: s.product(o.item.code).ID, Label: o.item.label, Quantity: 1, TermMonths: o.item.term(), NetCents: net}
			if _, err := tx.NewInsert().Model(line).Exec(ctx); err != nil {
				return err
			}
			return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "ORDER_CONFIRMED", SubjectType: key.Order, SubjectID: &row.ID, Data: map[string]string{"number": row.Number}})
		})
		if err != nil {
			return fmt.Errorf("order for %s: %w", o.customer, err)
		}
	}
	return nil
}

// talk is a ticket.
type talk struct {
	customer, subject, category, status string
	days                                int // ago
	said                                []string
	note                                string // between colleagues
}

func (s *seeder) tickets(ctx context.Context) error {
	arranged := s.today.Sub(s.month(-1, 1).AddDays(11))
	for _, t := range []talk{
		{"korenaar", "Mail komt niet aan bij Hotmail", "TECHNICAL", "WAITING_FOR_CUSTOMER", 3, []string{"Sinds gisteren krijgen klanten met een Hotmail-adres onze bestellingen niet bevestigd.", "Wij zien dat er geen DKIM-record staat. Zullen wij dat voor u toevoegen?"}, "Klant belt meestal rond 6 uur 's ochtends."},
		{"korenaar", "Factuur op andere naam", "GENERAL", "CLOSED", 140, []string{"Kan onze PO-referentie op de factuur?", "Dat staat vanaf nu bij uw facturatievoorkeuren.", "Top, bedankt!"}, ""},
		{"degroot", "Betalingsregeling", "PAYMENT_ARRANGEMENT", "RESOLVED", arranged, []string{"Door een late betaling van een opdrachtgever lukt het deze maand niet. Kan het in drie keer?", "Dat kan: drie gelijke delen, telkens op de 1e. De dienst blijft gewoon actief."}, "Betaalt al jaren netjes; akkoord gegeven."},
		{"hostwerk", "API-token voor ons eigen paneel", "TECHNICAL", "WAITING_FOR_STAFF", 1, []string{"Kunnen wij het verbruik van onze klanten ook per dag opvragen via de API?"}, ""},
		{"zuid", "Website doet het niet", "INVOICE_DISPUTE", "WAITING_FOR_CUSTOMER", 6, []string{"Onze website is weg!", "Het pakket is tijdelijk buiten gebruik omdat een factuur openstaat; zie de brief van vorige maand."}, ""},
		{"fatima", "Hoe verleng ik?", "GENERAL", "RESOLVED", 7, []string{"Ik kreeg een mail over verlengen. Moet ik iets doen?", "Alleen als u wilt blijven: klik op verlengen in het klantenpaneel. Doet u niets, dan stopt het vanzelf."}, ""},
		{"peeters", "Facturen via Peppol", "GENERAL", "CLOSED", 300, []string{"Kunt u de facturen voortaan via Peppol sturen?", "Zeker, dat is ingesteld."}, ""},
	} {
		if err := s.ticket(ctx, t); err != nil {
			return fmt.Errorf("ticket %q: %w", t.subject, err)
		}
	}
	return nil
}

func (s *seeder) ticket(ctx context.Context, t talk) error {
	c, opened := s.byKey[t.customer], s.at(t.days, 8, 40)
	return s.do(ctx, opened, func(tx *pg.Tx) error {
		staff, err := userOf(ctx, tx, "support@demo.example")
		if err != nil {
			return err
		}
		row := &ticket.Ticket{ID: key.New(), AccountID: c.ID, Subject: t.subject, Category: t.category, Status: t.status, OpenedAt: tx.Now, LastMessageAt: s.sent(tx.Now, len(t.said)-1)}
		if t.status == "CLOSED" {
			at := row.LastMessageAt.Add(time.Hour)
			row.ClosedAt = &at
		}
		if err := tx.NewRaw(`select nextval('ticket_number_seq')::text`).Scan(ctx, &row.Number); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		for i, body := range t.said {
			m := &ticket.Message{ID: key.New(), TicketID: row.ID, AccountID: c.ID, Author: "CUSTOMER", AuthorName: c.FirstName + " " + c.LastName, AuthorID: &c.users[0], Body: body, Channel: "PANEL", SentAt: s.sent(tx.Now, i)}
			if i%2 == 1 {
				m.Author, m.AuthorName, m.AuthorID = "STAFF", "Sofie de Jong", &staff
			}
			if _, err := tx.NewInsert().Model(m).Exec(ctx); err != nil {
				return err
			}
		}
		if t.note != "" {
			if _, err := tx.NewRaw(`insert into ticket_note (id, ticket_id, author_id, body, created_at) values (?, ?, ?, ?, ?)`, key.New(), row.ID, staff, t.note, row.LastMessageAt).Exec(ctx); err != nil {
				return err
			}
		}
		if len(t.said) < 2 {
			return nil
		}
		return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "TICKET_REPLY", SubjectType: key.Ticket, SubjectID: &row.ID, Data: map[string]string{"number": row.Number, "name": row.Subject}})
	})
}

// sent returns when the n-th message of a ticket was sent.
func (s *seeder) sent(opened time.Time, n int) time.Time {
	if at := opened.Add(time.Duration(n) * 95 * time.Minute); at.Before(s.now) {
		return at
	}
	return s.now
}

// changes are requests to change data (P-06): one that staff still have to look at, one that was decided.
func (s *seeder) changes(ctx context.Context) error {
	for _, r := range []struct {
		customer, status, reason string
		days                     int
		fields                   [][3]string
	}{
		{"korenaar", "OPEN", "Wij verhuizen.", 1, [][3]string{{"LINE1", "Coöperatiestraat 12-A", "Molenkade 7"}, {"POSTCODE", "1017 AB", "1018 CD"}}},
		{"linde", "APPROVED", "Nieuw nummer.", 200, [][3]string{{"PHONE", "+31 592 55 00 00", "+31 20 555 00 31"}}},
	} {
		err := s.do(ctx, s.at(r.days, 11, 15), func(tx *pg.Tx) error {
			c := s.byKey[r.customer]
			row := &account.ChangeRequest{ID: key.New(), AccountID: c.ID, Status: r.status, Reason: r.reason, SubmittedBy: &c.users[0], SubmittedAt: tx.Now}
			kind := notify.Kind("CHANGE_REQUEST_RECEIVED")
			var decision *string
			if r.status != "OPEN" {
				at := civil.In(tx.Now).AddDays(1).At(9, 0)
				row.DecidedAt, kind = &at, "CHANGE_REQUEST_DECIDED"
				decision = &r.status
			}
			if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
				return err
			}
			for _, f := range r.fields {
				field := &account.ChangeRequestField{ChangeRequestID: row.ID, AccountID: c.ID, Field: f[0], OldValue: f[1], NewValue: f[2], Decision: decision}
				if _, err := tx.NewInsert().Model(field).Exec(ctx); err != nil {
					return err
				}
			}
			return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: kind, SubjectType: key.ChangeRequest, SubjectID: &row.ID})
		})
		if err != nil {
			return fmt.Errorf("change for %s: %w", r.customer, err)
		}
	}
	return s.do(ctx, s.at(90, 16, 0), func(tx *pg.Tx) error {
		staff, err := userOf(ctx, tx, "support@demo.example")
		if err == nil {
			_, err = tx.NewRaw(`insert into account_note (id, account_id, author_id, body, created_at) values (?, ?, ?, ?, ?)`, key.New(), s.byKey["korenaar"].ID, uuid.NullUUID{UUID: staff, Valid: true},
				"Vaste contactpersoon is Marijke; Joris doet de administratie.", tx.Now).Exec(ctx)
		}
		return err
	})
}
