package vat

import "strconv"

// weigh returns the sum of the leading digits, each times its weight.
func weigh(number string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += digit(number, i) * w
	}
	return sum
}

// digit returns the digit at i.
func digit(number string, i int) int { return int(number[i] - '0') }

// last returns the last digit.
func last(number string) int { return digit(number, len(number)-1) }

// value returns the number itself; its callers have matched digits.
func value(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// divisible accepts numbers whose weighed sum the modulus divides.
func divisible(modulus int, weights ...int) func(string) bool {
	return func(number string) bool { return weigh(number, weights...)%modulus == 0 }
}

// luhn accepts numbers with a Luhn check digit.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := digit(number, len(number)-1-i)
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// mod11and10 accepts numbers with an ISO 7064 MOD 11,10 check digit (DE, HR).
func mod11and10(number string) bool {
	product := 10
	for i := range len(number) - 1 {
		sum := (digit(number, i) + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return (product+last(number))%10 == 1
}

// mod97 returns the remainder by 97 of text in which letters stand for 10 to 35 (ISO 7064), -1 for other characters.
func mod97(text string) (rest int) {
	for _, r := range text {
		switch {
		case '0' <= r && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case 'A' <= r && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return -1
		}
	}
	return rest
}
