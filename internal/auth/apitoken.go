package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
)

// APIToken is a key for a program.
type APIToken struct {
	bun.BaseModel `bun:"table:api_token,alias:at"`

	ID         uuid.UUID           `bun:",pk"`
	UserID     *uuid.UUID          // who made it; nil for one from a seed
	AccountID  *uuid.UUID          // where it works; nil for staff and machines
	Kind       viewer.Kind         // CUSTOMER, PARTNER, STAFF or MACHINE
	Name       string              // what it is for
	Hint       string              // its first characters, to recognise it by
	Scopes     []viewer.Permission `bun:",array"` // what it may do, as long as its maker may
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time // to the minute
	RevokedAt  *time.Time
}

// GlobalID returns the token's id in the API.
func (t *APIToken) GlobalID() string { return key.Format(key.APIToken, t.ID) }

// IsNode marks what has an id in the API.
func (*APIToken) IsNode() {}

// A page of API tokens.
type (
	APITokenConnection = page.Connection[APIToken]
	APITokenEdge       = page.Edge[APIToken]
)

// APITokens lists those of an account, newest first; UserTokens those that a member of staff made.
var (
	APITokens  = page.List[APIToken]{Parent: "account_id", Default: "CREATED_AT", Orders: newestFirst}
	UserTokens = page.List[APIToken]{Parent: "user_id", Default: "CREATED_AT", Orders: newestFirst}
)

var newestFirst = map[string]page.Order{"CREATED_AT": {Column: "created_at", Desc: true}}

const (
	maxTokenLife  = 366 * 24 * time.Hour
	maxTokenName  = 100
	maxTokensLive = 50
)

// APITokenCreateInput is what a new token may do and how long.
type APITokenCreateInput struct {
	Name      string // 1 to 100 characters
	Scopes    []viewer.Permission
	ExpiresAt time.Time // at most a year from now
	Client    Client
}

// CreateAPIToken makes an API token in the account that the viewer acts in, or for staff one that works at the desk, and
// sends a notice. It may do no more than the viewer. usage:record is for machines: it stands alone, and needs
// staff:manage. What manages users, tokens and staff is for people only. The token itself is returned this once.
func (g *Gate) CreateAPIToken(ctx context.Context, v viewer.Viewer, in APITokenCreateInput) (t *APIToken, token string, err error) {
	if err := v.Require(viewer.ManageTokens); err != nil {
		return nil, "", err
	}
	if v.Session == uuid.Nil {
		return nil, "", errNoSession
	}
	if t, err = g.newToken(v, in); err != nil {
		return nil, "", err
	}
	token = NewAPIToken()
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		var u User
		if err := tx.NewSelect().Model(&u).Where("u.id = ?", v.User).For("UPDATE").Scan(ctx); err != nil { // one at a time, so that the count holds
			return fmt.Errorf("find a user: %w", err)
		}
		n, err := tx.NewSelect().Model((*APIToken)(nil)).Where("at.user_id = ?", v.User).Where("at.revoked_at IS NULL").Where("at.expires_at > ?", g.Now()).Count(ctx)
		if err != nil {
			return fmt.Errorf("count API tokens: %w", err)
		}
		if n >= maxTokensLive {
			return problem.New(problem.Invalid, problem.Text{NL: "U heeft al %d API-tokens in gebruik; trek er eerst een in.", EN: "You have %d API tokens in use already; revoke one first."}, n)
		}
		if err := InsertAPIToken(ctx, tx, t, token); err != nil {
			return err
		}
		if err := tx.Record(happened{kind: APITokenCreated, account: v.Account, subject: t.ID, User: key.Format(key.User, v.User), Name: t.Name, IP: in.Client.address()}); err != nil {
			return err
		}
		return g.mail(ctx, tx, &u, "api-token:"+t.ID.String(), notify.SignInMethod{Token: t.Name, At: g.Now(), IP: in.Client.address(), ResetLink: g.PublicURL + forgotPage}, "")
	})
	if err != nil {
		return nil, "", err
	}
	return t, token, nil
}

