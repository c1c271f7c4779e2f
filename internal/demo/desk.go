package demo

import (
	"context"
	"fmt"
	"time"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/ticket"
)

// talk is a ticket: customer and staff speak in turn.
type talk struct {
	customer, subject, category, status string
	days                                int // ago
	said                                []string
	note                                string // between colleagues
}

// tickets plans what customers and staff talk about.
func (s *seeder) tickets() {
	ago := func(days int) int { return s.today.Sub(s.month(-1, 1).AddDays(days)) }
	for _, t := range []talk{
		{"korenaar", "Mail komt niet aan bij Hotmail", "TECHNICAL", "WAITING_FOR_CUSTOMER", 3, []string{"Sinds gisteren krijgen klanten met een Hotmail-adres onze bestellingen niet bevestigd.", "Wij zien dat er geen DKIM-record staat. Zullen wij dat voor u toevoegen?"}, "Klant belt meestal rond 6 uur 's ochtends."},
		{"korenaar", "Referentie op de factuur", "GENERAL", "CLOSED", 140, []string{"Kan onze inkoopreferentie op de factuur?", "Dat staat vanaf nu bij uw facturatievoorkeuren.", "Top, bedankt!"}, ""},
		{"degroot", "Betalingsregeling", "PAYMENT_ARRANGEMENT", "RESOLVED", ago(11), []string{"Door een late betaling van een opdrachtgever lukt het deze maand niet. Kan het in drie keer?", "Dat kan: drie gelijke delen, telkens op de 1e. De dienst blijft gewoon actief."}, "Betaalt al jaren netjes; akkoord gegeven."},
		{"hostwerk", "API-token voor ons eigen paneel", "TECHNICAL", "WAITING_FOR_STAFF", 1, []string{"Kunnen wij het verbruik van onze klanten ook per dag opvragen via de API?"}, ""},
		{"zuid", "Website doet het niet", "GENERAL", "WAITING_FOR_CUSTOMER", 6, []string{"Onze website is weg!", "Het pakket is tijdelijk buiten gebruik omdat een factuur openstaat; zie de brief van vorige maand. Zodra die betaald is, staat alles er direct weer op."}, ""},
		{"fatima", "Hoe verleng ik?", "GENERAL", "RESOLVED", 7, []string{"Ik kreeg een mail over verlengen. Moet ik iets doen?", "Alleen als u wilt blijven: klik op verlengen in het klantenpaneel. Doet u niets, dan stopt het vanzelf."}, ""},
		{"peeters", "Facturen via Peppol", "GENERAL", "CLOSED", 300, []string{"Kunt u de facturen voortaan via Peppol sturen?", "Zeker, dat is ingesteld."}, ""},
		{"vogt", "Is my address right?", "GENERAL", "CLOSED", 210, []string{"I moved within Leer last month. Do you have my new address?", "Yes: Lindenallee 7, 26789 Leer. You can check it under Details."}, ""},
		{"architectenbureaulijnvlak", "Factuur klopt niet", "INVOICE_DISPUTE", "WAITING_FOR_STAFF", ago(6), []string{"Volgens ons hebben wij .amsterdam vorig jaar opgezegd. Kunt u dat nakijken?"}, "Geen opzegging gevonden; belnotities nog nakijken."},
		{"breiwinkelsteek", "Per ongeluk verwijderd!", "UNDO_DELETION", "WAITING_FOR_STAFF", 4, []string{"Ik heb het verkeerde pakket opgezegd en nu is alles weg. Kan het terug?"}, ""},
		{"dierenartsvosseveld", "Verhuiscode vosseveld-voorbeeld.com", "TECHNICAL", "OPEN", 0, []string{"De oude provider stuurt de code morgen. Is dat op tijd?"}, ""},
		{"garagehofstra", "Domeinnaam verhuizen", "GENERAL", "CLOSED", 295, []string{"Wij willen onze .com bij onze importeur onderbrengen. Wat is de verhuiscode?", "Die vindt u bij de domeinnaam in het klantenpaneel; de naam is nu ontgrendeld."}, ""},
	} {
		s.scene(s.at(t.days, 8, 40), t.customer, func(ctx context.Context, tx *pg.Tx, c *customer) error { return s.ticket(ctx, tx, c, t) })
	}
}

