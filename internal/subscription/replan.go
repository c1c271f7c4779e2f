package subscription

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// replanBatch bounds what Replan holds in memory.
const replanBatch = 1000

// Replan computes anew what the panel shows of the accounts: the date and amount of the next invoice of each service and of
// the account, the last day to cancel, the day of the offer (P-16, P-17). It asks the functions of the billing run, so that
// both agree (invariant 13). It locks the accounts, and costs a read and a write however many there are.
//
// Call it after each change of a subscription, a price, a price agreed, a renewal offer or of what decides on VAT.
func Replan(ctx context.Context, tx *pg.Tx, accounts []uuid.UUID) error {
	accounts = slices.Clone(accounts)
	slices.SortFunc(accounts, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for batch := range slices.Chunk(slices.Compact(accounts), replanBatch) {
		if err := Lock(ctx, tx, batch...); err != nil {
			return err
		}
		books, err := Books(ctx, tx, batch)
		if err != nil {
			return err
		}
		if err := write(ctx, tx, books, term.NextRunOn(tx.Now)); err != nil {
			return err
		}
	}
	return nil
}

// Plan is what comes next for an account, or for one service.
type Plan struct {
	ID           uuid.UUID   `json:"id"`
	On           civil.Date  `json:"-"` // zero when nothing will be invoiced
	Net          money.Cents `json:"-"`
	VAT          money.Cents `json:"-"`
	LastCancelOn civil.Date  `json:"-"`
	OfferOn      civil.Date  `json:"-"`
}

// Plan returns what comes next for the account and for each of its services, in the order of b.Services, seen from the day
// of the next run. An amount is that of the invoice on that day: of a service its share, with VAT rounded by itself.
func (b *Book) Plan(from civil.Date) (of Plan, services []Plan) {
	of = Plan{ID: b.Account.ID}
	contracts := b.Contracts()
	next := b.Policy.NextLines(contracts, from)
	services = make([]Plan, len(contracts))
	place := make(map[uuid.UUID]int, len(contracts))
	var until civil.Date
	for i, s := range b.Services {
		services[i] = Plan{ID: s.ID, LastCancelOn: b.lastCancelOn(s, next[i])}
		if o, ok := b.Policy.OfferFor(&contracts[i], from); ok {
			services[i].OfferOn = o.MailOn
		}
		place[s.ID], until = i, civil.Latest(until, next[i].On)
	}
	if until.IsZero() {
		return of, services
	}
	for _, u := range b.Policy.NextInvoices(contracts, from, until) {
		if u.Net() == 0 {
			continue // nothing is sent: it is there for what staff have to price
		}
		rate := b.Tax.Decide(u.On).Rate
		if of.On.IsZero() {
			of.On, of.Net = u.On, u.Net()
			of.VAT = rate.Of(of.Net)
		}
		for _, l := range u.Lines {
			s := &services[place[l.ContractID]]
			if s.On.IsZero() || s.On == u.On {
				s.On, s.Net = u.On, s.Net+l.Net
				s.VAT = rate.Of(s.Net)
			}
		}
	}
	return of, services
}

// lastCancelOn returns the last day on which notice ends a business contract with its running term, by the invoice for the
// next one if there is one and else by the day on which it will come. It is zero where that question does not arise.
func (b *Book) lastCancelOn(s *Service, next term.NextLine) civil.Date {
	c := &s.Contract
	if c.Kind != term.Business || s.Continued() || !c.EndsOn.IsZero() || c.CancelRequested {
		return civil.Date{}
	}
	running := civil.Period{Start: s.PeriodStartOn, End: s.PeriodEndOn}
	switch {
	case s.Next != nil:
		return b.Policy.LastNoticeOn(running, s.TermMonths, s.Next.On, s.Next.Late)
	case next.Line.Period.Start == running.End && !next.Line.LastNoticeOn.IsZero():
		return next.Line.LastNoticeOn
	case s.TermMonths < 3:
		return b.Policy.LastNoticeOn(running, s.TermMonths, b.Policy.MonthlyInvoiceOn(running), false)
	}
	return b.Policy.LastNoticeOn(running, s.TermMonths, b.Policy.SingleInvoiceOn(running.End), false)
}

// MarshalJSON writes the plan as replanSQL reads it: what there is not is null.
func (p Plan) MarshalJSON() ([]byte, error) {
	row := struct {
		ID           uuid.UUID    `json:"id"`
		On           *civil.Date  `json:"on"`
		Net          *money.Cents `json:"net"`
		VAT          *money.Cents `json:"vat"`
		LastCancelOn *civil.Date  `json:"last"`
		OfferOn      *civil.Date  `json:"offer"`
	}{ID: p.ID, LastCancelOn: orNil(p.LastCancelOn), OfferOn: orNil(p.OfferOn)}
	if !p.On.IsZero() {
		row.On, row.Net, row.VAT = &p.On, &p.Net, &p.VAT
	}
	return json.Marshal(row)
}

func orNil(d civil.Date) *civil.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}

func write(ctx context.Context, tx *pg.Tx, books []*Book, from civil.Date) error {
	accounts, services := []Plan{}, []Plan{}
	for _, b := range books {
		of, each := b.Plan(from)
		accounts, services = append(accounts, of), append(services, each...)
	}
	a, err := json.Marshal(accounts)
	if err != nil {
		return err
	}
	s, err := json.Marshal(services)
	if err != nil {
		return err
	}
	if _, err := tx.NewRaw(replanSQL, string(s), string(a)).Exec(ctx); err != nil {
		return fmt.Errorf("write the plans of %d accounts: %w", len(books), err)
	}
	return nil
}

const replanSQL = `with services as (
	update subscription s set next_invoice_on = n.on, next_invoice_net_cents = n.net, next_invoice_vat_cents = n.vat, last_cancel_on = n.last, offer_on = n.offer
	from json_to_recordset(?::json) n(id uuid, "on" date, net bigint, vat bigint, last date, offer date) where s.id = n.id
	and (s.next_invoice_on, s.next_invoice_net_cents, s.next_invoice_vat_cents, s.last_cancel_on, s.offer_on) is distinct from (n.on, n.net, n.vat, n.last, n.offer))
update account a set next_invoice_on = n.on, next_invoice_net_cents = n.net, next_invoice_vat_cents = n.vat
from json_to_recordset(?::json) n(id uuid, "on" date, net bigint, vat bigint) where a.id = n.id
and (a.next_invoice_on, a.next_invoice_net_cents, a.next_invoice_vat_cents) is distinct from (n.on, n.net, n.vat)`
