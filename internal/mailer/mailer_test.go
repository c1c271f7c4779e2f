package mailer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"klantenpaneel/internal/mailer"

	"github.com/mhale/smtpd"
)

type received struct {
	from string
	to   []string
	data []byte
}

// server is a real SMTP server on this machine that keeps what it takes.
type server struct {
	*smtpd.Server
	url  string
	mu   sync.Mutex
	took []received
}

func serve(t *testing.T, configure func(*server)) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{url: "smtp://" + listener.Addr().String()}
	s.Server = &smtpd.Server{Appname: "test", Hostname: "mx.example.org", DisableReverseDNS: true, Handler: func(_ net.Addr, from string, to []string, data []byte) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.took = append(s.took, received{from, to, bytes.Clone(data)})
		return nil
	}}
	if configure != nil {
		configure(s)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func message(change func(*mailer.Message)) mailer.Message {
	m := mailer.Message{ID: "0190@panel.example.nl", From: mail.Address{Name: "Ping", Address: "support@ping.example"},
		To: mail.Address{Name: "Siobhán Jansen", Address: "siobhan@example.org"}, Subject: "Uw wachtwoord is gewijzigd – déjà vu",
		Text: "Beste Siobhán,\n\n.\nDit is de tekst.", HTML: "<p>Beste Siobhán,</p>", Date: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	if change != nil {
		change(&m)
	}
	return m
}

func send(t *testing.T, url string, messages ...mailer.Message) []error {
	t.Helper()
	s, err := mailer.New(url, "panel.example.nl")
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(context.Background(), messages)
}

func TestAMailArrivesWithBothPartsAndItsOwnID(t *testing.T) {
	srv := serve(t, nil)
	if errs := send(t, srv.url, message(nil), message(func(m *mailer.Message) { m.ID = "0191@panel.example.nl"; m.HTML = "" })); errors.Join(errs...) != nil {
		t.Fatal(errs)
	}
	if len(srv.took) != 2 || srv.took[0].from != "support@ping.example" || srv.took[0].to[0] != "siobhan@example.org" {
		t.Fatalf("the server took %+v", srv.took)
	}
	got, err := mail.ReadMessage(bytes.NewReader(srv.took[0].data))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	for header, want := range map[string]string{"Message-Id": "<0190@panel.example.nl>", "Auto-Submitted": "auto-generated", "Date": "Fri, 20 Nov 2026 09:00:00 +0000"} {
		if got.Header.Get(header) != want {
			t.Errorf("%s is %q, not %q", header, got.Header.Get(header), want)
		}
	}
	if subject != "Uw wachtwoord is gewijzigd – déjà vu" {
		t.Errorf("the subject is %q", subject)
	}
	_, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(got.Body, params["boundary"])
	for _, want := range []string{"Beste Siobhán,\r\n\r\n.\r\nDit is de tekst.", "<p>Beste Siobhán,</p>"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(part)
		if strings.TrimSpace(string(body)) != want {
			t.Errorf("a part holds %q, not %q", body, want)
		}
	}
}

func TestARefusedRecipientIsFinalAndHoldsNothingUp(t *testing.T) {
	srv := serve(t, func(s *server) {
		s.HandlerRcpt = func(_ net.Addr, _, to string) bool { return !strings.HasPrefix(to, "gone@") }
	})
	errs := send(t, srv.url, message(func(m *mailer.Message) { m.To.Address = "gone@example.org" }), message(nil))
	var refused *mailer.Rejected
	if !errors.As(errs[0], &refused) || refused.Code != 550 {
		t.Errorf("the refused mail gives %v", errs[0])
	}
	if errs[1] != nil || len(srv.took) != 1 {
		t.Errorf("the mail after it gives %v, %d taken", errs[1], len(srv.took))
	}
}

func TestWhatMayGoBetterLaterIsNotFinal(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	secret := serve(t, func(s *server) {
		s.AuthRequired = true
		s.AuthHandler = func(net.Addr, string, []byte, []byte, []byte) (bool, error) { return false, nil }
		s.AuthMechs = map[string]bool{"PLAIN": true}
	})
	busy := serve(t, func(s *server) {
		s.Handler = func(net.Addr, string, []string, []byte) error { return errors.New("451 4.3.0 disk full") }
	})
	for name, url := range map[string]string{
		"nobody listens":           "smtp://" + closed.Addr().String(),
		"our password is wrong":    strings.Replace(secret.url, "smtp://", "smtp://us:wrong@", 1) + "?tls=none",
		"the server is full":       busy.url,
		"the server wants a login": secret.url,
		"there is no TLS for it":   busy.url + "?tls=require",
	} {
		t.Run(name, func(t *testing.T) {
			err := send(t, url, message(nil))[0]
			var refused *mailer.Rejected
			if err == nil || errors.As(err, &refused) {
				t.Errorf("it gives %v", err)
			}
		})
	}
}

func TestNothingOfACustomerBecomesAHeader(t *testing.T) {
	srv := serve(t, nil)
	for name, change := range map[string]func(*mailer.Message){
		"a line break in the subject":         func(m *mailer.Message) { m.Subject = "Hi\r\nBcc: victim@example.org" },
		"a line feed in the name":             func(m *mailer.Message) { m.To.Name = "Jan\nBcc: victim@example.org" },
		"a line break in the address":         func(m *mailer.Message) { m.To.Address = "jan@example.org\r\nBcc: victim@example.org" },
		"a second recipient":                  func(m *mailer.Message) { m.To.Address = "jan@example.org, victim@example.org" },
		"a recipient that speaks SMTP":        func(m *mailer.Message) { m.To.Address = "jan@example.org>\r\nRCPT TO:<victim@example.org" },
		"a NUL in the sender's name":          func(m *mailer.Message) { m.From.Name = "Ping\x00" },
		"a Unicode line separator in a name":  func(m *mailer.Message) { m.To.Name = "Jan\u2028Bcc: victim@example.org" },
		"an address without a domain":         func(m *mailer.Message) { m.To.Address = "jan" },
		"an address with a name before it":    func(m *mailer.Message) { m.To.Address = "Jan <jan@example.org>" },
		"text that is not UTF-8":              func(m *mailer.Message) { m.Subject = "\xff" },
		"an address in a top-level domain":    func(m *mailer.Message) { m.To.Address = "jan@nl" },
		"a line break in the id":              func(m *mailer.Message) { m.ID = "x>\r\nBcc: victim@example.org" },
		"an address that only UTF-8 can mail": func(m *mailer.Message) { m.To.Address = "siobhán@example.org" },
	} {
		t.Run(name, func(t *testing.T) {
			var refused *mailer.Rejected
			if err := send(t, srv.url, message(change))[0]; !errors.As(err, &refused) {
				t.Errorf("it gives %v", err)
			}
		})
	}
	if len(srv.took) != 0 {
		t.Errorf("the server took %q", srv.took)
	}
	ok := message(func(m *mailer.Message) {
		m.To = mail.Address{Name: `Jan "de" <Wit>, X`, Address: "jan@bücher.example"}
	})
	if err := send(t, srv.url, ok)[0]; err != nil || len(srv.took) != 1 || srv.took[0].to[0] != "jan@xn--bcher-kva.example" {
		t.Errorf("an international domain and an odd name give %v, %+v", err, srv.took)
	}
}

func TestAWrongServerAddressIsRefusedAtStart(t *testing.T) {
	for _, url := range []string{"", "mail.example.nl", "mail.example.nl:25", "http://mail.example.nl", "smtp://", "smtp://:25", "smtp://h:99999", "smtp://h?tls=maybe"} {
		if _, err := mailer.New(url, ""); err == nil {
			t.Errorf("New(%q) accepts it", url)
		}
	}
}
