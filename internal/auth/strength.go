package auth

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"klantenpaneel/internal/problem"

	"golang.org/x/text/unicode/norm"
)

// The bounds of a password: characters from below, bytes from above.
const (
	minPassword = 12
	maxPassword = 256
	minUnits    = 8
)

//go:embed common.txt
var commonList string

// common are the words and runs of keys that people begin with. One to a line, in lower case, without leet.
var common = strings.Fields(commonList)

// acceptable returns a problem unless the password may be used: long enough, not made of what everybody tries first, and
// not of the user's own name or address.
func acceptable(password string, about ...string) *problem.Error {
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return problem.New(problem.Invalid, problem.Text{NL: "Het wachtwoord bevat tekens die niet kunnen.", EN: "The password holds characters that cannot be used."})
	case len(password) > maxPassword:
		return problem.New(problem.Invalid, problem.Text{NL: "Het wachtwoord is te lang; neem er hooguit %d tekens voor.", EN: "The password is too long; use at most %d characters."}, maxPassword)
	case utf8.RuneCountInString(norm.NFC.String(password)) < minPassword:
		return problem.New(problem.Invalid, problem.Text{NL: "Kies een wachtwoord van minstens %d tekens.", EN: "Choose a password of at least %d characters."}, minPassword)
	case units(password, about) < minUnits:
		return problem.New(problem.Invalid, problem.Text{
			NL: "Dit wachtwoord is te makkelijk te raden. Neem bijvoorbeeld vier willekeurige woorden achter elkaar.",
			EN: "This password is too easy to guess. Take four random words in a row, for example."})
	}
	return nil
}

// units counts the surprises in a password: each character is one, but a common word counts for two, and a year, or a run
// such as 1234, abcd, qwerty or aaaa, for one, however long.
func units(password string, about []string) int {
	text := []rune(plainLetters(password))
	words := common
	for _, a := range about {
		for _, w := range strings.FieldsFunc(plainLetters(a), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(w) >= 3 {
				words = append(words[:len(words):len(words)], w)
			}
		}
	}
	n := 0
	for i := 0; i < len(text); {
		word, run := longestWord(string(text[i:]), words), longestRun(text[i:])
		switch {
		case word >= 3 && word >= run:
			n, i = n+2, i+word
		case run >= 3:
			n, i = n+1, i+run
		case isYear(text[i:]):
			n, i = n+1, i+4
		default:
			n, i = n+1, i+1
		}
	}
	return n
}

// isYear reports whether s begins with a year that people remember.
func isYear(s []rune) bool {
	return len(s) >= 4 && (s[0] == '1' && s[1] == '9' || s[0] == '2' && s[1] == '0') && unicode.IsDigit(s[2]) && unicode.IsDigit(s[3])
}

// longestWord returns the length in runes of the longest of words that s begins with.
func longestWord(s string, words []string) (longest int) {
	for _, w := range words {
		if len(w) > longest && strings.HasPrefix(s, w) {
			longest = utf8.RuneCountInString(w)
		}
	}
	return longest
}

// longestRun returns how many runes at the start of s go on as the first two do: the same, one up, one down, or along
// a row of the keyboard.
func longestRun(s []rune) int {
	const rows = "qwertyuiop asdfghjkl zxcvbnm"
	step := func(a, b rune) int {
		if i := strings.IndexRune(rows, a); i >= 0 && a != ' ' {
			if j := strings.IndexRune(rows, b); j == i+1 {
				return 100
			} else if j >= 0 && j == i-1 {
				return -100
			}
		}
		if d := int(b) - int(a); d >= -1 && d <= 1 {
			return d
		}
		return 1000
	}
	if len(s) < 2 {
		return len(s)
	}
	first, n := step(s[0], s[1]), 2
	if first == 1000 {
		return 1
	}
	for n < len(s) && step(s[n-1], s[n]) == first {
		n++
	}
	return n
}

var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// plainLetters lowers the text, takes the accents off, and undoes leet where letters follow, so that w4chtw00rd is the
// word it is and 2024 stays a number.
func plainLetters(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	var b strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@$!", r)
		})
		if end == 0 {
			end = 1 // what separates words is ASCII, or counts as many surprises as it has bytes
		} else if end < 0 {
			end = len(s)
		}
		core := strings.TrimRightFunc(s[:end], func(r rune) bool { return !unicode.IsLetter(r) })
		b.WriteString(leet.Replace(core) + s[len(core):end])
		s = s[end:]
	}
	return b.String()
}

// plain reports whether s is text that PostgreSQL can hold, on one line.
func plain(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
