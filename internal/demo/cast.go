package demo

import (
	"context"
	"fmt"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/civil"
)

// cast writes down who the customers are and what they will do: the ten of rules §5, and a crowd around them.
func (s *seeder) cast(context.Context) error {
	for _, write := range []func() []*customer{s.korenaar, s.consumers, s.foundation, s.abroad, s.selfEmployed, s.hostwerk, s.debtors, s.oldest, s.crowd} {
		for _, c := range write() {
			s.customers = append(s.customers, c)
			s.byKey[c.key] = c
			for _, p := range c.purchases {
				s.plan.add(noon(p.on), func(ctx context.Context, s *seeder) error { return s.buy(ctx, c, p) })
			}
		}
	}
	return nil
}

// nextGroup returns a day of the month whose renewals the run on the next 1st bills: in November that is January.
func (s *seeder) nextGroup(day int) civil.Date {
	return s.today.FirstOfMonth().AddMonths(2).AddDays(day - 1)
}

// month returns a day of the month that lies so many from this one.
func (s *seeder) month(months, day int) civil.Date {
	return s.today.FirstOfMonth().AddMonths(months).AddDays(day - 1)
}

// soon returns the day so many from today, or the 28th when the month may lack it: it must come back every year.
func (s *seeder) soon(days int) civil.Date {
	d := s.today.AddDays(days)
	return d.AddDays(min(0, 28-d.Day()))
}

// korenaar is the business of the first login: direct debit, two packages and four names, most of which renew in one month.
func (s *seeder) korenaar() []*customer {
	c := business("korenaar", "Bakkerij De Korenaar B.V.", "Coöperatiestraat 12-A", "1017 AB", "Amsterdam", 17).named("Marijke", "de Vries")
	c.pays, c.payDays, c.iban = "DIRECT_DEBIT", 14, testIBAN(100017)
	c.preference.PurchaseReference = "ICT-2100"
	c.contacts = []account.Contact{{Kind: "BILLING", Name: "Joris Bakker", Email: "boekhouding@korenaar.example", Phone: "+31 20 555 00 18"},
		{Kind: "TECHNICAL", Name: "Tim Smit", Email: "techniek@korenaar.example"}, {Kind: "DOMAIN_HOLDER", Name: "Bakkerij De Korenaar B.V.", Email: "administratie@korenaar.example"}}
	c.buys(since(s.nextGroup(18), 11), item{"DOM-NL", "dekorenaar-voorbeeld.nl", 0}, item{"HOST-PLUS", "dekorenaar-voorbeeld.nl", 0}, item{"SSL-DV", "dekorenaar-voorbeeld.nl", 0})
	c.buys(since(s.nextGroup(5), 6), item{"DOM-NL", "broodopschool-voorbeeld.nl", 0}, item{"HOST-BASIS", "broodopschool-voorbeeld.nl", 0})
	c.buys(since(s.nextGroup(22), 4), item{"DOM-COM", "dekorenaar-example.com", 0}, item{"DOM-EU", "dekorenaar-voorbeeld.eu", 0})
	c.buys(since(s.soon(75), 3), item{"BACKUP-30", "dekorenaar-voorbeeld.nl", 0})
	c.buys(s.soon(-4), item{"MAIL-SPAM", "dekorenaar-voorbeeld.nl", 0}) // its invoice is open
	return []*customer{c}
}

// consumers are Fatima, whose offer is open, and Henk, who did not answer his.
func (s *seeder) consumers() []*customer {
	fatima := consumer("fatima", "Fatima", "El Amrani", "Kanaalstraat 88", "3531 CK", "Utrecht", 21)
	fatima.Email, fatima.silentOn = "fatima@elamrani.example", s.today.AddDays(-40)
	fatima.buys(since(s.soon(20), 3), item{"DOM-NL", "fatimabakt-voorbeeld.nl", 0}, item{"HOST-START", "fatimabakt-voorbeeld.nl", 0})
	henk := consumer("visser", "Henk", "Visser", "Dorpsstraat 4", "8401 AB", "Gorredijk", 22)
	henk.silentOn = s.today.AddDays(-60)
	henk.buys(since(s.soon(-12), 2), item{"DOM-NL", "henkvist-voorbeeld.nl", 0}, item{"HOST-START", "henkvist-voorbeeld.nl", 0})
	return []*customer{fatima, henk}
}

