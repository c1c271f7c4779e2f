package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"klantenpaneel/internal/civil"
)

// The words that names are made of.
var (
	firstNames = []string{"Sem", "Noor", "Daan", "Julia", "Bram", "Lotte", "Thijs", "Eva", "Lars", "Sara", "Ruben", "Iris", "Youssef", "Fenna", "Milan", "Hanna"}
	lastNames  = []string{"Jansen", "de Boer", "Meijer", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kok", "Jacobs", "Vermeulen", "van den Berg"}
	trades     = []string{"bloemen", "bakker", "slager", "kapper", "garage", "fysio", "schilder", "tuin", "foto", "lunchroom", "boekhandel", "dierenarts"}
	places     = []string{"assen", "breda", "delft", "emmen", "hoorn", "meppel"}
	towns      = [][2]string{{"9401 AA", "Assen"}, {"4811 AA", "Breda"}, {"2611 AA", "Delft"}, {"7811 AA", "Emmen"}, {"1621 AA", "Hoorn"}, {"7941 AA", "Meppel"}, {"6211 AA", "Maastricht"}, {"5611 AA", "Eindhoven"}}
	forms      = []string{"B.V.", "VOF", "", "Services", "& Zn."}
)

// crowd is thirty more customers of every kind. It is the same in every demo, but for its dates.
func (s *seeder) crowd() (all []*customer) {
	r := rand.New(rand.NewPCG(2014, 2026))
	for i := range 30 {
		town := towns[r.IntN(len(towns))]
		street := fmt.Sprintf("%sstraat %d", []string{"Molen", "Kerk", "School", "Station", "Linden"}[r.IntN(5)], 1+r.IntN(120))
		first, last := firstNames[r.IntN(len(firstNames))], lastNames[r.IntN(len(lastNames))]
		var c *customer
		var label string
		if i%5 < 2 {
			label = fmt.Sprintf("%s%s%d-voorbeeld.nl", slug(first), slug(last), i)
			c = consumer(fmt.Sprintf("%s%d", slug(last), i), first, last, street, town[0], town[1], 800+i)
			c.answers = 2 + r.IntN(20)
		} else {
			name := strings.TrimSpace(fmt.Sprintf("%s %s %s", title(trades[i%len(trades)]), last, forms[r.IntN(len(forms))]))
			c = business(fmt.Sprintf("%s%d", slug(last), i), name, street, town[0], town[1], 800+i).named(first, last)
			label = slug(name) + "-voorbeeld.nl"
			if r.IntN(4) == 0 {
				c.pays, c.payDays, c.iban = "DIRECT_DEBIT", 14, testIBAN(100800+i)
			}
		}
		if i%4 == 3 {
			c.BrandID = s.brands["MHP"]
		}
		hosting := []string{"HOST-START", "HOST-BASIS", "HOST-BASIS", "HOST-PLUS", "HOST-PRO"}[r.IntN(5)]
		joined := s.anniversary(r, 1+r.IntN(8))
		c.buys(joined, item{"DOM-NL", label, 0}, item{hosting, label, 0})
		if r.IntN(3) == 0 {
			c.buys(joined.AddMonths(12+r.IntN(6)).FirstOfMonth().AddDays(r.IntN(27)), item{[]string{"MAIL-SPAM", "SSL-DV", "BACKUP-30"}[r.IntN(3)], label, 0})
		}
		if i%10 == 9 {
			c.buys(s.month(-8, 1+r.IntN(28)), item{"VPS-S", "vps." + label, 1})
		}
		all = append(all, c)
	}
	return all
}

// anniversary returns a day some years ago: its renewal comes in the year ahead.
func (s *seeder) anniversary(r *rand.Rand, years int) civil.Date {
	return since(s.month(1+r.IntN(11), 1+r.IntN(28)), years)
}

// slug returns the letters of a name in lower case, as in a domain name.
func slug(name string) string {
	return strings.Map(letters, strings.NewReplacer("é", "e", "ö", "o").Replace(strings.ToLower(name)))
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
