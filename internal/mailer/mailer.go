// Package mailer owns the connection to the mail server: it turns finished messages into SMTP, and nothing else.
//
// It knows no customers and no templates; those are in package notify.
package mailer

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// timeout bounds connecting, and each message.
const timeout = 20 * time.Second

// SMTP sends by one server. It is safe for use by several goroutines; each Send has a connection of its own.
type SMTP struct{ client *gomail.Client }

// Rejected is the mail server's final no to a message: sending it again would not help.
type Rejected struct {
	Code int // of SMTP, 550 to 559; 0 when we did not even offer it
	Err  error
}

// Error returns what the server said.
func (r *Rejected) Error() string { return fmt.Sprintf("the mail was refused for good: %v", r.Err) }

// Unwrap returns the cause.
func (r *Rejected) Unwrap() error { return r.Err }

// New returns a sender for a URL such as smtp://user:password@mail.example.nl:587 or smtps://…:465.
//
// With smtp, STARTTLS is required as soon as there is a password and used when offered otherwise; ?tls=require or
// ?tls=none says it explicitly. The certificate is always verified. helo is the name this server greets with.
func New(smtpURL, helo string) (*SMTP, error) {
	u, err := url.Parse(smtpURL)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return nil, errors.New("the mail server's address must look like smtp://user:password@host:587 or smtps://host:465")
	}
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithoutNoop()}
	if helo != "" {
		options = append(options, gomail.WithHELO(helo))
	}
	password, authenticated := u.User.Password()
	port := 587
	switch u.Scheme {
	case "smtps":
		port = 465
		options = append(options, gomail.WithSSL())
	case "smtp":
		policy, err := tlsPolicy(u.Query().Get("tls"), authenticated)
		if err != nil {
			return nil, err
		}
		options = append(options, gomail.WithTLSPolicy(policy))
	default:
		return nil, fmt.Errorf("the mail server's address must begin with smtp:// or smtps://, not %q", u.Scheme)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("the mail server's port %q is not a port", p)
		}
	}
	options = append(options, gomail.WithPort(port))
	if authenticated {
		options = append(options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password), gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("set up the mail server %s: %w", u.Hostname(), err)
	}
	return &SMTP{client}, nil
}

// Send offers each message once, over one connection, and returns one result per message: nil when the server took it,
// a *Rejected when it never will, any other error when it is worth trying again. After an error other than Rejected it
// can be unknown whether the server took the message.
func (s *SMTP) Send(ctx context.Context, messages []Message) []error {
	results := make([]error, len(messages))
	conn, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		for i := range results {
			results[i] = fmt.Errorf("reach the mail server: %w", err)
		}
		return results
	}
	defer func() { _ = s.client.CloseWithSMTPClient(conn) }() // QUIT is a courtesy: each message has its answer already
	for i, m := range messages {
		if err := ctx.Err(); err != nil {
			results[i] = fmt.Errorf("send mail: %w", err)
			continue
		}
		built, err := build(m)
		if err != nil {
			results[i] = &Rejected{Err: err}
			continue
		}
		err = s.client.SendWithSMTPClient(conn, built)
		results[i] = outcome(built, err)
	}
	return results
}

// outcome tells apart a message that was taken, one that never will be, and one to try again.
func outcome(m *gomail.Msg, err error) error {
	if err == nil || m.IsDelivered() { // a connection that breaks after the server's "250" has still delivered
		return nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 550 && refused.ErrorCode() < 560 {
		switch refused.Reason { // what concerns this one recipient or text; a refused sender or login is ours to mend
		case gomail.ErrSMTPRcptTo, gomail.ErrSMTPDataClose:
			return &Rejected{Code: refused.ErrorCode(), Err: err}
		}
	}
	return fmt.Errorf("send mail: %w", err)
}

func build(m Message) (*gomail.Msg, error) {
	from, err := Address(m.From.Name, m.From.Address)
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to, err := Address(m.To.Name, m.To.Address)
	if err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	if err := oneLine("the subject", m.Subject); err != nil {
		return nil, err
	}
	if err := oneLine("the id", m.ID); err != nil {
		return nil, err
	}
	built := gomail.NewMsg()
	built.FromMailAddress(&mail.Address{Name: from.Name, Address: from.Address})
	built.ToMailAddress(&mail.Address{Name: to.Name, Address: to.Address})
	built.Subject(m.Subject)
	built.SetMessageIDWithValue(m.ID)
	built.SetDateWithValue(m.Date)
	built.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday replies, please (RFC 3834)
	built.SetGenHeader("X-Auto-Response-Suppress", "All")
	built.SetUserAgent("klantenpaneel")
	built.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		built.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return built, nil
}

func tlsPolicy(asked string, authenticated bool) (gomail.TLSPolicy, error) {
	switch asked {
	case "require":
		return gomail.TLSMandatory, nil
	case "none":
		return gomail.NoTLS, nil
	case "":
		if authenticated {
			return gomail.TLSMandatory, nil
		}
		return gomail.TLSOpportunistic, nil
	}
	return gomail.NoTLS, fmt.Errorf("tls=%q for the mail server: it can be require or none", asked)
}
