package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// AlreadyWithdrawn is the problem with a contract that was withdrawn from before.
const AlreadyWithdrawn problem.Code = "ALREADY_WITHDRAWN"

var errWithdrawn = problem.New(AlreadyWithdrawn, problem.Text{NL: "Deze overeenkomst is al herroepen.", EN: "This contract was withdrawn from already."})

// refundDays is within how many days of the statement a consumer gets the money back (state-machines §4).
const refundDays = 14

// Withdrawal is a consumer's statement to withdraw from a contract, and what came of it (rules 3.5-3.6, state-machines §4).
type Withdrawal struct {
	bun.BaseModel `bun:"table:withdrawal,alias:wd"`

	ID             uuid.UUID `bun:",pk"`
	AccountID      uuid.UUID
	OrderID        *uuid.UUID
	OfferID        *uuid.UUID
	Status         string
	Name           string
	Email          string
	DeclaredAt     time.Time // the legal time of receipt
	EnteredAt      time.Time
	Channel        string
	Evidence       string
	CreditNetCents money.Cents // positive
	CreditVatCents money.Cents
	RefundCents    money.Cents
	RefundByOn     civil.Date
	PaymentID      *uuid.UUID
}

// GlobalID returns the withdrawal's id in the API.
func (w *Withdrawal) GlobalID() string { return key.Format(key.Withdrawal, w.ID) }

// IsNode marks what has an id in the API.
func (*Withdrawal) IsNode() {}

// Credit returns what is credited.
func (w *Withdrawal) Credit() money.Price {
	return money.Price{Net: w.CreditNetCents, VAT: w.CreditVatCents}
}

// Agreement names what a consumer may withdraw from: an order or an accepted renewal, one of the two.
type Agreement struct {
	Order, Offer uuid.UUID
	Services     []uuid.UUID // only these of it; all when empty
}

// WithdrawalPreview is what withdrawing would bring: the first of the two steps.
type WithdrawalPreview struct {
	AccountID uuid.UUID
	Contract  string    // the order's number, or the service that was renewed
	EndsAt    time.Time // of the right to withdraw
	Name      string    // to fill in
	Email     string
	Services  []WithdrawnService
	Credit    money.Price
	Refund    money.Cents // of it, what was paid
	RefundBy  civil.Date
}

// WithdrawnService is a service that a withdrawal ends.
type WithdrawnService struct {
	SubscriptionID uuid.UUID
	Label          string
	EndsOn         civil.Date
	OwedUntil      civil.Date // what was used is owed only if the customer asked to start early
}

// contract is an agreement as it stands.
type contract struct {
	Agreement
	AccountID  uuid.UUID
	Name       string
	MadeAt     time.Time
	EarlyStart bool
	book       *subscription.Book
	parts      []part
}

// part is one service of a contract.
type part struct {
	subscription.Subscription
	period civil.Period // that was ordered or accepted
	end    term.End
}

// PreviewWithdrawal returns what withdrawing from a contract now would bring. It joins the viewer's transaction, who must see
// the account with its invoices, and changes nothing. It is a problem when the contract is none of a consumer, its period is
// over, or it was withdrawn from.
func PreviewWithdrawal(ctx context.Context, tx *pg.Tx, g Agreement) (*WithdrawalPreview, error) {
	c, err := contractOf(ctx, tx, g, tx.Now)
	if err != nil {
		return nil, err
	}
	p := &WithdrawalPreview{AccountID: c.AccountID, Contract: c.Name, EndsAt: c.book.Policy.WithdrawalEndsAt(civil.In(c.MadeAt)), Name: c.book.Account.Name, Email: c.book.Account.Email,
		RefundBy: tx.Today().AddDays(refundDays)}
	found, err := c.billed(ctx, tx)
	if err != nil {
		return nil, err
	}
	var q Consequence
	for _, f := range found {
		if err := q.credit(ctx, tx, f); err != nil {
			return nil, err
		}
	}
	p.Credit, p.Refund = q.Credit, q.ToBalance
	for _, s := range c.parts {
		p.Services = append(p.Services, WithdrawnService{s.ID, s.Label, s.end.On, s.end.OwedUntil})
	}
	return p, nil
}

