package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/local"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// person is somebody who asks. The server finds out who it is by a login session in the database; its peers believe what
// the file of people says, and so do without that look-up.
type person struct {
	K       int         `json:"k"` // the place in the data; 0 for staff
	Token   string      `json:"token"`
	Role    string      `json:"role"`
	Kind    viewer.Kind `json:"kind"`
	Account uuid.UUID   `json:"account"`
	User    uuid.UUID   `json:"user"`
	Can     string      `json:"can"` // as the policies read it
}

// The places of who asks in the data.
const (
	staff        = 0
	bigPartner   = 1
	smallPartner = 2
	manyInvoices = 3
)

// dashboards are the customers whose dashboard is asked for.
var dashboards = []int{11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26}

// signIn gives everybody who asks a fresh session, writes the file of people, and returns them by place.
func signIn(ctx context.Context, server *local.Server, database, file string) (map[int]person, error) {
	db, err := pg.Unguarded(server.SuperURL(database))
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // all is written
	if _, err := db.ExecContext(ctx, "DELETE FROM login_session"); err != nil {
		return nil, err
	}
	people := map[int]person{}
	var list []person
	for _, k := range append([]int{staff, bigPartner, smallPartner, manyInvoices}, dashboards...) {
		secret := sha256.Sum256(fmt.Appendf(nil, "bench %d", k))
		p := person{K: k, Token: "ks_" + base64.RawURLEncoding.EncodeToString(secret[:])}
		account, isPartner := uuid.NullUUID{}, false
		query := "SELECT u.id, a.id, a.is_partner FROM bench.account b JOIN account a ON a.id = b.id JOIN membership m ON m.account_id = a.id JOIN app_user u ON u.id = m.user_id WHERE b.k = $1"
		if k == staff {
			query = "SELECT id, null, false FROM app_user WHERE staff_role IS NOT NULL AND $1 = 0"
		}
		if err := db.QueryRowContext(ctx, query, k).Scan(&p.User, &account, &isPartner); err != nil {
			return nil, fmt.Errorf("find who is at %d: %w", k, err)
		}
		p.Account = account.UUID
		v := p.rights(isPartner)
		p.Kind, p.Role, p.Can = v.Kind, v.Role(), v.Granted()
		hash, now := sha256.Sum256([]byte(p.Token)), time.Now()
		if _, err := db.ExecContext(ctx, "INSERT INTO login_session (id, user_id, account_id, token_hash, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)",
			uuid.NewString(), p.User.String(), account, hash[:], now, now.Add(time.Hour)); err != nil {
			return nil, fmt.Errorf("sign in who is at %d: %w", k, err)
		}
		people[k] = p
		list = append(list, p)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return people, os.WriteFile(file, text, 0o600)
}

func (p person) rights(isPartner bool) viewer.Viewer {
	v := viewer.Viewer{Kind: viewer.Customer, Account: p.Account, User: p.User, Language: "nl"}
	switch {
	case p.K == staff:
		v.Kind = viewer.Staff
		return v.With(viewer.Admin.Permissions()...)
	case isPartner:
		v.Kind = viewer.Partner
	}
	return v.With(viewer.Owner.Permissions()...)
}

// viewer returns who the person is to package pg.
func (p person) viewer() viewer.Viewer { return p.rights(p.Kind == viewer.Partner) }
