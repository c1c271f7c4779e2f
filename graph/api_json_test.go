package graph_test

import (
	"encoding/json"
	"testing"
)

// decode reads what was decoded as any into a type.
func decode(t testing.TB, from, into any) {
	t.Helper()
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// find returns the value of the first member of this name, however deep it lies; nil when there is none.
func find(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		if found, ok := v[name]; ok {
			return found
		}
		for _, below := range v {
			if found := find(below, name); found != nil {
				return found
			}
		}
	case []any:
		for _, below := range v {
			if found := find(below, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// quoted writes text as a string of a document.
func quoted(s string) string {
	text, _ := json.Marshal(s) // of a string it cannot fail
	return string(text)
}
