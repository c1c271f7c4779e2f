package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/pg/pgtest"
	"klantenpaneel/internal/seal"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

var job = viewer.ForJob("test")

// provider is a database with two brands, each with an account, and a user of the second account only.
type provider struct {
	*pgtest.Database
	key           seal.Key
	first, second uuid.UUID // accounts
	user          uuid.UUID
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	k, err := seal.New(make([]byte, seal.Size))
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{pgtest.New(t), k, key.New(), key.New(), key.New()}
	for i, account := range []uuid.UUID{p.first, p.second} {
		brand, code := key.New(), []string{"PING", "MHP"}[i]
		p.must(t, `INSERT INTO brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
			VALUES (?, ?, ?, ?, 'Web B.V.', 'Dorpsstraat 1', '1234 AB', 'Utrecht', 'NL', '12345678', 'NL1B01', 'NL00', 'XXXXNL2A', ?, '030', 'https://example.nl', now() + ? * interval '1 second')`,
			brand, code, code, "Brand "+code, strings.ToLower(code)+"@example.nl", i)
		p.must(t, `INSERT INTO account (id, number, brand_id, kind, last_name, customer_since, created_at) VALUES (?, ?, ?, 'CONSUMER', 'Jansen', '2020-01-01', now())`, account, fmt.Sprint(i), brand)
	}
	p.must(t, `INSERT INTO app_user (id, email, name, created_at) VALUES (?, 'jan@example.org', 'Jan', now())`, p.user)
	p.must(t, `INSERT INTO membership (id, user_id, account_id, role, created_at) VALUES (?, ?, ?, 'OWNER', now())`, key.New(), p.user, p.second)
	return p
}

