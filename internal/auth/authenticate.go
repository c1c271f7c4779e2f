package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"golang.org/x/text/language"
)

// AccountHeader names the account to act in, for users of several: acc_…
const AccountHeader = "X-Account"

// touchEvery is how precise "last seen" is.
const touchEvery = time.Minute

// Authenticate returns who sends the request: by the bearer token in Authorization, a session's or an API token, or else
// by the session cookie. Without either it is a visitor.
//
// A token that is unknown, revoked or expired gives a visitor and an UNAUTHENTICATED problem; an account in X-Account
// that the user has no access to gives a visitor and a NOT_FOUND problem. Answers are remembered for two seconds.
func (g *Gate) Authenticate(r *http.Request) (viewer.Viewer, error) {
	asked := preferred(r.Header.Get("Accept-Language"))
	token, given := bearer(r)
	if !given {
		if c, err := r.Cookie(g.CookieName()); err == nil {
			token, given = c.Value, true
		}
	}
	nobody := viewer.Nobody(orElse(asked, "nl"))
	if !given {
		return nobody, nil
	}
	v, err := g.AuthenticateToken(r.Context(), token, r.Header.Get(AccountHeader))
	if err != nil {
		return nobody, err
	}
	v.Language = orElse(asked, v.Language)
	return v, nil
}

// AuthenticateToken is Authenticate for a token that came another way, such as in a WebSocket's first message. account
// is the API's id of the account to act in; "" for the session's own.
func (g *Gate) AuthenticateToken(ctx context.Context, token, account string) (viewer.Viewer, error) {
	isSession := isSecret(sessionPrefix, token)
	if !isSession && !isAPIToken(token) {
		return viewer.Nobody("nl"), errBadToken
	}
	var id uuid.UUID
	if account != "" {
		var ok bool
		if id, ok = key.Parse(key.Account, account); !ok {
			return viewer.Nobody("nl"), problem.Missing().At(AccountHeader)
		}
	}
	load := func() (found, error) {
		if isSession {
			return g.loadSession(ctx, byHash(digest(token)), id)
		}
		return g.loadToken(ctx, byHash(digest(token)), id)
	}
	remembered, now := string(digest(token))+account, g.Now()
	f, err := g.seen.get(remembered, now, load)
	if err != nil {
		return viewer.Nobody("nl"), err
	}
	if now.Sub(f.seenAt) >= touchEvery {
		g.seen.used(remembered, now)
		if err := g.touch(ctx, f.viewer, now); err != nil {
			g.Log.WarnContext(ctx, "note that a session was used", "error", err) // the request itself is fine
		}
	}
	return f.viewer, nil
}

// Fresh returns nil as long as v may go on: its session or token still stands, with the same rights in the same account.
// Otherwise it is an UNAUTHENTICATED problem. Whoever serves v for longer than a request calls it before each event and
// at least every two seconds; it asks the database that often at most. Visitors and jobs are always fresh.
func (g *Gate) Fresh(ctx context.Context, v viewer.Viewer) error {
	var f found
	var err error
	switch {
	case v.Session != uuid.Nil:
		f, err = g.seen.get("fresh"+string(v.Session[:])+string(v.Account[:]), g.Now(), func() (found, error) { return g.loadSession(ctx, bySession(v.Session), v.Account) })
	case v.Token != uuid.Nil:
		f, err = g.seen.get("fresh"+string(v.Token[:])+string(v.Account[:]), g.Now(), func() (found, error) { return g.loadToken(ctx, byToken(v.Token), v.Account) })
	default:
		return nil
	}
	if problem.Is(err, problem.NotFound) { // no longer a member
		return errSignedOut
	}
	if err == nil && (f.viewer.Kind != v.Kind || f.viewer.Account != v.Account || !slices.Equal(f.viewer.Permissions(), v.Permissions())) {
		return errSignedOut
	}
	return err
}

// CookieName returns the name of the session cookie: __Host-session, which browsers keep for this host and for TLS only.
// A panel on plain http, as on one's own machine, has to do with "session".
func (g *Gate) CookieName() string {
	if g.secure {
		return "__Host-session"
	}
	return "session"
}

