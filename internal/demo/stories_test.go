package demo_test

import (
	"testing"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/demo"
	"klantenpaneel/internal/viewer"

	"github.com/pquerna/otp/totp"
)

// stories checks what the panel should show of each of the ten accounts of rules §5, and of some others.
func (h *house) stories(t *testing.T) {
	const of = ` from account a where a.name = `
	for _, c := range []struct{ name, query, want string }{
		{"the bakery: two packages and four names, all but two of its services renewing in the month that the next run invoices", `select count(*) filter (where p.kind = 'HOSTING'), count(*) filter (where p.kind = 'DOMAIN'),
			count(*) filter (where date_trunc('month', s.period_end_on) = date_trunc('month', ?0::date) + interval '2 months') from subscription s join product p on p.id = s.product_id join account a on a.id = s.account_id where a.name = 'Bakkerij De Korenaar B.V.'`, "2,4,7"},
		{"the bakery pays by direct debit, and has one thing of each kind waiting", `select (select payment_method from billing_preference p where p.account_id = a.id), (select status from mandate m where m.account_id = a.id),
			(select count(*) from invoice i where i.account_id = a.id and open_cents > 0), (select string_agg(status, '+') from cancellation x where x.account_id = a.id), (select string_agg(status, '+') from change_request r where r.account_id = a.id),
			(select count(*) from notification n where n.account_id = a.id and read_at is null) >= 5` + of + `'Bakkerij De Korenaar B.V.'`, "DIRECT_DEBIT,ACTIVE,1,OPEN,OPEN,t"},
		{"A22: its quote can still be accepted", `select q.number like 'OFF-____-0007', q.status, q.valid_until_on - ?0::date, q.net_cents, q.vat_cents, q.net_cents + q.vat_cents from quote q join account a on a.id = q.account_id where a.name like 'Bakkerij De K%' and q.status = 'SENT'`, "t,SENT,28,29100,6111,35211"},
		{"Fatima: her offer is open, nothing is invoiced, and years ago she said yes", `select (select count(*) from renewal_offer o where o.account_id = a.id and o.status = 'OPEN' and o.renews_on > ?0), (select count(*) > 1 from renewal_offer o where o.account_id = a.id and o.status = 'ACCEPTED'),
			a.next_invoice_on is null, (select count(*) from invoice i where i.account_id = a.id and i.open_cents > 0)` + of + `'Fatima El Amrani'`, "2,t,t,0"},
		{"the village hall: by post, reminded, and its next invoice is not the next run's", `select p.delivery, p.reminder_before_invoice, a.next_invoice_on > ?0::date from account a join billing_preference p on p.account_id = a.id where a.name = 'Stichting Dorpshuis De Linde'`, "POST,t,t"},
		{"Peeters: reversed charge on every invoice, by Peppol", `select a.vat_id, (select delivery from billing_preference p where p.account_id = a.id), (select string_agg(distinct v.category || v.rate, '+') from invoice_vat v where v.account_id = a.id)` + of + `'Peeters Webdesign BV'`, "BE0123456749,PEPPOL,AE0"},
		{"Lena Vogt: German VAT, in English", `select a.language, string_agg(distinct v.category || v.rate || v.country, '+'), bool_and(i.language = 'en') from account a join invoice_vat v on v.account_id = a.id join invoice i on i.id = v.invoice_id where a.name = 'Lena Vogt' group by 1`, "en,S1900DE,t"},
		{"Studio Noordwind: a business with a consumer's rights and a server by the month", `select a.treated_as_consumer, s.term_months, p.code, s.indefinite, s.next_invoice_on = date_trunc('month', ?0::date) + interval '1 month' from account a join subscription s on s.account_id = a.id join product p on p.id = s.product_id where a.name = 'Studio Noordwind' and p.kind = 'VPS'`, "t,1,VPS-S,t,t"},
		{"Hostwerk: sixty names, a group of 25 lines, and twelve customers", `select a.is_partner, (select count(*) from domain d where d.account_id = a.id),
			(select count(*) from subscription s where s.account_id = a.id and s.term_months = 12 and date_trunc('month', s.period_end_on) = date_trunc('month', ?0::date) + interval '2 months'), (select count(*) from account c where c.partner_id = a.id)` + of + `'Reseller Hostwerk'`, "t,60,25,12"},
		{"J. de Groot: a third is paid, the rest is arranged, the service on hold", `select i.total_cents, i.open_cents, i.in_arrangement, s.status from account a join invoice i on i.account_id = a.id and i.open_cents > 0 join subscription s on s.account_id = a.id where a.name = 'J. de Groot Advies'`, "26136,17424,t,ON_HOLD"},
		{"Café Zuid: suspended, its letter out, naming the costs", `select s.status, h.status, i.open_cents, (select medium from message m where m.account_id = a.id), (select body_text like '%40,00%' from message m where m.account_id = a.id) from account a join invoice i on i.account_id = a.id and i.open_cents > 0
			join hosting_package h on h.account_id = a.id join subscription s on s.id = h.subscription_id where a.name = 'Café Zuid VOF'`, "SUSPENDED,SUSPENDED,9801,POST,t"},
		{"Drukkerij Veldhuis: invoices of every year since 2014, and prices that rose", `select min(extract(year from issued_on)), count(distinct extract(year from issued_on)) = extract(year from ?0::date) - 2013,
			(select string_agg(distinct l.net_cents::text, '+') from invoice_line l join product p on p.id = l.product_id where l.account_id = i.account_id and p.code = 'HOST-BASIS') from invoice i join account a on a.id = i.account_id where a.name = 'Drukkerij Veldhuis B.V.' group by i.account_id`, "2014,t,6000+7200"},
		{"Drukkerij Veldhuis: one cancelled in time was credited, and its 31st is on the invoice of the 16th", `select (select sum(total_cents) from invoice i where i.account_id = a.id and i.kind = 'CREDIT_NOTE'), (select count(distinct i.issued_on) > 5 from invoice_line l join invoice i on i.id = l.invoice_id where l.account_id = a.id and l.rule = 'GROUPED')` + of + `'Drukkerij Veldhuis B.V.'`, "-3630,t"},
		{"who let the offer pass has no services", `select string_agg(distinct s.status || s.end_reason, '+'), (select string_agg(status, '+') from renewal_offer o where o.account_id = a.id and o.status = 'EXPIRED'), (select string_agg(status, '+') from domain d where d.account_id = a.id) from account a join subscription s on s.account_id = a.id where a.name = 'Henk Visser' group by a.id`, "ENDEDNOT_RENEWED,EXPIRED+EXPIRED,QUARANTINE"},
		{"money that was paid twice is kept", `select balance_cents` + of + `'Fietsplus Zwolle'`, "15609"},
		{"an invoice is disputed, one is paid in part, one of a partner's customer is late", `select a.name, i.disputed, i.allocated_cents from invoice i join account a on a.id = i.account_id where i.open_cents > 0 and a.name in ('Architectenbureau Lijn & Vlak B.V.', 'Slijterij Het Vat', 'Cafetaria De Hoek') order by 1`,
			"Architectenbureau Lijn & Vlak B.V.,t,0\nCafetaria De Hoek,f,0\nSlijterij Het Vat,f,10000"},
		{"every state of a cancellation but one that staff have just picked up", `select string_agg(distinct mode || '-' || status, ' ' order by mode || '-' || status) from cancellation`,
			"END_OF_TERM-AWAITING_DOMAIN_DECISION END_OF_TERM-CONFIRMED END_OF_TERM-EXECUTED END_OF_TERM-OPEN END_OF_TERM-REJECTED END_OF_TERM-WITHDRAWN IMMEDIATE-EXECUTED"},
		{"there are customers of every kind", `select count(*) >= 55, count(distinct country), count(*) filter (where language = 'en') >= 5, count(*) filter (where kind = 'CONSUMER') >= 10, count(distinct brand_id), count(*) filter (where status = 'CLOSED') from account`, "t,4,t,t,2,2"},
		{"VAT of every kind", `select string_agg(distinct category || country || rate, ' ' order by category || country || rate) from invoice_vat`, "AEBE0 AEDE0 OCH0 SBE2100 SDE1900 SNL2100"},
	} {
		t.Run(c.name, func(t *testing.T) { h.is(t, c.query, c.want) })
	}
}

// signIn lets everyone in whom the summary names, with what it says.
func (h *house) signIn(t *testing.T) {
	who := demo.Who()
	for _, l := range who.Logins {
		in := auth.LoginInput{Email: l.Email, Password: l.Password}
		if l.Email == "tweestaps@demo.example" {
			code, err := totp.GenerateCode(demo.TOTPSecret, h.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			in.Code = code
		}
		if _, err := h.gate.Login(t.Context(), viewer.Nobody("nl"), in); err != nil {
			t.Errorf("%s: %v", l.Email, err)
		}
	}
	kinds := []viewer.Kind{viewer.Customer, viewer.Partner, viewer.Staff, viewer.Machine}
	for i, k := range who.Tokens {
		v, err := h.gate.AuthenticateToken(t.Context(), k.Token, "")
		if err != nil || v.Kind != kinds[i] {
			t.Errorf("%s: a viewer of kind %q, %v", k.About, v.Kind, err)
		}
	}
}
