package document

// letters are the letters that are kept as golden files and looked at.
func letters() map[string]Letter {
	linde := Party{Name: "Stichting Dorpshuis De Linde", Attention: "de heer J. Bakker", Street: "Brink 3", Postcode: "9451 AA", City: "Rolde", RegistrationNumber: "90000041"}
	reminder := Letter{
		Language: "nl", On: day("2027-03-02"), Brand: noorderhost, Supplier: supplier, To: linde, Reference: "10003",
		Subject: "Over 30 dagen ontvangt u een factuur",
		Blocks: []Block{
			{Text: "Geachte heer Bakker,"},
			{Text: "U heeft ons gevraagd u te herinneren voordat wij een factuur sturen. Op 1 april 2027 factureren wij de verlenging van de onderstaande diensten."},
			{Rows: []Row{
				{Label: "Webhosting Basis", Detail: "dorpshuisdelinde.example · 05-05-2027 tot 05-05-2028 · opzeggen kan tot en met 5 april 2027", Value: "€ 72,00"},
				{Label: "Domeinnaam .nl", Detail: "dorpshuisdelinde.example · 09-05-2027 tot 09-05-2028 · opzeggen kan tot en met 9 april 2027", Value: "€ 9,00"},
				{Label: "Btw 21% over € 81,00", Value: "€ 17,01"},
				{Label: "Totaal inclusief btw", Value: "€ 98,01", Strong: true},
			}},
			{Text: "Wilt u iets wijzigen of opzeggen? Dat kan op de manier die u het prettigst vindt:", Items: []string{
				"in het klantenpaneel,", "per brief of per e-mail aan administratie@noorderhost.example,", "of telefonisch op +31 50 123 45 67, op werkdagen van 9.00 tot 17.00 uur.",
			}},
			{Text: "Bent u tevreden zoals het is? Dan hoeft u niets te doen."},
		},
	}
	offer := Letter{
		Language: "en", On: day("2027-03-19"), Brand: Brand{Name: "Zonnehost", Accent: AccentOf(45), Website: "zonnehost.example", Email: "hallo@zonnehost.example"}, Supplier: supplier,
		To:      Party{Name: "Lena Vogt", Street: "Kastanienallee 5", Postcode: "10435", City: "Berlin", Country: "DE"},
		Subject: "Would you like to renew vogt.example?",
		Blocks: []Block{
			{Text: "Dear Ms Vogt,"},
			{Text: "Your services below end on 18 April 2027. They are not renewed by themselves: if you would like to keep them for another year, please let us know before that day. If you do nothing they end, and you will not receive an invoice."},
			{Rows: []Row{{Label: "Web hosting Start", Detail: "vogt.example · 18-04-2027 until 18-04-2028", Value: "€42.84"}}},
		},
		Action: Action{Text: "Renew with obligation to pay", URL: "https://my.zonnehost.example/renew/7f1a90c2d4e84b6f"},
	}
	long := reminder
	long.Subject = "Overzicht van al uw diensten en van de wijzigingen die wij daarin op uw verzoek hebben aangebracht"
	long.Blocks = nil
	for range 6 {
		long.Blocks = append(long.Blocks, Block{Text: lorem(900)}, Block{Items: []string{lorem(120), lorem(60)}}, Block{Rows: reminder.Blocks[2].Rows})
	}
	return map[string]Letter{"reminder": reminder, "offer": offer, "long": long}
}
