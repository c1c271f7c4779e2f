package billing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/vat"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// PriceChanged is the problem with an offer that costs something else than was shown.
const PriceChanged problem.Code = "PRICE_CHANGED"

// Button is what the button that renews must say: that it obliges to pay (rules 3.7).
var Button = problem.Text{NL: "Verlengen met betalingsverplichting", EN: "Renew with obligation to pay"}

// Answer is what a consumer says to offers.
type Answer struct {
	Offers     []uuid.UUID
	Expected   *money.Cents // what was shown, VAT included; nil when the customer was shown the offers themselves
	EarlyStart bool         // asks expressly that the term may begin within the withdrawal period (rules 3.5)
	Button     string       // the words on the button; "" for Button in the viewer's language
}

// Renewal is what came of accepting offers.
type Renewal struct {
	Offers        []subscription.RenewalOffer
	Invoice       *Invoice // nil while its VAT waits for staff
	WithdrawUntil time.Time
}

// AcceptRenewal renews what the offers are for and invoices it at once, with the evidence (3.4, A09). They are of one account.
func (b *Billing) AcceptRenewal(ctx context.Context, a Asked, answer Answer) (r *Renewal, err error) {
	err = b.carryOut(ctx, a, ofOffers(ctx, answer.Offers), func(tx *pg.Tx, _ received) (err error) {
		r, err = b.accept(ctx, tx, a, answer)
		return err
	})
	return r, err
}

// accept is AcceptRenewal in a transaction.
func (b *Billing) accept(ctx context.Context, tx *pg.Tx, a Asked, answer Answer) (*Renewal, error) {
	answer.Offers = unique(answer.Offers)
	if answer.Button == "" {
		answer.Button = Button.In(a.Viewer.Language)
	}
	_, err := tx.NewRaw(`update renewal_offer set answered_by = ?, answered_ip = nullif(?, '')::inet, answered_agent = ?, answered_button = ?, asked_early_start = ? where id in (?) and status <> 'ACCEPTED'`,
		orNil(tx.Viewer.User), a.IP, clip(a.Agent), clip(answer.Button), answer.EarlyStart, bun.In(answer.Offers)).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("keep the evidence of an answer: %w", err)
	}
	r := &Renewal{}
	if r.Invoice, err = AcceptOffers(ctx, tx, answer.Offers...); err != nil {
		return nil, err
	}
	if r.Invoice != nil && answer.Expected != nil && *answer.Expected != r.Invoice.TotalCents {
		return nil, problem.New(PriceChanged, problem.Text{NL: "De prijs is nu %s; er is niets verlengd.", EN: "The price is %s now; nothing was renewed."}, r.Invoice.TotalCents.Amount())
	}
	if err := tx.NewSelect().Model(&r.Offers).Where("ro.id in (?)", bun.In(answer.Offers)).Order("ro.renews_on", "ro.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the offers: %w", err)
	}
	book, err := subscription.BookOf(ctx, tx, r.Offers[0].AccountID)
	if err != nil {
		return nil, err
	}
	r.WithdrawUntil = book.Policy.WithdrawalEndsAt(tx.Today())
	return r, b.mailRenewal(ctx, tx, book, r, answer)
}

// mailRenewal mails what was renewed, and until when it can be withdrawn from.
func (b *Billing) mailRenewal(ctx context.Context, tx *pg.Tx, book *subscription.Book, r *Renewal, answer Answer) error {
	content := notify.RenewalAccepted{From: r.Offers[0].RenewsOn, WithdrawUntil: civil.In(r.WithdrawUntil.Add(-time.Second)), Button: answer.Button, AcceptedAt: tx.Now, Link: b.pageOf(r.Offers[0].SubscriptionID)}
	for i := range r.Offers {
		o := &r.Offers[i]
		content.Services = append(content.Services, offeredService(book, book.Service(o.SubscriptionID), o))
		content.Total += o.NetCents + o.VatCents
	}
	if inv := r.Invoice; inv != nil {
		content.Invoice, content.DueOn, content.Total = inv.Number, inv.DueOn, inv.TotalCents
	}
	return mail(ctx, tx, book, "renewal_accepted:"+r.Offers[0].ID.String(), content)
}

// DeclineRenewal notes that the consumer does not renew (3.5): the end is the same as without an answer. Declining again
// changes nothing.
func (b *Billing) DeclineRenewal(ctx context.Context, a Asked, offers []uuid.UUID) (declined []subscription.RenewalOffer, err error) {
	err = b.carryOut(ctx, a, ofOffers(ctx, offers), func(tx *pg.Tx, _ received) (err error) {
		declined, err = b.decline(ctx, tx, offers)
		return err
	})
	return declined, err
}

func (b *Billing) decline(ctx context.Context, tx *pg.Tx, offers []uuid.UUID) (declined []subscription.RenewalOffer, err error) {
	account, err := accountOf(ctx, tx, offers)
	if err != nil {
		return nil, err
	}
	book, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	changed, err := book.Decline(ctx, tx, unique(offers)...)
	if err != nil {
		return nil, err
	}
	if err := tx.NewSelect().Model(&declined).Where("ro.id in (?)", bun.In(offers)).Order("ro.renews_on", "ro.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the offers: %w", err)
	}
	if len(changed) == 0 {
		return declined, nil
	}
	content := notify.RenewalDeclined{EndsOn: declined[0].RenewsOn, Link: b.pageOf(declined[0].SubscriptionID)}
	for _, s := range changed {
		content.Services = append(content.Services, s.Label)
	}
	if err := mail(ctx, tx, book, fmt.Sprintf("renewal_declined:%s:%s", declined[0].ID, tx.Today()), content); err != nil {
		return nil, err
	}
	return declined, subscription.Replan(ctx, tx, []uuid.UUID{account})
}

