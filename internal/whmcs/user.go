package whmcs

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"
	"golang.org/x/crypto/bcrypt"
)

// userBatch is how many users one transaction brings over.
const userBatch = 2000

// maxCost is the costliest bcrypt hash that a login accepts.
const maxCost = 14

// people brings users over. They come before the clients, since one may sign in for several.
type people struct {
	w      *world
	byMail map[string]uuid.UUID
}

// plan decides about some users, given which of them are known and who has their addresses here, and returns what is to
// be written.
func (p *people) plan(rows []*row, known refs, theirs map[string]uuid.UUID) []*sheet {
	b := newBatch(p.w.now)
	user := newSheet("app_user", "id uuid", "email text", "name text", "language text", "status text", "created_at timestamptz", "last_login_at timestamptz")
	credential := newSheet("credential", "user_id uuid", "password_hash text", "changed_at timestamptz")
	for _, r := range rows {
		if r.out() {
			continue
		}
		mail, ok := mailAddress(r.raw("email"))
		if id, done := known.find(r.table, r.id); done {
			r.known()
			p.w.users[r.id], p.byMail[mail] = id, id
			continue
		}
		if !ok {
			r.refuse("%q is not a mail address to sign in with", r.text("email"))
			continue
		}
		r.take()
		id, double := p.byMail[mail]
		if double {
			r.warn("another user has %s too: it is one login, with the password of the first", mail)
		} else if id, double = theirs[mail]; double {
			r.warn("somebody signs in with %s here already: the memberships go to that login, the old password is left", mail)
		}
		if !double {
			id = key.New()
			p.add(r, id, mail, user, credential)
		}
		p.w.users[r.id], p.byMail[mail] = id, id
		b.ref(r, id)
	}
	return []*sheet{user, credential, b.refs}
}

// add adds a new login. People sign in with their old password, once; package auth then stores it anew.
func (p *people) add(r *row, id uuid.UUID, mail string, user, credential *sheet) {
	hash, status := strings.TrimSpace(r.raw("password")), "ACTIVE"
	if cost, err := bcrypt.Cost([]byte(hash)); err != nil || cost > maxCost || len(hash) != 60 {
		r.warn("the old password cannot be taken over: this user is to be sent an activation link")
		hash, status = "", "INVITED"
	}
	if factor := r.text("second_factor"); factor != "" {
		r.warn("two-factor authentication (%s) cannot be taken over, since WHMCS encrypts it: this user is to set it up again", factor)
	}
	name := strings.TrimSpace(r.text("first_name") + " " + r.text("last_name"))
	if name == "" {
		name = mail
	}
	created := r.at("created_at")
	if created.IsZero() {
		created = p.w.now
	}
	user.add(id, mail, name, p.w.language(cmp.Or(r.text("language"), p.w.speaks[r.id])), status, created, r.at("last_login"))
	credential.add(id, hash, p.w.now)
}

// usersByMail returns who can sign in already with the addresses of the rows.
func usersByMail(ctx context.Context, tx *pg.Tx, rows []*row) (map[string]uuid.UUID, error) {
	var mails []string
	for _, r := range rows {
		if m, ok := mailAddress(r.raw("email")); ok {
			mails = append(mails, m)
		}
	}
	if len(mails) == 0 {
		return nil, nil
	}
	var found []struct {
		ID    uuid.UUID
		Email string
	}
	if err := tx.NewRaw("SELECT id, email FROM app_user WHERE email = ANY (?::text[])", pgdialect.Array(mails)).Scan(ctx, &found); err != nil {
		return nil, fmt.Errorf("look up %d users: %w", len(mails), err)
	}
	all := make(map[string]uuid.UUID, len(found))
	for _, f := range found {
		all[f.Email] = f.ID
	}
	return all, nil
}

// role returns what a user may do in an account. WHMCS has a list of rights; one that does not fit gets the role that
// gives no more than it had.
func role(r *row) string {
	if r.flag("owner") {
		return "OWNER"
	}
	rights := map[string]bool{}
	for _, right := range strings.Split(r.text("permissions"), ",") {
		rights[strings.TrimSpace(right)] = true
	}
	as := "TECHNICAL"
	if rights["invoices"] || rights["quotes"] || rights["orders"] {
		as = "BILLING"
	}
	r.warn("rights %q have no equal: the role is %s", r.text("permissions"), as)
	return as
}