// foundation gets its post by post, and wants to be reminded of each invoice.
func (s *seeder) foundation() []*customer {
	c := business("linde", "Stichting Dorpshuis De Linde", "Brink 2", "9331 AA", "Norg", 31).named("Anneke", "Jansen")
	c.preference.Delivery, c.preference.ReminderBeforeInvoice = "POST", true
	c.pays, c.payDays = "BANK_TRANSFER", 12
	c.buys(since(s.month(3, 14), 8), item{"DOM-NL", "dorpshuisdelinde-voorbeeld.nl", 0}, item{"HOST-BASIS", "dorpshuisdelinde-voorbeeld.nl", 0})
	c.buys(since(s.month(3, 20), 2), item{"MAIL-5", "dorpshuisdelinde-voorbeeld.nl", 0})
	return []*customer{c}
}

// abroad are a business in Belgium, for which VAT is reversed, and a consumer in Germany, who pays German VAT.
func (s *seeder) abroad() []*customer {
	peeters := &customer{key: "peeters", pays: "BANK_TRANSFER", payDays: 10, vies: true, Account: account.Account{Kind: account.Business, CompanyName: "Peeters Webdesign BV", FirstName: "Bart", LastName: "Peeters",
		Line1: "Kerkstraat 10", Postcode: "2060", City: "Antwerpen", Country: "BE", Language: "nl", KvkNumber: "0123456749", VatID: "BE0123456749", Email: "info@peeters.example", Phone: "+32 3 555 00 41"}}
	peeters.preference.Delivery, peeters.preference.PeppolID = "PEPPOL", "0208:0123456749"
	peeters.buys(since(s.month(4, 9), 7), item{"DOM-BE", "peeterswebdesign-voorbeeld.be", 0}, item{"HOST-PRO", "peeterswebdesign-voorbeeld.be", 0})
	peeters.buys(since(s.month(1, 16), 3), item{"DOM-BE", "bakkerijclaes-voorbeeld.be", 0}, item{"DOM-BE", "fietsenverhulst-voorbeeld.be", 0}, item{"HOST-PRO", "fietsenverhulst-voorbeeld.be", 3})
	vogt := consumer("vogt", "Lena", "Vogt", "Lindenallee 7", "26789", "Leer", 42)
	vogt.Country, vogt.Language, vogt.Phone = "DE", "en", "+49 491 5550042"
	vogt.evidence = map[string]string{"BILLING_ADDRESS": "DE", "BANK": "DE", "IP_ADDRESS": "NL"}
	vogt.buys(since(s.month(5, 18), 6), item{"DOM-DE", "lenavogt-beispiel.de", 0}, item{"HOST-START", "lenavogt-beispiel.de", 0})
	return []*customer{peeters, vogt}
}

// selfEmployed is a small business that is treated as a consumer, with a server by the month that began on a 31st.
func (s *seeder) selfEmployed() []*customer {
	c := business("noordwind", "Studio Noordwind", "Havenkade 3-2", "8911 HD", "Leeuwarden", 51).named("Sanne", "Mulder")
	c.TreatedAsConsumer, c.pays, c.payDays, c.answers = true, "IDEAL", 2, 9
	c.buys(civil.New(s.today.Year()-2, 1, 31), item{"VPS-S", "server.noordwind-voorbeeld.nl", 1})
	c.buys(since(s.month(6, 3), 3), item{"DOM-NL", "noordwind-voorbeeld.nl", 0})
	return []*customer{c}
}

// hostwerk is a reseller with sixty names, of which twenty-five renew in one month, and customers of its own.
func (s *seeder) hostwerk() []*customer {
	c := business("hostwerk", "Reseller Hostwerk", "Ambachtsweg 21", "3542 DG", "Utrecht", 61).named("Koen", "Hendriks")
	c.IsPartner, c.pays, c.payDays = true, "BANK_TRANSFER", 7
	c.buys(since(s.nextGroup(3), 7), append(s.names(0, 4), item{"RES-25", "hostwerk-voorbeeld.nl", 0})...)
	for i, day := range []int{7, 12, 19, 26} {
		c.buys(since(s.nextGroup(day), 6-i), s.names(4+5*i, 5)...)
	}
	for i, day := range []int{4, 10, 15, 21, 27} {
		c.buys(since(s.month(4+i, day), 5-i), s.names(24+7*i, 7)...)
	}
	c.buys(since(s.month(9, 26), 2), s.names(59, 1)...)
	c.buys(s.month(-20, 11), item{"VPS-M", "beheer.hostwerk-voorbeeld.nl", 1})
	all := []*customer{c}
	for i, e := range partnerCustomers {
		e.town = "Utrecht"
		d := s.extra(620+i, e)
		d.partner = "hostwerk"
		all = append(all, d)
	}
	return all
}

