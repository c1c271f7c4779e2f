package subscription

import (
	"context"
	"fmt"
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// The problems with an offer that is answered.
const (
	AlreadyAccepted problem.Code = "ALREADY_ACCEPTED"
	OfferGone       problem.Code = "EXPIRED"
)

// Offer brings the offers of the account up to the day: what the panel may accept already is scheduled, what is due is open,
// and what is still unanswered a week and a day before is reminded of (P-20, P-31, state-machines §3). The services of one
// renewal date are opened and reminded of together, as one mail tells. Doing it again on the same day changes nothing.
func (b *Book) Offer(ctx context.Context, tx *pg.Tx) error {
	day := tx.Today()
	opened, reminded := map[civil.Date][]OfferedTerm{}, map[civil.Date][]OfferedTerm{}
	number := map[civil.Date]int{}
	for _, s := range b.Services {
		plan, ok := b.Policy.OfferFor(&s.Contract, day)
		if !ok || s.Contract.CancelRequested || day.Before(plan.PanelOn) || !plan.Renewal.Start.After(day) {
			continue
		}
		o := s.offerFor(plan.Renewal.Start)
		if o == nil {
			var err error
			if o, err = b.schedule(ctx, tx, s, plan); err != nil {
				return err
			}
			if o == nil {
				continue
			}
		}
		if o.Status == OfferScheduled && !day.Before(o.SendsOn) {
			if err := b.openOffer(ctx, tx, s, o); err != nil {
				return err
			}
			opened[o.RenewsOn] = append(opened[o.RenewsOn], offered(s, o))
		}
		if n := reminders(plan, day); o.Status == OfferOpen && n > o.Reminders {
			if _, err := tx.NewRaw(`update renewal_offer set reminders = ? where id = ?`, n, o.ID).Exec(ctx); err != nil {
				return fmt.Errorf("remind of an offer: %w", err)
			}
			o.Reminders = n
			if !slices.ContainsFunc(opened[o.RenewsOn], func(t OfferedTerm) bool { return t.ID == key.Format(key.RenewalOffer, o.ID) }) {
				reminded[o.RenewsOn], number[o.RenewsOn] = append(reminded[o.RenewsOn], offered(s, o)), n
			}
		}
	}
	for on, offers := range opened {
		if err := tx.Record(OffersOpened{b.Account.ID, on, offers}); err != nil {
			return err
		}
	}
	for on, offers := range reminded {
		if err := tx.Record(OffersReminded{b.Account.ID, on, number[on], offers}); err != nil {
			return err
		}
	}
	return nil
}

// offerFor returns the offer for that renewal date, nil when there is none.
func (s *Service) offerFor(renewsOn civil.Date) *RenewalOffer {
	for _, o := range s.Offers {
		if o.RenewsOn == renewsOn {
			return o
		}
	}
	return nil
}

// schedule makes the offer; nil when nobody knows what to ask for it, so that staff must set a price first.
func (b *Book) schedule(ctx context.Context, tx *pg.Tx, s *Service, plan term.Offer) (*RenewalOffer, error) {
	p, ok := b.price(s, plan.Renewal.Start, tx.Today())
	if !ok {
		return nil, nil
	}
	o := &RenewalOffer{ID: key.New(), AccountID: s.AccountID, SubscriptionID: s.ID, RenewsOn: plan.Renewal.Start, TermMonths: s.TermMonths,
		NetCents: p.Net, VatCents: p.VAT, Status: OfferScheduled, SendsOn: plan.MailOn, CreatedAt: tx.Now}
	if _, err := tx.NewInsert().Model(o).Exec(ctx); err != nil {
		return nil, fmt.Errorf("schedule an offer: %w", err)
	}
	return o, nil
}

// openOffer fixes the price that the customer will be told.
func (b *Book) openOffer(ctx context.Context, tx *pg.Tx, s *Service, o *RenewalOffer) error {
	if p, ok := b.price(s, o.RenewsOn, tx.Today()); ok {
		o.NetCents, o.VatCents = p.Net, p.VAT
	}
	o.Status, o.OpenedAt = OfferOpen, &tx.Now
	if _, err := tx.NewUpdate().Model(o).Column("status", "opened_at", "net_cents", "vat_cents").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("open an offer: %w", err)
	}
	return notify.Add(ctx, tx, &notify.Notification{AccountID: s.AccountID, Kind: "RENEWAL_OFFER", SubjectType: key.RenewalOffer, SubjectID: &o.ID,
		Data: map[string]string{"name": s.Label, "day": o.RenewsOn.Short()}})
}

