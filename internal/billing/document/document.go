// Package document owns how an issued invoice or credit note looks outside the program: as a PDF/A-3 with its e-invoice
// inside, as UBL 2.1 for Peppol, as an accessible page of HTML, and, for customers who get their mail by post, as letters.
//
// Everything here is a pure function of the plain structs it is given: no database, no clock, no network. One build gives
// the same bytes for the same input, however often and wherever it runs. Another release may not: it can look better, or
// compress differently. What was mailed must stay what is shown (P-09), so billing keeps the file or refuses another hash.
// Nothing is calculated that billing has not calculated already; Check refuses what does not add up.
package document

import (
	"slices"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

// Kind is what was issued.
type Kind string

// The kinds, spelled as in the API.
const (
	KindInvoice    Kind = "INVOICE"
	KindCreditNote Kind = "CREDIT_NOTE"
)

// Zero-rated and exempt lines come only from imported invoices and from staff; package vat never decides on them.
const (
	ZeroRated vat.Category = "Z"
	Exempt    vat.Category = "E"
)

// Invoice is one issued invoice or credit note with everything that is printed on it, as it was on the day of issue.
type Invoice struct {
	Kind     Kind
	Number   string
	Language string // "nl" or "en", of the customer

	IssuedOn civil.Date
	DueOn    civil.Date // zero on a credit note

	Brand    Brand
	Supplier Party
	Customer Party

	CustomerNumber string
	BuyerReference string // what the customer wants to read on its invoices; the customer number when empty (BT-10)
	OrderReference string // number of the customer's purchase order (BT-13)

	Lines  []Line
	Totals vat.Totals  // net, VAT per category and rate, gross; all negative on a credit note
	Paid   money.Cents // what had been received on the day of issue, such as from the account's balance

	Credits Original // of a credit note: what it credits
	Payment Payment
	Notes   []string // paragraphs below the totals, in the customer's language
	VATText string   // why no VAT is charged ("Btw verlegd / VAT reverse charge"); a standard text when empty

	// Country is the ISO 3166 country whose VAT is charged, as decided by vat.Decide; NL when empty.
	Country string
	// Profile chooses the rules that the e-invoice follows; Automatic for nearly everyone.
	Profile Profile
}

// Line is one service, once.
type Line struct {
	Description string // what it is: "Webhosting Basis"
	Detail      string // what it is for: a domain name
	Code        string // of the product in our catalogue

	Period       civil.Period // half-open; one day is a day of supply (3.9); zero when there is neither
	LastCancelOn civil.Date   // last day on which notice still ends the service at the start of Period (P-28); zero: not shown

	Quantity  int // negative when the line takes something back
	Unit      Unit
	UnitPrice money.Cents
	Net       money.Cents // exactly Quantity times UnitPrice; negative on a credit note

	Category vat.Category
	Rate     vat.Rate
}

// Unit is what a quantity counts: a code of UN/ECE recommendation 20.
type Unit string

// The units; the zero value is Piece.
const (
	Piece    Unit = "C62"
	Hour     Unit = "HUR"
	Month    Unit = "MON"
	Quarter  Unit = "QAN"
	Year     Unit = "ANN"
	Gigabyte Unit = "E34"
)

// Original is the invoice that a credit note corrects (3.11).
type Original struct {
	Number   string
	IssuedOn civil.Date
}

// Payment is how an invoice is to be paid.
type Payment struct {
	IBAN      vat.IBAN // of the supplier
	BIC       string
	Reference string // to be quoted with a transfer; the invoice's number when empty
	Link      string // https address of the page to pay online; "" when there is none
	Debit     Debit
}

// Debit announces the direct debit of an invoice (3.15). The zero value means that the customer pays.
type Debit struct {
	On       civil.Date
	Mandate  string // reference (UMR)
	Creditor string // creditor identifier of the supplier
	IBAN     vat.IBAN
}

// Brand is how the provider presents itself.
type Brand struct {
	Name    string
	Accent  Color // must carry white text; AccentOf makes one that does
	Website string
	Email   string
	Phone   string
}

// IsCredit reports whether the document is a credit note.
func (inv Invoice) IsCredit() bool { return inv.Kind == KindCreditNote }

// Payable returns what is still to be paid: negative when the customer gets money back.
func (inv Invoice) Payable() money.Cents { return inv.Totals.Gross - inv.Paid }

// Reference returns what is to be quoted with a payment.
func (inv Invoice) Reference() string {
	if inv.Payment.Reference != "" {
		return inv.Payment.Reference
	}
	return inv.Number
}

// FileName returns the name under which the document is saved, without a path; ext is "pdf", "xml" or "html".
func (inv Invoice) FileName(ext string) string {
	return inv.words().fileName(inv.IsCredit()) + "-" + safe(inv.Number) + "." + ext
}

// trimmed returns the document without blanks around its texts: an element of nothing but blanks counts as empty, which
// Peppol refuses (R008).
func (inv Invoice) trimmed() Invoice {
	for _, s := range []*string{&inv.Number, &inv.BuyerReference, &inv.OrderReference, &inv.VATText, &inv.Credits.Number, &inv.Payment.Reference} {
		*s = strings.TrimSpace(*s)
	}
	inv.Supplier, inv.Customer = inv.Supplier.trimmed(), inv.Customer.trimmed()
	inv.Notes = compact(slices.Clone(inv.Notes))
	inv.Lines = slices.Clone(inv.Lines)
	for i := range inv.Lines {
		l := &inv.Lines[i]
		l.Description, l.Detail, l.Code = strings.TrimSpace(l.Description), strings.TrimSpace(l.Detail), strings.TrimSpace(l.Code)
	}
	return inv
}

// isDebited reports whether the amount is collected rather than paid.
func (inv Invoice) isDebited() bool { return inv.Payment.Debit.Mandate != "" && inv.Payable() > 0 }

// safe keeps letters, digits, point, dash and underscore, so that a number can be part of a file name anywhere.
func safe(s string) string {
	b := []byte(s)
	for i, c := range b {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_') {
			b[i] = '-'
		}
	}
	return string(b)
}
