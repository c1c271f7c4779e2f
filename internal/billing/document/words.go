package document

import (
	"fmt"
	"strconv"
	"strings"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

// words are the fixed texts of one language.
type words struct {
	lang string // BCP 47

	invoice, creditNote         string
	invoiceFile, creditNoteFile string

	number, issued, due, customerNumber, reference, order, original, yourVATID string
	attention, phone, email, website                                           string

	description, quantity, price, vat, amount string
	lines, facts                              string // names of the two tables, for those who hear them
	period, cancelBy                          string // formats

	carriedForward, broughtForward     string
	net, vatOver, vatOverCountry, none string
	total, totalCredit, paid           string
	payable, refund, settled           string

	payBy, payTo, quoting, payNow, scan       string
	debited, debitOn, debitFrom, debitMandate string
	paymentText, settledText                  string
	debitText                                 string

	kvk, register, vatID, page, continued string
	embedded, qr                          string
	reverseCharge, outOfScope, exempt     string
	print                                 string
	ourReference, regards, actionQR       string
}

var dutch = words{
	lang:    "nl-NL",
	invoice: "Factuur", creditNote: "Creditfactuur", invoiceFile: "factuur", creditNoteFile: "creditfactuur",
	number: "Nummer", issued: "Datum", due: "Vervaldatum", customerNumber: "Klantnummer", reference: "Uw kenmerk", order: "Inkooporder",
	original: "Bij factuur", yourVATID: "Uw btw-id",
	attention: "T.a.v.", phone: "Telefoon", email: "E-mail", website: "Website",
	description: "Omschrijving", quantity: "Aantal", price: "Prijs", vat: "Btw", amount: "Bedrag",
	lines: "Diensten", facts: "Gegevens van de factuur",
	period: "%s tot %s", cancelBy: "Opzeggen kan tot en met %s",
	carriedForward: "Transport naar volgende pagina", broughtForward: "Transport van vorige pagina",
	net: "Totaal exclusief btw", vatOver: "Btw %s over %s", vatOverCountry: "Btw %s (%s) over %s", none: "geen",
	total: "Totaal inclusief btw", totalCredit: "Totaal gecrediteerd", paid: "Al ontvangen",
	payable: "Te betalen", refund: "U krijgt terug", settled: "Voldaan",
	payBy: "Uiterlijk op", payTo: "Naar rekening", quoting: "o.v.v. %s", payNow: "Online betalen", scan: "Scan om te betalen",
	debited: "Wij schrijven af", debitOn: "Omstreeks", debitFrom: "Van rekening", debitMandate: "Machtiging %s",
	paymentText: "Wij ontvangen %s graag uiterlijk op %s op rekening %s ten name van %s, onder vermelding van %s.",
	settledText: "Deze factuur is voldaan; u hoeft niets meer te betalen.",
	debitText:   "Wij schrijven %s omstreeks %s af van rekening %s (machtiging %s, incassant-ID %s).",
	kvk:         "KvK", register: "Reg.nr.", vatID: "Btw-id", page: "Pagina %d van %d", continued: "vervolg",
	embedded: "Deze PDF bevat de e-factuur (UBL) voor uw boekhouding.", qr: "QR-code met het adres van de betaalpagina",
	reverseCharge: "Btw verlegd / VAT reverse charge", outOfScope: "Btw n.v.t. – dienst buiten de EU", exempt: "Vrijgesteld van btw",
	print:        "Afdrukken",
	ourReference: "Ons kenmerk", regards: "Met vriendelijke groet,", actionQR: "QR-code met het adres van de pagina",
}

var english = words{
	lang:    "en-GB",
	invoice: "Invoice", creditNote: "Credit note", invoiceFile: "invoice", creditNoteFile: "credit-note",
	number: "Number", issued: "Date", due: "Due date", customerNumber: "Customer number", reference: "Your reference", order: "Purchase order",
	original: "For invoice", yourVATID: "Your VAT ID",
	attention: "Attn.", phone: "Telephone", email: "E-mail", website: "Website",
	description: "Description", quantity: "Quantity", price: "Price", vat: "VAT", amount: "Amount",
	lines: "Services", facts: "Details of the invoice",
	period: "%s until %s", cancelBy: "May be cancelled up to and including %s",
	carriedForward: "Carried forward", broughtForward: "Brought forward",
	net: "Total excluding VAT", vatOver: "VAT %s on %s", vatOverCountry: "VAT %s (%s) on %s", none: "none",
	total: "Total including VAT", totalCredit: "Total credited", paid: "Already received",
	payable: "Amount due", refund: "Refund to you", settled: "Paid",
	payBy: "Pay by", payTo: "To account", quoting: "quoting %s", payNow: "Pay online", scan: "Scan to pay",
	debited: "We will collect", debitOn: "On or about", debitFrom: "From account", debitMandate: "Mandate %s",
	paymentText: "Please pay %s by %s to account %s in the name of %s, quoting %s.",
	settledText: "This invoice has been paid; there is nothing left to pay.",
	debitText:   "We will collect %s on or about %s from account %s (mandate %s, creditor identifier %s).",
	kvk:         "KvK", register: "Reg. no.", vatID: "VAT ID", page: "Page %d of %d", continued: "continued",
	embedded: "This PDF contains the e-invoice (UBL) for your accounting.", qr: "QR code with the address of the payment page",
	reverseCharge: "VAT reverse charge / btw verlegd", outOfScope: "VAT not applicable – service outside the EU", exempt: "Exempt from VAT",
	print:        "Print",
	ourReference: "Our reference", regards: "Kind regards,", actionQR: "QR code with the address of the page",
}

// units are how a quantity is written, one and many; a piece is not named.
var units = map[string]map[Unit][2]string{
	"nl": {Hour: {"uur", "uur"}, Month: {"maand", "maanden"}, Quarter: {"kwartaal", "kwartalen"}, Year: {"jaar", "jaar"}, Gigabyte: {"GB", "GB"}},
	"en": {Hour: {"hour", "hours"}, Month: {"month", "months"}, Quarter: {"quarter", "quarters"}, Year: {"year", "years"}, Gigabyte: {"GB", "GB"}},
}

func wordsOf(language string) words {
	if language == "nl" {
		return dutch
	}
	return english
}

func (inv Invoice) words() words { return wordsOf(inv.Language) }

func (w words) title(credit bool) string {
	if credit {
		return w.creditNote
	}
	return w.invoice
}

func (w words) fileName(credit bool) string {
	if credit {
		return w.creditNoteFile
	}
	return w.invoiceFile
}

func (inv Invoice) money(c money.Cents) string { return c.Format(inv.Language) }

func (inv Invoice) day(d civil.Date) string { return onOneLine(d.Format(inv.Language)) }

// onOneLine keeps the words of a date, a name or an account together.
func onOneLine(s string) string { return strings.ReplaceAll(s, " ", nbsp) }

// quantity returns the quantity with its unit: "1", "3 maanden".
func (inv Invoice) quantity(l Line) string {
	lang := "en"
	if inv.Language == "nl" {
		lang = "nl"
	}
	s := strconv.Itoa(l.Quantity)
	name, ok := units[lang][l.Unit]
	switch {
	case !ok:
		return s
	case l.Quantity == 1 || l.Quantity == -1:
		return s + nbsp + name[0]
	}
	return s + nbsp + name[1]
}

// period returns the days a line covers, or the one day of supply; "" when it says neither.
func (inv Invoice) period(l Line) string {
	switch {
	case l.Period.IsZero():
		return ""
	case l.Period.Days() == 1:
		return l.Period.Start.Short()
	}
	return fmt.Sprintf(inv.words().period, l.Period.Start.Short(), l.Period.End.Short())
}

// details returns the small print of a line, one entry each: what it is for, its period, the last day of notice.
func (inv Invoice) details(l Line) []string {
	lines := []string{l.Detail, inv.period(l)}
	if !l.LastCancelOn.IsZero() {
		lines = append(lines, fmt.Sprintf(inv.words().cancelBy, l.LastCancelOn.Short()))
	}
	return compact(lines)
}

// rate returns what stands in the VAT column: the rate, or a dash for lines without VAT.
func (inv Invoice) rate(c vat.Category, r vat.Rate) string {
	if c == vat.Standard || c == ZeroRated {
		return r.Format(inv.Language)
	}
	return "–"
}

// vatLabel returns the label of a subtotal: "Btw 21% over € 81,00", or why there is no VAT.
func (inv Invoice) vatLabel(s vat.Subtotal) string {
	w := inv.words()
	if s.Category != vat.Standard && s.Category != ZeroRated {
		return inv.reason(s.Category)
	}
	if inv.Country != "" && inv.Country != inv.Supplier.country() {
		return fmt.Sprintf(w.vatOverCountry, s.Rate.Format(inv.Language), countryName(inv.Country, inv.Language), inv.money(s.Net))
	}
	return fmt.Sprintf(w.vatOver, s.Rate.Format(inv.Language), inv.money(s.Net))
}

// reason returns why lines of the category carry no VAT (3.9); "" for those that have a rate.
func (inv Invoice) reason(c vat.Category) string {
	if c == vat.Standard || c == ZeroRated {
		return ""
	}
	if inv.VATText != "" {
		return inv.VATText
	}
	switch w := inv.words(); c {
	case vat.ReverseCharge:
		return w.reverseCharge
	case vat.OutOfScope:
		return w.outOfScope
	default:
		return w.exempt
	}
}

// paymentText returns how to pay, in one sentence that needs nothing beside it; "" on a credit note.
func (inv Invoice) paymentText() string {
	w, p := inv.words(), inv.Payment
	switch {
	case inv.IsCredit() || inv.Payable() < 0:
		return ""
	case inv.Payable() == 0:
		return w.settledText
	case inv.isDebited():
		return fmt.Sprintf(w.debitText, inv.money(inv.Payable()), inv.day(p.Debit.On), p.Debit.IBAN.Masked(), p.Debit.Mandate, p.Debit.Creditor)
	}
	return fmt.Sprintf(w.paymentText, inv.money(inv.Payable()), inv.day(inv.DueOn), onOneLine(p.IBAN.Format()), onOneLine(inv.Supplier.Name), inv.Reference())
}
