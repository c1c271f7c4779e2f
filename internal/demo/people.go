package demo

import (
	"context"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"
)

// Password is that of everyone in the demo: it is for looking around.
const Password = "demo-Welkom-2026"

// staff are the provider's people.
var staff = []struct {
	email, name string
	role        viewer.StaffRole
	about       string
}{
	{"sanne@noorderhost.example", "Sanne Wiersma", viewer.Support, "support: searches all customers, answers tickets"},
	{"finn@noorderhost.example", "Finn Postma", viewer.Finance, "finance: support, and decides on money"},
	{"anna@noorderhost.example", "Anna de Boer", viewer.Admin, "admin: finance, and manages users and staff"},
}

// makeStaff lets the provider's people in.
func (m *maker) makeStaff(ctx context.Context) (err error) {
	if m.hash, err = m.gate.HashPassword(ctx, Password); err != nil {
		return err
	}
	return m.write(ctx, opening.At(8, 2), func(ctx context.Context, tx *pg.Tx) error {
		for _, s := range staff {
			u, _, err := auth.CreateUser(ctx, tx, auth.NewUser{Email: s.email, Name: s.name, StaffRole: s.role, PasswordHash: m.hash})
			if err != nil {
				return err
			}
			m.staff[s.email] = u.ID
		}
		return nil
	})
}

// logins lists who can sign in, for who looks at the demo.
func logins() []Login {
	all := []Login{
		{"eigenaar@dekorenaar.example", Password, "customer, owner: Bakkerij De Korenaar, direct debit, all renewals in one month"},
	}
	for _, s := range staff {
		all = append(all, Login{s.email, Password, s.about})
	}
	return all
}
