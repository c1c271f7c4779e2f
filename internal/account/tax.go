package account

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/vat"
)

// TaxPosition is what is on file about a customer that decides on VAT (rules §3).
type TaxPosition struct {
	Country string // of the billing address
	Kind    Kind
	VatID   string // as on file, perhaps not a valid one

	OssRegistered bool // the supplier
	Outcome       string
	ValidOn       civil.Date // of the latest valid VIES answer with a consultation number; zero when none
	Consultation  string     // that number
	HeldSince     civil.Date // since when an invoice waits for staff because of VAT; zero when none does
	Evidence      []Evidence
}

// Evidence is one item about where a consumer lives; its kinds are those of the table.
type Evidence struct{ Kind, Country string }

// Decide returns the VAT of an invoice of that day. A business that is treated as a consumer is one for contracts only:
// for VAT it stays a business.
func (t *TaxPosition) Decide(on civil.Date) vat.Decision {
	id, err := vat.ParseID(t.Country, t.VatID)
	if err != nil {
		id = ""
	}
	return vat.Decide(vat.Input{
		On: on, Country: t.Country, Business: t.Kind == Business,
		VATID: id, VIES: vat.VIES(t.Outcome), LastValidOn: t.ValidOn, HeldSince: t.HeldSince,
		StatusProven: vat.VIES(t.Outcome) == vat.Valid,
		OSS:          t.OssRegistered, SingleEvidence: true, Evidence: t.evidence(),
	})
}

// sources are the names that package vat has for the kinds of evidence.
var sources = map[string]vat.Source{"BILLING_ADDRESS": vat.BillingAddress, "IP_ADDRESS": vat.IPAddress, "BANK": vat.BankCountry}

// evidence returns what is recorded, and the billing address, which is always known.
func (t *TaxPosition) evidence() []vat.Evidence {
	items := []vat.Evidence{{Source: vat.BillingAddress, Country: t.Country}}
	for _, e := range t.Evidence {
		if source := sources[e.Kind]; source != vat.BillingAddress {
			items = append(items, vat.Evidence{Source: source, Country: e.Country})
		}
	}
	return items
}
