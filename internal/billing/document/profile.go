package document

// Profile is the set of rules an e-invoice says it follows, on top of the European standard EN 16931.
type Profile string

// The profiles. All three standards are met as far as they do not exclude each other; what differs is the name by which
// the receiver's software recognises the document.
const (
	// Automatic is NLCIUS for Dutch government bodies, which are known by their OIN, and Peppol BIS for everyone else: each
	// receiver on Peppol must accept BIS, while NLCIUS is what the Dutch government asks for (3.14).
	Automatic Profile = ""
	PeppolBIS Profile = "PEPPOL_BIS_3"
	NLCIUS    Profile = "NLCIUS_1"
)

const (
	peppolCustomization = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
	nlciusCustomization = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
	billingProcess      = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
)

// profile returns the profile of the document, never Automatic.
func (inv Invoice) profile() Profile {
	if inv.Profile != Automatic {
		return inv.Profile
	}
	if inv.Customer.country() == "NL" && inv.Customer.register().scheme == schemeOIN {
		return NLCIUS
	}
	return PeppolBIS
}

func (p Profile) customization() string {
	if p == NLCIUS {
		return nlciusCustomization
	}
	return peppolCustomization
}
