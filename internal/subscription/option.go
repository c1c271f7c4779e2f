package subscription

import (
	"slices"
	"time"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// The choices about a linked domain name (M-08).
const (
	Stop     = "STOP"
	Keep     = "KEEP"
	Transfer = "TRANSFER"
)

// Preview is what cancelling a service would bring, for each way to do it (M-11). It is a promise: a request at that moment
// does just that.
type Preview struct {
	AccountID      uuid.UUID
	SubscriptionID uuid.UUID
	ReceivedAt     time.Time
	OpenID         *uuid.UUID // of the cancellation that there is already: then there are no options
	Confirmation   string     // what to type to end it at once
	Domains        []DomainOptions
	Options        []Option // the recommended one first
}

// Option is one way to end a service.
type Option struct {
	Mode                 term.Mode
	Recommended          bool // M-12
	EffectiveOn          civil.Date
	EffectiveAt          time.Time
	RenewsOn             civil.Date // end of the running term
	LastCancelOn         civil.Date // zero where no such day exists
	Timely               bool
	OwedUntil            civil.Date
	UndoUntil            time.Time  // zero when the customer cannot undo it
	ConfirmedBy          civil.Date // at the latest
	StaysActive          bool       // until something is decided about the domain name (M-09)
	DomainChoiceRequired bool
	ConfirmationRequired bool // type the name, and renounce the data
	Removals             []Removal
	Warnings             []Warning
	Timeline             []Step
}

// Removal is something that stops working and is erased.
type Removal struct {
	Kind              string // HOSTING_PACKAGE or DOMAIN
	Name              string
	StopsAt           time.Time
	RecoverableUntil  time.Time // then it is erased, or free for anyone
	Mailboxes         *int
	Databases         *int
	DiskBytes         *int64
	RetrievableByUser bool // until it is erased the customer can still fetch the data
}

// DomainOptions is what can become of a linked domain name.
type DomainOptions struct {
	DomainID uuid.UUID
	Name     string
	Required bool // no choice is made yet
	Choices  []DomainOption
}

// DomainOption is one choice for a linked domain name.
type DomainOption struct {
	Choice      string
	EffectiveOn civil.Date // when the name stops; zero when it does not
	Text        problem.Text
}

// Modes returns the ways in which the customer can end the service, the recommended one first.
func (c *Case) Modes() []term.Mode {
	modes := []term.Mode{term.EndOfTerm, term.Immediate}
	switch c.Service.Product.Kind {
	case catalog.Hosting, catalog.Reseller, catalog.VPS, catalog.Mail, catalog.Backup: // data processing services (rules 3.8)
		modes = append(modes, term.Switch)
	}
	return modes
}

// Preview returns what a request that is received at that time brings, given a choice for the linked domain name; "" for
// none yet.
func (c *Case) Preview(at time.Time, choice string) (Preview, error) {
	p := Preview{AccountID: c.Service.AccountID, SubscriptionID: c.Service.ID, ReceivedAt: at, Confirmation: c.Answers()[0]}
	if open := c.Service.Cancellation; open != nil {
		p.OpenID = &open.ID
		return p, nil
	}
	for _, d := range c.Domains {
		options, err := c.domainOptions(d, at)
		if err != nil {
			return p, err
		}
		p.Domains = append(p.Domains, options)
	}
	for i, mode := range c.Modes() {
		o, err := c.option(mode, at, choice)
		if err != nil {
			return p, err
		}
		o.Recommended = i == 0
		p.Options = append(p.Options, o)
	}
	return p, nil
}

func (c *Case) option(mode term.Mode, at time.Time, choice string) (Option, error) {
	end, err := c.End(mode, at)
	if err != nil {
		return Option{}, err
	}
	o := Option{Mode: mode, EffectiveOn: end.On, EffectiveAt: end.At, RenewsOn: end.RenewalOn, LastCancelOn: end.LastNoticeOn, Timely: end.Timely, OwedUntil: end.OwedUntil,
		UndoUntil: c.undoUntil(mode, end), ConfirmedBy: c.Book.Policy.ConfirmBy(civil.In(at)), ConfirmationRequired: mode == term.Immediate,
		StaysActive: mode != term.Immediate && c.waits(choice), DomainChoiceRequired: c.mustChoose(mode, choice)}
	if mode == term.Immediate {
		o.ConfirmedBy = civil.In(at)
	}
	o.Removals = c.removals(mode, end, choice)
	o.Warnings = c.warnings(mode, end, at, choice)
	o.Timeline = c.timeline(&o, at)
	return o, nil
}

// waits reports whether the product stays active because its domain name goes on (M-09).
func (c *Case) waits(choice string) bool {
	return c.Bundle() && len(c.undecided()) > 0 && choice != Stop && choice != Transfer
}

// mustChoose reports whether a request needs a choice about the linked domain name and has none. What a bundle waits for may
// be chosen later, unless it is to end at once.
func (c *Case) mustChoose(mode term.Mode, choice string) bool {
	return choice == "" && len(c.undecided()) > 0 && (!c.Bundle() || mode == term.Immediate)
}

// removals lists what stops working when the service ends so.
func (c *Case) removals(mode term.Mode, end term.End, choice string) (all []Removal) {
	purge := end.On.AddDays(c.Book.Policy.RetrievalDays).Start()
	if mode == term.Immediate {
		purge = c.recoverableUntil(end.At)
	}
	for _, p := range c.Packages {
		all = append(all, Removal{Kind: "HOSTING_PACKAGE", Name: p.Name, StopsAt: end.At, RecoverableUntil: purge, RetrievableByUser: mode != term.Immediate,
			Mailboxes: p.MailboxCount, Databases: p.DatabaseCount, DiskBytes: p.DiskBytes})
	}
	names := slices.Clone(c.Names)
	for _, d := range c.Domains {
		if d.SubscriptionID != nil && *d.SubscriptionID == c.Service.ID && choice != Transfer {
			names = append(names, d)
		}
	}
	for _, d := range names {
		_, until := domainname.AfterEnd(d.Name, end.On)
		all = append(all, Removal{Kind: "DOMAIN", Name: d.Name, StopsAt: end.At, RecoverableUntil: until.Start()})
	}
	return all
}

// domainOptions returns the choices for a linked name and what each would bring.
func (c *Case) domainOptions(d *LinkedDomain, at time.Time) (o DomainOptions, err error) {
	o = DomainOptions{DomainID: d.ID, Name: d.Name, Required: slices.Contains(c.undecided(), d)}
	stop := DomainOption{Choice: Stop, EffectiveOn: d.ExpiresOn, Text: problem.Text{
		NL: "De domeinnaam wordt niet meer verlengd en stopt als hij verloopt.",
		EN: "The domain name is no longer renewed and stops when it expires."}}
	keep := DomainOption{Choice: Keep, Text: problem.Text{
		NL: "De domeinnaam blijft van u en wordt verlengd en gefactureerd zoals nu.",
		EN: "The domain name stays yours, and is renewed and invoiced as it is now."}}
	move := DomainOption{Choice: Transfer, Text: problem.Text{
		NL: "U verhuist de domeinnaam naar een andere provider. Tot die verhuizing klaar is blijft hij hier en wordt hij verlengd.",
		EN: "You move the domain name to another provider. Until that is done it stays here and is renewed."}}
	switch {
	case d.Case != nil:
		end, err := d.Case.End(term.EndOfTerm, at)
		if err != nil {
			return o, err
		}
		stop.EffectiveOn = end.On
		stop.Text = problem.Text{
			NL: "Het abonnement van de domeinnaam wordt ook opgezegd en eindigt op " + end.On.Format("nl") + ".",
			EN: "The subscription of the domain name is cancelled too and ends on " + end.On.Format("en") + "."}
	case c.Bundle():
		stop.EffectiveOn = civil.Date{}
		stop.Text = problem.Text{NL: "De domeinnaam hoort bij dit product en stopt er tegelijk mee.", EN: "The domain name belongs to this product and stops together with it."}
		keep.Text = problem.Text{
			NL: "De domeinnaam hoort bij dit product: zolang hij wordt verlengd, blijft ook het product actief en wordt het gefactureerd.",
			EN: "The domain name belongs to this product: as long as it is renewed the product stays active too, and is invoiced."}
		move.Text = problem.Text{
			NL: "Verhuis de domeinnaam voordat het product eindigt; daarna kan het niet meer.",
			EN: "Move the domain name before the product ends; afterwards it can no longer be done."}
	}
	o.Choices = []DomainOption{stop, keep, move}
	return o, nil
}
