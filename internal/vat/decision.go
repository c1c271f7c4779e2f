// Package vat owns which VAT an invoice carries: the decision per customer, the rates of the EU by date, evidence of where
// a consumer lives, totals per rate, and the shape of VAT ids, IBANs and KvK numbers.
//
// The supplier is established in the Netherlands and sells electronically supplied services (§3). Nothing here asks VIES
// or the clock; what a check found is an argument.
package vat

import (
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/problem"
)

// proofDays is how long a valid VIES answer carries reverse charge when VIES cannot be asked (invariant 20).
const proofDays = 90

// holdDays is how long an invoice may wait for staff before it goes out with VAT.
const holdDays = 3

// Category is the VAT category of a line: a code of UNCL 5305, as UBL wants it.
type Category string

// The categories in use.
const (
	Standard      Category = "S"  // VAT at the rate of Decision.Country
	ReverseCharge Category = "AE" // the customer accounts for it
	OutOfScope    Category = "O"  // no EU VAT
)

// Report is the return in which a line is listed beside the domestic one.
type Report string

// The reports.
const (
	NoReport Report = ""
	ICP      Report = "ICP" // recapitulative statement of supplies to businesses in the EU
	OSS      Report = "OSS" // one-stop shop, by country of the consumer
)

// VIES is what asking VIES gave.
type VIES string

// The answers. An outage is never a no.
const (
	Unchecked   VIES = ""
	Valid       VIES = "VALID"
	Invalid     VIES = "INVALID"
	Unavailable VIES = "UNAVAILABLE"
)

// Input is what the decision rests on.
type Input struct {
	On       civil.Date // the day whose rate counts: the issue date
	Country  string     // ISO 3166 of the billing address
	Business bool

	VATID        ID         // as on file, normalised; "" when there is none
	VIES         VIES       // of the latest attempt
	LastValidOn  civil.Date // day of the latest valid answer whose consultation number is stored; zero when none
	HeldSince    civil.Date // day since when the invoice waits for staff; zero when it does not
	StatusProven bool       // outside the EU: proof that the customer is a business is on file

	OSS            bool       // the supplier is registered, or over 10,000 a year EU-wide
	SingleEvidence bool       // the supplier is below 100,000: one item of evidence is enough
	Evidence       []Evidence // where a consumer is
}

// Decision is the VAT of every line on an invoice, and what has to happen beside.
type Decision struct {
	Category Category
	Rate     Rate
	Country  string       // ISO 3166 whose VAT is charged; "" when none is
	Text     problem.Text // to print on the invoice; empty for plain VAT
	Report   Report
	Hold     bool // do not issue: staff decide, at most three days
	Recheck  bool // make a task to ask VIES again
	Review   bool // issue, but staff look at it: contradictions, or local tax elsewhere
}

// ExemptionCode returns the VATEX code that UBL wants beside a category without VAT.
func (d Decision) ExemptionCode() string {
	switch d.Category {
	case ReverseCharge:
		return "VATEX-EU-AE"
	case OutOfScope:
		return "VATEX-EU-O"
	}
	return ""
}

// Decide applies the VAT decision table of §3. A held decision also says what would be charged if staff let it pass.
func Decide(in Input) Decision {
	switch {
	case in.Country == home:
		return domestic(in)
	case IsMember(in.Country) && in.Business:
		return euBusiness(in)
	case IsMember(in.Country):
		return euConsumer(in)
	case in.Business && in.StatusProven:
		return outside()
	}
	return elsewhere(in)
}

// euBusiness needs a VAT id that VIES knows. Without one, the customer is treated as a consumer.
func euBusiness(in Input) Decision {
	if in.VATID == "" || in.VIES == Invalid {
		return euConsumer(in)
	}
	if in.VATID.Country() == home { // a Dutch registration does not reverse anything; staff find out what it is
		d := euConsumer(in)
		d.Review = true
		return d
	}
	proven := !in.LastValidOn.IsZero() && in.On.Sub(in.LastValidOn) <= proofDays
	if proven {
		d := reverse()
		d.Recheck = in.VIES == Unavailable
		d.Review = in.VATID.Country() != in.Country
		return d
	}
	d := euConsumer(in)
	d.Recheck = true
	d.Hold = in.mayWait()
	return d
}

// euConsumer pays the VAT of where the evidence puts them under OSS, else Dutch VAT.
func euConsumer(in Input) Decision {
	if !in.OSS {
		return domestic(in)
	}
	where, ok := Locate(in.Evidence, in.SingleEvidence)
	if !ok {
		d := oss(in, in.Country)
		d.Hold, d.Review = in.mayWait(), true
		return d
	}
	switch {
	case where == home:
		return domestic(in)
	case IsMember(where):
		return oss(in, where)
	}
	d := outside()
	d.Review = true
	return d
}

// elsewhere is a customer outside the EU who is not proven to be a business: no VAT with proof of where they are, Dutch
// VAT without. Their own country may tax it, which staff look at.
func elsewhere(in Input) Decision {
	where, ok := Locate(in.Evidence, in.SingleEvidence)
	switch {
	case ok && IsMember(where):
		d := euConsumer(in)
		d.Review = true
		return d
	case ok:
		d := outside()
		d.Review = true
		return d
	}
	d := domestic(in)
	d.Hold, d.Review = in.mayWait(), true
	return d
}

// mayWait reports whether the invoice may still wait for staff.
func (in Input) mayWait() bool {
	return in.HeldSince.IsZero() || in.On.Sub(in.HeldSince) < holdDays
}

func domestic(in Input) Decision {
	return Decision{Category: Standard, Rate: RateOn(home, in.On), Country: home}
}

func oss(in Input, country string) Decision {
	return Decision{Category: Standard, Rate: RateOn(country, in.On), Country: country, Report: OSS}
}

func reverse() Decision {
	return Decision{Category: ReverseCharge, Report: ICP, Text: problem.Text{
		NL: "Btw verlegd / VAT reverse charge",
		EN: "VAT reverse charge / btw verlegd",
	}}
}

func outside() Decision {
	return Decision{Category: OutOfScope, Text: problem.Text{
		NL: "Btw n.v.t. – dienst buiten de EU",
		EN: "VAT not applicable – service outside the EU",
	}}
}
