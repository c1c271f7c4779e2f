package billing_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// newPanel is a provider whose mail has somewhere to lead to.
func newPanel(t testing.TB, profile string) *provider {
	t.Helper()
	p := newProvider(t, profile)
	secret, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	p.Panel = notify.Panel{URL: "https://mijn.test.example", Key: secret}
	return p
}

func (p *provider) user(name string) uuid.UUID {
	p.t.Helper()
	id := key.New()
	p.Exec(`insert into app_user (id, email, name, status, created_at) values (?, ? || '@test.example', ?, 'ACTIVE', now())`, id, id.String(), name)
	return id
}

// as returns a user with a role in the account.
func (p *provider) as(account uuid.UUID, role viewer.AccountRole) billing.Asked {
	p.t.Helper()
	v := viewer.Viewer{Kind: viewer.Customer, Account: account, User: p.user(string(role)), Language: "nl"}
	return billing.Asked{Viewer: v.With(role.Permissions()...), IP: "203.0.113.7", Agent: "test"}
}

func (p *provider) owner(account uuid.UUID) billing.Asked { return p.as(account, viewer.Owner) }

// staff returns a member of staff who acts for the account.
func (p *provider) staff(account uuid.UUID, channel, receivedAt string) billing.Asked {
	p.t.Helper()
	v := viewer.Viewer{Kind: viewer.Staff, User: p.user("staff"), Language: "nl"}
	a := billing.Asked{Viewer: v.With(viewer.Support.Permissions()...), OnBehalf: &billing.OnBehalf{Account: account, Channel: channel, Evidence: "mail 12"}}
	if receivedAt != "" {
		a.OnBehalf.ReceivedAt = moment(receivedAt)
	}
	return a
}

// moment reads a time on the clock in Amsterdam.
func moment(s string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s, civil.Amsterdam)
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

func (p *provider) now(s string) { p.Clock.Set(moment(s)) }

// cancel requests the end of a service, which must succeed.
func (p *provider) cancel(a billing.Asked, service uuid.UUID, r subscription.Request) *subscription.Cancellation {
	p.t.Helper()
	if r.Mode == "" {
		r.Mode = term.EndOfTerm
	}
	x, err := p.RequestCancellation(p.t.Context(), a, service, r)
	if err != nil {
		p.t.Fatalf("cancel: %v", err)
	}
	return x
}

