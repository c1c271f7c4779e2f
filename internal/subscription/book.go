package subscription

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Book is everything about one account that decides what is billed and when: the panel, the offers and the billing run all
// read it, and ask package term about it (invariant 13).
type Book struct {
	Account    account.Account
	Brand      account.Brand
	Prefix     string // of the brand's invoice numbers
	Preference *account.BillingPreference
	Tax        account.TaxPosition
	Hold       *Hold      // what of it waits for staff
	Services   []*Service // those that run, oldest first
	Policy     term.Policy
}

// Hold is why an account that is due is not billed as it is.
type Hold struct {
	Reason  string // VAT or PRICE
	SinceOn civil.Date
}

// Service is one running subscription with what surrounds it.
type Service struct {
	Subscription
	Product      catalog.Product
	Prices       []Price         // of the catalog, unless a price was agreed
	Offers       []*RenewalOffer // for the end of the running term or later, that still count
	Cancellation *Cancellation   // open or confirmed
	Next         *Issue          // the invoice for the term after the running one

	Contract term.Contract
}

// Price is what one piece costs for one term from a day on.
type Price struct {
	From civil.Date
	Net  money.Cents
}

// Issue is when a period was invoiced, and whether that was after its own date (V34).
type Issue struct {
	On   civil.Date
	Late bool
}

// Lock makes every other change of what these accounts are billed wait until the transaction ends. Whoever changes that
// calls it first, before touching a subscription, so that nobody waits for each other.
func Lock(ctx context.Context, tx *pg.Tx, accounts ...uuid.UUID) error {
	_, err := tx.NewRaw(`select from account where id = any(?::uuid[]) order by id for no key update`, array(accounts)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("lock %d accounts: %w", len(accounts), err)
	}
	return nil
}

// Books returns the books of the accounts, by id, in one statement. Unknown accounts are left out.
func Books(ctx context.Context, tx *pg.Tx, accounts []uuid.UUID) ([]*Book, error) {
	var texts []string
	if err := tx.NewRaw(bookSQL, array(accounts)).Scan(ctx, &texts); err != nil {
		return nil, fmt.Errorf("read the books of %d accounts: %w", len(accounts), err)
	}
	books := make([]*Book, len(texts))
	for i, text := range texts {
		b := &Book{}
		if err := json.Unmarshal([]byte(text), b); err != nil {
			return nil, fmt.Errorf("read the books: %w", err)
		}
		if err := b.open(); err != nil {
			return nil, err
		}
		books[i] = b
	}
	return books, nil
}

// BookOf returns the book of one account, which must exist.
func BookOf(ctx context.Context, tx *pg.Tx, account uuid.UUID) (*Book, error) {
	books, err := Books(ctx, tx, []uuid.UUID{account})
	if err == nil && len(books) == 0 {
		err = fmt.Errorf("there is no account %s", account)
	}
	if err != nil {
		return nil, err
	}
	return books[0], nil
}

// Language returns the language of what is written to the customer about money.
func (b *Book) Language() string {
	if b.Preference != nil {
		return b.Preference.Language
	}
	return b.Account.Language
}

// Contracts returns the contracts of the services, in the same order.
func (b *Book) Contracts() []term.Contract {
	all := make([]term.Contract, len(b.Services))
	for i, s := range b.Services {
		all[i] = s.Contract
	}
	return all
}

// Service returns the running service with this id, nil when there is none.
func (b *Book) Service(id uuid.UUID) *Service {
	for _, s := range b.Services {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// open derives what the rows say together.
func (b *Book) open() error {
	policy, ok := term.PolicyNamed(b.Brand.Profile)
	if !ok {
		return fmt.Errorf("brand %s has the unknown profile %q", b.Brand.Code, b.Brand.Profile)
	}
	b.Policy = policy
	b.Policy.PaymentTermDays = b.Brand.PaymentTermDays
	b.Tax.Country, b.Tax.Kind, b.Tax.VatID, b.Tax.OssRegistered = b.Account.Country, b.Account.Kind, b.Account.VatID, b.Brand.OssRegistered
	if b.Hold != nil && b.Hold.Reason == "VAT" {
		b.Tax.HeldSince = b.Hold.SinceOn
	}
	for _, s := range b.Services {
		s.Contract = b.contract(s)
	}
	return nil
}

func (b *Book) contract(s *Service) term.Contract {
	c := term.Contract{ID: s.ID, Kind: term.Business, AnchorOn: s.AnchorOn, Months: s.TermMonths, Quantity: 1, BilledUntil: s.BilledUntilOn, EndsOn: s.EndsOn}
	if b.Account.ActsAsConsumer() && !s.Continued() {
		c.Kind = term.Consumer
	}
	if x := s.Cancellation; x != nil {
		c.CancelRequested = x.Status == "OPEN" || x.Status == "IN_PROGRESS"
		if c.EndsOn.IsZero() && x.Status == "CONFIRMED" {
			c.EndsOn = x.EffectiveOn
		}
	}
	c.CancelRequested = c.CancelRequested || s.Status == CancellationRequested
	c.AgreedUntil = civil.Latest(s.PeriodEndOn, s.BilledUntilOn) // a consumer is only billed for what was agreed; an import brings periods that were billed ahead
	c.Prices = s.prices()
	for _, o := range s.Offers {
		if o.Status == OfferAccepted {
			c.AgreedUntil = civil.Latest(c.AgreedUntil, c.PeriodOn(o.RenewsOn).End)
		}
	}
	return c
}

// Continued reports whether a consumer's fixed term went on without one (rules 3.1). The invoice calendar then goes by its
// old length; it needs no offer, and may be cancelled on any day.
func (s *Service) Continued() bool { return s.Indefinite && s.TermMonths >= 3 }

// prices returns what one term costs for all of the quantity.
func (s *Service) prices() []term.Price {
	if s.PriceCents != nil {
		return []term.Price{{Net: *s.PriceCents}}
	}
	all := make([]term.Price, len(s.Prices))
	for i, p := range s.Prices {
		all[i] = term.Price{From: p.From, Net: p.Net * money.Cents(s.Quantity)}
	}
	return all
}

// object writes the columns of a row as a JSON object, named as the fields of its Go type.
func object(alias, columns string, more ...string) string {
	var pairs []string
	for _, column := range strings.Fields(columns) {
		name := strings.ReplaceAll(column, "_", "") // case does not matter
		pairs = append(pairs, "'"+name+"', "+alias+"."+column)
	}
	return "json_build_object(" + strings.Join(append(pairs, more...), ", ") + ")"
}

var bookSQL = `select json_build_object(
	'account', ` + object("a", "id number brand_id kind treated_as_consumer is_partner partner_id status company_name first_name last_name name email phone line1 line2 postcode city region country kvk_number vat_id language payment_term_days customer_since balance_cents") + `,
	'brand', ` + object("b", "id code profile name legal_name line1 postcode city country kvk_number vat_id iban bic email phone url hue payment_term_days oss_registered") + `,
	'prefix', b.invoice_prefix,
	'preference', (select ` + object("p", "delivery invoice_email purchase_reference payment_method reminder_before_invoice peppol_id language") + ` from billing_preference p where p.account_id = a.id),
	'tax', json_build_object(
		'outcome', (select c.outcome from vat_check c where c.account_id = a.id and c.vat_id = a.vat_id order by c.checked_at desc limit 1),
		'validOn', v.valid_on, 'consultation', v.number,
		'evidence', (select json_agg(json_build_object('kind', e.kind, 'country', e.country)) from location_evidence e where e.account_id = a.id)),
	'hold', (select json_build_object('reason', h.reason, 'sinceOn', h.since_on) from billing_hold h where h.account_id = a.id),
	'services', (select json_agg(` + serviceSQL + ` order by s.created_at, s.id)
		from subscription s join product p on p.id = s.product_id where s.account_id = a.id and s.status not in ('PENDING', 'ENDED', 'VOIDED'))
	)::text
from account a join brand b on b.id = a.brand_id
left join lateral (select (c.checked_at at time zone 'Europe/Amsterdam')::date as valid_on, c.consultation_number as number from vat_check c
	where c.account_id = a.id and c.vat_id = a.vat_id and c.outcome = 'VALID' and c.consultation_number <> '' order by c.checked_at desc limit 1) v on true
where a.id = any(?::uuid[]) order by a.id`

var serviceSQL = object("s", "id account_id product_id label quantity term_months anchor_on period_start_on period_end_on billed_until_on price_cents status indefinite ends_on end_reason created_at",
	`'product', `+object("p", "id code kind name_nl name_en tld bundles_domain"),
	`'prices', case when s.price_cents is null then (select json_agg(json_build_object('from', pp.valid_from, 'net', pp.amount_cents))
			from product_price pp where pp.product_id = s.product_id and pp.term_months = s.term_months) end`,
	`'offers', (select json_agg(`+object("o", "id account_id subscription_id renews_on term_months net_cents vat_cents status sends_on reminders")+` order by o.renews_on)
			from renewal_offer o where o.subscription_id = s.id and o.renews_on >= s.period_end_on and o.status <> 'SUPERSEDED')`,
	`'cancellation', (select `+object("x", "id mode status effective_on received_at")+` from cancellation x
			where x.subscription_id = s.id and x.status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED'))`,
	`'next', case when s.billed_until_on > s.period_end_on then (select json_build_object('on', i.issued_on, 'late', l.late)
			from covered_period c join invoice_line l on l.id = c.invoice_line_id join invoice i on i.id = l.invoice_id
			where not c.credited and l.subscription_id = s.id and l.period_start_on = s.period_end_on limit 1) end`)

// none reports whether a query found no row.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func array(ids []uuid.UUID) any {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return pgdialect.Array(texts)
}