// The names that the reseller holds for its customers are made of these.
var (
	trades = []string{"bloemen", "bakker", "slager", "kapper", "garage", "fysio", "schilder", "tuin", "foto", "lunchroom", "boeken", "dierenarts"}
	places = []string{"assen", "breda", "delft", "emmen", "hoorn"}
)

// names returns items for so many of a reseller's names.
func (s *seeder) names(from, n int) (items []item) {
	for i := from; i < from+n; i++ {
		code, tld := "DOM-NL", "nl"
		switch {
		case i%11 == 10:
			code, tld = "DOM-COM", "com"
		case i%17 == 16:
			code, tld = "DOM-AMSTERDAM", "amsterdam"
		}
		items = append(items, item{code, fmt.Sprintf("%s-%s-voorbeeld.%s", trades[i%len(trades)], places[i/len(trades)], tld), 0})
	}
	return items
}

// debtors are who pays in parts, who did not pay and is out of use, who is late, and who paid twice.
func (s *seeder) debtors() []*customer {
	degroot := business("degroot", "J. de Groot Advies", "Singel 101", "3311 PA", "Dordrecht", 71).named("Jan", "de Groot")
	degroot.stopsOn = s.month(-1, 1)
	degroot.buys(since(s.month(0, 10), 4), item{"HOST-PRO", "degrootadvies-voorbeeld.nl", 0})
	zuid := business("zuid", "Café Zuid VOF", "Zuiderkade 55", "3083 AA", "Rotterdam", 72).named("Mo", "Zuidema")
	zuid.stopsOn = s.month(-2, 1)
	zuid.buys(since(s.month(-1, 10), 5), item{"DOM-NL", "cafezuid-voorbeeld.nl", 0}, item{"HOST-BASIS", "cafezuid-voorbeeld.nl", 0})
	late := business("timmerwerk", "Timmerwerk Dijkstra", "Industrieweg 8", "8601 AA", "Sneek", 73).named("Wietse", "Dijkstra")
	late.stopsOn = s.month(-1, 1)
	late.buys(since(s.month(0, 20), 3), item{"DOM-FRL", "timmerwerkdijkstra-voorbeeld.frl", 0}, item{"HOST-BASIS", "timmerwerkdijkstra-voorbeeld.frl", 0})
	twice := business("fietsplus", "Fietsplus Zwolle", "Oude Vismarkt 9", "8011 TB", "Zwolle", 74).named("Els", "ten Have")
	twice.pays = "IDEAL"
	twice.buys(since(s.month(-3, 8), 6), item{"DOM-NL", "fietsplus-voorbeeld.nl", 0}, item{"HOST-PLUS", "fietsplus-voorbeeld.nl", 0})
	return []*customer{degroot, zuid, late, twice}
}

// oldest has been a customer since the first day of the archive (P-08).
func (s *seeder) oldest() []*customer {
	c := business("veldhuis", "Drukkerij Veldhuis B.V.", "Nijverheidsweg 14", "7553 VA", "Hengelo", 81).named("Ruben", "Vos")
	c.pays, c.payDays = "BANK_TRANSFER", 11
	c.buys(civil.New(2014, 1, 16), item{"DOM-NL", "drukkerijveldhuis-voorbeeld.nl", 0}, item{"HOST-BASIS", "drukkerijveldhuis-voorbeeld.nl", 0}, item{"MAIL-5", "drukkerijveldhuis-voorbeeld.nl", 0})
	c.buys(civil.New(2014, 4, 18), item{"DOM-COM", "veldhuisprint-example.com", 0}, item{"HOST-BASIS", "veldhuisprint-example.com", 0})
	c.buys(civil.New(2017, 1, 31), item{"BACKUP-30", "drukkerijveldhuis-voorbeeld.nl", 0}) // on the invoice of the 16th (§2.2)
	c.buys(civil.New(2018, 3, 1), item{"DOM-EU", "drukkerijveldhuis-voorbeeld.eu", 0})     // invoiced on 1 January (V12)
	c.buys(civil.New(2016, 2, 29), item{"HOST-PRO", "webshop.drukkerijveldhuis-voorbeeld.nl", 0})
	return []*customer{c}
}