// Cookie returns what a browser keeps after signing in.
func (g *Gate) Cookie(token string) *http.Cookie {
	return &http.Cookie{Name: g.CookieName(), Value: token, Path: "/", MaxAge: int(g.SessionMax.Seconds()), Secure: g.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// NoCookie returns what makes a browser forget the session.
func (g *Gate) NoCookie() *http.Cookie {
	c := g.Cookie("")
	c.MaxAge = -1
	return c
}

// found is a viewer as the database had it.
type found struct {
	viewer viewer.Viewer
	seenAt time.Time // when it was last noted that the session or token was used
}

// by says how a session or token is looked up. Each way has a unique index.
type by struct {
	column string
	value  any
}

func byHash(hash []byte) by     { return by{"token_hash", hash} }
func bySession(id uuid.UUID) by { return by{"id", id} }
func byToken(id uuid.UUID) by   { return by{"id", id} }

// row is what the two lookups select.
type row struct {
	ID             uuid.UUID
	UserID         uuid.NullUUID
	SeenAt         sql.NullTime
	CreatedAt      time.Time
	ExpiresAt      time.Time
	RevokedAt      sql.NullTime
	Kind           viewer.Kind
	TokenName      string
	Scopes         []viewer.Permission `bun:",array"`
	UserName       sql.NullString
	Language       sql.NullString
	UserStatus     sql.NullString
	StaffRole      sql.NullString
	AccountID      uuid.NullUUID
	Role           sql.NullString
	IsPartner      sql.NullBool
	AccountMissing bool
}

// loadSession returns the viewer of a session, in account or, if that is Nil, in the session's own.
func (g *Gate) loadSession(ctx context.Context, b by, account uuid.UUID) (found, error) {
	r, err := g.lookUp(ctx, `SELECT s.id, s.user_id, s.last_seen_at AS seen_at, s.created_at, s.expires_at, s.revoked_at,
			u.name AS user_name, u.language, u.status AS user_status, u.staff_role, a.id AS account_id, m.role, a.is_partner
		FROM login_session AS s JOIN app_user AS u ON u.id = s.user_id
		LEFT JOIN membership AS m ON m.user_id = s.user_id AND m.account_id = coalesce(?, s.account_id)
		LEFT JOIN account AS a ON a.id = m.account_id AND a.status <> 'ERASED'
		WHERE s.? = ?`, orNull(account), bun.Ident(b.column), b.value)
	if none(err) {
		return found{}, errSignedOut
	}
	if err != nil {
		return found{}, err
	}
	if r.RevokedAt.Valid || !g.Now().Before(r.ExpiresAt) || r.UserStatus.String != Active {
		return found{}, errSignedOut
	}
	if account != uuid.Nil && !r.AccountID.Valid {
		return found{}, problem.Missing().At(AccountHeader)
	}
	v := viewer.Viewer{User: r.UserID.UUID, Session: r.ID, Name: r.UserName.String, Language: r.Language.String, ExpiresAt: r.ExpiresAt}
	return found{g.rights(v, r), r.SeenAt.Time}, nil
}

// rights gives a signed-in user the kind and permissions of the account acted in: staff without one is at the desk.
func (g *Gate) rights(v viewer.Viewer, r row) viewer.Viewer {
	v.Kind = viewer.Customer
	switch {
	case r.AccountID.Valid:
		v.Account = r.AccountID.UUID
		if r.IsPartner.Bool {
			v.Kind = viewer.Partner
		}
		return v.With(viewer.AccountRole(r.Role.String).Permissions()...)
	case r.StaffRole.Valid:
		v.Kind = viewer.Staff
		return v.With(viewer.StaffRole(r.StaffRole.String).Permissions()...)
	}
	return v.With() // a user whom every account has let go
}

// loadToken returns the viewer of an API token. It may do what its scopes say and its maker may still do.
func (g *Gate) loadToken(ctx context.Context, b by, account uuid.UUID) (found, error) {
	r, err := g.lookUp(ctx, `SELECT t.id, t.user_id, t.last_used_at AS seen_at, t.created_at, t.expires_at, t.revoked_at, t.kind, t.name AS token_name, t.scopes,
			u.name AS user_name, u.language, u.status AS user_status, u.staff_role, t.account_id, m.role, a.is_partner, coalesce(a.status = 'ERASED', false) AS account_missing
		FROM api_token AS t LEFT JOIN app_user AS u ON u.id = t.user_id
		LEFT JOIN account AS a ON a.id = t.account_id
		LEFT JOIN membership AS m ON m.user_id = t.user_id AND m.account_id = t.account_id
		WHERE t.? = ?`, bun.Ident(b.column), b.value)
	if none(err) {
		return found{}, errBadToken
	}
	if err != nil {
		return found{}, err
	}
	if r.RevokedAt.Valid || !g.Now().Before(r.ExpiresAt) || r.AccountMissing || !makerStands(r) {
		return found{}, errBadToken
	}
	if account != uuid.Nil && account != r.AccountID.UUID {
		return found{}, problem.Missing().At(AccountHeader)
	}
	v := viewer.Viewer{Kind: r.Kind, Account: r.AccountID.UUID, User: r.UserID.UUID, Token: r.ID, Name: r.TokenName, Language: orElse(r.Language.String, "nl"), ExpiresAt: r.ExpiresAt}
	if v.Kind == viewer.Partner && !r.IsPartner.Bool {
		v.Kind = viewer.Customer // it no longer is
	}
	return found{v.With(intersect(r.Scopes, held(r))...), r.SeenAt.Time}, nil
}

// makerStands reports whether who made the token could still make it. A token without a maker, from a seed, stands by itself.
func makerStands(r row) bool {
	switch {
	case !r.UserID.Valid:
		return true
	case r.UserStatus.String != Active:
		return false
	case r.AccountID.Valid:
		return r.Role.Valid
	}
	return r.StaffRole.Valid
}

// held is what the maker of a token may do, where the token works. A token without a maker has the most that its kind may hold.
func held(r row) []viewer.Permission {
	switch {
	case r.Kind == viewer.Machine:
		return []viewer.Permission{viewer.RecordUsage}
	case r.Kind == viewer.Staff && r.UserID.Valid:
		return viewer.StaffRole(r.StaffRole.String).Permissions()
	case r.Kind == viewer.Staff:
		return viewer.Admin.Permissions()
	case r.UserID.Valid:
		return viewer.AccountRole(r.Role.String).Permissions()
	}
	return viewer.Owner.Permissions()
}

func intersect(scopes, held []viewer.Permission) (both []viewer.Permission) {
	for _, p := range scopes {
		if slices.Contains(held, p) && !forSessions(p) {
			both = append(both, p)
		}
	}
	return both
}

func (g *Gate) lookUp(ctx context.Context, query string, args ...any) (r row, err error) {
	err = g.DB.Read(ctx, itself, manage, func(tx *pg.Tx) error { return tx.NewRaw(query, args...).Scan(ctx, &r) })
	if err != nil && !none(err) {
		return r, fmt.Errorf("find out who asks: %w", err)
	}
	return r, err
}

// touch notes that a session or token is in use, and puts off the end of an idle session.
func (g *Gate) touch(ctx context.Context, v viewer.Viewer, now time.Time) error {
	return g.DB.Write(ctx, itself, manage, func(tx *pg.Tx) error {
		var err error
		if v.Session != uuid.Nil {
			_, err = tx.NewRaw(`UPDATE login_session SET last_seen_at = ?, expires_at = least(created_at + ? * interval '1 second', ?)
				WHERE id = ? AND revoked_at IS NULL AND last_seen_at <= ?`, now, int(g.SessionMax.Seconds()), now.Add(g.SessionIdle), v.Session, now.Add(-touchEvery)).Exec(ctx)
		} else {
			_, err = tx.NewRaw(`UPDATE api_token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)`, now, v.Token, now.Add(-touchEvery)).Exec(ctx)
		}
		return err
	})
}

// bearer returns the token in the Authorization header.
func bearer(r *http.Request) (token string, given bool) {
	h := r.Header.Get("Authorization")
	if h == "" {
		return "", false
	}
	scheme, token, _ := strings.Cut(h, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", true // something else: not a way in, and not a visitor either
	}
	return strings.TrimSpace(token), true
}

// preferred returns "nl" or "en", whichever an Accept-Language header prefers; "" for neither.
func preferred(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ""
	}
	for _, t := range tags {
		if base, confidence := t.Base(); confidence != language.No && (base.String() == "nl" || base.String() == "en") {
			return base.String()
		}
	}
	return ""
}

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func orNull(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
