package demo

import (
	"fmt"
	"strings"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/civil"
)

// extra is one of the many: a customer without a story of its own, or with a small one (see scenes.go).
type extra struct {
	company     string // "" for a consumer
	first, last string
	town        string // of towns
	years       int    // since when, counted back from the next renewal
	months, day int    // the next renewal: so many months from now, on that day
	items       string // codes, of products and of extensions; "/1" and "/3" for terms in months
	traits      string // see the switch in s.extra
}

var extras = []extra{
	{"Bloemisterij De Tulp", "Noor", "Kuipers", "Assen", 12, 2, 7, "nl HOST-START", ""},
	{"Garage Hofstra B.V.", "Sjoerd", "Hofstra", "Heerenveen", 12, 5, 12, "nl com HOST-BASIS MAIL-5", "debit"},
	{"Fysiotherapie Parkzicht", "Eva", "Dekker", "Breda", 11, 8, 21, "nl HOST-BASIS SSL-DV", ""},
	{"Camping De Vogelweide VOF", "Lotte", "Brouwer", "Hoorn", 10, 3, 15, "nl de com HOST-PLUS", "debit"},
	{"Architectenbureau Lijn & Vlak B.V.", "Thijs", "Vermeulen", "Delft", 9, 0, 14, "nl amsterdam HOST-PRO", "peppol"},
	{"Boekhandel Smits", "Bram", "Smits", "Meppel", 9, 2, 26, "nl HOST-PLUS BACKUP-30", "slow"},
	{"Zeilmakerij Stormvast", "Wietse", "Bakker", "Heerenveen", 8, 6, 4, "frl HOST-START MAIL-SPAM", ""},
	{"Muziekschool Allegro", "Daan", "Meijer", "Emmen", 8, 1, 19, "nl org HOST-START", "post"},
	{"Administratiekantoor Balans", "Iris", "Kok", "Eindhoven", 7, 4, 11, "nl HOST-BASIS MAIL-EXCHANGE/1", "debit"},
	{"VV De Doorzetters", "Hans", "Postma", "Assen", 7, 9, 3, "nl HOST-START", "post slow"},
	{"Slijterij Het Vat", "Ruud", "Peters", "Breda", 6, 0, 22, "nl shop HOST-BASIS", ""},
	{"Bitwerk B.V.", "Priya", "Raman", "Delft", 5, 7, 8, "nl com VPS-M/1 HOST-PRO/3", "en debit"},
	{"Tandartspraktijk Groenestein", "Marloes", "van Dijk", "Meppel", 6, 10, 17, "nl HOST-BASIS SSL-OV", "mhp"},
	{"Makelaardij Het Anker", "Joost", "Willems", "Hoorn", 5, 3, 23, "nl eu HOST-PLUS", "mhp debit"},
	{"Hoveniersbedrijf Duinzicht", "Kees", "van Vliet", "Hoorn", 4, 11, 6, "nl HOST-START", "mhp"},
	{"Pension Weltevree", "Truus", "Mulder", "Maastricht", 3, 2, 20, "nl COMPLEET", "mhp"},
	{"Kapsalon Krul", "Samira", "Haddou", "Eindhoven", 3, 2, 13, "nl HOST-START", ""},
	{"Schildersbedrijf Roodbont", "Gerrit", "Visser", "Emmen", 2, 5, 27, "nl HOST-BASIS", "slow"},
	{"Breiwinkel Steek", "Femke", "de Wit", "Maastricht", 2, 8, 9, "nl HOST-BASIS", ""},
	{"Dierenarts Vosseveld", "Anouk", "Jacobs", "Assen", 1, 7, 16, "nl HOST-BASIS BACKUP-30", ""},
	{"Reisbureau Zonneschijn", "Ellen", "Mol", "Breda", 9, 4, 2, "nl HOST-BASIS", "gone"},

	{"", "Sem", "Jansen", "Eindhoven", 10, 6, 18, "nl HOST-START", ""},
	{"", "Sara", "El Idrissi", "Breda", 8, 3, 5, "nl MAIL-5", ""},
	{"", "Ingrid", "Hoekstra", "Heerenveen", 7, 9, 24, "nl HOST-START", "post"},
	{"", "Emily", "Carter", "Delft", 6, 1, 25, "nl com HOST-START", "en"},
	{"", "Lars", "Bos", "Emmen", 5, 4, 14, "nl HOST-START", "mhp"},
	{"", "Youssef", "Benali", "Eindhoven", 4, 2, 10, "nl HOST-BASIS", ""},
	{"", "Marleen", "Kramer", "Meppel", 3, 10, 28, "online HOST-START/1", ""},
	{"", "Tom", "Schouten", "Hoorn", 5, 7, 1, "nl HOST-START", "gone"},
	{"", "Julia", "Verhoeven", "Maastricht", 1, 5, 9, "nl HOST-START", "mhp"},

	{"Claes Bouwmaterialen NV", "Wim", "Claes", "Gent", 6, 8, 13, "be HOST-PLUS", "vies"},
	{"Nordlicht Grafik GmbH", "Jens", "Petersen", "Flensburg", 4, 10, 5, "de com HOST-PRO", "vies en"},
	{"", "Sofie", "Maes", "Gent", 4, 6, 22, "be HOST-START", "abroad"},
	{"", "Jonas", "Weber", "Flensburg", 3, 9, 12, "de HOST-START", "abroad en"},
	{"Alpenblick Treuhand AG", "Reto", "Keller", "Chur", 5, 11, 19, "com HOST-BASIS", "vies en"},
}

