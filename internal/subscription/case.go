package subscription

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"
)

// Case is one running service with everything that decides how it can end. What the customer is shown beforehand and what
// then happens both come from it.
type Case struct {
	Book     *Book
	Service  *Service
	Domains  []*LinkedDomain    // that work with it; none of a domain name's own subscription
	Names    []*LinkedDomain    // that are the service: of a domain name's own subscription
	Packages []*hosting.Package // that are not erased yet
	billed   []billedPeriod
}

// LinkedDomain is a domain name that works with a service.
type LinkedDomain struct {
	domainname.Domain
	Case *Case // of its own subscription; nil when it is part of the product, or has no running subscription
}

// billedPeriod is a period that is on an invoice.
type billedPeriod struct {
	StartOn civil.Date
	At      time.Time // of issue
	Late    bool
}

// CaseOf returns the case of a running service of the book.
func CaseOf(ctx context.Context, tx *pg.Tx, b *Book, s *Service) (*Case, error) {
	c, err := caseOf(ctx, tx, b, s)
	if err != nil {
		return nil, err
	}
	for _, d := range c.Domains {
		if own := c.contractOf(d); own != nil {
			if d.Case, err = caseOf(ctx, tx, b, own); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func caseOf(ctx context.Context, tx *pg.Tx, b *Book, s *Service) (*Case, error) {
	var text string
	if err := tx.NewRaw(caseSQL, s.ID).Scan(ctx, &text); err != nil {
		return nil, fmt.Errorf("read what belongs to a service: %w", err)
	}
	var row struct {
		Domains  []*LinkedDomain
		Packages []*hosting.Package
		Billed   []billedPeriod
	}
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		return nil, fmt.Errorf("read what belongs to a service: %w", err)
	}
	c := &Case{Book: b, Service: s, Domains: row.Domains, Packages: row.Packages, billed: row.Billed}
	if s.Product.Kind == catalog.Domain {
		c.Names, c.Domains = c.Domains, nil
	}
	return c, nil
}

// contractOf returns the running service that the linked name has for itself, nil when there is none.
func (c *Case) contractOf(d *LinkedDomain) *Service {
	if d.SubscriptionID == nil || *d.SubscriptionID == c.Service.ID {
		return nil
	}
	return c.Book.Service(*d.SubscriptionID)
}

// Consumer reports whether the rules for consumers apply to the service.
func (c *Case) Consumer() bool { return c.Book.Account.ActsAsConsumer() }

// End returns when the service ends and what is owed if this is asked for at that time (§2.4).
func (c *Case) End(mode term.Mode, at time.Time) (term.End, error) {
	return c.end(term.Cancellation{Mode: mode, ReceivedAt: at})
}

// end is End for a cancellation of which more is known.
func (c *Case) end(x term.Cancellation) (term.End, error) {
	k, day := c.contract(), civil.In(x.ReceivedAt)
	running := k.PeriodOn(day)
	x.Continued, x.Running, x.Next = c.Service.Continued(), c.issueOf(running.Start), c.nextIssue(running, day)
	return c.Book.Policy.EffectiveEnd(&k, x)
}

// contract returns the contract as notice sees it: one that went on tacitly is still a consumer's.
func (c *Case) contract() term.Contract {
	k := c.Service.Contract
	if c.Consumer() {
		k.Kind = term.Consumer
	}
	return k
}

// issueOf returns the invoice for the period that begins on the day.
func (c *Case) issueOf(start civil.Date) term.Issue {
	for _, p := range c.billed {
		if p.StartOn == start {
			return term.Issue{At: p.At, Late: p.Late}
		}
	}
	return term.Issue{}
}

// nextIssue returns the invoice for the period after the running one. While there is none it tells whether there should be.
func (c *Case) nextIssue(running civil.Period, day civil.Date) term.Issue {
	issue := c.issueOf(running.End)
	if !issue.At.IsZero() || c.Consumer() {
		return issue
	}
	contracts := c.Book.Contracts()
	at := slices.Index(c.Book.Services, c.Service)
	contracts[at].CancelRequested, contracts[at].EndsOn = false, civil.Date{}
	next := c.Book.Policy.NextLines(contracts, day)[at].Line
	return term.Issue{Late: next.Late && next.Period.Start == running.End}
}

// undoUntil returns until when the customer itself can take back a request that ends so (1.7): a business as long as it
// could still cancel, a consumer and whoever switches until the end. Zero when it cannot.
func (c *Case) undoUntil(mode term.Mode, end term.End) time.Time {
	if mode != term.EndOfTerm && mode != term.Switch {
		return time.Time{}
	}
	if mode == term.Switch || c.Consumer() || end.LastNoticeOn.IsZero() {
		return end.At
	}
	last := end.LastNoticeOn
	if !end.Timely {
		k, p := c.contract(), c.Book.Policy
		final := k.PeriodOn(end.On.AddDays(-1))
		last = p.LastNoticeOn(final, k.Months, invoiceFor(p, final, k.Months), false)
	}
	if until := term.NoticeEndsAt(last); until.Before(end.At) {
		return until
	}
	return end.At
}

// recoverableUntil returns until when the helpdesk can bring back what was removed at that time (M-14), by the clock on the wall.
func (c *Case) recoverableUntil(at time.Time) time.Time {
	return at.In(civil.Amsterdam).AddDate(0, 0, c.Book.Policy.RecoverableDays).UTC()
}

// invoiceFor returns the calendar's day for the invoice of the term after the running one.
func invoiceFor(p term.Policy, running civil.Period, months int) civil.Date {
	if months < 3 {
		return p.MonthlyInvoiceOn(running)
	}
	return p.SingleInvoiceOn(running.End)
}

// Bundle reports whether the product lives as long as its domain name (M-09): the name has no subscription of its own.
func (c *Case) Bundle() bool {
	return slices.ContainsFunc(c.Domains, func(d *LinkedDomain) bool {
		return d.SubscriptionID != nil && *d.SubscriptionID == c.Service.ID || c.Service.Product.BundlesDomain && d.Case == nil
	})
}

// undecided returns the linked names that go on being renewed unless somebody says otherwise.
func (c *Case) undecided() (names []*LinkedDomain) {
	for _, d := range c.Domains {
		if d.Status == "ACTIVE" && d.AutoRenew && (d.Case == nil || d.Case.Service.EndsOn.IsZero() && d.Case.Service.Cancellation == nil) {
			names = append(names, d)
		}
	}
	return names
}

// Answers returns what may be typed to end the service at once: the name that the customer knows it by, or one that it
// carries. The first is the one to ask for.
func (c *Case) Answers() []string {
	var names []string
	add := func(name string) {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range c.Packages {
		add(p.Name)
	}
	for _, d := range c.Names {
		add(d.Name)
	}
	add(c.Service.Label)
	for _, d := range c.Domains {
		add(d.Name)
	}
	return names
}

var caseSQL = `select json_build_object(
	'domains', (select json_agg(` + object("d", "id account_id subscription_id name status expires_on auto_renew auto_renew_confirmed_at locked created_at") + ` order by d.name)
		from domain d where d.account_id = s.account_id and d.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED') and (d.subscription_id = s.id or q.kind <> 'DOMAIN' and (
			d.name = lower(s.label) or exists (select from hosting_package h where h.subscription_id = s.id and h.status <> 'PURGED' and (h.domain_id = d.id or lower(h.name) = d.name))))),
	'packages', (select json_agg(` + object("h", "id account_id subscription_id domain_id name status disk_bytes mailbox_count database_count purge_at created_at") + ` order by h.name)
		from hosting_package h where h.subscription_id = s.id and h.status <> 'PURGED'),
	'billed', (select json_agg(json_build_object('starton', lower(c.period), 'at', case when i.origin = 'IMPORT' then i.issued_on::timestamp at time zone 'Europe/Amsterdam' else i.created_at end, 'late', l.late))
		from covered_period c join invoice_line l on l.id = c.invoice_line_id join invoice i on i.id = l.invoice_id where c.subscription_id = s.id and not c.credited)
	)::text from subscription s join product q on q.id = s.product_id where s.id = ?`
