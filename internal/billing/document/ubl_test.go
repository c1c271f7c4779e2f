package document

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/sebdah/goldie/v2"
	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

func TestUBLIsTheGoldenFile(t *testing.T) {
	g := goldie.New(t, goldie.WithFixtureDir("testdata/ubl"), goldie.WithNameSuffix(".xml"))
	for name, inv := range samples() {
		t.Run(name, func(t *testing.T) { g.Assert(t, name, must(UBL(inv))) })
	}
}

// received is what a receiver's software reads: amounts as decimal text, nothing of how we made them.
type received struct {
	XMLName  xml.Name
	TaxTotal struct {
		TaxAmount   string
		TaxSubtotal []struct {
			TaxableAmount, TaxAmount string
			TaxCategory              receivedCategory
		}
	}
	LegalMonetaryTotal struct {
		LineExtensionAmount, TaxExclusiveAmount, TaxInclusiveAmount, PrepaidAmount, PayableAmount string
	}
	InvoiceLine    []receivedLine
	CreditNoteLine []receivedLine
}

type receivedCategory struct{ ID, Percent string }

type receivedLine struct {
	InvoicedQuantity, CreditedQuantity int
	LineExtensionAmount                string
	Item                               struct{ ClassifiedTaxCategory receivedCategory }
	Price                              struct{ PriceAmount string }
}

// The rules of EN 16931 about sums, to the cent: the official ones let a VAT amount pass that is nearly a euro off.
func TestSumsHoldForEveryInvoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inv := anyInvoice(t)
		file, err := UBL(inv)
		if err != nil {
			t.Fatal(err)
		}
		var r received
		if err := xml.Unmarshal(file, &r); err != nil {
			t.Fatal(err)
		}
		lines, sum := append(r.InvoiceLine, r.CreditNoteLine...), money.Cents(0)
		if len(lines) != len(inv.Lines) {
			t.Fatalf("%d lines of %d", len(lines), len(inv.Lines))
		}
		perCategory := map[receivedCategory]money.Cents{}
		for i, l := range lines {
			net, price := eur(l.LineExtensionAmount), eur(l.Price.PriceAmount)
			if price < 0 { // BR-27
				t.Errorf("line %d: price %s", i+1, price)
			}
			if q := l.InvoicedQuantity + l.CreditedQuantity; money.Cents(q)*price != net { // R120
				t.Errorf("line %d: %d times %s is not %s", i+1, q, price, net)
			}
			sum += net
			perCategory[l.Item.ClassifiedTaxCategory] += net
		}
		total, tax := r.LegalMonetaryTotal, money.Cents(0)
		for _, s := range r.TaxTotal.TaxSubtotal {
			net, got := eur(s.TaxableAmount), eur(s.TaxAmount)
			if perCategory[s.TaxCategory] != net { // BR-S-08 and its like
				t.Errorf("subtotal %v is %s, its lines %s", s.TaxCategory, net, perCategory[s.TaxCategory])
			}
			if want := halfUp(net, s.TaxCategory.Percent); got != want { // BR-CO-17
				t.Errorf("VAT %s over %s is %s, want %s", s.TaxCategory.Percent, net, got, want)
			}
			tax += got
			delete(perCategory, s.TaxCategory)
		}
		if len(perCategory) > 0 {
			t.Errorf("lines without subtotal: %v", perCategory)
		}
		gross, paid := sum+tax, money.Cents(0)
		if total.PrepaidAmount != "" {
			paid = eur(total.PrepaidAmount)
		}
		for rule, pair := range map[string][2]money.Cents{
			"BR-CO-10": {eur(total.LineExtensionAmount), sum}, "BR-CO-13": {eur(total.TaxExclusiveAmount), sum}, "BR-CO-14": {eur(r.TaxTotal.TaxAmount), tax},
			"BR-CO-15": {eur(total.TaxInclusiveAmount), gross}, "BR-CO-16": {eur(total.PayableAmount), gross - paid},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s, want %s", rule, pair[0], pair[1])
			}
		}
		if inv.IsCredit() && (r.XMLName.Local != "CreditNote" || gross != -inv.Totals.Gross) {
			t.Errorf("%s of %s", r.XMLName.Local, gross)
		}
		if empty := blank.Find(file); empty != nil { // R008
			t.Errorf("%s is empty", empty)
		}
	})
}

var blank = regexp.MustCompile(`<[^/>]+>\s*</`)

// halfUp is the VAT over net by schoolbook arithmetic, on the digits of the percentage.
func halfUp(net money.Cents, percent string) money.Cents {
	if percent == "" {
		return 0
	}
	whole, fraction, _ := strings.Cut(percent, ".")
	var bp int64
	fmt.Sscan(whole+(fraction + "00")[:2], &bp)
	n, sign := int64(net)*bp, int64(1)
	if n < 0 {
		n, sign = -n, -1
	}
	return money.Cents(sign * ((n + 5_000) / 10_000))
}