// towns are where they live: street, postal code and country.
var towns = map[string][3]string{
	"Assen": {"Brink", "9401 HS", "NL"}, "Heerenveen": {"Lindegracht", "8441 CR", "NL"}, "Breda": {"Haagweg", "4811 NG", "NL"}, "Hoorn": {"Kerkplein", "1621 AB", "NL"},
	"Delft": {"Oude Singel", "2611 BV", "NL"}, "Meppel": {"Hoofdstraat", "7941 AH", "NL"}, "Emmen": {"Noorderstraat", "7811 AB", "NL"}, "Eindhoven": {"Kleine Berg", "5611 JS", "NL"},
	"Utrecht": {"Marktplein", "3511 AB", "NL"}, "Maastricht": {"Bosstraat", "6211 GX", "NL"}, "Gent": {"Koestraat", "9000", "BE"}, "Flensburg": {"Hafenweg", "24937", "DE"}, "Chur": {"Bahnhofplatz", "7000", "CH"},
}

// crowd is thirty-five more customers of every kind.
func (s *seeder) crowd() (all []*customer) {
	for i, e := range extras {
		all = append(all, s.extra(700+i, e))
	}
	return all
}

func (s *seeder) extra(n int, e extra) *customer {
	town, key := towns[e.town], slug(withoutForm.Replace(e.company+" "))
	var c *customer
	if e.company == "" {
		key = slug(e.first + e.last)
		c = consumer(key, e.first, e.last, "", town[1], e.town, n)
	} else {
		c = business(key, e.company, "", town[1], e.town, n).named(e.first, e.last)
	}
	c.Line1, c.Country = fmt.Sprintf("%s %d", town[0], 3+n*7%140), town[2]
	c.payDays = 2 + n%10
	if c.Country != "NL" {
		c.abroad(n)
	}
	next := s.month(e.months, e.day)
	for _, trait := range strings.Fields(e.traits) {
		switch trait {
		case "debit": // pays by direct debit
			c.pays, c.payDays, c.iban = "DIRECT_DEBIT", 14, testIBAN(100000+n)
		case "slow": // pays after a reminder
			c.payDays = 21
		case "post": // has no mail
			c.preference.Delivery, c.pays, c.payDays, c.Email = "POST", "BANK_TRANSFER", 11, ""
		case "peppol":
			c.preference.Delivery, c.preference.PeppolID = "PEPPOL", "0106:"+c.KvkNumber
		case "mhp":
			c.BrandID = s.brands["MHP"]
		case "en":
			c.Language = "en"
		case "vies": // has a VAT id that is asked about
			c.vies = true
		case "abroad": // a consumer of whom it is known where
			c.evidence = map[string]string{"BILLING_ADDRESS": c.Country, "BANK": c.Country}
		case "gone": // is a customer no more
			c.leavesOn = since(next, 4)
		}
	}
	c.buys(since(next, e.years), itemsOf(key, c.Country, e.items)...)
	return c
}

