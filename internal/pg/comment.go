package pg

import (
	"database/sql/driver"
	"strings"
)

// withoutComments returns the statement without its comments when it has arguments: pgdriver looks for quotes and $1
// inside comments too, so that an apostrophe in one would hide every argument behind it.
func withoutComments(statement string, args []driver.NamedValue) string {
	if len(args) == 0 || (!strings.Contains(statement, "--") && !strings.Contains(statement, "/*")) {
		return statement
	}
	var b strings.Builder
	for rest := statement; rest != ""; {
		n := tokenLength(rest)
		switch token := rest[:n]; {
		case strings.HasPrefix(token, "--"), strings.HasPrefix(token, "/*"):
			b.WriteByte(' ')
		default:
			b.WriteString(token)
		}
		rest = rest[n:]
	}
	return b.String()
}

// tokenLength returns how much of s, which is not empty, belongs to the quoted text, comment or single byte at its start.
func tokenLength(s string) int {
	switch {
	case s[0] == '\'' || s[0] == '"':
		return through(s, 1, s[:1])
	case s[0] == '$':
		if tag := dollarTag(s); tag != "" {
			return through(s, len(tag), tag)
		}
	case strings.HasPrefix(s, "--"):
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			return i
		}
		return len(s)
	case strings.HasPrefix(s, "/*"):
		return blockComment(s)
	}
	return 1
}

// through returns the length of s up to and including the first end at or after from.
func through(s string, from int, end string) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

// dollarTag returns the $tag$ at the start of s, or "" when there is none, as in $1.
func dollarTag(s string) string {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '$':
			return s[:i+1]
		case c == '_' || c >= 0x80 || 'a' <= c|0x20 && c|0x20 <= 'z' || i > 1 && '0' <= c && c <= '9':
		default:
			return ""
		}
	}
	return ""
}

// blockComment returns the length of the comment at the start of s; comments nest in PostgreSQL.
func blockComment(s string) int {
	depth := 0
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "/*"):
			depth, i = depth+1, i+2
		case strings.HasPrefix(s[i:], "*/"):
			if depth, i = depth-1, i+2; depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return len(s)
}
