package demo

import (
	"context"
	"crypto/sha256"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// token is an API token of the demo, and who made it.
type token struct {
	kind     viewer.Kind
	customer string // key; "" for staff and machines
	maker    string // mail address
	name     string
	scopes   []viewer.Permission
	about    string
}

func demoTokens() []token {
	return []token{
		{viewer.Customer, "korenaar", "eigenaar@dekorenaar.example", "Boekhouding", []viewer.Permission{viewer.ReadAccount, viewer.ReadBilling, viewer.ReadService, viewer.ReadSupport},
			"customer: Bakkerij De Korenaar, reads everything of its own"},
		{viewer.Staff, "", "anna@noorderhost.example", "Rapportage", []viewer.Permission{viewer.ReadAccount, viewer.ReadBilling, viewer.ReadService, viewer.ReadSupport, viewer.ReadDesk},
			"staff: reads all accounts"},
		{viewer.Machine, "", "anna@noorderhost.example", "web01", []viewer.Permission{viewer.RecordUsage}, "machine: reports usage, and sees nothing"},
	}
}

// secret is the token itself, the same in every demo.
func (t token) secret() string {
	return auth.APITokenOf(sha256.Sum256([]byte("klantenpaneel demo " + t.name)))
}

func tokens() (all []Token) {
	for _, t := range demoTokens() {
		all = append(all, Token{t.secret(), t.about})
	}
	return all
}

// makeTokens writes the API tokens. They end a year after they were made, as all do.
func (m *maker) makeTokens(ctx context.Context) error {
	return m.write(ctx, m.at(m.today, 3, 0), func(ctx context.Context, tx *pg.Tx) error {
		for _, t := range demoTokens() {
			row := auth.APIToken{ID: key.New(), Kind: t.kind, Name: t.name, Scopes: t.scopes, CreatedAt: tx.Now, ExpiresAt: tx.Now.AddDate(1, 0, 0)}
			if t.customer != "" {
				row.AccountID = &m.customers[t.customer].ID
			}
			if err := tx.NewRaw(`select id from app_user where email = ?`, t.maker).Scan(ctx, &row.UserID); err != nil {
				return err
			}
			if err := auth.InsertAPIToken(ctx, tx, &row, t.secret()); err != nil {
				return err
			}
		}
		return nil
	})
}