// price returns what a term that begins on a day costs, as known on knownOn.
func (b *Book) price(s *Service, day, knownOn civil.Date) (p money.Price, ok bool) {
	net, ok := term.PriceOn(s.Contract.Prices, day, knownOn)
	return money.Price{Net: net, VAT: b.Tax.Decide(knownOn).Rate.Of(net)}, ok
}

// reminders returns how many reminders of the offer are due by the day.
func reminders(plan term.Offer, day civil.Date) (n int) {
	for _, on := range plan.ReminderOn {
		if !day.Before(on) {
			n++
		}
	}
	return n
}

// Accept renews what the offers are for (3.4): the next term is agreed, and the domain name goes on. The caller has locked
// the account, invoices the terms of the services returned in the same transaction, and replans. It is a problem when an
// offer is not the account's, is over, or was accepted already.
func (b *Book) Accept(ctx context.Context, tx *pg.Tx, ids ...uuid.UUID) (services []uuid.UUID, err error) {
	for _, id := range ids {
		var o RenewalOffer
		err := tx.NewSelect().Model(&o).Where("ro.id = ?", id).Where("ro.account_id = ?", b.Account.ID).Scan(ctx)
		if none(err) {
			return nil, problem.Missing()
		}
		if err != nil {
			return nil, fmt.Errorf("find an offer: %w", err)
		}
		if err := answerable(&o, tx, b.Policy); err != nil {
			return nil, err
		}
		s := b.Service(o.SubscriptionID)
		if s == nil || s.offerFor(o.RenewsOn) == nil {
			return nil, over(o.RenewsOn)
		}
		if err := s.accept(ctx, tx, &o); err != nil {
			return nil, err
		}
		services = append(services, s.ID)
	}
	return services, nil
}

// answerable returns a problem unless the offer can still be accepted.
func answerable(o *RenewalOffer, tx *pg.Tx, p term.Policy) error {
	plan := term.Offer{PanelOn: o.RenewsOn.AddDays(-p.OfferInPanelDays), ExpiresAt: o.RenewsOn.Start()}
	switch {
	case o.Status == OfferAccepted:
		return problem.New(AlreadyAccepted, problem.Text{NL: "Deze verlenging is al bevestigd.", EN: "This renewal was accepted already."})
	case o.Status == OfferExpired, o.Status == OfferSuperseded, !tx.Now.Before(plan.ExpiresAt):
		return over(o.RenewsOn)
	case !plan.Acceptable(tx.Now):
		return problem.New(problem.Conflict, problem.Text{NL: "Verlengen kan vanaf %s.", EN: "You can renew from %s."}, plan.PanelOn.Short())
	}
	return nil
}

func over(renewsOn civil.Date) error {
	return problem.New(OfferGone, problem.Text{NL: "Dit aanbod gold tot %s.", EN: "This offer was valid until %s."}, renewsOn.Short())
}

func (s *Service) accept(ctx context.Context, tx *pg.Tx, o *RenewalOffer) error {
	o.Status, o.AnsweredAt = OfferAccepted, &tx.Now
	if _, err := tx.NewUpdate().Model(o).Column("status", "answered_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("accept an offer: %w", err)
	}
	*s.offerFor(o.RenewsOn) = *o
	until := s.Contract.PeriodOn(o.RenewsOn).End
	s.Contract.AgreedUntil = civil.Latest(s.Contract.AgreedUntil, until)
	if err := domainname.KeepRenewing(ctx, tx, s.ID); err != nil {
		return err
	}
	if err := notify.Resolve(ctx, tx, o.AccountID, o.ID, "RENEWAL_OFFER"); err != nil {
		return err
	}
	if err := tell(ctx, tx, s, "RENEWAL_ACCEPTED", until); err != nil {
		return err
	}
	return tx.Record(Accepted{o.AccountID, o.ID, key.Format(key.Subscription, s.ID), s.Label, o.RenewsOn, until})
}