// newToken checks what is asked for.
func (g *Gate) newToken(v viewer.Viewer, in APITokenCreateInput) (*APIToken, error) {
	now := g.Now().UTC().Truncate(time.Microsecond)
	name := strings.TrimSpace(in.Name)
	if !plain(name) || utf8.RuneCountInString(name) > maxTokenName {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "Geef het token een naam van 1 tot en met %d tekens.", EN: "Give the token a name of 1 to %d characters."}, maxTokenName).At("input", "name")
	}
	if !in.ExpiresAt.After(now) || in.ExpiresAt.After(now.Add(maxTokenLife)) {
		return nil, problem.New(problem.Invalid, problem.Text{NL: "Kies een einde in de toekomst, hooguit een jaar vooruit.", EN: "Choose an end in the future, at most a year ahead."}).At("input", "expiresAt")
	}
	scopes := slices.Clone(in.Scopes)
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	kind, err := kindOf(v, scopes)
	if err != nil {
		return nil, err
	}
	t := &APIToken{ID: key.New(), UserID: &v.User, Kind: kind, Name: name, Scopes: scopes, CreatedAt: now, ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Microsecond)}
	if kind == viewer.Customer || kind == viewer.Partner {
		t.AccountID = &v.Account
	}
	return t, nil
}

// kindOf returns the kind of a token with these scopes, if v may make one.
func kindOf(v viewer.Viewer, scopes []viewer.Permission) (viewer.Kind, error) {
	if len(scopes) == 0 {
		return "", problem.New(problem.Invalid, problem.Text{NL: "Kies minstens één recht voor het token.", EN: "Choose at least one permission for the token."}).At("input", "scopes")
	}
	if slices.Equal(scopes, []viewer.Permission{viewer.RecordUsage}) {
		if err := v.Require(viewer.ManageStaff); err != nil {
			return "", err
		}
		return viewer.Machine, nil
	}
	for _, p := range scopes {
		if forSessions(p) || !v.Can(p) {
			return "", problem.New(problem.Forbidden, problem.Text{NL: "U kunt een token het recht %s niet geven.", EN: "You cannot give a token the permission %s."}, p).At("input", "scopes")
		}
	}
	return v.Kind, nil
}

// forSessions reports whether only a person may hold p: a token that could make tokens would outlive its revocation.
func forSessions(p viewer.Permission) bool {
	return p == viewer.ManageTokens || p == viewer.ManageUsers || p == viewer.ManageStaff
}

// InsertAPIToken stores a token of which the secret is known, in the caller's transaction: CreateAPIToken's own step, and
// for demo data. It fills in the hint.
func InsertAPIToken(ctx context.Context, tx *pg.Tx, t *APIToken, token string) error {
	if !isAPIToken(token) {
		return fmt.Errorf("insert an API token: it does not have the form of one")
	}
	t.Hint = hint(token)
	if _, err := tx.NewInsert().Model(t).Value("token_hash", "?", digest(token)).Exec(ctx); err != nil {
		return fmt.Errorf("insert an API token: %w", err)
	}
	return nil
}

// RevokeAPIToken ends a token of the account that the viewer acts in; for staff, one of its own, and with staff:manage
// anyone's. Revoking again changes nothing.
func (g *Gate) RevokeAPIToken(ctx context.Context, v viewer.Viewer, id uuid.UUID) (t *APIToken, err error) {
	if err := v.Require(viewer.ManageTokens); err != nil {
		return nil, err
	}
	err = g.DB.Write(ctx, as(v), manage, func(tx *pg.Tx) error {
		t = &APIToken{}
		err := tx.NewSelect().Model(t).Where("at.id = ?", id).For("UPDATE").Scan(ctx)
		if none(err) || err == nil && !mayRevoke(v, t) {
			return problem.Missing().At("input", "tokenId")
		}
		if err != nil {
			return fmt.Errorf("find an API token: %w", err)
		}
		if t.RevokedAt != nil {
			return nil
		}
		now := g.Now().UTC().Truncate(time.Microsecond)
		t.RevokedAt = &now
		if _, err := tx.NewUpdate().Model(t).Column("revoked_at").WherePK().Exec(ctx); err != nil {
			return fmt.Errorf("revoke an API token: %w", err)
		}
		account := uuid.Nil
		if t.AccountID != nil {
			account = *t.AccountID
		}
		return tx.Record(happened{kind: APITokenRevoked, account: account, subject: t.ID, User: key.Format(key.User, v.User), Name: t.Name})
	})
	g.seen.forget()
	if err != nil {
		return nil, err
	}
	return t, nil
}

func mayRevoke(v viewer.Viewer, t *APIToken) bool {
	if v.Kind == viewer.Staff {
		return t.UserID != nil && *t.UserID == v.User || v.Can(viewer.ManageStaff)
	}
	return t.AccountID != nil && *t.AccountID == v.Account && v.Account != uuid.Nil
}
