package document

import (
	"fmt"
	"strings"

	"klantenpaneel/internal/vat"
)

// sepa holds the countries outside the EU and EEA whose banks take euro transfers by IBAN alone.
const sepa = " AD AL CH GB GI IS LI MC MD ME MK NO RS SM VA "

func (inv Invoice) ublSupplier() ublParty {
	p := inv.ublParty(inv.Supplier, inv.Supplier.endpoint())
	if inv.Brand.Name != inv.Supplier.Name {
		p.TradingName = &ublName{inv.Brand.Name}
	}
	if inv.outOfScope() { // BR-O-02 forbids VAT ids here, the law wants the supplier's on every invoice (3.9)
		p.Legal.Form = inv.words().vatID + " " + string(inv.Supplier.VATID)
	}
	if inv.isDebited() {
		p.Identification = &ublIdentification{ublIdentifier{"SEPA", inv.Payment.Debit.Creditor}}
	}
	if inv.Supplier.Email != "" || inv.Supplier.Phone != "" {
		p.Contact = &ublContact{Name: inv.Brand.Name, Phone: inv.Supplier.Phone, Email: inv.Supplier.Email}
	}
	return p
}

// ublCustomer gives a customer without any electronic address, such as a consumer, the supplier's own: Peppol wants one
// of every buyer (R010), and a document for someone who is on no network is kept for them at the supplier's.
func (inv Invoice) ublCustomer() ublParty {
	endpoint := inv.Customer.endpoint()
	if endpoint.id == "" {
		endpoint = inv.Supplier.endpoint()
	}
	p := inv.ublParty(inv.Customer, endpoint)
	p.Identification = &ublIdentification{ublIdentifier{"", inv.CustomerNumber}}
	if inv.Customer.Attention != "" || inv.Customer.Email != "" {
		p.Contact = &ublContact{Name: inv.Customer.Attention, Email: inv.Customer.Email}
	}
	return p
}

func (inv Invoice) ublParty(from Party, endpoint identifier) ublParty {
	p := ublParty{
		Endpoint: ublIdentifier{endpoint.scheme, endpoint.id},
		Address:  ublAddress{from.Street, from.Extra, from.City, from.Postcode, ublCountry{from.country()}},
		Legal:    ublLegalEntity{Name: from.Name},
	}
	if r := from.register(); r.id != "" {
		p.Legal.CompanyID = &ublIdentifier{r.scheme, r.id}
	}
	if id := vatID(from); id != "" && !inv.outOfScope() {
		p.Tax = &ublPartyTax{id, ublID{"VAT"}}
	}
	return p
}

// outOfScope reports whether nothing on the document is subject to VAT in the EU; Check allows no mixture.
func (inv Invoice) outOfScope() bool { return inv.Lines[0].Category == vat.OutOfScope }

// vatID returns the VAT id as BR-CO-09 wants it: led by the country.
func vatID(p Party) string {
	if p.VATID.Country() == "" {
		return ""
	}
	return string(p.VATID)
}

// ublPaymentMeans tells how to pay: a SEPA transfer, a transfer from elsewhere, or a direct debit that comes by itself.
func (inv Invoice) ublPaymentMeans() *ublPaymentMeans {
	if inv.IsCredit() || inv.Payable() <= 0 {
		return nil
	}
	p := inv.Payment
	if inv.isDebited() {
		return &ublPaymentMeans{Code: "59", PaymentID: inv.Reference(), Mandate: &ublMandate{p.Debit.Mandate, &ublPayer{string(p.Debit.IBAN)}}}
	}
	means := ublPaymentMeans{Code: "58", PaymentID: inv.Reference(), Payee: &ublPayee{ID: string(p.IBAN)}}
	if inv.profile() != NLCIUS { // BR-NL-30
		means.Payee.Name = inv.Supplier.Name
	}
	if c := inv.Customer.country(); !vat.IsMember(c) && !strings.Contains(sepa, " "+c+" ") && p.BIC != "" {
		means.Code, means.Payee.Branch = "30", &ublID{p.BIC}
	}
	return &means
}

// ublPaymentTerms repeats in words what is to be paid, with the address of the payment page.
func (inv Invoice) ublPaymentTerms() *ublNote {
	text := inv.paymentText()
	if text == "" {
		return nil
	}
	if inv.Payment.Link != "" && inv.Payable() > 0 && !inv.isDebited() {
		text += fmt.Sprintf(" %s: %s", inv.words().payNow, inv.Payment.Link)
	}
	return &ublNote{text}
}

// join makes the one note that Peppol allows (R002) of several.
func join(notes []string) string { return strings.Join(notes, "\n") }
