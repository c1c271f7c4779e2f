package document

import "encoding/xml"

// The part of UBL 2.1 that an invoice needs, in the order in which its schema wants the elements. encoding/xml writes the
// prefixes as they stand here; they are bound on the root.

const namespace = "urn:oasis:names:specification:ubl:schema:xsd:"

type ublDocument struct {
	XMLName    xml.Name
	Namespace  string `xml:"xmlns,attr"`
	Aggregates string `xml:"xmlns:cac,attr"`
	Basics     string `xml:"xmlns:cbc,attr"`

	CustomizationID    string               `xml:"cbc:CustomizationID"`
	ProfileID          string               `xml:"cbc:ProfileID"`
	ID                 string               `xml:"cbc:ID"`
	IssueDate          string               `xml:"cbc:IssueDate"`
	DueDate            string               `xml:"cbc:DueDate,omitempty"`
	InvoiceTypeCode    string               `xml:"cbc:InvoiceTypeCode,omitempty"`
	CreditNoteTypeCode string               `xml:"cbc:CreditNoteTypeCode,omitempty"`
	Note               string               `xml:"cbc:Note,omitempty"`
	Currency           string               `xml:"cbc:DocumentCurrencyCode"`
	BuyerReference     string               `xml:"cbc:BuyerReference"`
	OrderReference     *ublID               `xml:"cac:OrderReference"`
	BillingReference   *ublBillingReference `xml:"cac:BillingReference"`
	Supplier           ublPartyOf           `xml:"cac:AccountingSupplierParty"`
	Customer           ublPartyOf           `xml:"cac:AccountingCustomerParty"`
	PaymentMeans       *ublPaymentMeans     `xml:"cac:PaymentMeans"`
	PaymentTerms       *ublNote             `xml:"cac:PaymentTerms"`
	TaxTotal           ublTaxTotal          `xml:"cac:TaxTotal"`
	Total              ublTotal             `xml:"cac:LegalMonetaryTotal"`
	InvoiceLines       []ublLine            `xml:"cac:InvoiceLine"`
	CreditNoteLines    []ublLine            `xml:"cac:CreditNoteLine"`
}

type (
	ublID struct {
		ID string `xml:"cbc:ID"`
	}
	ublName struct {
		Name string `xml:"cbc:Name"`
	}
	ublNote struct {
		Note string `xml:"cbc:Note"`
	}
	ublDatedID struct {
		ID        string `xml:"cbc:ID"`
		IssueDate string `xml:"cbc:IssueDate,omitempty"`
	}
	ublBillingReference struct {
		Invoice ublDatedID `xml:"cac:InvoiceDocumentReference"`
	}
	ublIdentifier struct {
		Scheme string `xml:"schemeID,attr,omitempty"`
		ID     string `xml:",chardata"`
	}
	ublAmount struct {
		Currency string `xml:"currencyID,attr"`
		Value    string `xml:",chardata"`
	}
	ublQuantity struct {
		Unit  string `xml:"unitCode,attr"`
		Value string `xml:",chardata"`
	}
	ublPeriod struct {
		Start string `xml:"cbc:StartDate"`
		End   string `xml:"cbc:EndDate"` // the last day of it
	}
)

