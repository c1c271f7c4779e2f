package document

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

// creditSlack is how far the VAT of a credit note may be from rate times net. The credit that empties a rate takes all of
// its remaining VAT (vat.CreditTotals), and so carries the roundings of the credits before it: half a cent each.
const creditSlack = 50

// Check returns an error that names everything in which the document is incomplete or does not add up. The official rules
// of EN 16931 let a VAT amount pass that is almost a euro wrong; here every cent must be right (invariant 3). It is a
// fault of the program when it fails, never of the customer.
func (inv Invoice) Check() error {
	var wrong []error
	if inv.Kind != KindInvoice && inv.Kind != KindCreditNote {
		wrong = append(wrong, fmt.Errorf("kind %q", inv.Kind))
	}
	wrong = append(wrong, inv.checkParties()...)
	wrong = append(wrong, inv.checkLines()...)
	wrong = append(wrong, inv.checkTotals()...)
	wrong = append(wrong, inv.checkPayment()...)
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("document %s: %w", inv.Number, errors.Join(wrong...))
}

func (inv Invoice) checkParties() (wrong []error) {
	s, c := inv.Supplier, inv.Customer
	for _, need := range []struct {
		what    string
		missing bool
	}{
		{"number", inv.Number == ""},
		{"day of issue", inv.IssuedOn.IsZero()},
		{"brand name", inv.Brand.Name == ""},
		{"supplier's name", s.Name == ""},
		{"supplier's address", s.Street == "" || s.Postcode == "" || s.City == ""}, // BR-NL-3
		{"supplier's VAT id", s.VATID == ""},
		{"supplier's registration", s.register().scheme == "" && s.country() == "NL"}, // BR-NL-1
		{"customer's name", c.Name == ""},
		{"customer's address", c.country() == "NL" && (c.Street == "" || c.Postcode == "" || c.City == "")}, // BR-NL-4
		{"customer number", inv.CustomerNumber == ""},
	} {
		if need.missing {
			wrong = append(wrong, fmt.Errorf("no %s", need.what))
		}
	}
	for _, text := range []string{inv.Number, s.Name, c.Name, c.Street, c.City} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			wrong = append(wrong, fmt.Errorf("%q is not text", text))
		}
	}
	return wrong
}

func (inv Invoice) checkLines() (wrong []error) {
	if len(inv.Lines) == 0 {
		return []error{errors.New("no lines")}
	}
	for i, l := range inv.Lines {
		fail := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("line %d: "+format, append([]any{i + 1}, args...)...))
		}
		if l.Description == "" {
			fail("no description")
		}
		if money.Cents(l.Quantity)*l.UnitPrice != l.Net {
			fail("%d times %s is not %s", l.Quantity, l.UnitPrice, l.Net)
		}
		if l.Quantity == 0 {
			fail("no quantity")
		}
		if !l.Period.IsZero() && l.Period.Days() == 0 {
			fail("period %s is empty", l.Period)
		}
		if rated := l.Category == vat.Standard; rated != (l.Rate > 0) {
			fail("category %s with rate %s", l.Category, l.Rate.Format("en"))
		}
		switch l.Category {
		case vat.Standard, ZeroRated, Exempt, vat.OutOfScope:
		case vat.ReverseCharge:
			if inv.Customer.VATID == "" && inv.Customer.RegistrationNumber == "" {
				fail("reverse charge to a customer without VAT id") // invariant 20
			}
		default:
			fail("category %q", l.Category)
		}
		if l.Category == vat.OutOfScope != (inv.Lines[0].Category == vat.OutOfScope) {
			fail("outside the scope of VAT beside lines that are not") // BR-O-11
		}
	}
	return wrong
}

func (inv Invoice) checkTotals() (wrong []error) {
	lines := make([]vat.Line, len(inv.Lines))
	for i, l := range inv.Lines {
		lines[i] = vat.Line{Net: l.Net, Category: l.Category, Rate: l.Rate}
	}
	want, got := vat.TotalsOf(lines), inv.Totals
	if len(want.PerRate) != len(got.PerRate) {
		return []error{fmt.Errorf("%d VAT rates on the lines, %d in the totals", len(want.PerRate), len(got.PerRate))}
	}
	var net, tax money.Cents
	for i, g := range got.PerRate {
		w := want.PerRate[i]
		slack := money.Cents(0)
		if inv.IsCredit() && g.Category == vat.Standard {
			slack = creditSlack
		}
		if g.Category != w.Category || g.Rate != w.Rate || g.Net != w.Net || (g.VAT-w.VAT).Abs() > slack {
			wrong = append(wrong, fmt.Errorf("subtotal %s %s is %s + %s, the lines give %s + %s", g.Category, g.Rate.Format("en"), g.Net, g.VAT, w.Net, w.VAT))
		}
		net, tax = net+g.Net, tax+g.VAT
	}
	if got.Net != net || got.VAT != tax || got.Gross != net+tax {
		wrong = append(wrong, fmt.Errorf("totals %s + %s = %s, the subtotals give %s + %s", got.Net, got.VAT, got.Gross, net, tax))
	}
	if inv.IsCredit() && (got.Gross > 0 || inv.Paid != 0) {
		wrong = append(wrong, errors.New("a credit note that asks for money"))
	}
	return wrong
}

func (inv Invoice) checkPayment() (wrong []error) {
	p := inv.Payment
	if inv.IsCredit() {
		if inv.Credits.Number == "" || inv.Credits.IssuedOn.IsZero() {
			wrong = append(wrong, errors.New("no number and date of the invoice that is credited"))
		}
		return wrong
	}
	if inv.Payable() > 0 {
		if inv.DueOn.IsZero() {
			wrong = append(wrong, errors.New("no due date"))
		}
		if p.IBAN == "" && !inv.isDebited() {
			wrong = append(wrong, errors.New("no account to pay to"))
		}
	}
	if inv.isDebited() && (p.Debit.On.IsZero() || p.Debit.IBAN == "" || p.Debit.Creditor == "") {
		wrong = append(wrong, errors.New("direct debit without day, account or creditor"))
	}
	if p.Link != "" {
		if u, err := url.Parse(p.Link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			wrong = append(wrong, fmt.Errorf("payment link %q", p.Link))
		}
	}
	return wrong
}
