package billing_test

import (
	"strings"
	"testing"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// token returns what is behind the link in the latest mail of that kind.
func (p *provider) token() string {
	p.t.Helper()
	var row struct {
		ID     uuid.UUID
		Secret []byte
	}
	if err := p.Owner.NewRaw(`select id, secret from message where kind = 'RENEWAL_OFFER' order by created_at desc, id desc limit 1`).Scan(p.t.Context(), &row); err != nil {
		p.t.Fatal(err)
	}
	token, err := p.Panel.Key.Open("secret of a mail", row.ID[:], row.Secret)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(token)
}

// look returns what is behind a token, as a visitor.
func (p *provider) look(token string) *billing.Invitation {
	p.t.Helper()
	var i *billing.Invitation
	err := p.DB.Read(p.t.Context(), viewer.Nobody("nl"), viewer.ReadCatalog, func(tx *pg.Tx) (err error) {
		i, err = billing.InvitationOf(p.t.Context(), tx, token)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return i
}

var visitor = billing.Asked{Viewer: viewer.Nobody("nl"), IP: "203.0.113.9", Agent: "Firefox"}

func TestA09ByTheLinkInTheMail(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.days("2027-03-17", "2027-03-19")
	p.is("one mail, from 08:00 on", `select kind, next_attempt_at at time zone 'Europe/Amsterdam' as at, body_text ~ 'fatima.nl' as n, body_text ~ '43,56' as m from message`, `RENEWAL_OFFER,"2027-03-19 08:00:00",t,t`)
	token := p.token()
	p.is("the token is not in the database", `select count(*) from message where body_text like '%' || ? || '%'`, "0", token)
	p.now("2027-03-19 08:01:00")
	before := p.state()
	i := p.look(token)
	if i == nil || len(i.Offers) != 1 || i.Offers[0].Label != "fatima.nl" || i.Total() != (money.Price{Net: 36_00, VAT: 7_56}) || !i.OpenAt(p.Clock.Now()) {
		t.Fatalf("behind the link is %+v", i)
	}
	if p.state() != before {
		t.Error("looking changed something")
	}
	if p.look(token+"x") != nil || p.look("") != nil {
		t.Error("another token shows something")
	}
	p.now("2027-03-25 20:00:00")
	r, err := p.AcceptByToken(t.Context(), visitor, token, billing.Answer{})
	if err != nil {
		t.Fatal(err)
	}
	if r.WithdrawUntil != moment("2027-04-09 00:00:00") || r.Invoice.TotalCents != 43_56 {
		t.Errorf("it gives %+v", r)
	}
	p.is("invoiced", invoices, "2027-03-25,2027-04-08,RENEWAL,3600,756,4356")
	p.is("the evidence", `select status, host(answered_ip) as ip, answered_agent, answered_button, answered_at at time zone 'Europe/Amsterdam' as at, answered_by from renewal_offer`,
		`ACCEPTED,203.0.113.9,Firefox,"Verlengen met betalingsverplichting","2027-03-25 20:00:00",`)
	p.is("by whom", `select actor from event where kind = 'renewal_offer.accepted'`, "visitor")
	p.is("mailed with the withdrawal period", `select kind, body_text ~ '8 april 2027' as until, body_text ~ 'betalingsverplichting' as b from message order by created_at desc limit 1`, "RENEWAL_ACCEPTED,t,t")
	_, err = p.AcceptByToken(t.Context(), visitor, token, billing.Answer{})
	wantCode(t, "a second time", err, subscription.AlreadyAccepted)
	_, err = p.AcceptByToken(t.Context(), visitor, token+"x", billing.Answer{})
	wantCode(t, "another token", err, problem.NotFound)
	p.days("2027-04-11", "2027-04-18")
	p.is("one invoice, no reminder", `select count(*), (select count(*) from message where kind = 'RENEWAL_OFFER') as mails from invoice`, "1,1")
}

func TestA10MailsForBothAndNothingAfterTheEnd(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.Yearly(a, "DOM-NL", "fatima.nl", "2027-04-18")
	p.days("2027-03-18", "2027-03-20")
	first := p.token()
	p.days("2027-04-10", "2027-04-17")
	p.is("three mails, each for both", `select (created_at at time zone 'Europe/Amsterdam')::date as on, subject, body_text ~ '54,45' as both from message order by created_at`,
		`2027-03-19,"Wilt u uw diensten na 18 april 2027 behouden?",t; 2027-04-11,"Herinnering: uw diensten stoppen op 18 april 2027",t; 2027-04-17,"Herinnering: uw diensten stoppen op 18 april 2027",t`)
	if p.token() != first {
		t.Error("the link of the first mail is dead")
	}
	p.now("2027-04-17 23:59:59")
	if i := p.look(first); !i.OpenAt(p.Clock.Now()) {
		t.Error("in the last second it is closed")
	}
	p.now("2027-04-18 00:00:01")
	_, err := p.AcceptByToken(t.Context(), visitor, first, billing.Answer{})
	wantCode(t, "after the end", err, subscription.OfferGone)
	if i := p.look(first); i.OpenAt(p.Clock.Now()) {
		t.Error("it is still open")
	}
	p.day("2027-04-18")
	_, err = p.AcceptByToken(t.Context(), visitor, first, billing.Answer{})
	wantCode(t, "after the job", err, subscription.OfferGone)
	p.is("no invoice", `select count(*) from invoice`, "0")
	p.is("the end is mailed", `select kind, count(*) from message where kind <> 'RENEWAL_OFFER' group by 1`, "SUBSCRIPTION_ENDED,2")
}

func TestOneOfTwoIsRenewedAndDecliningCanBeChanged(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	hosting := p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.Yearly(a, "DOM-NL", "fatima.nl", "2027-04-18")
	p.days("2027-03-18", "2027-03-19")
	token := p.token()
	offer := uuid.MustParse(p.Text(`select id from renewal_offer where subscription_id = ?`, hosting))
	p.now("2027-03-20 12:00:00")
	if _, err := p.DeclineByToken(t.Context(), visitor, token, nil); err != nil {
		t.Fatal(err)
	}
	p.is("declined", `select distinct status from renewal_offer`, "DECLINED")
	p.is("a receipt", `select kind, count(*) from message where kind = 'RENEWAL_DECLINED' group by 1`, "RENEWAL_DECLINED,1")
	if _, err := p.DeclineByToken(t.Context(), visitor, token, nil); err != nil {
		t.Errorf("again: %v", err)
	}
	expected := money.Cents(43_00)
	owner := p.owner(a)
	_, err := p.AcceptRenewal(t.Context(), owner, billing.Answer{Offers: []uuid.UUID{offer}, Expected: &expected})
	wantCode(t, "at another price", err, billing.PriceChanged)
	p.is("nothing happened", `select count(*) from invoice`, "0")
	expected = 43_56
	if _, err := p.AcceptRenewal(t.Context(), owner, billing.Answer{Offers: []uuid.UUID{offer, offer}, Expected: &expected}); err != nil {
		t.Fatal(err)
	}
	if i := p.look(token); i.Total().Net != 9_00 {
		t.Errorf("what is left costs %v", i.Total())
	}
	_, err = p.DeclineRenewal(t.Context(), owner, []uuid.UUID{offer})
	wantCode(t, "declined after all", err, subscription.AlreadyAccepted)
	p.day("2027-04-18")
	p.is("one goes on", `select s.label, p.code, s.status from subscription s join product p on p.id = s.product_id order by 2`, "fatima.nl,DOM-NL,ENDED; fatima.nl,HOST-START,ACTIVE")
}

func TestWhoMayRenew(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.day("2027-02-16")
	p.is("not before 60 days ahead", `select count(*) from renewal_offer`, "0")
	p.day("2027-02-17")
	p.now("2027-02-17 12:00:00")
	offer := []uuid.UUID{uuid.MustParse(p.Text(`select id from renewal_offer`))}
	for name, tt := range map[string]struct {
		who  billing.Asked
		want problem.Code
	}{
		"a technical user": {p.as(a, viewer.Technical), problem.Forbidden}, "a stranger": {p.owner(p.Account("CONSUMER")), problem.NotFound},
		"a visitor": {visitor, problem.Unauthenticated}, "staff for nobody": {billing.Asked{Viewer: p.staff(a, "", "").Viewer}, problem.Invalid},
	} {
		_, err := p.AcceptRenewal(t.Context(), tt.who, billing.Answer{Offers: offer})
		wantCode(t, name, err, tt.want)
		_, err = p.DeclineRenewal(t.Context(), tt.who, offer)
		wantCode(t, name+" declines", err, tt.want)
	}
	p.is("nothing happened", `select status from renewal_offer`, "SCHEDULED")
	r, err := p.AcceptRenewal(t.Context(), p.staff(a, "PHONE", ""), billing.Answer{Offers: offer})
	if err != nil {
		t.Fatal(err)
	}
	if r.Invoice.IssuedOn != civil.MustParse("2027-02-17") {
		t.Errorf("invoiced on %s", r.Invoice.IssuedOn)
	}
	p.is("the channel is kept", `select actor like 'staff:%' as s, channel from event where kind = 'renewal_offer.accepted'`, "t,PHONE")
}

func TestManyAcceptAtOnce(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.days("2027-03-18", "2027-03-19")
	token := p.token()
	n := together(t, 8, subscription.AlreadyAccepted, func() error {
		_, err := p.AcceptByToken(t.Context(), visitor, token, billing.Answer{})
		return err
	})
	if n != 1 {
		t.Errorf("%d accepted", n)
	}
	p.is("one invoice", `select count(*) from invoice`, "1")
	if !strings.HasPrefix(token, "kr_") {
		t.Errorf("the token is %s", token)
	}
}

// ordered is a consumer that ordered hosting and a domain name on 2026-11-20 14:00, and paid.
func ordered(p *provider, early bool) (account, order uuid.UUID) {
	account = p.Account("CONSUMER")
	order = uuid.New()
	p.At("2026-11-20", 14, 0)
	p.Exec(`insert into customer_order (id, account_id, number, status, net_cents, vat_cents, placed_at, created_at, asked_early_start) values (?, ?, '20260012', 'COMPLETED', 4500, 945, ?, ?, ?)`,
		order, account, p.Clock.Now(), p.Clock.Now(), early)
	for i, code := range []string{"HOST-START", "DOM-NL"} {
		s := p.Service(account, code, "nieuw.nl", 12, "2026-11-20", "2026-11-20", "2027-11-20")
		p.Exec(`update subscription set billed_until_on = anchor_on where id = ?`, s)
		p.Exec(`insert into order_line (id, order_id, account_id, position, product_id, subscription_id, label, term_months, net_cents) select gen_random_uuid(), ?, ?, ?, product_id, id, label, 12, 100 from subscription where id = ?`, order, account, i, s)
		if code == "HOST-START" {
			p.Package(account, s, "nieuw.nl")
		}
	}
	p.Must(func(tx *pg.Tx) error {
		_, err := billing.BillNow(p.t.Context(), tx, account, billing.OriginOrder)
		return err
	})
	p.receive(billing.Receipt{AccountID: account, Method: "IDEAL", Amount: 54_45})
	return account, order
}

func TestA23Withdrawal(t *testing.T) {
	p := newPanel(t, "PING")
	a, order := ordered(p, true)
	owner := p.owner(a)
	p.now("2026-11-27 10:00:00")
	err := p.DB.Read(t.Context(), owner.Viewer, viewer.ManageSubscription, func(tx *pg.Tx) error {
		w, err := billing.PreviewWithdrawal(t.Context(), tx, billing.Agreement{Order: order})
		if err == nil && (w.Credit != (money.Price{Net: 44_14, VAT: 9_27}) || w.Refund != 53_41 || w.EndsAt != moment("2026-12-05 00:00:00") || w.RefundBy.String() != "2026-12-11" || len(w.Services) != 2) {
			t.Errorf("the first step says %+v", w)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.DeclareWithdrawal(t.Context(), owner, billing.Statement{Agreement: billing.Agreement{Order: order}})
	wantCode(t, "without a name", err, problem.Invalid)
	w, err := p.DeclareWithdrawal(t.Context(), owner, billing.Statement{Agreement: billing.Agreement{Order: order}, Name: "L. de Vries", Email: "l@test.example"})
	if err != nil {
		t.Fatal(err)
	}
	if w.Credit().Gross() != 53_41 || w.RefundCents != 53_41 || w.RefundByOn.String() != "2026-12-11" || !w.DeclaredAt.Equal(moment("2026-11-27 10:00:00")) {
		t.Errorf("it gives %+v", w)
	}
	p.is("one credit note", `select net_cents, vat_cents, total_cents from invoice where kind = 'CREDIT_NOTE'`, "-4414,-927,-5341")
	p.is("the refund is ordered", `select direction, method, status, amount_cents from payment where direction = 'OUT'`, "OUT,IDEAL,CREATED,5341")
	p.is("and not on the balance", `select balance_cents from account where id = ?`, "0", a)
	p.is("ended", `select distinct s.status, s.ends_on, s.end_reason, c.mode, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "VOIDED,2026-11-27,WITHDRAWN,WITHDRAWAL,EXECUTED")
	p.is("acknowledged at once, with the time", `select kind, recipient, body_text ~ '27 november 2026 om 10:00' as at, body_text ~ 'L. de Vries' as who, body_text ~ '11 december 2026' as by from message order by created_at desc, id desc limit 1`,
		"WITHDRAWAL_RECEIVED,l@test.example,t,t,t")
	_, err = p.DeclareWithdrawal(t.Context(), owner, billing.Statement{Agreement: billing.Agreement{Order: order}, Name: "L. de Vries"})
	wantCode(t, "a second time", err, billing.AlreadyWithdrawn)
	p.days("2027-10-01", "2027-10-02")
	p.is("never billed again", `select count(*) from invoice where kind = 'INVOICE'`, "1")
	gapless(p)
}

func TestA23WithoutTheExpressRequestAllComesBack(t *testing.T) {
	p := newPanel(t, "PING")
	a, order := ordered(p, false)
	p.now("2026-12-04 23:59:59")
	n := together(t, 4, billing.AlreadyWithdrawn, func() error {
		_, err := p.DeclareWithdrawal(t.Context(), p.owner(a), billing.Statement{Agreement: billing.Agreement{Order: order}, Name: "L. de Vries"})
		return err
	})
	if n != 1 {
		t.Errorf("%d at once", n)
	}
	p.is("in the last second, all of it", `select total_cents from invoice where kind = 'CREDIT_NOTE'`, "-5445")
	p.is("one refund", `select count(*) from payment where direction = 'OUT'`, "1")
}

func TestA23TooLateOrNotAllowed(t *testing.T) {
	p := newPanel(t, "PING")
	a, order := ordered(p, true)
	declare := func(who billing.Asked, services ...uuid.UUID) error {
		_, err := p.DeclareWithdrawal(t.Context(), who, billing.Statement{Agreement: billing.Agreement{Order: order, Services: services}, Name: "L. de Vries"})
		return err
	}
	p.now("2026-12-05 00:00:00")
	wantCode(t, "after the 14 days", declare(p.owner(a)), problem.Conflict)
	wantCode(t, "a stranger", declare(p.owner(p.Account("CONSUMER"))), problem.NotFound)
	wantCode(t, "a technical user", declare(p.as(a, viewer.Technical)), problem.Forbidden)
	p.is("nothing happened", `select count(*) from withdrawal`, "0")
	hosting := uuid.MustParse(p.Text(`select s.id from subscription s join product p on p.id = s.product_id where p.code = 'HOST-START'`))
	if err := declare(p.staff(a, "POST", "2026-12-04 12:00:00"), hosting); err != nil {
		t.Errorf("received in time by letter, entered later: %v", err)
	}
	p.is("only the hosting", `select p.code, s.status from subscription s join product p on p.id = s.product_id order by 1`, "DOM-NL,ACTIVE; HOST-START,VOIDED")
	p.Exec(`update account set kind = 'BUSINESS' where id = ?`, a)
	p.now("2026-11-21 12:00:00")
	wantCode(t, "a business", declare(p.owner(a)), problem.Forbidden)
}

func TestWithdrawingFromARenewalLeavesWhatRuns(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	s := p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	p.days("2027-03-18", "2027-03-19")
	p.now("2027-03-25 20:00:00")
	owner := p.owner(a)
	offer := uuid.MustParse(p.Text(`select id from renewal_offer`))
	if _, err := p.AcceptRenewal(t.Context(), owner, billing.Answer{Offers: []uuid.UUID{offer}}); err != nil {
		t.Fatal(err)
	}
	p.now("2027-04-08 23:59:59")
	declare := func() error {
		_, err := p.DeclareWithdrawal(t.Context(), owner, billing.Statement{Agreement: billing.Agreement{Offer: offer}, Name: "F. El Amrani"})
		return err
	}
	if err := declare(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "twice", declare(), billing.AlreadyWithdrawn)
	p.is("all of it is credited, nothing was paid", `select (select total_cents from invoice where kind = 'CREDIT_NOTE') as note, (select sum(open_cents) from invoice) as open, (select count(*) from payment) as refunds`, "-4356,0,0")
	p.is("what runs goes on to its end", `select status, ends_on, end_reason from subscription where id = ?`, "ENDING,2027-04-18,WITHDRAWN", s)
	p.days("2027-04-09", "2027-04-18")
	p.is("and ends", `select s.status, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,EXECUTED")
	p.is("no other offer was made", `select count(*), (select count(*) from message where kind = 'RENEWAL_OFFER') as m from renewal_offer`, "1,1")
}
