package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// The answers of all must be equal but for their names. PostGraphile's fields are named by columns: its documents give
// them our names by aliases, in which __ stands for going one object deeper, as in price__amount.

// read returns the data of an answer with every a__b unfolded.
func read(answer []byte) (any, error) {
	var whole struct {
		Data   any
		Errors []any
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := d.Decode(&whole); err != nil {
		return nil, err
	}
	if len(whole.Errors) > 0 {
		return nil, fmt.Errorf("it has errors: %v", whole.Errors)
	}
	return unfold(whole.Data), nil
}

func unfold(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = unfold(v[i])
		}
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		sort.Strings(names)
		deeper := map[string]bool{}
		for _, name := range names {
			value := unfold(v[name])
			outer, inner, folded := strings.Cut(name, "__")
			if !folded {
				v[name] = value
				continue
			}
			delete(v, name)
			object, _ := v[outer].(map[string]any)
			if object == nil {
				object = map[string]any{}
				v[outer] = object
			}
			object[inner] = value
			deeper[outer] = true
		}
		for name := range deeper {
			v[name] = absent(unfold(v[name]))
		}
	}
	return v
}

// absent returns nil for an object of which every part is nil: that is how a missing object looks when it is flat.
func absent(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for _, part := range object {
		if part != nil {
			return v
		}
	}
	return nil
}

// differ returns where two values first differ, "" for nowhere.
func differ(path string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return fmt.Sprintf("%s: %v and %v", path, shorten(a), shorten(b))
		}
		for name := range a {
			if d := differ(path+"."+name, a[name], b[name]); d != "" {
				return d
			}
		}
		return ""
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return fmt.Sprintf("%s: %v and %v", path, shorten(a), shorten(b))
		}
		for i := range a {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), a[i], b[i]); d != "" {
				return d
			}
		}
		return ""
	}
	if a != b {
		return fmt.Sprintf("%s: %v and %v", path, a, b)
	}
	return ""
}

func shorten(v any) string {
	text, _ := json.Marshal(v)
	return fmt.Sprintf("%.200s", text)
}