func (p *provider) must(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := p.Owner.NewRaw(statement, args...).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// one returns the single value that the statement selects.
func one[T any](t *testing.T, p *provider, statement string, args ...any) (v T) {
	t.Helper()
	if err := p.Owner.NewRaw(statement, args...).Scan(t.Context(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (p *provider) queue(t *testing.T, mails ...notify.Mail) {
	t.Helper()
	err := p.DB.Write(t.Context(), job, viewer.ManageDesk, func(tx *pg.Tx) error {
		for _, m := range mails {
			if err := notify.Queue(t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mail returns a mail to the user that changes can be made to.
func (p *provider) mail(dedupeKey string, changes ...func(*notify.Mail)) notify.Mail {
	m := notify.Mail{User: p.user, DedupeKey: dedupeKey, Name: "Jan", To: "jan@example.org", Language: "nl", Content: contents["password_changed"]}
	for _, change := range changes {
		change(&m)
	}
	return m
}

func (p *provider) withLink(m *notify.Mail) {
	m.Content, m.Secret = contents["activation"], notify.Secret{Token: "kl_very-secret", Key: p.key}
}

func TestAMailIsQueuedOnceForEachKey(t *testing.T) {
	p := newProvider(t)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { p.queue(t, p.mail("once"), p.mail("once")) })
	}
	wg.Wait()
	p.queue(t, p.mail("another"))
	if n := one[int](t, p, "SELECT count(*) FROM message"); n != 2 {
		t.Errorf("there are %d mails of 2 keys", n)
	}
}

func TestAMailIsQueuedWithWhatItTellsOrNotAtAll(t *testing.T) {
	p := newProvider(t)
	failed := errors.New("the work failed")
	err := p.DB.Write(t.Context(), job, viewer.ManageDesk, func(tx *pg.Tx) error {
		if err := notify.Queue(t.Context(), tx, p.mail("k")); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	if n := one[int](t, p, "SELECT count(*) FROM message"); n != 0 {
		t.Error("a mail tells about what did not happen")
	}
}

func TestAMailSpeaksForTheBrandOfItsAccountOrUser(t *testing.T) {
	p := newProvider(t)
	for name, c := range map[string]struct {
		change func(*notify.Mail)
		want   string
	}{
		"of the first brand's account":  {func(m *notify.Mail) { m.User, m.Account = uuid.Nil, p.first }, "Brand PING"},
		"of the second brand's account": {func(m *notify.Mail) { m.User, m.Account = uuid.Nil, p.second }, "Brand MHP"},
		"of a user of that account":     {func(*notify.Mail) {}, "Brand MHP"},
		"of staff without an account":   {func(m *notify.Mail) { m.User = key.New() }, "Brand PING"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "of staff without an account" {
				id := key.New()
				p.must(t, `INSERT INTO app_user (id, email, name, staff_role, created_at) VALUES (?, 'staff@example.org', 'Staff', 'ADMIN', now())`, id)
				c.change = func(m *notify.Mail) { m.User = id }
			}
			p.queue(t, p.mail(name, c.change))
			if got := one[string](t, p, "SELECT sender_name FROM message WHERE dedupe_key = ?", name); got != c.want {
				t.Errorf("it is sent by %s, not %s", got, c.want)
			}
		})
	}
}

func TestAnAddressThatCannotBeMailedStopsNothing(t *testing.T) {
	p := newProvider(t)
	for i, to := range []string{"", "jan", "jan@example.org\r\nBcc: x@example.org", "a@b@", "jan@localdomain"} {
		p.queue(t, p.mail(fmt.Sprint(i), func(m *notify.Mail) { m.To = to }))
		if status := one[string](t, p, "SELECT status FROM message WHERE dedupe_key = ?", fmt.Sprint(i)); status != notify.Failed {
			t.Errorf("a mail to %q is %s", to, status)
		}
	}
	p.queue(t, p.mail("muted", func(m *notify.Mail) { m.Muted = true }))
	if status := one[string](t, p, "SELECT status FROM message WHERE dedupe_key = 'muted'"); status != notify.Muted {
		t.Errorf("a muted mail is %s", status)
	}
}

func TestNobodyButTheRecipientLearnsTheTokenOfALink(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("k", p.withLink))
	if n := one[int](t, p, "SELECT count(*) FROM message AS m WHERE position('very-secret' in m::text) > 0"); n != 0 {
		t.Error("the token stands in the database")
	}
	inbox := serveMail(t, nil)
	p.deliver(t, inbox)
	if got := inbox.all(); len(got) != 1 || strings.Count(got[0].body, "kl_very-secret") != 2 || strings.Contains(got[0].body, notify.Placeholder) {
		t.Errorf("the recipient gets %+v", got)
	}
	if kept := one[bool](t, p, "SELECT secret IS NOT NULL FROM message"); kept {
		t.Error("the token is kept after it was sent")
	}
	err := p.DB.Write(t.Context(), job, viewer.ManageDesk, func(tx *pg.Tx) error {
		return notify.Queue(t.Context(), tx, p.mail("l", p.withLink, func(m *notify.Mail) { m.Content = contents["password_changed"] }))
	})
	if err == nil {
		t.Error("a token is queued with a mail that has no link for it")
	}
}

func TestMailAboutALoginIsSeenByNoAccount(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("of the user"), p.mail("of the account", func(m *notify.Mail) { m.User, m.Account = uuid.Nil, p.second }))
	for _, c := range []struct {
		name string
		who  viewer.Viewer
		want string
	}{
		{"its owner sees the account's mail", viewer.Viewer{Kind: viewer.Customer, Account: p.second, User: p.user}.With(viewer.Owner.Permissions()...), "[of the account]"},
		{"a stranger sees none", viewer.Viewer{Kind: viewer.Customer, Account: p.first, User: key.New()}.With(viewer.Owner.Permissions()...), "[]"},
		{"staff see both", viewer.Viewer{Kind: viewer.Staff, User: key.New()}.With(viewer.Support.Permissions()...), "[of the account of the user]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var keys []string
			err := p.DB.Read(t.Context(), c.who, viewer.ReadAccount, func(tx *pg.Tx) error {
				return tx.NewRaw("SELECT dedupe_key FROM message ORDER BY 1").Scan(t.Context(), &keys)
			})
			if err != nil || fmt.Sprint(keys) != c.want {
				t.Errorf("%v, %v", keys, err)
			}
		})
	}
}

func TestPackageAuthMayQueueMailAndNotReadIt(t *testing.T) {
	p := newProvider(t)
	auth := viewer.Viewer{Kind: viewer.Auth}.With(viewer.ManageUsers)
	for range 2 {
		if err := p.DB.Write(t.Context(), auth, viewer.ManageUsers, func(tx *pg.Tx) error {
			return notify.Queue(t.Context(), tx, p.mail("k", p.withLink))
		}); err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](t, p, "SELECT count(*) FROM message"); n != 1 {
		t.Errorf("there are %d mails", n)
	}
	err := p.DB.Read(t.Context(), auth, viewer.ManageUsers, func(tx *pg.Tx) error {
		_, err := tx.NewRaw("SELECT body_text FROM message").Exec(context.Background())
		return err
	})
	if !pg.Denied(err) {
		t.Errorf("reading mail gives %v", err)
	}
}
