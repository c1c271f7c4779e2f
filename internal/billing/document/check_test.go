package document

import (
	"strings"
	"testing"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/vat"
)

func TestCheck(t *testing.T) {
	for name, inv := range samples() {
		if err := inv.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []struct {
		name   string
		sample string
		spoil  func(*Invoice)
		want   string // part of the error
	}{
		{"a VAT amount one cent too high", "domestic", func(i *Invoice) { i.Totals.PerRate[0].VAT++; i.Totals.VAT++; i.Totals.Gross++ }, "subtotal S 21%"},
		{"VAT rounded per line instead of once", "odd-cents", func(i *Invoice) { i.Totals.PerRate[0].VAT--; i.Totals.VAT--; i.Totals.Gross-- }, "subtotal S 21%"},
		{"a total that is not net and VAT", "domestic", func(i *Invoice) { i.Totals.Gross++ }, "totals"},
		{"a line that is not quantity times price", "domestic", func(i *Invoice) { i.Lines[0].Net++ }, "line 1"},
		{"a line without quantity", "zero-rated", func(i *Invoice) { i.Lines[1].Quantity = 0 }, "line 2: no quantity"},
		{"a standard line without rate", "domestic", func(i *Invoice) { i.Lines[0].Rate = 0 }, "category S"},
		{"a reverse-charge line with a rate", "reverse-charge", func(i *Invoice) { i.Lines[0].Rate = 2100 }, "category AE"},
		{"reverse charge to someone without VAT id", "reverse-charge", func(i *Invoice) { i.Customer.VATID, i.Customer.RegistrationNumber = "", "" }, "without VAT id"},
		{"an unknown category", "domestic", func(i *Invoice) { i.Lines[0].Category, i.Lines[0].Rate = "X", 0 }, `category "X"`},
		{"lines within and outside the scope of VAT", "outside-eu", func(i *Invoice) {
			i.Lines = append(i.Lines, service("VPS", "x.example", "1.00", "2027-01-01"))
			i.Totals = totals(i.Lines)
		}, "outside the scope"},
		{"no lines", "domestic", func(i *Invoice) { i.Lines = nil }, "no lines"},
		{"an empty period", "domestic", func(i *Invoice) { i.Lines[0].Period.End = i.Lines[0].Period.Start }, "is empty"},
		{"no number", "domestic", func(i *Invoice) { i.Number = "" }, "no number"},
		{"no day of issue", "domestic", func(i *Invoice) { i.IssuedOn = civil.Date{} }, "day of issue"},
		{"no due date", "domestic", func(i *Invoice) { i.DueOn = civil.Date{} }, "due date"},
		{"no account to pay to", "domestic", func(i *Invoice) { i.Payment.IBAN = "" }, "account to pay to"},
		{"a direct debit without creditor", "odd-cents", func(i *Invoice) { i.Payment.Debit.Creditor = "" }, "direct debit"},
		{"a payment link that is a script", "domestic", func(i *Invoice) { i.Payment.Link = "javascript:alert(1)" }, "payment link"},
		{"a Dutch customer without town", "domestic", func(i *Invoice) { i.Customer.City = "" }, "customer's address"},
		{"a Dutch supplier without KvK number", "domestic", func(i *Invoice) { i.Supplier.RegistrationNumber = "12" }, "supplier's registration"},
		{"a supplier without VAT id", "domestic", func(i *Invoice) { i.Supplier.VATID = "" }, "supplier's VAT id"},
		{"a credit note that does not say of what", "credit-full", func(i *Invoice) { i.Credits = Original{} }, "invoice that is credited"},
		{"a credit note with positive amounts", "credit-full", func(i *Invoice) {
			for n := range i.Lines {
				i.Lines[n].Quantity, i.Lines[n].Net = -i.Lines[n].Quantity, -i.Lines[n].Net
			}
			i.Totals = totals(i.Lines)
		}, "asks for money"},
		{"a kind that does not exist", "domestic", func(i *Invoice) { i.Kind = "QUOTE" }, "kind"},
		{"text that is not UTF-8", "domestic", func(i *Invoice) { i.Customer.Name = "a\xff" }, "is not text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv := samples()[c.sample]
			c.spoil(&inv)
			err := inv.Check()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want an error with %q", err, c.want)
			}
			if _, err := UBL(inv); err == nil {
				t.Error("UBL took it")
			}
			if _, err := PDF(inv); err == nil {
				t.Error("PDF took it")
			}
			if _, err := HTML(inv); err == nil {
				t.Error("HTML took it")
			}
		})
	}
}

// The credit that takes the last of a rate also takes the cent that earlier roundings left (vat.CreditTotals).
func TestTheLastCreditMayTakeTheOddCent(t *testing.T) {
	invoice := samples()["odd-cents"]
	left := invoice.Totals
	for i, l := range invoice.Lines {
		note := credit("2027-000200", "2027-03-10", invoice, l)
		note.Totals = vat.CreditTotals(left, []vat.Line{{Net: -l.Net, Category: l.Category, Rate: l.Rate}})
		left = left.Plus(note.Totals)
		if _, err := UBL(note); err != nil {
			t.Errorf("credit %d: %v", i+1, err)
		}
	}
	if left.Gross != 0 {
		t.Errorf("%s is left", left.Gross)
	}
}
