package page

import "strings"

// Literal returns text as a pattern for LIKE that only the text itself matches.
func Literal(text string) string { return escapeLike.Replace(text) }

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Words splits what somebody typed into patterns for LIKE on a lower-case column, each of which must be found. What would
// be a wildcard is taken literally. No more than ten words are looked for.
func Words(search string) []string {
	words := strings.Fields(strings.ToLower(search))
	patterns := make([]string, 0, min(len(words), 10))
	for _, w := range words[:cap(patterns)] {
		patterns = append(patterns, "%"+Literal(w)+"%")
	}
	return patterns
}
