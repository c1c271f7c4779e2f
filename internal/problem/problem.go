// Package problem names the few ways a request can fail for a reason the caller can act on.
//
// Every other error is a fault: it is logged in full and shown as an internal error. A problem carries its text in
// both languages of the panel, side by side, so that neither can be forgotten.
package problem

import (
	"errors"
	"fmt"
)

// Code is what a client may switch on. It is part of the API.
type Code string

// The codes. Domains may add their own (ALREADY_ACCEPTED, EXPIRED, …) as constants of this type.
const (
	Invalid         Code = "INVALID"         // the input itself is wrong
	NotFound        Code = "NOT_FOUND"       // absent, or not the viewer's to see: the two are the same answer (P-01)
	Forbidden       Code = "FORBIDDEN"       // visible, but not the viewer's to do
	Conflict        Code = "CONFLICT"        // right input, wrong moment
	RateLimited     Code = "RATE_LIMITED"    // too often; try again later
	Unauthenticated Code = "UNAUTHENTICATED" // no valid session or token
)

// Text is one sentence in each language of the panel, safe to show. Both may hold the same fmt verbs.
type Text struct{ NL, EN string }

// In returns the sentence in the language ("nl" or "en"); any other language gets English.
func (t Text) In(language string) string {
	if language == "nl" {
		return t.NL
	}
	return t.EN
}

// Error is a failure meant for the caller's eyes.
type Error struct {
	Code Code
	Path []string // of the input field at fault, from the argument's name down; nil when none is
	Text Text
}

// New returns a problem; args fill the verbs of both texts.
func New(code Code, text Text, args ...any) *Error {
	if len(args) > 0 {
		text = Text{fmt.Sprintf(text.NL, args...), fmt.Sprintf(text.EN, args...)}
	}
	return &Error{Code: code, Text: text}
}

// At returns a copy of e that blames the input field at path.
func (e *Error) At(path ...string) *Error {
	c := *e
	c.Path = path
	return &c
}

// In returns the text in the language ("nl" or "en"); any other language gets English.
func (e *Error) In(language string) string { return e.Text.In(language) }

// Error returns the English text, for logs.
func (e *Error) Error() string { return e.Text.EN }

// As returns the problem that err is or wraps; ok is false for a fault.
func As(err error) (p *Error, ok bool) {
	ok = errors.As(err, &p)
	return p, ok
}

// Is reports whether err is, or wraps, a problem of the given code.
func Is(err error, code Code) bool {
	p, ok := As(err)
	return ok && p.Code == code
}

// Missing is the one answer for what does not exist and for what is someone else's (P-01, invariant 26).
func Missing() *Error {
	return New(NotFound, Text{NL: "Dit bestaat niet, of u heeft er geen toegang toe.", EN: "This does not exist, or you have no access to it."})
}
