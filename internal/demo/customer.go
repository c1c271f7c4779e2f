package demo

import (
	"context"
	"fmt"
	"strings"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// customer is one account of the demo, and how its people behave.
type customer struct {
	account.Account
	key      string
	brand    string // code
	partner  string // key; "" for the provider's own customers
	pays     habit
	quits    civil.Date // pays nothing that is issued from this day on; zero for never
	leaves   civil.Date // a consumer: accepts no offer for a renewal from this day on; zero for never
	prefers  account.BillingPreference
	contacts []account.Contact
	evidence map[string]string // kind to country, of where a consumer is
	users    []user
	services []*service
}

// user is somebody who can sign in for a customer.
type user struct {
	email, name, language string
	role                  viewer.AccountRole
}

// service is one subscription of a customer, from the day it was ordered.
type service struct {
	code, label string
	months      int
	from        civil.Date
	quantity    int
	owner       *customer

	id, domain, hosting uuid.UUID // of the rows, once it has begun
}

// add puts a customer in the cast.
func (m *maker) add(c *customer) *customer {
	c.prefers.Delivery, c.prefers.PaymentMethod = orElse(c.prefers.Delivery, "EMAIL"), orElse(c.prefers.PaymentMethod, "INVOICE")
	c.Language, c.Country, c.brand = orElse(c.Language, "nl"), orElse(c.Country, "NL"), orElse(c.brand, "PING")
	c.prefers.Language = orElse(c.prefers.Language, c.Language)
	if c.Kind == "" {
		c.Kind = account.Business
	}
	m.customers[c.key], m.cast = c, append(m.cast, c)
	return c
}

// takes adds a service that the customer orders on that day; one from before the opening is there from the start.
func (c *customer) takes(code, label string, months int, from civil.Date) *service {
	s := &service{code: code, label: label, months: months, from: from, quantity: 1, owner: c}
	c.services = append(c.services, s)
	if c.CustomerSince.IsZero() || from.Before(c.CustomerSince) {
		c.CustomerSince = from
	}
	return s
}

// arrives is the day on which the customer is first seen.
func (c *customer) arrives() civil.Date { return civil.Latest(opening, c.CustomerSince) }

// makeCustomers has each customer arrive, and order what it orders, on the day.
func (m *maker) makeCustomers(ctx context.Context) error {
	if err := m.makeCast(); err != nil {
		return err
	}
	for _, c := range m.cast {
		m.plan(c.arrives(), 9, 0, func(ctx context.Context, tx *pg.Tx) error { return m.arrive(ctx, tx, c) })
		orders := map[civil.Date][]*service{}
		var days []civil.Date
		for _, s := range c.services {
			day := civil.Latest(opening, s.from)
			if orders[day] == nil {
				days = append(days, day)
			}
			orders[day] = append(orders[day], s)
			m.expect(s)
		}
		for _, day := range days {
			m.plan(day, 10, len(c.key)%60, func(ctx context.Context, tx *pg.Tx) error { return m.order(ctx, tx, c, orders[day]) })
		}
	}
	return nil
}

// arrive writes the account with what belongs to it.
func (m *maker) arrive(ctx context.Context, tx *pg.Tx, c *customer) error {
	c.ID, c.BrandID, c.Status, c.CreatedAt = key.New(), m.brands[c.brand], account.Active, tx.Now
	if c.partner != "" {
		c.PartnerID = &m.customers[c.partner].ID
	}
	if err := tx.NewRaw(`select nextval('account_number_seq')::text`).Scan(ctx, &c.Number); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(&c.Account).Exec(ctx); err != nil {
		return fmt.Errorf("account %s: %w", c.key, err)
	}
	c.prefers.AccountID, c.prefers.UpdatedAt = c.ID, tx.Now
	if _, err := tx.NewInsert().Model(&c.prefers).Exec(ctx); err != nil {
		return err
	}
	for _, k := range c.contacts {
		k.ID, k.AccountID, k.CreatedAt = key.New(), c.ID, tx.Now
		if _, err := tx.NewInsert().Model(&k).Exec(ctx); err != nil {
			return err
		}
	}
	for kind, country := range c.evidence {
		if _, err := tx.NewRaw(`insert into location_evidence (id, account_id, kind, country, recorded_at) values (?, ?, ?, ?, ?)`, key.New(), c.ID, kind, country, tx.Now).Exec(ctx); err != nil {
			return err
		}
	}
	return m.letIn(ctx, tx, c)
}

// letIn makes the users of the customer: those that are named, or its contact person.
func (m *maker) letIn(ctx context.Context, tx *pg.Tx, c *customer) error {
	users := c.users
	if users == nil && c.Email != "" {
		users = []user{{c.Email, strings.TrimSpace(c.FirstName + " " + c.LastName), c.Language, viewer.Owner}}
	}
	for _, u := range users {
		known, _, err := auth.CreateUser(ctx, tx, auth.NewUser{Email: u.email, Name: u.name, Language: u.language, PasswordHash: m.hash})
		if err != nil {
			return err
		}
		if err := auth.AddMembership(ctx, tx, known.ID, c.ID, u.role); err != nil {
			return err
		}
	}
	return nil
}

// start writes the subscription, and the domain name or the hosting package that it is for. What was there before the
// opening has been paid for until its next renewal.
func (m *maker) start(ctx context.Context, tx *pg.Tx, s *service) error {
	p := m.products[s.code]
	if p == nil {
		return fmt.Errorf("there is no product %s", s.code)
	}
	s.id = key.New()
	period := s.periodOn(civil.Latest(opening, s.from))
	billed := s.from
	if s.from.Before(opening) {
		billed = period.End
	}
	_, err := tx.NewRaw(`insert into subscription (id, account_id, product_id, label, quantity, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ACTIVE', ?)`, s.id, s.owner.ID, p.ID, s.label, s.quantity, s.months, s.from, period.Start, period.End, billed, tx.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("subscription %s: %w", s.label, err)
	}
	if billed == period.End {
		if _, err := tx.NewRaw(`insert into covered_period (id, account_id, subscription_id, period) values (?, ?, ?, ?)`, key.New(), s.owner.ID, s.id, period).Exec(ctx); err != nil {
			return err
		}
	}
	switch p.kind {
	case catalog.Domain:
		return m.register(ctx, tx, s, period)
	case catalog.Hosting, catalog.Reseller:
		return m.provision(ctx, tx, s, p)
	}
	return nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
