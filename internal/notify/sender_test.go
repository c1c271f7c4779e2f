package notify_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/mailer"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"

	"github.com/mhale/smtpd"
)

// inbox is a real mail server on this machine.
type inbox struct {
	smtpd.Server
	address string
	mu      sync.Mutex
	got     []letter
}

type letter struct{ id, to, body string }

func serveMail(t *testing.T, configure func(*inbox)) *inbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	i := &inbox{address: listener.Addr().String()}
	i.Server = smtpd.Server{Appname: "test", Hostname: "mx.example.org", DisableReverseDNS: true, Handler: i.take}
	if configure != nil {
		configure(i)
	}
	go func() { _ = i.Serve(listener) }()
	t.Cleanup(func() { _ = i.Close() })
	return i
}

func (i *inbox) take(_ net.Addr, _ string, to []string, data []byte) error {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.got = append(i.got, letter{m.Header.Get("Message-Id"), to[0], string(body)})
	return nil
}

func (i *inbox) all() []letter {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]letter(nil), i.got...)
}

func (p *provider) sender(t *testing.T, db *pg.DB, address string) *notify.Sender {
	t.Helper()
	smtp, err := mailer.New("smtp://"+address, "")
	if err != nil {
		t.Fatal(err)
	}
	return &notify.Sender{DB: db, Key: p.key, Mail: smtp, Host: "mijn.example.nl", Log: slog.New(slog.DiscardHandler)}
}

// deliver sends what is due, once.
func (p *provider) deliver(t *testing.T, to *inbox) int {
	t.Helper()
	n, err := p.sender(t, p.DB, to.address).SendDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSeveralSendersDeliverEachMailOnce(t *testing.T) {
	p := newProvider(t)
	const mails = 90
	for i := range mails {
		p.queue(t, p.mail(fmt.Sprint(i), func(m *notify.Mail) { m.To = fmt.Sprintf("u%d@example.org", i) }))
	}
	other, err := pg.Open(p.URL, pg.Options{Now: p.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	to := serveMail(t, nil)
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			if _, err := p.sender(t, []*pg.DB{p.DB, other}[n%2], to.address).SendDue(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, l := range to.all() {
		if seen[l.to] {
			t.Errorf("%s got it twice", l.to)
		}
		seen[l.to] = true
	}
	if sent := one[int](t, p, "SELECT count(*) FROM message WHERE status = 'SENT' AND attempts = 1 AND sent_at IS NOT NULL"); len(seen) != mails || sent != mails {
		t.Errorf("%d of %d were delivered, %d noted", len(seen), mails, sent)
	}
}

func TestAMailServerThatIsDownForDaysCostsNoMail(t *testing.T) {
	for _, c := range []struct {
		name  string
		hours int
		want  string
	}{
		{"for a day", 24, notify.Sent},
		{"for a long weekend", 72, notify.Sent},
		{"for five days, and then we give up", 120, notify.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProvider(t)
			p.queue(t, p.mail("a"), p.mail("b", p.withLink))
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			_ = listener.Close()
			down := &inbox{address: listener.Addr().String()}
			for range c.hours {
				p.deliver(t, down)
				p.Clock.Advance(time.Hour)
			}
			up := serveMail(t, nil)
			for range 5 {
				p.deliver(t, up)
				p.Clock.Advance(time.Hour)
			}
			delivered := map[string]int{notify.Sent: 2}[c.want]
			if n := one[int](t, p, "SELECT count(*) FROM message WHERE status = ?", c.want); n != 2 || len(up.all()) != delivered {
				t.Errorf("%d are %s, %d delivered", n, c.want, len(up.all()))
			}
			if n := one[int](t, p, "SELECT count(*) FROM event WHERE kind = 'mail.undelivered'"); n != 2-delivered {
				t.Errorf("%d were reported as undelivered", n)
			}
		})
	}
}

func TestAnAddressThatIsRefusedIsNotTriedAgain(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("gone", func(m *notify.Mail) { m.To = "gone@example.org" }), p.mail("here"))
	to := serveMail(t, func(i *inbox) {
		i.HandlerRcpt = func(_ net.Addr, _, to string) bool { return to != "gone@example.org" }
	})
	if n := p.deliver(t, to); n != 1 {
		t.Errorf("%d were sent", n)
	}
	if status := one[string](t, p, "SELECT status FROM message WHERE dedupe_key = 'gone'"); status != notify.Bounced {
		t.Errorf("the refused one is %s", status)
	}
	if n := one[int](t, p, "SELECT count(*) FROM event WHERE kind = 'mail.undelivered' AND (data ->> 'bounced')::boolean"); n != 1 {
		t.Errorf("%d bounces were reported", n)
	}
}

func TestASenderThatDiesLeavesTheMailToOthersUnderTheSameID(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("k"))
	id := one[string](t, p, "SELECT id FROM message")
	// What the dead one leaves: a claim, and no note.
	p.must(t, "UPDATE message SET attempts = 1, claimed_until = clock_timestamp() + interval '1 minute'")
	to := serveMail(t, nil)
	if n := p.deliver(t, to); n != 0 {
		t.Error("a mail was sent while its claim may be alive")
	}
	p.must(t, "UPDATE message SET claimed_until = clock_timestamp() - interval '1 second'")
	if n := p.deliver(t, to); n != 1 || to.all()[0].id != "<"+id+"@mijn.example.nl>" {
		t.Errorf("%d were sent: %+v", n, to.all())
	}
	if n := p.deliver(t, to); n != 0 {
		t.Error("a mail was sent again")
	}
}

func TestASenderWhoseClaimLapsedChangesNothingAnyMore(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("k"))
	fast := serveMail(t, nil)
	slow := serveMail(t, func(i *inbox) {
		i.Handler = func(net.Addr, string, []string, []byte) error { // in the meantime another sender takes over
			p.must(t, "UPDATE message SET claimed_until = clock_timestamp() - interval '1 second'")
			p.deliver(t, fast)
			return errors.New("451 4.3.0 try later")
		}
	})
	p.deliver(t, slow)
	if status := one[string](t, p, "SELECT status || attempts FROM message"); status != "SENT2" || len(fast.all()) != 1 {
		t.Errorf("it is %s after %d deliveries", status, len(fast.all()))
	}
}

func TestWithoutAMailServerMailIsKeptInTheMailbox(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("k", p.withLink))
	s := notify.Sender{DB: p.DB, Key: p.key, Log: slog.New(slog.DiscardHandler)}
	if n, err := s.SendDue(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if kept := one[bool](t, p, "SELECT status = 'SENT' AND secret IS NOT NULL FROM message"); !kept {
		t.Error("its link cannot be followed any more")
	}
}

func TestASecretOfAnotherKeyIsNeverSentHalf(t *testing.T) {
	p := newProvider(t)
	p.queue(t, p.mail("k", p.withLink))
	p.must(t, "UPDATE message SET secret = secret || '\\x00'")
	to := serveMail(t, nil)
	p.deliver(t, to)
	if status := one[string](t, p, "SELECT status || ' ' || last_error FROM message"); !strings.HasPrefix(status, notify.Failed) || len(to.all()) != 0 {
		t.Errorf("it is %s, %d delivered", status, len(to.all()))
	}
}