// anyInvoice draws an invoice or credit note as billing might issue it.
func anyInvoice(t *rapid.T) Invoice {
	outside := rapid.Bool().Draw(t, "outside EU")
	isCredit := rapid.Bool().Draw(t, "credit note")
	name := rapid.StringN(1, 60, -1).Filter(func(s string) bool { return strings.TrimSpace(printable(s)) != "" && !strings.ContainsRune(s, 0) })
	inv := issue("2027-000900", "2027-03-01", korenaar)
	inv.Language = rapid.SampledFrom([]string{"nl", "en"}).Draw(t, "language")
	inv.Customer.Name = name.Draw(t, "name")
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		l := Line{
			Description: name.Draw(t, "description"), Detail: rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, 0) }).Draw(t, "detail"), Quantity: rapid.IntRange(-30, 30).Filter(func(n int) bool { return n != 0 }).Draw(t, "quantity"),
			UnitPrice: money.Cents(rapid.Int64Range(-50_000, 500_000).Draw(t, "price")), Unit: rapid.SampledFrom([]Unit{"", Piece, Hour, Month, Quarter, Year, Gigabyte}).Draw(t, "unit"),
		}
		l.Category, l.Rate = vat.OutOfScope, 0
		if !outside {
			l.Category = rapid.SampledFrom([]vat.Category{vat.Standard, vat.Standard, vat.ReverseCharge, ZeroRated, Exempt}).Draw(t, "category")
		}
		if l.Category == vat.Standard {
			l.Rate = rapid.SampledFrom([]vat.Rate{2100, 900, 1900, 2550, 1700, 2700, 600}).Draw(t, "rate")
		}
		if start := rapid.IntRange(0, 4_000).Draw(t, "start"); start > 0 {
			l.Period.Start = day("2014-01-01").AddDays(start)
			l.Period.End = l.Period.Start.AddDays(rapid.IntRange(1, 800).Draw(t, "days"))
		}
		l.Net = money.Cents(l.Quantity) * l.UnitPrice
		inv.Lines = append(inv.Lines, l)
	}
	inv.Totals = totals(inv.Lines)
	switch {
	case isCredit:
		if inv.Totals.Gross > 0 {
			for i := range inv.Lines {
				inv.Lines[i].Quantity, inv.Lines[i].Net = -inv.Lines[i].Quantity, -inv.Lines[i].Net
			}
			inv.Totals = totals(inv.Lines)
		}
		inv.Kind, inv.DueOn, inv.Credits = KindCreditNote, civil.Date{}, Original{"2026-000001", day("2026-12-01")}
	case inv.Totals.Gross > 0:
		inv.Paid = money.Cents(rapid.Int64Range(0, int64(inv.Totals.Gross)).Draw(t, "paid"))
	}
	return inv
}

func TestProfile(t *testing.T) {
	for _, c := range []struct {
		name, sample, want string
		spoil              func(*Invoice)
	}{
		{"a Dutch business gets Peppol BIS", "domestic", peppolCustomization, nil},
		{"a government body gets NLCIUS", "government", nlciusCustomization, nil},
		{"a customer abroad gets Peppol BIS", "reverse-charge", peppolCustomization, nil},
		{"a consumer gets Peppol BIS", "consumer", peppolCustomization, nil},
		{"NLCIUS on request", "domestic", nlciusCustomization, func(i *Invoice) { i.Profile = NLCIUS }},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv := samples()[c.sample]
			if c.spoil != nil {
				c.spoil(&inv)
			}
			if got := inv.ubl().CustomizationID; got != c.want {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestEndpoint(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Party
		want identifier
	}{
		{"a Dutch business has its KvK number", Party{RegistrationNumber: "90000017", VATID: "NL123456782B12"}, identifier{"0106", "90000017"}},
		{"written with spaces it is the same", Party{RegistrationNumber: "9000 0017"}, identifier{"0106", "90000017"}},
		{"without KvK number it has its VAT id", Party{VATID: "NL123456782B12"}, identifier{"9944", "NL123456782B12"}},
		{"a government body has its OIN", Party{OIN: "00000001003214345000", RegistrationNumber: "90000017"}, identifier{"0190", "00000001003214345000"}},
		{"a Belgian business has its enterprise number", Party{Country: "BE", RegistrationNumber: "0123.456.749", VATID: "BE0123456749"}, identifier{"0208", "0123456749"}},
		{"a wrong enterprise number is no address", Party{Country: "BE", RegistrationNumber: "0123456748", VATID: "BE0123456749"}, identifier{"9925", "BE0123456749"}},
		{"a German business has its VAT id", Party{Country: "DE", RegistrationNumber: "HRB 1234", VATID: "DE123456788"}, identifier{"9930", "DE123456788"}},
		{"a Greek id starts with EL", Party{Country: "GR", VATID: "EL123456783"}, identifier{"9933", "EL123456783"}},
		{"Denmark knows no VAT address", Party{Country: "DK", VATID: "DK13585628"}, identifier{}},
		{"what the customer asks for comes first", Party{RegistrationNumber: "90000017", Endpoint: "0088:4012345000009"}, identifier{"0088", "4012345000009"}},
		{"nonsense is not asked for", Party{RegistrationNumber: "90000017", Endpoint: "4012345000009"}, identifier{"0106", "90000017"}},
		{"a consumer has none", Party{Name: "Fatima El Amrani"}, identifier{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.p.endpoint(); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// A customer who is on no network gets documents at the supplier's: Peppol wants an address of every buyer (R010).
func TestAConsumerIsReachedAtTheSuppliers(t *testing.T) {
	got := samples()["consumer"].ubl().Customer.Party
	if got.Endpoint != (ublIdentifier{schemeKvK, supplier.RegistrationNumber}) || got.Legal.CompanyID != nil || got.Tax != nil {
		t.Errorf("%+v", got)
	}
}

// BR-O-02 forbids VAT ids here; the supplier's is still told, as the law wants (3.9).
func TestOutsideTheScopeOfVATNoVATIDIsATaxNumber(t *testing.T) {
	file := string(must(UBL(samples()["outside-eu"])))
	if strings.Contains(file, "PartyTaxScheme") || strings.Contains(file, "Percent") || !strings.Contains(file, "<cbc:CompanyLegalForm>VAT ID NL004495445B01<") {
		t.Error(file)
	}
}
