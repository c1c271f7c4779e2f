package whmcs

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// sqlLexer reads the tokens of a mysqldump file, as a stream: a statement may be larger than the memory.
type sqlLexer struct {
	in     *bufio.Reader
	offset int64
	text   []byte // of the latest token
}

// token is what a token is.
type token byte

// The tokens. Every other byte that is not a space stands for itself.
const (
	tokenEOF    token = 0
	tokenWord   token = 'w' // keyword, bare name or number
	tokenName   token = 'n' // `quoted`
	tokenString token = 's' // 'quoted', "quoted" or hexadecimal, with its escapes resolved
)

// next returns the next token, with text set for words, names and strings. Comments are spaces; the content of a
// conditional comment (/*!40000 … */) is too, since nothing that matters stands in one.
func (l *sqlLexer) next() (token, error) {
	for {
		c, err := l.byte()
		if err == io.EOF {
			return tokenEOF, nil
		}
		if err != nil {
			return 0, err
		}
		switch {
		case c <= ' ':
		case c == '\'' || c == '"':
			return tokenString, l.quoted(c)
		case c == '`':
			return tokenName, l.name()
		case c == '#', c == '-' && l.peek(0) == '-' && l.peek(1) <= ' ':
			err = l.skipLine()
		case c == '/' && l.peek(0) == '*':
			err = l.skipComment()
		case wordByte(c) || c == '-' || c == '+':
			return l.word(c)
		default:
			return token(c), nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// word reads a keyword or number, and the string in a literal such as X'4142', 0x4142, b'01' or _binary 'text'.
func (l *sqlLexer) word(c byte) (token, error) {
	l.text = append(l.text[:0], c)
	for wordByte(l.peek(0)) || (l.peek(0) == '-' || l.peek(0) == '+') && exponent(l.text) {
		c, _ := l.byte()
		l.text = append(l.text, c)
	}
	w := string(l.text)
	quote := l.peek(0) == '\''
	switch {
	case len(w) > 2 && w[0] == '0' && (w[1] == 'x' || w[1] == 'X'):
		return tokenString, l.unhex(w[2:])
	case (w == "X" || w == "x") && quote:
		_, _ = l.byte()
		if err := l.quoted('\''); err != nil {
			return 0, err
		}
		return tokenString, l.unhex(string(l.text))
	case (w == "b" || w == "B" || w == "N" || w == "n") && quote:
		_, _ = l.byte()
		return tokenString, l.quoted('\'')
	case w[0] == '_' && (quote || l.peek(0) == ' ' && l.peek(1) == '\''): // the character set of what follows
		return l.next()
	}
	return tokenWord, nil
}

// quoted reads the rest of a string after its opening quote.
func (l *sqlLexer) quoted(quote byte) error {
	l.text = l.text[:0]
	start := l.offset
	for {
		c, err := l.byte()
		if err != nil {
			return fmt.Errorf("the string at byte %d does not end: %w", start, unexpected(err))
		}
		switch {
		case c == quote && l.peek(0) == quote:
			_, _ = l.byte()
		case c == quote:
			return nil
		case c == '\\':
			if c, err = l.byte(); err != nil {
				return fmt.Errorf("the string at byte %d does not end: %w", start, unexpected(err))
			}
			c = unescape(c)
		}
		l.text = append(l.text, c)
	}
}

// unescape returns what a backslash and c stand for in MySQL. \% and \_ keep their backslash only in patterns, which a
// dump has none of.
func unescape(c byte) byte {
	switch c {
	case '0':
		return 0
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'Z':
		return 26
	}
	return c
}

func (l *sqlLexer) name() error {
	l.text = l.text[:0]
	for {
		c, err := l.byte()
		if err != nil {
			return fmt.Errorf("the name at byte %d does not end: %w", l.offset, unexpected(err))
		}
		if c == '`' {
			if l.peek(0) != '`' {
				return nil
			}
			_, _ = l.byte()
		}
		l.text = append(l.text, c)
	}
}

func (l *sqlLexer) unhex(digits string) error {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return fmt.Errorf("the literal before byte %d: %w", l.offset, err)
	}
	l.text = append(l.text[:0], b...)
	return nil
}

func (l *sqlLexer) skipLine() error {
	for {
		c, err := l.byte()
		if err == io.EOF || c == '\n' {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *sqlLexer) skipComment() error {
	for last := byte(0); ; {
		c, err := l.byte()
		if err != nil {
			return fmt.Errorf("a comment does not end: %w", unexpected(err))
		}
		if last == '*' && c == '/' {
			return nil
		}
		last = c
	}
}

func (l *sqlLexer) byte() (byte, error) {
	c, err := l.in.ReadByte()
	if err == nil {
		l.offset++
	}
	return c, err
}

// peek returns the byte that comes n bytes later, 0 at the end.
func (l *sqlLexer) peek(n int) byte {
	b, err := l.in.Peek(n + 1)
	if err != nil {
		return 0
	}
	return b[n]
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c == '.' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// exponent reports whether a sign may follow: 1e-5.
func exponent(text []byte) bool {
	last := text[len(text)-1]
	return len(text) > 1 && (last == 'e' || last == 'E') && '0' <= text[0] && text[0] <= '9'
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
