package whmcs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/billing/document"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"
	"klantenpaneel/internal/vat"

	"github.com/google/uuid"
)

// world is what is known of both sides when clients are planned.
type world struct {
	*atlas
	now   time.Time
	today civil.Date

	brand    account.Brand
	policy   term.Policy
	supplier []byte // as invoices hold it

	products map[int64]offered // by id in tblproducts
	extras   map[int64]offered // by id in tbladdons; 0 is for those that were typed in
	tlds     map[string]offered
	users    map[int64]uuid.UUID
	accounts *claims // numbers of accounts
}

// offered is a product of the target.
type offered struct {
	id   uuid.UUID
	name string
}

// meet reads from the target what planning needs.
func meet(ctx context.Context, tx *pg.Tx, a *atlas, o Options) (*world, error) {
	w := &world{atlas: a, now: tx.Now, today: tx.Today(), users: map[int64]uuid.UUID{}, accounts: newClaims()}
	var brands []account.Brand
	if err := tx.NewSelect().Model(&brands).Where("code = ?", o.Brand).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the brand: %w", err)
	}
	if len(brands) == 0 {
		return nil, fmt.Errorf("there is no brand %q to import the customers under", o.Brand)
	}
	if err := w.become(brands[0]); err != nil {
		return nil, err
	}
	return w, w.findForeign(ctx, tx)
}

// become takes the brand as the supplier.
func (w *world) become(b account.Brand) (err error) {
	ok := false
	if w.policy, ok = term.PolicyNamed(b.Profile); !ok {
		return fmt.Errorf("the brand %s has no known profile: %q", b.Code, b.Profile)
	}
	w.brand = b
	w.supplier, err = json.Marshal(document.Party{Name: b.LegalName, Street: b.Line1, Postcode: b.Postcode, City: b.City, Country: b.Country,
		VATID: vat.ID(b.VatID), RegistrationNumber: b.KvkNumber, Email: b.Email, Phone: b.Phone})
	return err
}

// findForeign finds what is taken in the target by rows that did not come from WHMCS.
func (w *world) findForeign(ctx context.Context, tx *pg.Tx) error {
	for _, f := range []struct {
		claims             *claims
		table, value, when string
	}{
		{w.accounts, "account", "number", ""},
		{w.numbers, "invoice", "number", "number IS NOT NULL"},
		{w.tickets, "ticket", "number", ""},
		{w.orders, "customer_order", "number", ""},
		{w.domains, "domain", "name", "status NOT IN ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')"},
		{w.logins, "hosting_package", "node || ' ' || username", "username <> '' AND status <> 'PURGED'"},
		{w.transactions, "payment", "provider || ' ' || provider_id", "provider_id IS NOT NULL"},
	} {
		var values []string
		query := "SELECT " + f.value + " FROM " + f.table + " t WHERE NOT EXISTS (SELECT FROM import_ref r WHERE r.target_id = t.id AND r.source = ?)"
		if f.when != "" {
			query += " AND " + f.when
		}
		if err := tx.NewRaw(query, Source).Scan(ctx, &values); err != nil {
			return fmt.Errorf("find what is taken in %s: %w", f.table, err)
		}
		for _, v := range values {
			f.claims.foreign[v] = true
		}
	}
	return nil
}

// invoiceNumber returns the number of an invoice: the one it has, or the id that WHMCS shows in its place. One that
// another invoice has gets something added, and warned is told.
func (w *world) invoiceNumber(r *row) string {
	n := r.text("invoicenum")
	if n == "" {
		n = fmt.Sprint(r.id)
		if !w.numbers.source.has(n) && !w.numbers.foreign[n] {
			return n
		}
		r.warn("it has no number, and another invoice has its id as number: it becomes WHMCS-%s", n)
		return "WHMCS-" + n
	}
	if w.numbers.take(n) {
		return n
	}
	r.warn("number %q is taken by another invoice: it becomes %s-%d", n, n, r.id)
	return fmt.Sprintf("%s-%d", n, r.id)
}

// language returns the language of a client: WHMCS names it, "" is the provider's own.
func (w *world) language(name string) string {
	switch strings.ToLower(name) {
	case "dutch", "nl", "flemish":
		return "nl"
	case "":
		if d := w.settings["language"]; d != "" && !strings.EqualFold(d, "dutch") {
			return "en"
		}
		return "nl"
	}
	return "en"
}

// currencyOf returns the currency of a client, EUR when the source does not say.
func (w *world) currencyOf(r *row) string {
	if code, ok := w.currencies[r.integer("currency")]; ok {
		return code
	}
	return "EUR"
}

// net returns the net amount of a price: a provider may keep its prices with VAT.
func (w *world) net(c money.Cents) money.Cents {
	if !strings.EqualFold(w.settings["taxtype"], "inclusive") {
		return c
	}
	rate := vat.RateOn("NL", w.today)
	return money.Cents(money.MulDiv(int64(c), 10_000, 10_000+int64(rate)))
}
