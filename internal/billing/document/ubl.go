package document

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"klantenpaneel/internal/money"
	"klantenpaneel/internal/vat"
)

// UBL returns the document as UBL 2.1, an Invoice or a CreditNote, that is valid under EN 16931 and the document's
// Profile. The amounts of a credit note are positive, as UBL wants them. It fails when Check does.
func UBL(inv Invoice) ([]byte, error) {
	inv = inv.trimmed()
	if err := inv.Check(); err != nil {
		return nil, err
	}
	doc := inv.ubl()
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return nil, fmt.Errorf("document %s: write ubl: %w", inv.Number, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (inv Invoice) ubl() ublDocument {
	doc := ublDocument{
		XMLName: xml.Name{Local: "Invoice"}, Namespace: namespace + "Invoice-2",
		Aggregates: namespace + "CommonAggregateComponents-2", Basics: namespace + "CommonBasicComponents-2",
		CustomizationID: inv.profile().customization(), ProfileID: billingProcess,
		ID: inv.Number, IssueDate: inv.IssuedOn.String(), DueDate: inv.DueOn.String(), InvoiceTypeCode: "380",
		Currency: inv.Totals.Gross.Currency(), BuyerReference: inv.buyerReference(),
		Supplier: ublPartyOf{inv.ublSupplier()}, Customer: ublPartyOf{inv.ublCustomer()},
		PaymentMeans: inv.ublPaymentMeans(), PaymentTerms: inv.ublPaymentTerms(),
		TaxTotal: inv.ublTaxTotal(), Total: inv.ublTotal(),
	}
	if len(inv.Notes) > 0 {
		doc.Note = join(inv.Notes)
	}
	if inv.OrderReference != "" {
		doc.OrderReference = &ublID{inv.OrderReference}
	}
	lines := make([]ublLine, len(inv.Lines))
	for i, l := range inv.Lines {
		lines[i] = inv.ublLine(i+1, l)
	}
	doc.InvoiceLines = lines
	if inv.IsCredit() {
		doc.XMLName.Local, doc.Namespace = "CreditNote", namespace+"CreditNote-2"
		doc.DueDate, doc.InvoiceTypeCode, doc.CreditNoteTypeCode = "", "", "381"
		doc.InvoiceLines, doc.CreditNoteLines = nil, lines
		doc.BillingReference = inv.ublOriginal()
	}
	return doc
}

// buyerReference is never empty: Peppol refuses an invoice that the buyer cannot place (R003).
func (inv Invoice) buyerReference() string {
	if inv.BuyerReference != "" {
		return inv.BuyerReference
	}
	return inv.CustomerNumber
}

// ublOriginal names the invoice that is credited. NLCIUS would rather not have its date (BR-NL-24).
func (inv Invoice) ublOriginal() *ublBillingReference {
	ref := ublBillingReference{Invoice: ublDatedID{ID: inv.Credits.Number}}
	if inv.profile() != NLCIUS {
		ref.Invoice.IssueDate = inv.Credits.IssuedOn.String()
	}
	return &ref
}

// ublLine writes a line. Prices are never negative (BR-27): what is taken back has a negative quantity.
func (inv Invoice) ublLine(id int, l Line) ublLine {
	quantity, price := l.Quantity, l.UnitPrice
	if price < 0 {
		quantity, price = -quantity, -price
	}
	if inv.IsCredit() {
		quantity = -quantity
	}
	unit := l.Unit
	if unit == "" {
		unit = Piece
	}
	q := &ublQuantity{Unit: string(unit), Value: strconv.Itoa(quantity)}
	out := ublLine{
		ID: strconv.Itoa(id), Net: inv.amount(l.Net),
		Item:  ublItem{Description: l.Detail, Name: l.Description, Category: inv.ublCategory(l.Category, l.Rate)},
		Price: ublPrice{plain(price)},
	}
	if out.InvoicedQuantity = q; inv.IsCredit() {
		out.InvoicedQuantity, out.CreditedQuantity = nil, q
	}
	if l.Code != "" {
		out.Item.SellersID = &ublID{l.Code}
	}
	if !l.Period.IsZero() {
		out.Period = &ublPeriod{l.Period.Start.String(), l.Period.Last().String()}
	}
	if !l.LastCancelOn.IsZero() {
		out.Note = fmt.Sprintf(inv.words().cancelBy, inv.day(l.LastCancelOn))
	}
	return out
}

func (inv Invoice) ublTaxTotal() ublTaxTotal {
	total := ublTaxTotal{Amount: inv.amount(inv.Totals.VAT)}
	for _, s := range inv.Totals.PerRate {
		category := inv.ublCategory(s.Category, s.Rate)
		category.Reason = inv.reason(s.Category)
		if inv.profile() != NLCIUS { // BR-NL-35
			category.ReasonCode = vat.Decision{Category: s.Category}.ExemptionCode()
		}
		total.Subtotals = append(total.Subtotals, ublTaxSubtotal{inv.amount(s.Net), inv.amount(s.VAT), category})
	}
	return total
}

// ublCategory has no rate at all for what is outside the scope of VAT (BR-O-05); elsewhere no VAT is a rate of 0.
func (inv Invoice) ublCategory(c vat.Category, r vat.Rate) ublTaxCategory {
	category := ublTaxCategory{ID: string(c), Scheme: ublID{"VAT"}}
	if c != vat.OutOfScope {
		category.Percent = r.Percent()
	}
	return category
}

func (inv Invoice) ublTotal() ublTotal {
	t := inv.Totals
	total := ublTotal{Lines: inv.amount(t.Net), TaxExclusive: inv.amount(t.Net), TaxInclusive: inv.amount(t.Gross), Payable: inv.amount(inv.Payable())}
	if inv.Paid != 0 {
		paid := inv.amount(inv.Paid)
		total.Prepaid = &paid
	}
	return total
}

// amount writes cents as UBL does, turning those of a credit note.
func (inv Invoice) amount(c money.Cents) ublAmount {
	if inv.IsCredit() {
		c = -c
	}
	return plain(c)
}

func plain(c money.Cents) ublAmount { return ublAmount{Currency: c.Currency(), Value: c.Amount()} }