// preview returns the options for cancelling, by mode.
func (p *provider) preview(a billing.Asked, service uuid.UUID, choice string) map[term.Mode]billing.Option {
	p.t.Helper()
	options := map[term.Mode]billing.Option{}
	err := p.DB.Read(p.t.Context(), a.Viewer, viewer.ManageSubscription, func(tx *pg.Tx) error {
		s, err := subscription.Find(p.t.Context(), tx, service)
		if err != nil {
			return err
		}
		w, err := billing.PreviewCancellation(p.t.Context(), tx, s, time.Time{}, choice)
		if err != nil {
			return err
		}
		for _, o := range w.Options {
			options[o.Mode] = o
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return options
}

func wantCode(t testing.TB, what string, err error, code problem.Code) {
	t.Helper()
	if !problem.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

const (
	cancellations = `select status, effective_on, received_at at time zone 'Europe/Amsterdam' as received, channel from cancellation order by entered_at, id`
	mails         = `select kind, subject from message order by created_at, id`
)

// korenaar is a business with hosting and a domain name that renew in one month.
func korenaar(p *provider) (account, hosting, name uuid.UUID) {
	account = p.Account("BUSINESS")
	hosting = p.Yearly(account, "HOST-BASIS", "klant.nl", "2027-04-18")
	name = p.Yearly(account, "DOM-NL", "klant.nl", "2027-04-22")
	p.Package(account, hosting, "klant.nl")
	p.Domain(account, name, "klant.nl", "2027-04-22")
	return account, hosting, name
}

func TestA05CancelledInTimeAfterTheInvoice(t *testing.T) {
	p := newPanel(t, "PING")
	a, hosting, _ := korenaar(p)
	p.day("2027-03-01")
	p.is("the invoice", invoices, "2027-03-01,2027-03-15,RUN,8100,1701,9801")
	p.now("2027-03-19 23:30:00")
	owner := p.owner(a)
	o := p.preview(owner, hosting, subscription.Keep)[term.EndOfTerm]
	if o.EffectiveOn.String() != "2027-04-18" || !o.Timely || o.Credit != (money.Price{Net: 72_00, VAT: 15_12}) || o.Due.Gross() != 0 || len(o.Invoices) != 1 || o.Invoices[0].OpenAfter != 10_89 {
		t.Errorf("the preview says %+v", o)
	}
	x := p.cancel(owner, hosting, subscription.Request{DomainChoice: subscription.Keep})
	p.is("received", cancellations, `OPEN,2027-04-18,"2027-03-19 23:30:00",PANEL`)
	p.is("the receipt", mails, `CANCELLATION_RECEIVED,"Wij hebben uw opzegging van klant.nl ontvangen"`)
	p.is("says when, and what is credited", `select body_text ~ '19 maart 2027 om 23:30' as w, body_text ~ '18 april 2027' as e, body_text ~ '87,12' as c from message`, "t,t,t")
	p.is("the service", `select status, next_invoice_on, ends_on from subscription where id = ?`, "CANCELLATION_REQUESTED,,", hosting)
	p.is("the audit names who asked", `select kind, actor like 'user:%' as u, user_id is not null as i from event where kind like 'cancel%'`, "cancellation.requested,t,t")
	p.now("2027-03-23 10:00:00")
	for range 2 { // confirming again changes nothing
		if _, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID); err != nil {
			t.Fatal(err)
		}
	}
	p.is("the credit note", `select n.issued_on, n.net_cents, n.vat_cents, n.total_cents, i.number from invoice n join invoice i on i.id = n.refers_to_id`, "2027-03-23,-7200,-1512,-8712,2027-000001")
	p.is("open", `select open_cents from invoice where kind = 'INVOICE'`, "1089")
	p.is("confirmed", `select s.status, s.ends_on, s.end_reason, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDING,2027-04-18,CANCELLED,CONFIRMED")
	p.days("2027-04-17", "2027-04-18")
	p.is("ended", `select s.status, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,EXECUTED")
	p.is("told", `select kind from notification where kind not like 'INVOICE%' order by created_at, id`, "CANCELLATION_RECEIVED; CANCELLATION_CONFIRMED; CREDIT_NOTE; SUBSCRIPTION_ENDED; HOSTING_DELETION_SCHEDULED")
	p.is("mailed", `select kind from message order by created_at, id`, "CANCELLATION_RECEIVED; CANCELLATION_CONFIRMED; SUBSCRIPTION_ENDED")
	p.is("the domain name goes on", `select status, auto_renew from domain`, "ACTIVE,t")
	gapless(p)
}

func TestA07MHPCancelledBeforeAndAfterTheInvoice(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		p := newPanel(t, "MHP")
		a, hosting, _ := korenaar(p)
		p.now("2027-02-28 12:00:00")
		p.cancel(p.owner(a), hosting, subscription.Request{DomainChoice: subscription.Keep})
		p.day("2027-03-01")
		p.is("only the domain name is billed", invoices, "2027-03-01,2027-03-15,RUN,900,189,1089")
		p.is("confirmed before the run that would have billed it", `select status, effective_on from cancellation`, "CONFIRMED,2027-04-18")
	})
	t.Run("after", func(t *testing.T) {
		p := newPanel(t, "MHP")
		a, hosting, _ := korenaar(p)
		p.day("2027-03-01")
		p.now("2027-03-05 12:00:00")
		o := p.preview(p.owner(a), hosting, subscription.Keep)[term.EndOfTerm]
		if o.Timely || o.EffectiveOn.String() != "2028-04-18" || o.Credit.Gross() != 0 || o.Invoices[0].OpenAfter != 98_01 || o.Warnings[0].Code != "NOTICE_TOO_LATE" {
			t.Errorf("the preview says %+v", o)
		}
		x := p.cancel(p.owner(a), hosting, subscription.Request{DomainChoice: subscription.Keep})
		if _, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID); err != nil {
			t.Fatal(err)
		}
		p.is("the invoice stands", invoices, "2027-03-01,2027-03-15,RUN,8100,1701,9801")
		p.is("end", `select status, ends_on from subscription where id = ?`, "ENDING,2028-04-18", hosting)
		p.days("2028-02-28", "2028-03-02")
		p.is("only the domain name is billed again", `select issued_on, net_cents from invoice order by issued_on`, "2027-03-01,8100; 2028-03-01,900")
	})
}

func TestTheLastDayOfNoticeAndTheOneAfter(t *testing.T) {
	for _, tt := range []struct{ name, profile, renewal, received, want string }{
		{"the last second", "PING", "2027-04-18", "2027-03-19 23:59:59", "2027-04-18"},
		{"the midnight after", "PING", "2027-04-18", "2027-03-20 00:00:00", "2028-04-18"},
		{"a renewal on the 31st leaves the day of the invoice", "PING", "2027-03-31", "2027-03-01 23:59:59", "2027-03-31"},
		{"and not a second more", "PING", "2027-03-31", "2027-03-02 00:00:00", "2028-03-31"},
		{"over the leap day", "PING", "2028-03-01", "2028-01-31 23:59:59", "2028-03-01"},
		{"a leap year later", "PING", "2028-03-01", "2028-02-01 00:00:00", "2029-03-01"},
		{"MHP: a month before the 31st is the 28th, but the invoice came first", "MHP", "2027-03-31", "2027-02-28 23:59:59", "2027-03-31"},
		{"MHP: after the invoice", "MHP", "2027-03-31", "2027-03-01 12:00:00", "2028-03-31"},
		{"in summer time midnight is at 22:00 UTC", "PING", "2027-06-15", "2027-05-16 23:59:59", "2027-06-15"},
		{"and the next day begins then", "PING", "2027-06-15", "2027-05-17 00:00:00", "2028-06-15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, tt.profile)
			a := p.Account("BUSINESS")
			s := p.Yearly(a, "HOST-BASIS", "klant.nl", tt.renewal)
			invoiceOn := term.PING.SingleInvoiceOn(civil.MustParse(tt.renewal))
			if !moment(tt.received).Before(invoiceOn.At(4, 0)) {
				p.day(invoiceOn.String())
			}
			p.now(tt.received)
			shown := p.preview(p.owner(a), s, "")[term.EndOfTerm]
			x := p.cancel(p.owner(a), s, subscription.Request{})
			if x.EffectiveOn.String() != tt.want || shown.EffectiveOn != x.EffectiveOn {
				t.Errorf("it ends on %s, and %s was shown; want %s", x.EffectiveOn, shown.EffectiveOn, tt.want)
			}
			if late := moment(tt.received).AddDate(0, 0, 9); true { // handled long after: the end stays
				p.Clock.Set(late)
				if _, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID); err != nil {
					t.Fatal(err)
				}
			}
			p.is("confirmed later", `select ends_on from subscription`, tt.want)
			if last := shown.LastCancelOn; last.Before(civil.MustParse(tt.received[:10])) == shown.Timely {
				t.Errorf("last day %s, in time %v", last, shown.Timely)
			}
		})
	}
}

