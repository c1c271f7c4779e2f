package document

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// Page is a document as HTML, complete in itself: one style sheet, no scripts, nothing that is fetched.
type Page struct {
	Body []byte
	// StyleSource allows the style sheet under a strict content security policy: 'sha256-…', to stand in style-src.
	StyleSource string
}

//go:embed assets/html/invoice.css
var css string

//go:embed assets/html/invoice.html
var invoiceHTML string

var htmlTemplate = template.Must(template.New("invoice").Parse(invoiceHTML))

// HTML returns the document as a page for people who read with other senses than PDF suits, and for printing: the same
// figures and texts as the PDF. It fails when Check does.
func HTML(inv Invoice) (Page, error) {
	inv = inv.trimmed()
	if err := inv.Check(); err != nil {
		return Page{}, err
	}
	style := inv.Brand.style()
	var b bytes.Buffer
	if err := htmlTemplate.Execute(&b, inv.view(style)); err != nil {
		return Page{}, fmt.Errorf("document %s: write html: %w", inv.Number, err)
	}
	sum := sha256.Sum256([]byte(style))
	return Page{b.Bytes(), "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}, nil
}

// style is the style sheet in the brand's colours.
func (b Brand) style() string {
	return css + fmt.Sprintf(":root { --accent: %s; --soft: %s; }\n", b.Accent.Hex(), b.Accent.mix(0.09).Hex())
}

// htmlView is what the template sees: texts only, each already in the customer's language.
type htmlView struct {
	W struct{ Lang, PayNow, Lines, Description, Quantity, Price, VAT, Amount, VATID string }

	Style                  template.CSS
	Title, Number, Initial string
	Brand                  Brand
	Supplier               Party
	Place, Register        string
	Contact, To, Bank      []string
	Facts                  [][2]string
	Summary                []fact
	PayLink                string
	Lines                  []htmlLine
	Totals                 []total
	Notes                  []string
}

type htmlLine struct {
	Description                string
	Details                    []string
	Quantity, Price, Rate, Net string
}

func (inv Invoice) view(style string) htmlView {
	w := inv.words()
	paper := stationery{inv.Brand, inv.Supplier, bankLines(inv.Payment), w}
	v := htmlView{
		Style: template.CSS(style), Title: w.title(inv.IsCredit()), Number: inv.Number, Initial: inv.Brand.initial(), Brand: inv.Brand,
		Supplier: inv.Supplier, Place: inv.Supplier.place(), Register: paper.register(), Contact: inv.Brand.contact(),
		To: inv.Customer.address(inv.Supplier.country(), inv.Language), Bank: paper.bank, Facts: inv.factRows(), Summary: inv.summaryFacts(),
		PayLink: inv.payLink(), Totals: inv.totalRows(),
		Notes: compact(append(append([]string{}, inv.Notes...), inv.paymentText())),
	}
	v.W.Lang, v.W.PayNow, v.W.Lines, v.W.Description, v.W.Quantity = w.lang, w.payNow, w.lines, w.description, w.quantity
	v.W.Price, v.W.VAT, v.W.Amount, v.W.VATID = w.price, w.vat, w.amount, w.vatID
	for _, l := range inv.Lines {
		v.Lines = append(v.Lines, htmlLine{l.Description, inv.details(l), inv.quantity(l), inv.money(l.UnitPrice), inv.rate(l.Category, l.Rate), inv.money(l.Net)})
	}
	return v
}

// initial is the letter in the brand's mark.
func (b Brand) initial() string { return strings.ToUpper(string([]rune(b.Name)[:1])) }

// contact returns how to reach the brand.
func (b Brand) contact() []string { return compact([]string{b.Website, b.Email, b.Phone}) }
