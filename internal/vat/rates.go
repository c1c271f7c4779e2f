package vat

import "klantenpaneel/internal/civil"

// step is a rate from a day on.
type step struct {
	from civil.Date
	rate Rate
}

// beginning is the first day of the table: there are no invoices before it.
var beginning = civil.New(2014, 1, 1)

// standardRates holds the standard rate of every member state since 2014, oldest first. Hosting has no reduced rate.
// Sources: the European Commission's tables (TEDB), read second-hand and from memory; check them before a return is filed.
var standardRates = map[string][]step{
	"AT": {{beginning, 2000}},
	"BE": {{beginning, 2100}},
	"BG": {{beginning, 2000}},
	"CY": {{beginning, 1800}, {civil.New(2014, 1, 13), 1900}},
	"CZ": {{beginning, 2100}},
	"DE": {{beginning, 1900}, {civil.New(2020, 7, 1), 1600}, {civil.New(2021, 1, 1), 1900}},
	"DK": {{beginning, 2500}},
	"EE": {{beginning, 2000}, {civil.New(2024, 1, 1), 2200}, {civil.New(2025, 7, 1), 2400}},
	"ES": {{beginning, 2100}},
	"FI": {{beginning, 2400}, {civil.New(2024, 9, 1), 2550}},
	"FR": {{beginning, 2000}},
	"GR": {{beginning, 2300}, {civil.New(2016, 6, 1), 2400}},
	"HR": {{beginning, 2500}},
	"HU": {{beginning, 2700}},
	"IE": {{beginning, 2300}, {civil.New(2020, 9, 1), 2100}, {civil.New(2021, 3, 1), 2300}},
	"IT": {{beginning, 2200}},
	"LT": {{beginning, 2100}},
	"LU": {{beginning, 1500}, {civil.New(2015, 1, 1), 1700}, {civil.New(2023, 1, 1), 1600}, {civil.New(2024, 1, 1), 1700}},
	"LV": {{beginning, 2100}},
	"MT": {{beginning, 1800}},
	"NL": {{beginning, 2100}},
	"PL": {{beginning, 2300}},
	"PT": {{beginning, 2300}},
	"RO": {{beginning, 2400}, {civil.New(2016, 1, 1), 2000}, {civil.New(2017, 1, 1), 1900}, {civil.New(2025, 8, 1), 2100}},
	"SE": {{beginning, 2500}},
	"SI": {{beginning, 2200}},
	"SK": {{beginning, 2000}, {civil.New(2025, 1, 1), 2300}},
}
