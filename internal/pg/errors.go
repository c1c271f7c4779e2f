package pg

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"

	"klantenpaneel/internal/problem"

	"github.com/uptrace/bun/driver/pgdriver"
)

// ErrUnknownOutcome is wrapped when the connection broke while a transaction was committed and PostgreSQL could not tell
// afterwards whether it was. Doing the work again may do it twice: only an idempotency key makes that safe.
var ErrUnknownOutcome = errors.New("pg: unknown whether the transaction was committed")

// Lost reports whether err means that the connection to PostgreSQL broke, or that PostgreSQL ended it.
func Lost(err error) bool {
	if code, fatal, ok := server(err); ok {
		return fatal || strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P")
	}
	var broken *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &broken) || errors.Is(err, ErrUnknownOutcome)
}

// TimedOut reports whether PostgreSQL stopped a statement because it took, or waited for a lock, too long.
func TimedOut(err error) bool {
	code, _, _ := server(err)
	return code == "57014" || code == "55P03"
}

// Denied reports whether the viewer's role had no right to what was tried: a check in front of it was forgotten.
func Denied(err error) bool {
	code, _, _ := server(err)
	return code == "42501"
}

// Violates reports whether err is a violation of the constraint or unique index of this name.
func Violates(err error, constraint string) bool {
	var e pgdriver.Error
	return errors.As(err, &e) && e.IntegrityViolation() && e.Field('n') == constraint
}

var constraints sync.Map // name -> *problem.Error

// RegisterConstraint says which problem a violation of the constraint or unique index is, for errors of Write. It is
// called from the package that owns the table, as it starts; twice for one name panics.
func RegisterConstraint(name string, p *problem.Error) {
	if _, twice := constraints.LoadOrStore(name, p); twice {
		panic("pg: constraint " + name + " is registered twice")
	}
}

// violation is a problem that PostgreSQL found.
type violation struct {
	problem *problem.Error
	cause   error
}

func (v *violation) Error() string   { return v.problem.Error() + " (" + v.cause.Error() + ")" }
func (v *violation) Unwrap() []error { return []error{v.problem, v.cause} }

// translate returns err as the problem that is registered for the constraint it violates, or as it is.
func translate(err error) error {
	var e pgdriver.Error
	if err == nil || !errors.As(err, &e) || !e.IntegrityViolation() {
		return err
	}
	if _, already := problem.As(err); already {
		return err
	}
	if p, ok := constraints.Load(e.Field('n')); ok {
		return &violation{p.(*problem.Error), err}
	}
	return err
}

// conflict reports whether two transactions were in each other's way, so that one of them must be run again.
func conflict(err error) bool {
	code, _, _ := server(err)
	return code == "40001" || code == "40P01"
}

// starting reports whether a failed connection may succeed in a moment: PostgreSQL is restarting or full.
func starting(err error) bool {
	if code, _, ok := server(err); ok {
		return code == "57P01" || code == "57P02" || code == "57P03" || code == "53300"
	}
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EAGAIN) ||
		errors.Is(err, os.ErrNotExist) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn)
}

// server returns the SQLSTATE of an error that PostgreSQL sent, and whether it ended the session with it.
func server(err error) (code string, fatal, ok bool) {
	var e pgdriver.Error
	if !errors.As(err, &e) {
		return "", false, false
	}
	severity := e.Field('V')
	return e.Field('C'), severity == "FATAL" || severity == "PANIC", true
}
