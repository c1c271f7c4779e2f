package account_test

import (
	"testing"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/vat"
)

func TestWhatVATDependsOn(t *testing.T) {
	on := civil.MustParse("2026-12-01")
	belgian := account.TaxPosition{Country: "BE", Kind: account.Business, VatID: "BE 0123.456.749", OssRegistered: true}
	with := func(t account.TaxPosition, change func(*account.TaxPosition)) account.TaxPosition {
		change(&t)
		return t
	}
	for _, c := range []struct {
		name     string
		position account.TaxPosition
		category vat.Category
		rate     vat.Rate
		country  string
		hold     bool
	}{
		{"a Dutch business", account.TaxPosition{Country: "NL", Kind: account.Business, VatID: "NL004495445B01"}, vat.Standard, 2100, "NL", false},
		{"a Belgian business that nobody has asked VIES about", belgian, vat.Standard, 2100, "BE", true},
		{"the same, known to VIES for 90 days", with(belgian, func(p *account.TaxPosition) { p.Outcome, p.ValidOn = "VALID", on.AddDays(-90) }), vat.ReverseCharge, 0, "", false},
		{"the same, for 91 days", with(belgian, func(p *account.TaxPosition) { p.Outcome, p.ValidOn = "UNAVAILABLE", on.AddDays(-91) }), vat.Standard, 2100, "BE", true},
		{"the same, held for three days already", with(belgian, func(p *account.TaxPosition) { p.Outcome, p.HeldSince = "UNAVAILABLE", on.AddDays(-3) }), vat.Standard, 2100, "BE", false},
		{"a Belgian business without a proper VAT id", with(belgian, func(p *account.TaxPosition) { p.VatID = "onbekend" }), vat.Standard, 2100, "BE", false},
		{"a German consumer by the address alone", account.TaxPosition{Country: "DE", Kind: account.Consumer, OssRegistered: true}, vat.Standard, 1900, "DE", false},
		{"a German consumer whose bank and connection are Dutch", account.TaxPosition{Country: "DE", Kind: account.Consumer, OssRegistered: true,
			Evidence: []account.Evidence{{Kind: "BANK", Country: "NL"}, {Kind: "IP_ADDRESS", Country: "NL"}}}, vat.Standard, 2100, "NL", false},
		{"a German consumer with nothing that agrees", account.TaxPosition{Country: "DE", Kind: account.Consumer, OssRegistered: true,
			Evidence: []account.Evidence{{Kind: "BANK", Country: "FR"}, {Kind: "IP_ADDRESS", Country: "NL"}}}, vat.Standard, 1900, "DE", true},
		{"the recorded address does not count twice", account.TaxPosition{Country: "DE", Kind: account.Consumer, OssRegistered: true,
			Evidence: []account.Evidence{{Kind: "BILLING_ADDRESS", Country: "DE"}, {Kind: "IP_ADDRESS", Country: "NL"}}}, vat.Standard, 1900, "DE", true},
		{"a German consumer of a supplier below the threshold", account.TaxPosition{Country: "DE", Kind: account.Consumer}, vat.Standard, 2100, "NL", false},
		{"a British business that is proven to be one", account.TaxPosition{Country: "GB", Kind: account.Business, Outcome: "VALID"}, vat.OutOfScope, 0, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.position.Decide(on)
			if d.Category != c.category || d.Rate != c.rate || d.Country != c.country || d.Hold != c.hold {
				t.Errorf("got %s %d of %q, held %v", d.Category, d.Rate, d.Country, d.Hold)
			}
		})
	}
}
