package mailer

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Message is one mail to one recipient.
type Message struct {
	ID      string // the whole of Message-ID without the angle brackets; a repeat carries the same, so that receivers can drop it
	From    mail.Address
	To      mail.Address
	Subject string
	Text    string
	HTML    string // empty for a text-only mail
	Date    time.Time
}

// Address checks one address as it stands in a form or an import and returns it with the domain in ASCII (IDNA):
// "Jan <jan@bücher.example>" becomes jan@xn--bcher-kva.example with the name Jan. Line breaks and other control
// characters are refused, wherever they are: with them one could write headers of one's own.
func Address(name, address string) (mail.Address, error) {
	if err := oneLine("the name", name); err != nil {
		return mail.Address{}, err
	}
	if err := oneLine("the address", address); err != nil {
		return mail.Address{}, err
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || len(address) > 254 {
		return mail.Address{}, fmt.Errorf("%q is not a mail address", address)
	}
	local, domain := address[:at], address[at+1:]
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") && ascii != "localhost" {
		return mail.Address{}, fmt.Errorf("%q has no domain that mail can be sent to", address)
	}
	parsed, err := mail.ParseAddress(local + "@" + ascii)
	if err != nil || parsed.Address != local+"@"+ascii || strings.ContainsFunc(local, notASCII) {
		return mail.Address{}, fmt.Errorf("%q is not a mail address", address)
	}
	return mail.Address{Name: name, Address: parsed.Address}, nil
}

// oneLine refuses what does not fit in a header.
func oneLine(what, s string) error {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		return fmt.Errorf("%s %q holds a line break or another control character", what, s)
	}
	return nil
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }
