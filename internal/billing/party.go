package billing

import (
	"strings"

	"klantenpaneel/internal/billing/document"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/vat"
)

// Supplier is the provider as it was on the day of issue, as the invoice keeps it (invariant 9).
type Supplier struct {
	document.Party
	Brand     string `json:",omitempty"` // its code
	TradeName string `json:",omitempty"`
	Website   string `json:",omitempty"`
	Hue       int    `json:",omitempty"`
	IBAN      string `json:",omitempty"`
	BIC       string `json:",omitempty"`
}

// Customer is the customer as it was on the day of issue, and what was decided about its VAT.
type Customer struct {
	document.Party
	Number       string `json:",omitempty"`
	Delivery     string `json:",omitempty"` // EMAIL, POST or PEPPOL
	VATText      string `json:",omitempty"` // why no VAT is charged, as printed
	VATReport    string `json:",omitempty"` // ICP or OSS
	Consultation string `json:",omitempty"` // the number of the VIES answer that carries reverse charge (invariant 20)
}

func supplier(b *subscription.Book) Supplier {
	p := &b.Brand
	return Supplier{Party: document.Party{Name: p.LegalName, Street: p.Line1, Postcode: p.Postcode, City: p.City, Country: p.Country,
		VATID: vatID(p.Country, p.VatID), RegistrationNumber: p.KvkNumber, Email: p.Email, Phone: p.Phone},
		Brand: p.Code, TradeName: p.Name, Website: p.URL, Hue: p.Hue, IBAN: p.Iban, BIC: p.Bic}
}

func customer(b *subscription.Book, v vat.Decision) Customer {
	a := &b.Account
	c := Customer{Party: document.Party{Name: a.Name, Street: a.Line1, Extra: a.Line2, Postcode: a.Postcode, City: a.City, Country: a.Country,
		VATID: vatID(a.Country, a.VatID), RegistrationNumber: a.KvkNumber, Email: a.Email, Phone: a.Phone},
		Number: a.Number, Delivery: "EMAIL", VATText: in(v.Text, b.Language()), VATReport: string(v.Report)}
	if a.CompanyName != "" {
		c.Attention = strings.TrimSpace(a.FirstName + " " + a.LastName)
	}
	if p := b.Preference; p != nil {
		c.Endpoint, c.Delivery = p.PeppolID, p.Delivery
		if p.InvoiceEmail != "" {
			c.Email = p.InvoiceEmail
		}
	}
	if v.Category == vat.ReverseCharge {
		c.Consultation = b.Tax.Consultation
	}
	return c
}

// vatID returns the id in the one spelling in which it is printed, or as it is on file when it is none.
func vatID(country, text string) vat.ID {
	id, err := vat.ParseID(country, text)
	if err != nil {
		return vat.ID(text)
	}
	return id
}

func in(t problem.Text, language string) string {
	if language == "nl" {
		return t.NL
	}
	return t.EN
}
