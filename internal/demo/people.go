package demo

import (
	"context"
	"crypto/sha256"
	"fmt"

	"klantenpaneel/internal/auth"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Password is that of everyone in the demo: it is for looking around.
const Password = "demo-Welkom-2026"

// TOTPSecret is that of the login with a second factor, for an authenticator app, or oathtool --totp -b.
const TOTPSecret = "NOORDERHOSTDEMO234567ABCDEFGHIJK"

// supporter is the mail address of who answers tickets.
const supporter = "support@demo.example"

// login is somebody who can sign in, and where.
type login struct {
	email, name string
	about       string // in English
	totp        string // secret; "" without a second factor
	staff       viewer.StaffRole
	roles       []role
}

type role struct {
	customer string // key
	role     viewer.AccountRole
}

// logins are the viewers of every kind.
var logins = []login{
	{email: "klant@demo.example", name: "Marijke de Vries", about: "customer: owner of Bakkerij De Korenaar, direct debit, all kinds of things going on", roles: []role{{"korenaar", viewer.Owner}}},
	{email: "facturen@demo.example", name: "Joris Bakker", about: "customer: billing role in Bakkerij De Korenaar", roles: []role{{"korenaar", viewer.Billing}}},
	{email: "technisch@demo.example", name: "Tim Smit", about: "customer: technical role in Bakkerij De Korenaar, sees no money", roles: []role{{"korenaar", viewer.Technical}}},
	{email: "consument@demo.example", name: "Fatima El Amrani", about: "consumer with an open offer to renew", roles: []role{{"fatima", viewer.Owner}}},
	{email: "stichting@demo.example", name: "Anneke Jansen", about: "Stichting Dorpshuis De Linde: by post, reminded before each invoice", roles: []role{{"linde", viewer.Owner}}},
	{email: "belgie@demo.example", name: "Bart Peeters", about: "Peeters Webdesign in Belgium: reverse charge, Peppol", roles: []role{{"peeters", viewer.Owner}}},
	{email: "duitsland@demo.example", name: "Lena Vogt", about: "consumer in Germany: German VAT, in English", roles: []role{{"vogt", viewer.Owner}}},
	{email: "zzp@demo.example", name: "Sanne Mulder", about: "Studio Noordwind: a small business with a consumer's rights, a server by the month", roles: []role{{"noordwind", viewer.Owner}}},
	{email: "partner@demo.example", name: "Koen Hendriks", about: "partner: Reseller Hostwerk, 60 domain names and 12 customers", roles: []role{{"hostwerk", viewer.Owner}}},
	{email: "twee@demo.example", name: "Ruben Vos", about: "two accounts: Drukkerij Veldhuis (owner), invoices since 2014, and Café Zuid (billing), suspended", roles: []role{{"veldhuis", viewer.Owner}, {"zuid", viewer.Billing}}},
	{email: "tweestaps@demo.example", name: "Jan de Groot", about: "J. de Groot: pays in three parts; second factor " + TOTPSecret, totp: TOTPSecret, roles: []role{{"degroot", viewer.Owner}}},
	{email: supporter, name: "Sofie de Jong", about: "staff: support, searches all customers", staff: viewer.Support},
	{email: "finance@demo.example", name: "Hans Willems", about: "staff: finance, decides on money", staff: viewer.Finance},
	{email: "admin@demo.example", name: "Ingrid van Dam", about: "staff: administrator", staff: viewer.Admin},
}

// apiToken is one for a program. Its text is the same in every demo.
type apiToken struct {
	name, about string
	kind        viewer.Kind
	maker       string // mail address
	customer    string // key; "" for staff and machines
	scopes      []viewer.Permission
}

// apiTokens are one for each kind of program.
var apiTokens = []apiToken{
	{name: "customer", about: "customer: Bakkerij De Korenaar, reads all of its own", kind: viewer.Customer, maker: "klant@demo.example", customer: "korenaar",
		scopes: []viewer.Permission{viewer.ReadAccount, viewer.ReadBilling, viewer.ReadService, viewer.ReadSupport}},
	{name: "partner", about: "partner: Reseller Hostwerk, reads its own and its customers'", kind: viewer.Partner, maker: "partner@demo.example", customer: "hostwerk",
		scopes: []viewer.Permission{viewer.ReadAccount, viewer.ReadBilling, viewer.ReadService, viewer.ManageService, viewer.ReadSupport}},
	{name: "staff", about: "staff: reads everything", kind: viewer.Staff, maker: supporter,
		scopes: []viewer.Permission{viewer.ReadAccount, viewer.ReadBilling, viewer.ReadService, viewer.ReadSupport, viewer.ReadDesk}},
	{name: "machine", about: "machine: a node that reports usage, and sees nothing", kind: viewer.Machine, maker: "admin@demo.example", scopes: []viewer.Permission{viewer.RecordUsage}},
}

func (t *apiToken) secret() string {
	return auth.APITokenOf(sha256.Sum256([]byte("klantenpaneel demo token " + t.name)))
}

// Who returns the logins and tokens of every demo.
func Who() (s Summary) {
	for _, l := range logins {
		s.Logins = append(s.Logins, Login{l.email, Password, l.about})
	}
	for _, t := range apiTokens {
		s.Tokens = append(s.Tokens, Token{t.secret(), t.about})
	}
	return s
}

// hire adds the staff, and hashes the one password.
func (s *seeder) hire(ctx context.Context) (err error) {
	if s.hash, err = s.gate.HashPassword(ctx, Password); err != nil {
		return err
	}
	return s.do(ctx, opening.At(9, 0), func(tx *pg.Tx) error {
		for _, l := range logins {
			if l.staff == "" {
				continue
			}
			if _, _, err := auth.CreateUser(ctx, tx, auth.NewUser{Email: l.email, Name: l.name, StaffRole: l.staff, PasswordHash: s.hash}); err != nil {
				return err
			}
		}
		return nil
	})
}

// admit lets the users of a new customer in: those of the logins, else one of its own.
func (s *seeder) admit(ctx context.Context, tx *pg.Tx, c *customer) error {
	found := false
	for _, l := range logins {
		for _, r := range l.roles {
			if r.customer == c.key {
				found = true
				if err := s.letIn(ctx, tx, c, auth.NewUser{Email: l.email, Name: l.name, Language: c.Language, PasswordHash: s.hash}, r.role); err != nil {
					return err
				}
			}
		}
	}
	if found || c.Email == "" {
		return nil
	}
	name := c.FirstName + " " + c.LastName
	return s.letIn(ctx, tx, c, auth.NewUser{Email: c.Email, Name: name, Language: c.Language, PasswordHash: s.hash}, viewer.Owner)
}

func (s *seeder) letIn(ctx context.Context, tx *pg.Tx, c *customer, n auth.NewUser, r viewer.AccountRole) error {
	u, _, err := auth.CreateUser(ctx, tx, n)
	if err != nil {
		return err
	}
	c.users = append(c.users, u.ID)
	return auth.AddMembership(ctx, tx, u.ID, c.ID, r)
}

// secure sets what only a known secret can: the second factor and the tokens.
func (s *seeder) secure(ctx context.Context) error {
	return s.do(ctx, s.at(2, 9, 0), func(tx *pg.Tx) error {
		for _, l := range logins {
			if l.totp == "" {
				continue
			}
			id, err := userOf(ctx, tx, l.email)
			if err != nil {
				return err
			}
			if err := s.gate.SetTwoFactor(ctx, tx, id, l.totp); err != nil {
				return err
			}
		}
		for _, t := range apiTokens {
			if err := s.issue(ctx, tx, &t); err != nil {
				return err
			}
		}
		return nil
	})
}

// issue makes the token work for a year, by the wall clock.
func (s *seeder) issue(ctx context.Context, tx *pg.Tx, t *apiToken) error {
	maker, err := userOf(ctx, tx, t.maker)
	if err != nil {
		return err
	}
	row := &auth.APIToken{ID: key.New(), UserID: &maker, Kind: t.kind, Name: "Demo " + t.name, Scopes: t.scopes, CreatedAt: tx.Now, ExpiresAt: s.gate.Now().AddDate(1, 0, 0)}
	if t.customer != "" {
		row.AccountID = &s.byKey[t.customer].ID
	}
	return auth.InsertAPIToken(ctx, tx, row, t.secret())
}

func userOf(ctx context.Context, tx *pg.Tx, email string) (id uuid.UUID, err error) {
	if err = tx.NewRaw(`select id from app_user where email = ?`, email).Scan(ctx, &id); err != nil {
		err = fmt.Errorf("find %s: %w", email, err)
	}
	return id, err
}