type (
	ublPartyOf struct {
		Party ublParty `xml:"cac:Party"`
	}
	ublParty struct {
		Endpoint       ublIdentifier      `xml:"cbc:EndpointID"`
		Identification *ublIdentification `xml:"cac:PartyIdentification"`
		TradingName    *ublName           `xml:"cac:PartyName"`
		Address        ublAddress         `xml:"cac:PostalAddress"`
		Tax            *ublPartyTax       `xml:"cac:PartyTaxScheme"`
		Legal          ublLegalEntity     `xml:"cac:PartyLegalEntity"`
		Contact        *ublContact        `xml:"cac:Contact"`
	}
	ublIdentification struct {
		ID ublIdentifier `xml:"cbc:ID"`
	}
	ublAddress struct {
		Street   string     `xml:"cbc:StreetName,omitempty"`
		Extra    string     `xml:"cbc:AdditionalStreetName,omitempty"`
		City     string     `xml:"cbc:CityName,omitempty"`
		Postcode string     `xml:"cbc:PostalZone,omitempty"`
		Country  ublCountry `xml:"cac:Country"`
	}
	ublCountry struct {
		Code string `xml:"cbc:IdentificationCode"`
	}
	ublPartyTax struct {
		CompanyID string `xml:"cbc:CompanyID"`
		Scheme    ublID  `xml:"cac:TaxScheme"`
	}
	ublLegalEntity struct {
		Name      string         `xml:"cbc:RegistrationName"`
		CompanyID *ublIdentifier `xml:"cbc:CompanyID"`
		Form      string         `xml:"cbc:CompanyLegalForm,omitempty"`
	}
	ublContact struct {
		Name  string `xml:"cbc:Name,omitempty"`
		Phone string `xml:"cbc:Telephone,omitempty"`
		Email string `xml:"cbc:ElectronicMail,omitempty"`
	}
)

type (
	ublPaymentMeans struct {
		Code      string      `xml:"cbc:PaymentMeansCode"`
		PaymentID string      `xml:"cbc:PaymentID,omitempty"`
		Payee     *ublPayee   `xml:"cac:PayeeFinancialAccount"`
		Mandate   *ublMandate `xml:"cac:PaymentMandate"`
	}
	ublPayee struct {
		ID     string `xml:"cbc:ID"`
		Name   string `xml:"cbc:Name,omitempty"`
		Branch *ublID `xml:"cac:FinancialInstitutionBranch"`
	}
	ublMandate struct {
		ID    string    `xml:"cbc:ID"`
		Payer *ublPayer `xml:"cac:PayerFinancialAccount"`
	}
	ublPayer struct {
		ID string `xml:"cbc:ID"`
	}
)

type (
	ublTaxTotal struct {
		Amount    ublAmount        `xml:"cbc:TaxAmount"`
		Subtotals []ublTaxSubtotal `xml:"cac:TaxSubtotal"`
	}
	ublTaxSubtotal struct {
		Taxable  ublAmount      `xml:"cbc:TaxableAmount"`
		Amount   ublAmount      `xml:"cbc:TaxAmount"`
		Category ublTaxCategory `xml:"cac:TaxCategory"`
	}
	ublTaxCategory struct {
		ID         string `xml:"cbc:ID"`
		Percent    string `xml:"cbc:Percent,omitempty"`
		ReasonCode string `xml:"cbc:TaxExemptionReasonCode,omitempty"`
		Reason     string `xml:"cbc:TaxExemptionReason,omitempty"`
		Scheme     ublID  `xml:"cac:TaxScheme"`
	}
	ublTotal struct {
		Lines        ublAmount  `xml:"cbc:LineExtensionAmount"`
		TaxExclusive ublAmount  `xml:"cbc:TaxExclusiveAmount"`
		TaxInclusive ublAmount  `xml:"cbc:TaxInclusiveAmount"`
		Prepaid      *ublAmount `xml:"cbc:PrepaidAmount"`
		Payable      ublAmount  `xml:"cbc:PayableAmount"`
	}
)

type (
	ublLine struct {
		ID               string       `xml:"cbc:ID"`
		Note             string       `xml:"cbc:Note,omitempty"`
		InvoicedQuantity *ublQuantity `xml:"cbc:InvoicedQuantity"`
		CreditedQuantity *ublQuantity `xml:"cbc:CreditedQuantity"`
		Net              ublAmount    `xml:"cbc:LineExtensionAmount"`
		Period           *ublPeriod   `xml:"cac:InvoicePeriod"`
		Item             ublItem      `xml:"cac:Item"`
		Price            ublPrice     `xml:"cac:Price"`
	}
	ublItem struct {
		Description string         `xml:"cbc:Description,omitempty"`
		Name        string         `xml:"cbc:Name"`
		SellersID   *ublID         `xml:"cac:SellersItemIdentification"`
		Category    ublTaxCategory `xml:"cac:ClassifiedTaxCategory"`
	}
	ublPrice struct {
		Amount ublAmount `xml:"cbc:PriceAmount"`
	}
)
