package vat_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/vat"
)

// known holds published ids as they are kept: at least one of every member state, and one of each form it has.
var known = []string{
	"ATU13585627", "BE0428759497", "BE0403019261", "BE0123456749", "BG175074752", "BG7523169263", "BG8032056031",
	"CY10259033P", "CZ25123891", "CZ7103192745", "CZ640903926", "DE136695976", "DK13585628", "EE100931558",
	"EE100594102", "EL094259216", "EL023456780", "ESJ99216582", "ES54362315K", "ESX2482300W", "ESB58378431",
	"FI20774740", "FR40303265045", "FR83404833048", "FRK7399859412", "HR33392005961", "HU12892312", "IE6433435F",
	"IE6433435OA", "IE8D79739I", "IT00743110157", "LT119511515", "LT100001919017", "LT100004801610", "LU15027442",
	"LV40003521600", "LV16117519997", "MT11679112", "NL004495445B01", "NL002455799B11", "NL123456789B13",
	"NL000099998B57", "PL8567346215", "PT501964843", "RO18547290", "SE123456789701", "SI50223054", "SK2022749619",
}

func TestKnownIDsAreAcceptedInEverySpelling(t *testing.T) {
	issuers := map[string]bool{}
	for _, want := range known {
		id, err := vat.ParseID("", want)
		if err != nil || string(id) != want {
			t.Errorf("ParseID(%q) = %q, %v", want, id, err)
			continue
		}
		issuers[id.Country()] = true
		for _, spelled := range []string{
			strings.ToLower(want), want[:2] + " " + want[2:], want[:4] + "." + want[4:7] + "-" + want[7:], id.Number(),
		} {
			if got, err := vat.ParseID(id.Country(), spelled); err != nil || got != id {
				t.Errorf("ParseID(%q, %q) = %q, %v; want %q", id.Country(), spelled, got, err, id)
			}
		}
	}
	if len(issuers) != 27 {
		t.Errorf("ids of %d member states, want 27", len(issuers))
	}
}

func TestWrongIDsAreAProblem(t *testing.T) {
	for _, tt := range []struct{ name, country, id string }{
		{"nothing", "NL", ""},
		{"a prefix alone", "NL", "NL"},
		{"no prefix and no country to guess from", "", "004495445B01"},
		{"the suffix 00 was never issued", "NL", "NL004495445B00"},
		{"one digit off, rsin form", "NL", "NL004495446B01"},
		{"one digit off, mod 97 form", "NL", "NL123456789B14"},
		{"letters in the number", "DE", "DE13669597A"},
		{"a German number with a leading zero", "DE", "DE036695976"},
		{"a country outside the EU", "CH", "CHE116281838"},
		{"the United Kingdom left", "GB", "GB980780684"},
		{"an id of one state with the prefix of another", "", "BE136695976"},
		{"Arabic digits", "DE", "DE١٣٦٦٩٥٩٧٦"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := vat.ParseID(tt.country, tt.id); !problem.Is(err, problem.Invalid) {
				t.Errorf("ParseID(%q, %q) = %q, %v; want a problem", tt.country, tt.id, got, err)
			}
		})
	}
}

func TestAnIDOfAnotherMemberStateThanTheAddressIsRead(t *testing.T) {
	id, err := vat.ParseID("BE", "DE 136 695 976")
	if err != nil || id.Country() != "DE" {
		t.Errorf("got %q of %s, %v", id, id.Country(), err)
	}
	if id, _ := vat.ParseID("GR", "094259216"); id.Country() != "GR" || id != "EL094259216" {
		t.Errorf("Greece: got %q of %s", id, id.Country())
	}
}

// The checks of these states notice one wrong digit. The Dutch one cannot: what fails one of its two forms may pass the
// other.
func TestOneWrongDigitIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{
			"ATU13585627", "BE0428759497", "DE136695976", "DK13585628", "EE100931558", "FI20774740", "FR40303265045",
			"HR33392005961", "HU12892312", "IT00743110157", "SE123456789701", "SK2022749619",
		}).Draw(t, "id")
		at := rapid.IntRange(3, len(id)-3).Filter(func(i int) bool { return '0' <= id[i] && id[i] <= '9' }).Draw(t, "at")
		other := rapid.ByteRange('0', '9').Filter(func(b byte) bool { return b != id[at] }).Draw(t, "digit")
		if got, err := vat.ParseID("", id[:at]+string(other)+id[at+1:]); err == nil {
			t.Fatalf("%s passes beside %s", got, id)
		}
	})
}

func TestAnyTextIsAnsweredWithoutPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom([]string{"", "NL", "GR", "EL", "XX", "é"}).Draw(t, "country")
		text := rapid.String().Draw(t, "text")
		if id, err := vat.ParseID(country, text); err == nil {
			if again, err := vat.ParseID("", string(id)); err != nil || again != id {
				t.Fatalf("%q became %q, which becomes %q, %v", text, id, again, err)
			}
		}
		if iban, err := vat.ParseIBAN(text); err == nil {
			if again, err := vat.ParseIBAN(iban.Format()); err != nil || again != iban {
				t.Fatalf("%q became %q, which becomes %q, %v", text, iban, again, err)
			}
		}
	})
}

func TestIBAN(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
	}{
		{"Dutch, as on paper", "NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"},
		{"Belgian, small letters", "be68539007547034", "BE68539007547034"},
		{"German", "DE89370400440532013000", "DE89370400440532013000"},
		{"two digits swapped", "NL91ABNA0417164030", ""},
		{"one digit short", "NL91ABNA041716430", ""},
		{"a country outside SEPA", "TR330006100519786457841326", ""},
		{"nothing", "", ""},
		{"other characters", "NL91ABNA04171643é", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := vat.ParseIBAN(tt.in)
			if string(got) != tt.want || (tt.want == "") != problem.Is(err, problem.Invalid) {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	iban, _ := vat.ParseIBAN("NL91ABNA0417164300")
	if iban.Format() != "NL91 ABNA 0417 1643 00" || iban.Masked() != "NL•• •••• 4300" || iban.Country() != "NL" {
		t.Errorf("%s, %s, %s", iban.Format(), iban.Masked(), iban.Country())
	}
}

func TestKvK(t *testing.T) {
	if got, err := vat.ParseKvK("9012 3456"); err != nil || got != "90123456" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, wrong := range []string{"", "1234567", "123456789", "1234567a", "00000000"} {
		if _, err := vat.ParseKvK(wrong); !problem.Is(err, problem.Invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