func (s *seeder) ticket(ctx context.Context, tx *pg.Tx, c *customer, t talk) error {
	staff, err := userOf(ctx, tx, supporter)
	if err != nil {
		return err
	}
	row := &ticket.Ticket{ID: key.New(), AccountID: c.ID, Subject: t.subject, Category: t.category, Status: t.status, OpenedAt: tx.Now, LastMessageAt: s.sent(tx.Now, len(t.said)-1)}
	if t.status == "CLOSED" {
		row.ClosedAt = new(row.LastMessageAt.Add(time.Hour))
	}
	if err := tx.NewRaw(`select nextval('ticket_number_seq')::text`).Scan(ctx, &row.Number); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
		return fmt.Errorf("ticket %q: %w", t.subject, err)
	}
	for i, body := range t.said {
		m := &ticket.Message{ID: key.New(), TicketID: row.ID, AccountID: c.ID, Author: "CUSTOMER", AuthorName: c.FirstName + " " + c.LastName, AuthorID: &c.users[0], Body: body, Channel: "PANEL", SentAt: s.sent(tx.Now, i)}
		if i%2 == 1 {
			m.Author, m.AuthorName, m.AuthorID = "STAFF", "Sofie de Jong", &staff
		}
		if _, err := tx.NewInsert().Model(m).Exec(ctx); err != nil {
			return fmt.Errorf("ticket %q: %w", t.subject, err)
		}
	}
	if t.note != "" {
		if _, err := tx.NewRaw(`insert into ticket_note (id, ticket_id, author_id, body, created_at) values (?, ?, ?, ?, ?)`, key.New(), row.ID, staff, t.note, row.LastMessageAt).Exec(ctx); err != nil {
			return fmt.Errorf("ticket %q: %w", t.subject, err)
		}
	}
	if len(t.said) < 2 {
		return nil
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: "TICKET_REPLY", SubjectType: key.Ticket, SubjectID: &row.ID, Data: map[string]string{"number": row.Number, "name": row.Subject}})
}

// sent returns when the n-th message of a ticket was sent.
func (s *seeder) sent(opened time.Time, n int) time.Time {
	if at := opened.Add(time.Duration(n) * 95 * time.Minute); at.Before(s.now) {
		return at
	}
	return s.now
}

// change is a request to change data (P-06): field, old value, new value.
type change struct {
	customer, status, reason, answer string
	days                             int
	fields                           [][3]string
}

// changes plans requests that staff still have to look at, and decided ones.
func (s *seeder) changes() {
	for _, r := range []change{
		{"korenaar", "OPEN", "Wij verhuizen.", "", 1, [][3]string{{"LINE1", "Coöperatiestraat 12-A", "Molenkade 7"}, {"POSTCODE", "1017 AB", "1018 CD"}}},
		{"linde", "APPROVED", "Nieuw nummer.", "", 200, [][3]string{{"PHONE", "+31 592 555 00 00", "+31 20 555 00 31"}}},
		{"bitwerk", "REJECTED", "We changed our name.", "Stuur ons eerst een uittreksel van de Kamer van Koophandel.", 60, [][3]string{{"COMPANY_NAME", "Bitwerk B.V.", "Bitwerk Holding B.V."}}},
		{"kapsalonkrul", "IN_REVIEW", "", "", 2, [][3]string{{"EMAIL", "administratie@kapsalonkrul.example", "samira@kapsalonkrul.example"}}},
	} {
		s.scene(s.at(r.days, 11, 15), r.customer, func(ctx context.Context, tx *pg.Tx, c *customer) error { return s.change(ctx, tx, c, r) })
	}
	s.scene(s.at(90, 16, 0), "korenaar", func(ctx context.Context, tx *pg.Tx, c *customer) error {
		staff, err := userOf(ctx, tx, supporter)
		if err == nil {
			_, err = tx.NewRaw(`insert into account_note (id, account_id, author_id, body, created_at) values (?, ?, ?, ?, ?)`, key.New(), c.ID, staff, "Vaste contactpersoon is Marijke; Joris doet de administratie.", tx.Now).Exec(ctx)
		}
		return err
	})
}

func (s *seeder) change(ctx context.Context, tx *pg.Tx, c *customer, r change) error {
	row := &account.ChangeRequest{ID: key.New(), AccountID: c.ID, Status: r.status, Reason: r.reason, SubmittedBy: &c.users[0], SubmittedAt: tx.Now, DecisionReason: r.answer}
	kind := notify.Kind("CHANGE_REQUEST_RECEIVED")
	var decision *string
	if r.status == "APPROVED" || r.status == "REJECTED" {
		row.DecidedAt, kind, decision = new(tx.Today().AddDays(1).At(9, 0)), "CHANGE_REQUEST_DECIDED", &r.status
	}
	if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
		return fmt.Errorf("change for %s: %w", c.key, err)
	}
	for _, f := range r.fields {
		field := &account.ChangeRequestField{ChangeRequestID: row.ID, AccountID: c.ID, Field: f[0], OldValue: f[1], NewValue: f[2], Decision: decision}
		if _, err := tx.NewInsert().Model(field).Exec(ctx); err != nil {
			return fmt.Errorf("change for %s: %w", c.key, err)
		}
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: c.ID, Kind: kind, SubjectType: key.ChangeRequest, SubjectID: &row.ID})
}