// itemsOf reads the codes of an extra. Extensions come first, so that the rest is for the first name.
func itemsOf(key, country, codes string) (items []item) {
	suffix := "-voorbeeld."
	if country == "DE" || country == "CH" {
		suffix = "-beispiel."
	}
	label := ""
	for _, code := range strings.Fields(codes) {
		code, term, _ := strings.Cut(code, "/")
		if strings.ToLower(code) == code {
			name := key + suffix + code
			if label == "" {
				label = name
			}
			items = append(items, item{"DOM-" + strings.ToUpper(code), name, 0})
			continue
		}
		items = append(items, item{code, label, map[string]int{"1": 1, "3": 3}[term]})
	}
	return items
}

// abroad gives a customer elsewhere the numbers of that country.
func (c *customer) abroad(n int) {
	c.Phone = map[string]string{"BE": "+32 9 555 00 ", "DE": "+49 461 5550 ", "CH": "+41 81 555 00 "}[c.Country] + fmt.Sprintf("%02d", n%100)
	c.KvkNumber, c.VatID = "", ""
	if c.Kind != account.Business {
		return
	}
	switch c.Country {
	case "BE":
		c.VatID = vatID("BE", "BE0%07d%02d", n)
		c.KvkNumber = c.VatID[2:]
	case "DE":
		c.VatID = vatID("DE", "DE9%07d%d", n)
	case "CH":
		c.VatID = fmt.Sprintf("CHE-123.456.%03d MWST", n)
	}
}

// withoutForm drops the legal form of a company, which no domain name has.
var withoutForm = strings.NewReplacer(" B.V. ", "", " VOF ", "", " NV ", "", " GmbH ", "", " AG ", "")

// slug returns the letters of a name in lower case, as in a domain name.
func slug(name string) string {
	return strings.Map(letters, strings.NewReplacer("é", "e", "ö", "o").Replace(strings.ToLower(name)))
}

// partnerCustomers are those of the reseller.
var partnerCustomers = []extra{
	{"Kapsalon Knipoog", "Sem", "Aalbers", "", 1, 1, 3, "nl HOST-START", ""},
	{"Autobedrijf Van Rijn", "Noor", "van Rijn", "", 2, 2, 6, "nl HOST-BASIS", ""},
	{"Tandartspraktijk Molenwijk", "Daan", "Molenaar", "", 3, 3, 9, "nl HOST-PLUS", ""},
	{"Yogastudio Adem", "Julia", "Prins", "", 4, 4, 12, "nl HOST-START", ""},
	{"Groenrijk Tuinen", "Bram", "Groen", "", 5, 5, 15, "nl HOST-BASIS", ""},
	{"Notariskantoor De Zegel", "Lotte", "Zegers", "", 6, 6, 18, "nl HOST-PLUS", "slow"},
	{"Slagerij Boersma", "Thijs", "Boersma", "", 5, 1, 21, "nl HOST-START", ""},
	{"Rijschool Vooruit", "Eva", "Vos", "", 4, 2, 24, "nl HOST-BASIS", ""},
	{"Bakkerij Zonnewijk", "Hanna", "Smit", "", 3, 9, 4, "nl HOST-START", ""},
	{"Stichting Buurttuin", "Milan", "Tuinstra", "", 2, 10, 11, "nl org HOST-START", "post"},
	{"Cafetaria De Hoek", "Fenna", "Hoekman", "", 2, 0, 25, "nl HOST-START", ""},
	{"", "Iris", "Veenstra", "", 2, 8, 8, "nl HOST-START", ""},
}

// since returns the day of the order whose terms of a year end on that renewal date, so many years before it.
func since(renewal civil.Date, years int) civil.Date { return renewal.AddMonths(-12 * years) }
