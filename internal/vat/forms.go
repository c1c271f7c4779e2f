package vat

import "regexp"

// form is how the ids of one member state look, without the prefix, and how their check digits are verified. A check is
// only asked about numbers that match the pattern.
type form struct {
	pattern *regexp.Regexp
	check   func(number string) bool
}

// forms holds every member state by prefix. Patterns are those that VIES documents.
var forms = map[string]form{
	"AT": {regexp.MustCompile(`^U\d{8}$`), checkAT},
	"BE": {regexp.MustCompile(`^[01]\d{9}$`), checkBE},
	"BG": {regexp.MustCompile(`^\d{9,10}$`), checkBG},
	"CY": {regexp.MustCompile(`^\d{8}[A-Z]$`), checkCY},
	"CZ": {regexp.MustCompile(`^\d{8,10}$`), checkCZ},
	"DE": {regexp.MustCompile(`^[1-9]\d{8}$`), mod11and10},
	"DK": {regexp.MustCompile(`^[1-9]\d{7}$`), divisible(11, 2, 7, 6, 5, 4, 3, 2, 1)},
	"EE": {regexp.MustCompile(`^\d{9}$`), divisible(10, 3, 7, 1, 3, 7, 1, 3, 7, 1)},
	"EL": {regexp.MustCompile(`^\d{9}$`), checkEL},
	"ES": {regexp.MustCompile(`^[A-Z0-9]\d{7}[A-Z0-9]$`), checkES},
	"FI": {regexp.MustCompile(`^\d{8}$`), divisible(11, 7, 9, 10, 5, 8, 4, 2, 1)},
	"FR": {regexp.MustCompile(`^[0-9A-HJ-NP-Z]{2}\d{9}$`), checkFR},
	"HR": {regexp.MustCompile(`^\d{11}$`), mod11and10},
	"HU": {regexp.MustCompile(`^\d{8}$`), divisible(10, 9, 7, 3, 1, 9, 7, 3, 1)},
	"IE": {regexp.MustCompile(`^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$`), checkIE},
	"IT": {regexp.MustCompile(`^\d{11}$`), checkIT},
	"LT": {regexp.MustCompile(`^(\d{7}1\d|\d{10}1\d)$`), checkLT},
	"LU": {regexp.MustCompile(`^\d{8}$`), checkLU},
	"LV": {regexp.MustCompile(`^\d{11}$`), checkLV},
	"MT": {regexp.MustCompile(`^[1-9]\d{7}$`), divisible(37, 3, 4, 6, 7, 8, 9, 10, 1)},
	"NL": {regexp.MustCompile(`^\d{9}B\d{2}$`), checkNL},
	"PL": {regexp.MustCompile(`^\d{10}$`), checkPL},
	"PT": {regexp.MustCompile(`^[1-9]\d{8}$`), checkPT},
	"RO": {regexp.MustCompile(`^[1-9]\d{1,9}$`), checkRO},
	"SE": {regexp.MustCompile(`^\d{10}(0[1-9]|[1-8]\d|9[0-4])$`), checkSE},
	"SI": {regexp.MustCompile(`^[1-9]\d{7}$`), checkSI},
	"SK": {regexp.MustCompile(`^[1-9]\d[2-47-9]\d{7}$`), checkSK},
}
