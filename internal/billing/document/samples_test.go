package document

import (
	"fmt"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

var (
	day = civil.MustParse
	eur = money.MustParse
)

var noorderhost = Brand{Name: "Noorderhost", Accent: AccentOf(255), Website: "noorderhost.example", Email: "administratie@noorderhost.example", Phone: "+31 50 123 45 67"}

var supplier = Party{
	Name: "Noorderhost B.V.", Street: "Stationsplein 1", Postcode: "9726 AE", City: "Groningen", Country: "NL",
	VATID: "NL004495445B01", RegistrationNumber: "90000001", Email: "administratie@noorderhost.example", Phone: "+31 50 123 45 67",
}

var korenaar = Party{
	Name: "Bakkerij De Korenaar B.V.", Attention: "mevrouw M. de Vries", Street: "Coöperatiestraat 12-A", Postcode: "1017 AB", City: "Amsterdam", Country: "NL",
	VATID: "NL123456782B12", RegistrationNumber: "90000017", Email: "boekhouding@dekorenaar.example",
}

// year is the period of a year from the day.
func year(from string) civil.Period {
	return civil.Period{Start: day(from), End: day(from).AddMonths(12)}
}

// service is a line with a yearly price that may be cancelled until thirty days before.
func service(description, domain, price, from string) Line {
	l := Line{
		Description: description, Detail: domain, Period: year(from), LastCancelOn: day(from).AddDays(-30),
		Quantity: 1, Unit: Year, UnitPrice: eur(price), Category: vat.Standard, Rate: 2100,
	}
	l.Net = l.UnitPrice
	return l
}

// issue makes an invoice of the lines with the totals that billing would give it.
func issue(number, on string, customer Party, lines ...Line) Invoice {
	inv := Invoice{
		Kind: KindInvoice, Number: number, Language: "nl", IssuedOn: day(on), DueOn: day(on).AddDays(14),
		Brand: noorderhost, Supplier: supplier, Customer: customer, CustomerNumber: "10001", Lines: lines,
		Payment: Payment{IBAN: "NL91ABNA0417164300", BIC: "ABNANL2A", Link: "https://mijn.noorderhost.example/betalen/" + number},
	}
	inv.Totals = totals(lines)
	return inv
}

// credit makes a credit note of the lines, which are still positive.
func credit(number, on string, of Invoice, lines ...Line) Invoice {
	inv := of
	inv.Kind, inv.Number, inv.IssuedOn, inv.DueOn, inv.Paid, inv.Payment.Link = KindCreditNote, number, day(on), civil.Date{}, 0, ""
	inv.Credits = Original{of.Number, of.IssuedOn}
	inv.Lines = nil
	for _, l := range lines {
		l.Quantity, l.Net, l.LastCancelOn = -l.Quantity, -l.Net, civil.Date{}
		inv.Lines = append(inv.Lines, l)
	}
	inv.Totals = totals(inv.Lines)
	return inv
}

func totals(lines []Line) vat.Totals {
	var sums []vat.Line
	for _, l := range lines {
		sums = append(sums, vat.Line{Net: l.Net, Category: l.Category, Rate: l.Rate})
	}
	return vat.TotalsOf(sums)
}

func taxed(c vat.Category, r vat.Rate, lines ...Line) []Line {
	for i := range lines {
		lines[i].Category, lines[i].Rate = c, r
	}
	return lines
}

// samples are the documents that are validated, kept as golden files and looked at. They are made anew for every test.
func samples() map[string]Invoice {
	hosting := service("Webhosting Basis", "dekorenaar.example", "72.00", "2027-04-18")
	domain := service("Domeinnaam .nl", "dekorenaar.example", "9.00", "2027-04-22")
	domestic := issue("2027-000123", "2027-03-01", korenaar, hosting, domain)
	domestic.OrderReference = "PO-7781"

	oddCents := issue("2027-000124", "2027-03-01", korenaar,
		service("Extra opslag", "dekorenaar.example", "8.40", "2027-04-01"), service("Extra opslag", "brood.example", "8.40", "2027-04-01"), service("Extra opslag", "taart.example", "8.40", "2027-04-01"))
	oddCents.Payment = Payment{Debit: Debit{On: day("2027-03-15"), Mandate: "NH-10001-1", Creditor: "NL98ZZZ900000010000", IBAN: "NL02ABNA0123456789"}}

	belgian := issue("2027-000125", "2027-03-01", Party{
		Name: "Peeters Webdesign BV", Street: "Meir 24", Postcode: "2000", City: "Antwerpen", Country: "BE", VATID: "BE0123456749", RegistrationNumber: "0123.456.749", Email: "kris@peeters.example",
	}, taxed(vat.ReverseCharge, 0, service("Webhosting Plus", "peeters.example", "120.00", "2027-04-03"), service("Domeinnaam .be", "peeters.example", "11.00", "2027-04-09"))...)

	german := issue("2027-000126", "2027-03-25", Party{Name: "Lena Vogt", Street: "Kastanienallee 5", Postcode: "10435", City: "Berlin", Country: "DE", Email: "lena@vogt.example"},
		taxed(vat.Standard, 1900, service("Web hosting Start", "vogt.example", "36.00", "2027-04-18"))...)
	german.Language, german.Country, german.CustomerNumber = "en", "DE", "10005"

	swiss := issue("2027-000127", "2027-03-01", Party{Name: "Alpenblick Hotels AG", Attention: "Accounts payable", Street: "Bahnhofstrasse 10", Postcode: "8001", City: "Zürich", Country: "CH"},
		taxed(vat.OutOfScope, 0, service("VPS M", "vps1.alpenblick.example", "288.00", "2027-04-01"))...)
	swiss.Language = "en"

	credited := credit("2027-000131", "2027-03-23", domestic, hosting, domain)
	part := credit("2027-000132", "2027-03-23", domestic, hosting)
	part.Notes = []string{"Uw opzegging van 19 maart 2027 is verwerkt: Webhosting Basis voor dekorenaar.example stopt op 18 april 2027. Dit bedrag wordt verrekend met factuur 2027-000123."}

	many := issue("2027-000140", "2027-03-01", Party{
		Name: "Reseller Hostwerk", Attention: "afdeling inkoop", Street: "Industrieweg 200", Extra: "Gebouw C, 2e verdieping", Postcode: "3542 AD", City: "Utrecht", RegistrationNumber: "90000025", VATID: "NL123456782B12", Email: "inkoop@hostwerk.example",
	})
	for i := range 25 {
		many.Lines = append(many.Lines, service("Domeinnaam .nl", fmt.Sprintf("klant-%02d.example", i+1), "9.00", day("2027-04-02").AddDays(i).String()))
	}
	many.Lines[7].Description, many.Lines[7].Detail = "Webhosting Pro met dagelijkse back-up, spamfilter en uitgebreide ondersteuning buiten kantooruren", "een-heel-erg-lange-domeinnaam-die-niet-op-een-regel-past-want.hij-gaat-maar-door.example"
	many.Totals = totals(many.Lines)

	zero := issue("2027-000128", "2027-03-01", korenaar, hosting, Line{
		Description: "SSL-certificaat Let's Encrypt", Detail: "dekorenaar.example", Period: year("2027-04-18"), Quantity: 1, Category: ZeroRated,
	}, Line{Description: "Webhosting Start, ongebruikte maanden", Quantity: -1, Unit: Piece, UnitPrice: eur("18.00"), Net: eur("-18.00"), Category: vat.Standard, Rate: 2100})
	zero.Paid = zero.Totals.Gross

	consumer := issue("2027-000129", "2027-03-25", Party{Name: "Fatima El Amrani", Street: "Dorpsstraat 8", Postcode: "7411 AB", City: "Deventer", Email: "fatima@amrani.example"},
		service("Webhosting Start", "amrani.example", "36.00", "2027-04-18"))
	consumer.CustomerNumber = "10002"

	unicode := issue("2027-000130", "2027-03-01", Party{
		Name: "Stichting Ångström & Zoë ‘t Köy – Œuvre Škoda <Łódź> Ĳsselmeerpolders voor het behoud van het Friese trekpaardenerfgoed", Attention: "Ἀλέξανδρος Иванов 王小明",
		Street: "’s-Gravendijkwal 1–3 II", Postcode: "3021 EA", City: "’s-Hertogenbosch", RegistrationNumber: "90000033",
	}, service("Domeinnaam .frl <\"&'>", "xn--fryslân-gxa.frl", "35.00", "2027-04-18"))
	unicode.BuyerReference = "Project 2027/044-B, kostenplaats 7.301, t.a.v. het secretariaat, graag bij elke factuur vermelden"

	town := issue("2027-000133", "2027-03-01", Party{Name: "Gemeente Voorbeeld", Attention: "Crediteurenadministratie", Street: "Raadhuisplein 1", Postcode: "1234 AB", City: "Voorbeeld", OIN: "00000001003214345000"},
		service("Webhosting Plus", "voorbeeld.example", "120.00", "2027-04-03"))
	town.BuyerReference, town.OrderReference = "KPL-4410", "4500012345"
	town.Notes = []string{"Geleverd volgens raamovereenkomst 2026/118."}

	return map[string]Invoice{
		"domestic": domestic, "odd-cents": oddCents, "reverse-charge": belgian, "oss": german, "outside-eu": swiss, "credit-full": credited,
		"credit-part": part, "many-lines": many, "zero-rated": zero, "consumer": consumer, "unicode": unicode, "government": town,
	}
}

// lorem is text of about n characters for wrapping.
func lorem(n int) string { return strings.TrimSpace(strings.Repeat("lange omschrijving ", n/19+1)[:n]) }