// contractOf reads the contract, and decides how its services end if the statement is received at that time.
func contractOf(ctx context.Context, tx *pg.Tx, g Agreement, at time.Time) (*contract, error) {
	c := &contract{Agreement: g}
	if err := c.read(ctx, tx); err != nil {
		return nil, err
	}
	book, err := subscription.BookOf(ctx, tx, c.AccountID)
	if err != nil {
		return nil, err
	}
	c.book = book
	over := c.parts
	c.parts = slices.DeleteFunc(slices.Clone(c.parts), func(p part) bool {
		return p.Status == subscription.Ended || p.Status == subscription.Voided || len(g.Services) > 0 && !slices.Contains(g.Services, p.ID)
	})
	if len(c.parts) == 0 {
		return nil, c.gone(ctx, tx, len(over) > 0)
	}
	for i := range c.parts {
		if err := c.parts[i].decide(c, at); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// read finds the contract and its services.
func (c *contract) read(ctx context.Context, tx *pg.Tx) (err error) {
	var row struct {
		AccountID  uuid.UUID
		Name       string
		MadeAt     time.Time
		EarlyStart bool
		RenewsOn   civil.Date
		Status     string // of the offer
	}
	services := `select l.subscription_id from order_line l where l.order_id = ? and l.subscription_id is not null`
	id := c.Order
	if id != uuid.Nil {
		err = tx.NewRaw(`select account_id, number as name, coalesce(placed_at, created_at) as made_at, asked_early_start as early_start from customer_order
			where id = ? and status not in ('CART', 'REJECTED', 'CANCELED')`, id).Scan(ctx, &row)
	} else {
		id, services = c.Offer, `select o.subscription_id from renewal_offer o where o.id = ?`
		err = tx.NewRaw(`select o.account_id, s.label as name, o.answered_at as made_at, o.asked_early_start as early_start, o.renews_on, o.status from renewal_offer o join subscription s on s.id = o.subscription_id
			where o.id = ? and (o.status = 'ACCEPTED' or exists (select from withdrawal w where w.offer_id = o.id))`, id).Scan(ctx, &row)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return problem.Missing()
	}
	if err != nil {
		return fmt.Errorf("find a contract: %w", err)
	}
	if row.Status == subscription.OfferSuperseded {
		return errWithdrawn
	}
	c.AccountID, c.Name, c.MadeAt, c.EarlyStart = row.AccountID, row.Name, row.MadeAt, row.EarlyStart
	var all []subscription.Subscription
	if err := tx.NewSelect().Model(&all).Where("s.id in ("+services+")", id).Order("s.created_at", "s.id").Scan(ctx); err != nil {
		return fmt.Errorf("find the services of a contract: %w", err)
	}
	for _, s := range all {
		day := row.RenewsOn
		if day.IsZero() {
			day = s.AnchorOn
		}
		c.parts = append(c.parts, part{Subscription: s, period: term.PeriodOn(s.AnchorOn, s.TermMonths, day)})
	}
	return nil
}

// gone tells why nothing is left to withdraw from.
func (c *contract) gone(ctx context.Context, tx *pg.Tx, any bool) error {
	before, err := tx.NewSelect().Model((*Withdrawal)(nil)).Where("wd.order_id = ? or wd.offer_id = ?", c.Order, c.Offer).Where("wd.status <> 'REFUSED'").Exists(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("look for a withdrawal: %w", err)
	case before:
		return errWithdrawn
	case any:
		return problem.New(subscription.AlreadyEnded, problem.Text{NL: "Deze overeenkomst is al beëindigd.", EN: "This contract has ended already."})
	}
	return problem.Missing()
}

// decide computes how the service ends (§2.4). What was not delivered yet is not owed.
func (p *part) decide(c *contract, at time.Time) (err error) {
	k := term.Contract{Kind: term.Business, AnchorOn: p.AnchorOn, Months: p.TermMonths}
	if c.book.Account.ActsAsConsumer() {
		k.Kind = term.Consumer
	}
	p.end, err = c.book.Policy.EffectiveEnd(&k, term.Cancellation{Mode: term.Withdrawal, ReceivedAt: at, Withdrawn: p.period, ContractOn: civil.In(c.MadeAt),
		StartedEarly: c.EarlyStart && p.Status != subscription.Pending})
	return err
}

// billed returns what is to be credited, by invoice: one credit note for each.
func (c *contract) billed(ctx context.Context, tx *pg.Tx) (all []creditable, err error) {
	for _, p := range c.parts {
		found, err := billedFrom(ctx, tx, p.ID, p.end.OwedUntil)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			at := slices.IndexFunc(all, func(a creditable) bool { return a.invoice == f.invoice })
			if at < 0 {
				at, all = len(all), append(all, creditable{invoice: f.invoice})
			}
			all[at].lines = append(all[at].lines, f.lines...)
		}
	}
	return all, nil
}

func texts(ids []uuid.UUID) any {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = id.String()
	}
	return pgdialect.Array(all)
}