func ofOffers(ctx context.Context, offers []uuid.UUID) func(tx *pg.Tx) (uuid.UUID, error) {
	return func(tx *pg.Tx) (uuid.UUID, error) { return accountOf(ctx, tx, offers) }
}

// Invitation is what whoever has the link of an offer sees: no login is needed (P-25).
type Invitation struct {
	AccountID uuid.UUID
	Name      string // of the customer
	BrandID   uuid.UUID
	RenewsOn  civil.Date
	Offers    []InvitedOffer
}

// InvitedOffer is one service of an invitation.
type InvitedOffer struct {
	ID, SubscriptionID, ProductID uuid.UUID
	Label                         string
	TermMonths                    int
	AnchorOn, RenewsOn            civil.Date
	NetCents, VatCents            money.Cents
	VatRate                       *vat.Rate
	Status                        string
	AnsweredAt                    *time.Time
}

// Period returns the term that is offered.
func (o *InvitedOffer) Period() *civil.Period {
	p := term.PeriodOn(o.AnchorOn, o.TermMonths, o.RenewsOn)
	return &p
}

// Price returns what it costs.
func (o *InvitedOffer) Price() money.Price { return money.Price{Net: o.NetCents, VAT: o.VatCents} }

// open reports whether it can still be accepted, were it not for the time.
func (o *InvitedOffer) open() bool {
	return slices.Contains([]string{subscription.OfferOpen, subscription.OfferScheduled, subscription.OfferDeclined}, o.Status)
}

// OpenAt reports whether something can still be renewed.
func (i *Invitation) OpenAt(now time.Time) bool {
	return now.Before(i.RenewsOn.Start()) && slices.ContainsFunc(i.Offers, func(o InvitedOffer) bool { return o.open() })
}

// Total returns what everything that can still be renewed costs on one invoice, with VAT computed once.
func (i *Invitation) Total() money.Price {
	var p money.Price
	var rate *vat.Rate
	for _, o := range i.Offers {
		if o.open() {
			p.Net, p.VAT, rate = p.Net+o.NetCents, p.VAT+o.VatCents, o.VatRate
		}
	}
	if rate != nil {
		p.VAT = rate.Of(p.Net)
	}
	return p
}

// InvitationOf returns what is behind a token; nil when there is nothing. It joins any viewer's transaction, and changes nothing.
func InvitationOf(ctx context.Context, tx *pg.Tx, token string) (*Invitation, error) {
	var text *string
	if err := tx.NewRaw(`select app.renewal_by_token(?)`, hashOf(token)).Scan(ctx, &text); err != nil {
		return nil, fmt.Errorf("find what a link is for: %w", err)
	}
	if text == nil {
		return nil, nil
	}
	i := &Invitation{}
	if err := json.Unmarshal([]byte(*text), i); err != nil {
		return nil, fmt.Errorf("read what a link is for: %w", err)
	}
	return i, nil
}

// AcceptByToken renews what is behind the token of a mailed link, without a login (A09): the named offers or, when none are
// named, all that are open. A second time is the problem subscription.AlreadyAccepted, and after the renewal date
// subscription.OfferGone.
func (b *Billing) AcceptByToken(ctx context.Context, a Asked, token string, answer Answer) (r *Renewal, err error) {
	err = b.byToken(ctx, a, token, answer.Offers, func(tx *pg.Tx, offers []uuid.UUID) (err error) {
		answer.Offers = offers
		r, err = b.accept(ctx, tx, a, answer)
		return err
	})
	return r, err
}

// DeclineByToken declines what is behind the token of a mailed link.
func (b *Billing) DeclineByToken(ctx context.Context, a Asked, token string, offers []uuid.UUID) (declined []subscription.RenewalOffer, err error) {
	err = b.byToken(ctx, a, token, offers, func(tx *pg.Tx, offers []uuid.UUID) (err error) {
		declined, err = b.decline(ctx, tx, offers)
		return err
	})
	return declined, err
}

// byToken does something with offers behind a token, with their account locked.
func (b *Billing) byToken(ctx context.Context, a Asked, token string, named []uuid.UUID, do func(tx *pg.Tx, offers []uuid.UUID) error) error {
	return b.db.Write(ctx, a.Viewer.Elevated(engine), viewer.ManageSubscription, func(tx *pg.Tx) error {
		i, err := InvitationOf(ctx, tx, token)
		if err == nil && i == nil {
			err = problem.Missing().At("input", "token")
		}
		if err != nil {
			return err
		}
		if err := subscription.Lock(ctx, tx, i.AccountID); err != nil {
			return err
		}
		if i, err = InvitationOf(ctx, tx, token); err != nil || i == nil { // as those before have left it
			return errors.Join(err, problem.Missing().At("input", "token"))
		}
		offers, err := i.choose(named)
		if err != nil {
			return err
		}
		return do(tx, offers)
	})
}

// choose returns the named offers, or all that are open, or else all there are, so that the answer says why none is.
func (i *Invitation) choose(named []uuid.UUID) ([]uuid.UUID, error) {
	var all, open []uuid.UUID
	for _, o := range i.Offers {
		all = append(all, o.ID)
		if o.open() {
			open = append(open, o.ID)
		}
	}
	for _, id := range named {
		if !slices.Contains(all, id) {
			return nil, problem.Missing().At("input", "offerIds")
		}
	}
	switch {
	case len(named) > 0:
		return named, nil
	case len(open) > 0:
		return open, nil
	}
	return all, nil
}

// unique returns the ids without repetitions.
func unique(ids []uuid.UUID) []uuid.UUID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// clip keeps what a browser or a form says within bounds.
func clip(s string) string {
	const most = 300
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
