package vat_test

import (
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/vat"
)

var (
	today  = civil.New(2026, 11, 20)
	german = []vat.Evidence{{vat.BillingAddress, "DE"}, {vat.BankCountry, "DE"}, {vat.IPAddress, "NL"}}
)

func TestDecide(t *testing.T) {
	peeters := vat.Input{On: today, Country: "BE", Business: true, VATID: "BE0123456749", VIES: vat.Valid, LastValidOn: today}
	with := func(in vat.Input, change func(*vat.Input)) vat.Input {
		change(&in)
		return in
	}
	for _, tt := range []struct {
		name string
		in   vat.Input
		want vat.Decision // texts are looked at apart
	}{
		{"Dutch business", vat.Input{On: today, Country: "NL", Business: true},
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"Dutch consumer, wherever the browser is", vat.Input{On: today, Country: "NL", OSS: true, Evidence: german},
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"Belgian business with a valid id", peeters,
			vat.Decision{Category: vat.ReverseCharge, Report: vat.ICP}},
		{"VIES is down, last valid 90 days ago",
			with(peeters, func(in *vat.Input) { in.VIES, in.LastValidOn = vat.Unavailable, today.AddDays(-90) }),
			vat.Decision{Category: vat.ReverseCharge, Report: vat.ICP, Recheck: true}},
		{"VIES is down, last valid 91 days ago: staff",
			with(peeters, func(in *vat.Input) { in.VIES, in.LastValidOn = vat.Unavailable, today.AddDays(-91) }),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL", Hold: true, Recheck: true}},
		{"VIES is down, never valid, held for two days: still staff",
			with(peeters, func(in *vat.Input) {
				in.VIES, in.LastValidOn, in.HeldSince = vat.Unavailable, civil.Date{}, today.AddDays(-2)
			}),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL", Hold: true, Recheck: true}},
		{"VIES is down, never valid, held for three days: VAT",
			with(peeters, func(in *vat.Input) {
				in.VIES, in.LastValidOn, in.HeldSince = vat.Unavailable, civil.Date{}, today.AddDays(-3)
			}),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL", Recheck: true}},
		{"the id is invalid, though it was valid yesterday",
			with(peeters, func(in *vat.Input) { in.VIES, in.LastValidOn = vat.Invalid, today.AddDays(-1) }),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"Belgian business without an id",
			with(peeters, func(in *vat.Input) { in.VATID = "" }),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"valid id of another member state than the address",
			with(peeters, func(in *vat.Input) { in.VATID = "DE136695976" }),
			vat.Decision{Category: vat.ReverseCharge, Report: vat.ICP, Review: true}},
		{"Dutch id with a Belgian address does not reverse",
			with(peeters, func(in *vat.Input) { in.VATID = "NL004495445B01" }),
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL", Review: true}},
		{"German consumer below the threshold", vat.Input{On: today, Country: "DE", Evidence: german},
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"German consumer under OSS, two items against one (A17)", vat.Input{On: today, Country: "DE", OSS: true, Evidence: german},
			vat.Decision{Category: vat.Standard, Rate: 1900, Country: "DE", Report: vat.OSS}},
		{"Finnish consumer under OSS pays half a percent too",
			vat.Input{On: today, Country: "FI", OSS: true, Evidence: []vat.Evidence{{vat.BillingAddress, "FI"}, {vat.IPAddress, "FI"}}},
			vat.Decision{Category: vat.Standard, Rate: 2550, Country: "FI", Report: vat.OSS}},
		{"one item is not enough", vat.Input{On: today, Country: "DE", OSS: true, Evidence: german[:1]},
			vat.Decision{Category: vat.Standard, Rate: 1900, Country: "DE", Report: vat.OSS, Hold: true, Review: true}},
		{"one item is enough for a small supplier",
			vat.Input{On: today, Country: "DE", OSS: true, SingleEvidence: true, Evidence: german[:1]},
			vat.Decision{Category: vat.Standard, Rate: 1900, Country: "DE", Report: vat.OSS}},
		{"items that contradict, held three days: by address",
			vat.Input{On: today, Country: "DE", OSS: true, SingleEvidence: true, HeldSince: today.AddDays(-3),
				Evidence: []vat.Evidence{{vat.BillingAddress, "DE"}, {vat.IPAddress, "FR"}}},
			vat.Decision{Category: vat.Standard, Rate: 1900, Country: "DE", Report: vat.OSS, Review: true}},
		{"a German address, but bank and network are Dutch",
			vat.Input{On: today, Country: "DE", OSS: true,
				Evidence: []vat.Evidence{{vat.BillingAddress, "DE"}, {vat.IPAddress, "NL"}, {vat.BankCountry, "NL"}}},
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL"}},
		{"business outside the EU with proof", vat.Input{On: today, Country: "US", Business: true, StatusProven: true},
			vat.Decision{Category: vat.OutOfScope}},
		{"business outside the EU without any proof", vat.Input{On: today, Country: "US", Business: true},
			vat.Decision{Category: vat.Standard, Rate: 2100, Country: "NL", Hold: true, Review: true}},
		{"British consumer with proof of place",
			vat.Input{On: today, Country: "GB", Evidence: []vat.Evidence{{vat.BillingAddress, "GB"}, {vat.BankCountry, "GB"}}},
			vat.Decision{Category: vat.OutOfScope, Review: true}},
		{"address outside the EU, but bank and network are German",
			vat.Input{On: today, Country: "CH", OSS: true,
				Evidence: []vat.Evidence{{vat.BillingAddress, "CH"}, {vat.BankCountry, "DE"}, {vat.IPAddress, "DE"}}},
			vat.Decision{Category: vat.Standard, Rate: 1900, Country: "DE", Report: vat.OSS, Review: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := vat.Decide(tt.in)
			if silent := got.Text.NL == "" && got.Text.EN == ""; silent != (got.Category == vat.Standard) {
				t.Errorf("text %q for category %s", got.Text, got.Category)
			}
			got.Text = tt.want.Text
			if got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestWhatIsPrintedWithoutVAT(t *testing.T) {
	reverse := vat.Decide(vat.Input{On: today, Country: "BE", Business: true, VATID: "BE0123456749", LastValidOn: today})
	if reverse.Text.NL != "Btw verlegd / VAT reverse charge" || reverse.ExemptionCode() != "VATEX-EU-AE" {
		t.Errorf("%+v %s", reverse, reverse.ExemptionCode())
	}
	outside := vat.Decide(vat.Input{On: today, Country: "US", Business: true, StatusProven: true})
	if outside.Text.NL != "Btw n.v.t. – dienst buiten de EU" || outside.ExemptionCode() != "VATEX-EU-O" {
		t.Errorf("%+v %s", outside, outside.ExemptionCode())
	}
}

// Invariant 20, and that no decision is incomplete.
func TestEveryDecisionIsWhole(t *testing.T) {
	countries := []string{"NL", "BE", "DE", "FI", "GR", "US", "GB", ""}
	rapid.Check(t, func(t *rapid.T) {
		day := func(label string) civil.Date { return today.AddDays(-rapid.IntRange(0, 200).Draw(t, label)) }
		in := vat.Input{
			On: today, Country: rapid.SampledFrom(countries).Draw(t, "country"), Business: rapid.Bool().Draw(t, "business"),
			VATID: rapid.SampledFrom([]vat.ID{"", "BE0123456749", "DE136695976", "NL004495445B01"}).Draw(t, "id"),
			VIES:  rapid.SampledFrom([]vat.VIES{"", vat.Valid, vat.Invalid, vat.Unavailable}).Draw(t, "vies"),
			OSS:   rapid.Bool().Draw(t, "oss"), SingleEvidence: rapid.Bool().Draw(t, "single"),
			StatusProven: rapid.Bool().Draw(t, "proven"),
			Evidence: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) vat.Evidence {
				return vat.Evidence{
					Source:  rapid.SampledFrom([]vat.Source{vat.BillingAddress, vat.IPAddress, vat.BankCountry}).Draw(t, "source"),
					Country: rapid.SampledFrom(countries).Draw(t, "where"),
				}
			}), 0, 4).Draw(t, "evidence"),
		}
		if rapid.Bool().Draw(t, "was valid") {
			in.LastValidOn = day("valid on")
		}
		if rapid.Bool().Draw(t, "held") {
			in.HeldSince = day("held since")
		}
		d := vat.Decide(in)
		switch d.Category {
		case vat.Standard:
			if d.Rate < 1500 || d.Rate > 2700 || !vat.IsMember(d.Country) || (d.Report == vat.OSS) != (d.Country != "NL") {
				t.Fatalf("%+v", d)
			}
		case vat.ReverseCharge:
			if in.Country == "NL" || !vat.IsMember(in.Country) || in.VATID == "" || in.VATID.Country() == "NL" ||
				in.VIES == vat.Invalid || in.LastValidOn.IsZero() || in.On.Sub(in.LastValidOn) > 90 ||
				d.Rate != 0 || d.Report != vat.ICP || d.Hold {
				t.Fatalf("%+v", d)
			}
		case vat.OutOfScope:
			if in.Country == "NL" || d.Rate != 0 || d.Report != vat.NoReport {
				t.Fatalf("%+v", d)
			}
		default:
			t.Fatalf("%+v", d)
		}
		if d.Hold && !in.HeldSince.IsZero() && in.On.Sub(in.HeldSince) >= 3 {
			t.Fatalf("held for longer than three days: %+v", d)
		}
	})
}
