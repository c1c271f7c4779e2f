package vat

import "strings"

// The check digits of the member states, where they are more than a weighed sum. Some states also give ids to people by
// their national number; those forms are checked too.

func checkAT(s string) bool {
	sum := 4
	for i, w := range [...]int{1, 2, 1, 2, 1, 2, 1} {
		d := digit(s, i+1) * w
		sum += d/10 + d%10
	}
	return (10-sum%10)%10 == last(s)
}

func checkBE(s string) bool { return 97-value(s[:8])%97 == value(s[8:]) }

func checkBG(s string) bool {
	if len(s) == 9 {
		check := weigh(s, 1, 2, 3, 4, 5, 6, 7, 8) % 11
		if check == 10 {
			check = weigh(s, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
		}
		return check == last(s)
	}
	person := weigh(s, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10
	foreigner := weigh(s, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10
	other := (11 - weigh(s, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
	return person == last(s) || foreigner == last(s) || other == last(s)
}

func checkCY(s string) bool {
	odd := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	sum := 0
	for i := range 8 {
		if i%2 == 0 {
			sum += odd[digit(s, i)]
		} else {
			sum += digit(s, i)
		}
	}
	return s[:2] != "12" && byte('A'+sum%26) == s[8]
}

func checkCZ(s string) bool {
	switch {
	case len(s) == 8: // company
		check := (11 - weigh(s, 8, 7, 6, 5, 4, 3, 2)%11) % 10
		return s[0] != '9' && check == last(s)
	case len(s) == 9 && s[0] == '6': // person without a birth number
		check := (8 - (10-weigh(s[1:], 8, 7, 6, 5, 4, 3, 2)%11)%11 + 10) % 10
		return check == last(s)
	case len(s) == 9: // birth number until 1953, without check digit
		return value(s[:2]) <= 53
	}
	return value(s)%11 == 0 || value(s[:9])%11 == 10 && last(s) == 0
}

func checkEL(s string) bool {
	return weigh(s, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == last(s)
}

func checkES(s string) bool {
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	body := s[1:8]
	switch first := s[0]; {
	case '0' <= first && first <= '9': // DNI
		return letters[value(s[:8])%23] == s[8]
	case strings.IndexByte("XYZ", first) >= 0: // NIE
		return letters[value(string(first-'X'+'0')+body)%23] == s[8]
	case strings.IndexByte("KLM", first) >= 0: // other people
		return letters[value(body)%23] == s[8]
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) < 0:
		return false
	}
	sum := 0
	for i := range len(body) {
		d := digit(body, i)
		if i%2 == 0 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	check := (10 - sum%10) % 10
	return s[8] == byte('0'+check) || s[8] == "JABCDEFGHI"[check]
}

func checkFR(s string) bool {
	siren := s[2:]
	if !luhn(siren) && !strings.HasPrefix(siren, "000") { // 000: Monaco
		return false
	}
	if key := s[:2]; strings.Trim(key, "0123456789") == "" {
		return (value(siren)*100+12)%97 == value(key)
	}
	const alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := strings.IndexByte(alphabet, s[0]), strings.IndexByte(alphabet, s[1])
	n := a*34 + b - 100
	if a < 10 {
		n = a*24 + b - 10
	}
	return (value(siren)+1+n/11)%11 == n%11
}

func checkIE(s string) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	if s[1] < '0' || s[1] > '9' { // the old form: second character and first digit change places
		return letters[(weigh("0"+s[2:7]+s[:1], 8, 7, 6, 5, 4, 3, 2))%23] == s[7]
	}
	sum := weigh(s, 8, 7, 6, 5, 4, 3, 2)
	if len(s) == 9 {
		sum += 9 * strings.IndexByte(letters, s[8])
	}
	return letters[sum%23] == s[7]
}

func checkIT(s string) bool {
	office := value(s[7:10])
	known := office >= 1 && office <= 100 || office == 120 || office == 121 || office == 888 || office == 999
	return known && value(s[:7]) > 0 && luhn(s)
}

func checkLT(s string) bool {
	first, second := 0, 0
	for i := range len(s) - 1 {
		first += digit(s, i) * (1 + i%9)
		second += digit(s, i) * (1 + (i+2)%9)
	}
	check := first % 11
	if check == 10 {
		check = second % 11 % 10
	}
	return check == last(s)
}

func checkLU(s string) bool { return value(s[:6])%89 == value(s[6:]) }

func checkLV(s string) bool {
	switch {
	case s[0] > '3': // company
		return weigh(s, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3
	case s[:2] == "32": // person since 2017, without check digit
		return true
	}
	return (1+weigh(s, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9))%11%10 == last(s)
}

// checkNL accepts both Dutch forms: the one made of an RSIN, which has a check digit of its own, and the one that sole
// traders have had since 2020, which is checked as a whole by mod 97.
func checkNL(s string) bool {
	rsin := value(s[:9]) > 0 && (weigh(s, 9, 8, 7, 6, 5, 4, 3, 2)-digit(s, 8))%11 == 0
	return s[10:] != "00" && rsin || mod97("NL"+s) == 1
}

func checkPL(s string) bool { return weigh(s, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == last(s) }

func checkPT(s string) bool {
	return (11-weigh(s, 9, 8, 7, 6, 5, 4, 3, 2)%11)%11%10 == last(s)
}

func checkRO(s string) bool {
	padded := strings.Repeat("0", 10-len(s)) + s
	return weigh(padded, 7, 5, 3, 2, 1, 7, 5, 3, 2)*10%11%10 == last(s)
}

func checkSE(s string) bool { return luhn(s[:10]) }

func checkSI(s string) bool {
	check := 11 - weigh(s, 8, 7, 6, 5, 4, 3, 2)%11
	return check != 11 && check%10 == last(s)
}

func checkSK(s string) bool { return value(s)%11 == 0 }