func TestReceivedBeforeItWasEntered(t *testing.T) {
	p := newPanel(t, "MHP")
	a, hosting, _ := korenaar(p)
	p.day("2027-03-01")
	p.now("2027-03-02 11:00:00")
	_, err := p.RequestCancellation(t.Context(), p.staff(a, "EMAIL", "2027-03-02 11:00:01"), hosting, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
	wantCode(t, "received in the future", err, problem.Invalid)
	_, err = p.RequestCancellation(t.Context(), p.staff(p.Account("BUSINESS"), "EMAIL", ""), hosting, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
	wantCode(t, "for another customer", err, problem.NotFound)
	alone := p.staff(a, "EMAIL", "")
	alone.OnBehalf = nil
	_, err = p.RequestCancellation(t.Context(), alone, hosting, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
	wantCode(t, "staff for nobody", err, problem.Invalid)
	forged := p.owner(a)
	forged.OnBehalf = &billing.OnBehalf{Account: a, Channel: "EMAIL", ReceivedAt: moment("2027-02-01 00:00:00")}
	_, err = p.RequestCancellation(t.Context(), forged, hosting, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
	wantCode(t, "a customer who dates its own wish", err, problem.Forbidden)

	x := p.cancel(p.staff(a, "EMAIL", "2027-03-01 03:59:59"), hosting, subscription.Request{DomainChoice: subscription.Keep})
	p.is("received before the run of the 1st", `select effective_on, channel, evidence, received_at at time zone 'Europe/Amsterdam' as at from cancellation`, `2027-04-18,EMAIL,"mail 12","2027-03-01 03:59:59"`)
	p.is("the audit", `select actor like 'staff:%' as s, channel, received_at at time zone 'Europe/Amsterdam' as at, reason from event where kind = 'cancellation.requested'`, `t,EMAIL,"2027-03-01 03:59:59","mail 12"`)
	if _, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("credited, final or not: it was in time (M-03)", `select total_cents from invoice where kind = 'CREDIT_NOTE'`, "-8712")
}

func TestItConfirmsItselfAfterTwoWorkingDays(t *testing.T) {
	p := newPanel(t, "PING")
	a, hosting, _ := korenaar(p)
	p.now("2026-12-24 17:00:00") // a Thursday; Christmas and the weekend are no working days
	p.cancel(p.owner(a), hosting, subscription.Request{DomainChoice: subscription.Keep})
	p.day("2026-12-28")
	p.is("one working day later", `select status from cancellation`, "OPEN")
	p.day("2026-12-29")
	p.is("two", `select status, effective_on from cancellation`, "CONFIRMED,2027-04-18")
	p.is("mailed once", `select count(*) from message where kind = 'CANCELLATION_CONFIRMED'`, "1")
}

func TestADomainChoiceIsNeededWhereOneIsLinked(t *testing.T) {
	p := newPanel(t, "PING")
	a, hosting, name := korenaar(p)
	p.now("2027-02-10 12:00:00")
	owner := p.owner(a)
	_, err := p.RequestCancellation(t.Context(), owner, hosting, subscription.Request{Mode: term.EndOfTerm})
	wantCode(t, "no choice", err, problem.Invalid)
	if q, _ := problem.As(err); q == nil || q.Path[1] != "domainChoice" {
		t.Errorf("it blames %v", q)
	}
	if o := p.preview(owner, hosting, "")[term.EndOfTerm]; !o.DomainChoiceRequired || o.StaysActive {
		t.Errorf("the preview says %+v", o)
	}
	x := p.cancel(owner, hosting, subscription.Request{DomainChoice: subscription.Stop})
	p.is("both are cancelled", `select s.label, p.code, c.effective_on, c.status from cancellation c join subscription s on s.id = c.subscription_id join product p on p.id = s.product_id order by p.code`,
		"klant.nl,DOM-NL,2027-04-22,OPEN; klant.nl,HOST-BASIS,2027-04-18,OPEN")
	if _, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("and confirmed", `select distinct status from cancellation`, "CONFIRMED")
	p.is("the registry is to stop renewing", `select auto_renew, auto_renew_confirmed_at from domain`, "f,")
	if _, err := p.WithdrawCancellation(t.Context(), owner, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("undone, both", `select distinct c.status, s.status as s, s.ends_on from cancellation c join subscription s on s.id = c.subscription_id`, "WITHDRAWN,ACTIVE,")
	p.is("the name renews again", `select auto_renew from domain`, "t")
	p.day("2027-03-01")
	p.is("and both are billed", invoices, "2027-03-01,2027-03-15,RUN,8100,1701,9801")
	_ = name
}

// bundled is a product that comes with its domain name.
func bundled(p *provider, kind string) (account, service uuid.UUID) {
	account = p.Account(kind)
	service = p.Yearly(account, "HOST-PLUS", "bundel.nl", "2027-04-18")
	p.Exec(`update product set bundles_domain = true where code = 'HOST-PLUS'`)
	p.Package(account, service, "bundel.nl")
	p.Domain(account, service, "bundel.nl", "2027-04-18")
	return account, service
}

func TestABundleWhoseDomainGoesOnStaysActive(t *testing.T) {
	p := newPanel(t, "PING")
	a, s := bundled(p, "BUSINESS")
	p.now("2027-02-10 12:00:00")
	owner := p.owner(a)
	if o := p.preview(owner, s, subscription.Keep)[term.EndOfTerm]; !o.StaysActive || o.DomainChoiceRequired || o.Warnings[0].Code != "DOMAIN_KEEPS_PRODUCT" {
		t.Errorf("the preview says %+v", o)
	}
	x := p.cancel(owner, s, subscription.Request{})
	p.is("it waits", `select c.status, s.status as s from cancellation c join subscription s on s.id = c.subscription_id`, "AWAITING_DOMAIN_DECISION,ACTIVE")
	p.is("and says so", `select kind from message`, "CANCELLATION_NEEDS_DOMAIN_CHOICE")
	_, err := p.ConfirmCancellation(t.Context(), p.staff(a, "", "").Viewer, x.ID)
	wantCode(t, "confirmed while it waits", err, problem.Conflict)
	p.day("2027-03-01")
	p.is("it is billed", invoices, "2027-03-01,2027-03-15,RUN,12000,2520,14520")
	p.now("2027-04-10 12:00:00") // long after the last day of notice
	if _, err := p.ChooseDomain(t.Context(), owner, x.ID, subscription.Stop); err != nil {
		t.Fatal(err)
	}
	p.is("its own time of receipt counts", cancellations, `OPEN,2027-04-18,"2027-02-10 12:00:00",PANEL`)
	p.day("2027-04-13")
	p.is("confirmed and credited", `select s.status, s.ends_on, (select sum(total_cents) from invoice) as money from subscription s`, "ENDING,2027-04-18,0")
	p.is("asked no more", `select count(*) from notification where kind = 'CANCELLATION_NEEDS_DOMAIN_CHOICE' and resolved_at is null`, "0")
	p.day("2027-04-18")
	p.is("gone, with the name", `select s.status, d.status as d, d.auto_renew from subscription s join domain d on d.subscription_id = s.id`, "ENDED,QUARANTINE,f")
}

func TestABundleThatWentOnIsOwedItsNewTerm(t *testing.T) {
	p := newPanel(t, "PING")
	a, s := bundled(p, "BUSINESS")
	p.now("2027-02-10 12:00:00")
	owner := p.owner(a)
	x := p.cancel(owner, s, subscription.Request{DomainChoice: subscription.Keep})
	p.days("2027-03-01", "2027-03-02")
	p.day("2027-04-18")
	p.is("renewed, because the name was", `select status, period_end_on from subscription`, "ACTIVE,2028-04-18")
	p.now("2027-06-01 12:00:00")
	if _, err := p.ChooseDomain(t.Context(), owner, x.ID, subscription.Stop); err != nil {
		t.Fatal(err)
	}
	p.is("it ends with the term that runs now", `select status, effective_on from cancellation`, "OPEN,2028-04-18")
}

func TestAConsumersWordWinsOverTheBundle(t *testing.T) {
	p := newPanel(t, "PING")
	a, s := bundled(p, "CONSUMER")
	p.Exec(`update subscription set indefinite = true`) // went on tacitly: it would not end by itself
	p.now("2027-02-10 12:00:00")
	p.cancel(p.owner(a), s, subscription.Request{})
	p.is("it waits", `select status, effective_on from cancellation`, "AWAITING_DOMAIN_DECISION,2027-03-10")
	p.days("2027-03-08", "2027-03-10")
	p.is("until the end, and then it ends", `select s.status, s.ends_on, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,2027-03-10,EXECUTED")
}

func TestA11ImmediateDeletionAndUndo(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	p.now("2026-11-20 10:00:00")
	owner := p.owner(a)
	try := func(r subscription.Request) error {
		r.Mode, r.DomainChoice = term.Immediate, subscription.Keep
		_, err := p.RequestCancellation(t.Context(), owner, s, r)
		return err
	}
	wantCode(t, "nothing typed", try(subscription.Request{RenouncesData: true}), problem.Invalid)
	wantCode(t, "another name typed", try(subscription.Request{RenouncesData: true, Confirmation: "ander.nl"}), problem.Invalid)
	wantCode(t, "the data not renounced", try(subscription.Request{Confirmation: "klant.nl"}), problem.Invalid)
	p.is("nothing happened", `select count(*) from cancellation`, "0")
	if err := try(subscription.Request{RenouncesData: true, Confirmation: " Klant.NL "}); err != nil {
		t.Fatal(err)
	}
	p.is("ended", `select s.status, s.ends_on, s.end_reason, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,2026-11-20,IMMEDIATE,EXECUTED")
	p.is("offline at once", `select status, purge_at at time zone 'Europe/Amsterdam' as purge from hosting_package`, `DELETED_RECOVERABLE,"2026-12-04 10:00:00"`)
	p.is("no credit", `select count(*) from invoice`, "0")
	p.is("mailed, with the helpdesk", `select kind, body_text ~ '020' as phone, body_text ~ '4 december 2026 om 10:00' as until from message`, "CANCELLATION_CONFIRMED,t,t")
	p.day("2026-11-21")
	p.now("2026-11-21 09:00:00")
	_, err := p.RestoreSubscription(t.Context(), owner.Viewer, s, "FULL", "")
	wantCode(t, "restored by the customer", err, problem.Forbidden)
	if _, err := p.RestoreSubscription(t.Context(), p.staff(a, "", "").Viewer, s, "FULL", "Alles is terug."); err != nil {
		t.Fatal(err)
	}
	p.is("runs as before", `select status, period_end_on, ends_on, last_cancel_on from subscription where id = ?`, "ACTIVE,2027-04-18,,2027-03-19", s)
	p.is("online", `select status, purge_at from hosting_package`, "ACTIVE,")
	p.is("told", `select kind from notification order by created_at desc, id desc limit 1`, "HOSTING_RESTORED")
	_, err = p.RestoreSubscription(t.Context(), p.staff(a, "", "").Viewer, s, "FULL", "")
	wantCode(t, "restored twice", err, problem.Conflict)
	p.day("2027-03-01")
	p.is("billed as before", invoices, "2027-03-01,2027-03-15,RUN,8100,1701,9801")
}

func TestA11TooLateToRestore(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	p.now("2026-11-20 10:00:00")
	p.cancel(p.owner(a), s, subscription.Request{Mode: term.Immediate, DomainChoice: subscription.Keep, Confirmation: "klant.nl", RenouncesData: true})
	p.now("2026-12-04 09:59:59")
	if _, err := p.RestoreSubscription(t.Context(), p.staff(a, "", "").Viewer, s, "FAILED", "Er was niets meer."); err != nil {
		t.Error(err)
	}
	p.is("a failed attempt leaves it", `select s.status, h.status as h from subscription s join hosting_package h on h.subscription_id = s.id`, "ENDED,DELETED_RECOVERABLE")
	p.now("2026-12-04 10:00:00")
	_, err := p.RestoreSubscription(t.Context(), p.staff(a, "", "").Viewer, s, "FULL", "")
	wantCode(t, "after the purge", err, hosting.Purged)
	p.is("ended", `select status from subscription where id = ?`, "ENDED", s)
}

func TestImmediateAfterTheInvoiceInTimeCreditsTheNextTerm(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	p.day("2027-03-01")
	p.now("2027-03-10 10:00:00")
	p.cancel(p.owner(a), s, subscription.Request{Mode: term.Immediate, DomainChoice: subscription.Keep, Confirmation: "klant.nl", RenouncesData: true})
	p.is("credited", `select total_cents from invoice where kind = 'CREDIT_NOTE'`, "-8712")
}

func TestA29Switching(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("BUSINESS")
	s := p.Yearly(a, "HOST-PRO", "pro.nl", "2027-04-10")
	p.Package(a, s, "pro.nl")
	p.now("2026-11-20 10:00:00")
	o := p.preview(p.owner(a), s, "")[term.Switch]
	var steps string
	for _, step := range o.Timeline {
		steps += step.Kind + " " + step.On.String() + "; "
	}
	if want := "RECEIVED 2026-11-20; CONFIRMED 2026-11-24; SWITCH_NOTICE 2026-12-20; UNDO_UNTIL 2027-01-18; ENDS 2027-01-19; DATA_ERASED 2027-02-18; "; steps != want {
		t.Errorf("the timeline is\n %s, want\n %s", steps, want)
	}
	p.cancel(p.owner(a), s, subscription.Request{Mode: term.Switch})
	p.is("no charge", `select count(*) from invoice`, "0")
	p.days("2026-11-21", "2026-11-25")
	p.is("confirmed", `select status, ends_on, end_reason from subscription`, "ENDING,2027-01-19,SWITCHED")
	p.days("2027-01-18", "2027-01-19")
	p.is("ended", `select s.status, h.status as h, (h.purge_at at time zone 'Europe/Amsterdam')::date as purge from subscription s join hosting_package h on h.subscription_id = s.id`, "ENDED,DELETION_SCHEDULED,2027-02-18")
	p.days("2027-03-01", "2027-03-02")
	p.is("nothing is billed after it", `select count(*) from invoice`, "0")
}

func TestASwitchIsExtendedOnceAndReportedDone(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("BUSINESS")
	s := p.Yearly(a, "HOST-PRO", "pro.nl", "2027-04-10")
	owner := p.owner(a)
	p.now("2027-03-05 10:00:00")
	x := p.cancel(owner, s, subscription.Request{Mode: term.Switch})
	p.is("to its latest day", `select effective_on from cancellation`, "2027-05-04")
	p.day("2027-03-09")
	if _, err := p.ExtendSwitch(t.Context(), owner, x.ID, civil.MustParse("2027-06-01")); err != nil {
		t.Fatal(err)
	}
	_, err := p.ExtendSwitch(t.Context(), owner, x.ID, civil.MustParse("2027-07-01"))
	wantCode(t, "twice", err, problem.Conflict)
	p.day("2027-04-01")
	p.is("the days after the renewal are billed", `select l.period_start_on, l.period_end_on, l.net_cents from invoice_line l order by 1`, "2027-04-10,2027-05-04,1416; 2027-05-04,2027-06-01,1652")
	p.day("2027-04-10")
	p.now("2027-05-01 15:00:00")
	if _, err := p.CompleteSwitch(t.Context(), owner, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("ended today", `select s.status, s.ends_on, s.end_reason, c.status as c from subscription s join cancellation c on c.subscription_id = s.id`, "ENDED,2027-05-01,SWITCHED,EXECUTED")
	p.is("the rest comes back", `select sum(net_cents) from invoice`, "1239")
}

func TestTakingBack(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	owner := p.owner(a)
	p.day("2027-03-01")
	p.now("2027-03-15 10:00:00")
	x := p.cancel(owner, s, subscription.Request{DomainChoice: subscription.Keep})
	if want := moment("2027-03-20 00:00:00"); x.UndoUntil == nil || !x.UndoUntil.Equal(want) {
		t.Errorf("it can be undone until %v, want %v", x.UndoUntil, want)
	}
	if _, err := p.WithdrawCancellation(t.Context(), owner, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("as before", `select s.status, c.status as c, s.next_invoice_on from subscription s join cancellation c on c.subscription_id = s.id`, "ACTIVE,WITHDRAWN,2028-03-01")
	_, err := p.WithdrawCancellation(t.Context(), owner, x.ID)
	wantCode(t, "twice", err, problem.Conflict)

	x = p.cancel(owner, s, subscription.Request{DomainChoice: subscription.Keep})
	p.day("2027-03-18")
	p.is("confirmed and credited", `select (select status from cancellation order by entered_at desc, id desc limit 1) as c, sum(open_cents) as open from invoice`, "CONFIRMED,1089")
	p.now("2027-03-20 00:00:00")
	_, err = p.WithdrawCancellation(t.Context(), owner, x.ID)
	wantCode(t, "after the last day of notice", err, subscription.UndoEnded)
	if _, err := p.WithdrawCancellation(t.Context(), p.staff(a, "PHONE", ""), x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("staff can", `select status, ends_on from subscription where id = ?`, "ACTIVE,", s)
	p.day("2027-03-20")
	p.is("what was credited is billed again, late", `select i.issued_on, l.net_cents, l.late from invoice i join invoice_line l on l.invoice_id = i.id where i.kind = 'INVOICE' order by 1, 2`, "2027-03-01,900,f; 2027-03-01,7200,f; 2027-03-20,7200,t")
	p.days("2027-04-17", "2027-04-18")
	p.is("and it renews", `select status, period_end_on from subscription where id = ?`, "ACTIVE,2028-04-18", s)
}

func TestRejecting(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	p.now("2027-02-26 10:00:00")
	x := p.cancel(p.as(a, viewer.Billing), s, subscription.Request{DomainChoice: subscription.Keep})
	staff := p.staff(a, "", "").Viewer
	if _, err := p.PickUpCancellation(t.Context(), staff, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("being handled", `select status from cancellation`, "IN_PROGRESS")
	_, err := p.RejectCancellation(t.Context(), p.owner(a).Viewer, x.ID, "DUPLICATE")
	wantCode(t, "by the customer", err, problem.Forbidden)
	if _, err := p.RejectCancellation(t.Context(), staff, x.ID, "NOT_AUTHORISED"); err != nil {
		t.Fatal(err)
	}
	p.is("rejected", `select c.status, c.rejection, s.status as s from cancellation c join subscription s on s.id = c.subscription_id`, "REJECTED,NOT_AUTHORISED,ACTIVE")
	_, err = p.ConfirmCancellation(t.Context(), staff, x.ID)
	wantCode(t, "confirmed afterwards", err, problem.Conflict)
	p.is("mailed with the ground", `select subject, body_text ~ 'niet bevoegd' as g from message order by created_at desc, id desc limit 1`, `"Uw opzegging van klant.nl kan niet worden verwerkt",t`)
	p.day("2027-03-01")
	p.is("billed", invoices, "2027-03-01,2027-03-15,RUN,8100,1701,9801")
}

func TestConsumersCancelUntilTheEndAndDeclineWithIt(t *testing.T) {
	p := newPanel(t, "PING")
	a := p.Account("CONSUMER")
	s := p.Yearly(a, "HOST-START", "fatima.nl", "2027-04-18")
	month := p.Service(a, "VPS-S", "vps", 1, "2027-01-31", "2027-03-31", "2027-04-30")
	p.days("2027-03-18", "2027-03-19")
	p.now("2027-04-01 12:00:00")
	owner := p.owner(a)
	x := p.cancel(owner, s, subscription.Request{})
	p.is("ends with its term", `select c.effective_on, o.status from cancellation c join renewal_offer o on o.subscription_id = c.subscription_id`, "2027-04-18,DECLINED")
	if _, err := p.WithdrawCancellation(t.Context(), owner, x.ID); err != nil {
		t.Fatal(err)
	}
	p.is("undone: it can be renewed again", `select status from renewal_offer`, "OPEN")
	p.cancel(owner, s, subscription.Request{})
	p.cancel(owner, month, subscription.Request{})
	p.is("a month's notice", `select effective_on from cancellation where subscription_id = ?`, "2027-05-01", month)
	p.days("2027-04-02", "2027-05-02")
	p.is("ended", `select label, status, ends_on, end_reason from subscription order by label`, "fatima.nl,ENDED,2027-04-18,CANCELLED; vps,ENDED,2027-05-01,CANCELLED")
	p.is("one day of the last month is owed", `select sum(net_cents) from invoice`, "39")
	p.is("no mail reminds of what was cancelled", `select count(*) from message where kind = 'RENEWAL_OFFER'`, "1")
}

func TestWhoMayCancel(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	reseller := p.Account("BUSINESS")
	p.Exec(`update account set is_partner = true where id = ?`, reseller)
	p.Exec(`update account set partner_id = ? where id = ?`, reseller, a)
	partner := p.owner(reseller)
	partner.Viewer.Kind = viewer.Partner
	stranger := p.owner(p.Account("BUSINESS"))
	p.now("2027-02-10 12:00:00")
	for _, tt := range []struct {
		name string
		who  billing.Asked
		want problem.Code // "" for allowed
	}{
		{"the owner", p.owner(a), ""}, {"a user for billing", p.as(a, viewer.Billing), ""}, {"a technical user", p.as(a, viewer.Technical), problem.Forbidden},
		{"a stranger", stranger, problem.NotFound}, {"the partner", partner, ""}, {"staff on behalf", p.staff(a, "PHONE", ""), ""},
		{"a visitor", billing.Asked{Viewer: viewer.Nobody("nl")}, problem.Unauthenticated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x, err := p.RequestCancellation(t.Context(), tt.who, s, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
			if tt.want != "" {
				wantCode(t, "request", err, tt.want)
				p.is("nothing happened", `select count(*) from cancellation where status = 'OPEN'`, "0")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.RequestCancellation(t.Context(), tt.who, s, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
			wantCode(t, "a second time", err, subscription.AlreadyRequested)
			_, err = p.WithdrawCancellation(t.Context(), stranger, x.ID)
			wantCode(t, "taken back by a stranger", err, problem.NotFound)
			_, err = p.WithdrawCancellation(t.Context(), p.as(a, viewer.Technical), x.ID)
			wantCode(t, "taken back by a technical user", err, problem.Forbidden)
			if _, err := p.WithdrawCancellation(t.Context(), tt.who, x.ID); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// together runs f n times at once and returns how many succeeded; the others must fail with the code.
func together(t *testing.T, n int, code problem.Code, f func() error) int {
	t.Helper()
	var done atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			switch err := f(); {
			case err == nil:
				done.Add(1)
			case code == "" || !problem.Is(err, code):
				t.Error(errors.Join(errors.New("at once"), err))
			}
		})
	}
	all.Wait()
	return int(done.Load())
}

func TestManyAtOnceHaveOneEffect(t *testing.T) {
	p := newPanel(t, "PING")
	a, s, _ := korenaar(p)
	owner, staff := p.owner(a), p.staff(a, "", "").Viewer
	p.day("2027-03-01")
	p.now("2027-03-10 12:00:00")
	var id uuid.UUID
	n := together(t, 8, subscription.AlreadyRequested, func() error {
		x, err := p.RequestCancellation(t.Context(), owner, s, subscription.Request{Mode: term.EndOfTerm, DomainChoice: subscription.Keep})
		if err == nil {
			id = x.ID
		}
		return err
	})
	if n != 1 {
		t.Errorf("%d requests succeeded", n)
	}
	p.is("one", `select count(*), (select count(*) from message) as m, (select count(*) from notification where kind = 'CANCELLATION_RECEIVED') as n from cancellation`, "1,1,1")
	together(t, 8, "", func() error { _, err := p.ConfirmCancellation(t.Context(), staff, id); return err })
	p.is("one credit note", `select count(*), sum(total_cents) from invoice where kind = 'CREDIT_NOTE'`, "1,-8712")
	if n := together(t, 8, problem.Conflict, func() error { _, err := p.WithdrawCancellation(t.Context(), owner, id); return err }); n != 1 {
		t.Errorf("%d undone", n)
	}
}
