package gqlhttp

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// unmarshalDate is how a schema reads a scalar of its own.
func unmarshalDate(value any) (time.Time, error) {
	text, ok := value.(string)
	if !ok {
		return time.Time{}, errors.New("not text")
	}
	return time.Parse(time.DateOnly, text)
}

func TestInputIsReadAsTheSpecificationSays(t *testing.T) {
	const echo = `query($text: String, $number: Int, $float: Float, $yes: Boolean, $id: ID, $on: Date, $direction: Direction, $choice: Choice, $nested: Nested, $list: [Int!]) {
		echo(text: $text, number: $number, float: $float, yes: $yes, id: $id, on: $on, direction: $direction, choice: $choice, nested: $nested, list: $list) }`
	for _, test := range []struct{ name, variables, want string }{
		{"an Int", `{"number": 5}`, `{"number":5}`},
		{"5.0 is an Int", `{"number": 5.0}`, `{"number":5}`},
		{"1e2 is an Int", `{"number": 1e2}`, `{"number":100}`},
		{"the largest Int", `{"number": 2147483647}`, `{"number":2147483647}`},
		{"one more than the largest Int", `{"number": 2147483648}`, ""},
		{"one less than the smallest Int", `{"number": -2147483649}`, ""},
		{"a fraction is no Int", `{"number": 5.5}`, ""},
		{"text is no Int", `{"number": "5"}`, ""},
		{"true is no Int", `{"number": true}`, ""},
		{"an Int beyond 64 bits", `{"number": 99999999999999999999}`, ""},
		{"an Int is a Float", `{"float": 5}`, `{"float":5}`},
		{"a Float", `{"float": 0.25}`, `{"float":0.25}`},
		{"text is no Float", `{"float": "0.25"}`, ""},
		{"NaN is no Float", `{"float": "NaN"}`, ""},
		{"a Float out of range", `{"float": 1e999}`, ""},
		{"text", `{"text": "aë🙂"}`, `{"text":"aë🙂"}`},
		{"a surrogate pair is one character", `{"text": "\ud83d\ude42"}`, `{"text":"🙂"}`},
		{"a number is no text", `{"text": 5}`, ""},
		{"text with NUL", `{"text": "a\u0000b"}`, ""},
		{"a list is no text", `{"text": ["a"]}`, ""},
		{"a Boolean", `{"yes": false}`, `{"yes":false}`},
		{"text is no Boolean", `{"yes": "true"}`, ""},
		{"1 is no Boolean", `{"yes": 1}`, ""},
		{"an ID of text", `{"id": "itm_1"}`, `{"id":"itm_1"}`},
		{"an ID of digits", `{"id": 7}`, `{"id":"7"}`},
		{"a fraction is no ID", `{"id": 7.5}`, ""},
		{"true is no ID", `{"id": true}`, ""},
		{"an enum value", `{"direction": "ASC"}`, `{"direction":"ASC"}`},
		{"an enum value in lower case", `{"direction": "asc"}`, ""},
		{"no enum value", `{"direction": "UP"}`, ""},
		{"a number is no enum value", `{"direction": 0}`, ""},
		{"a Date", `{"on": "2024-02-29"}`, `{"on":"2024-02-29"}`},
		{"no Date", `{"on": "2026-02-29"}`, ""},
		{"a number is no Date", `{"on": 20260228}`, ""},
		{"one key of oneOf", `{"choice": {"name": "x"}}`, `{"choice":{"name":"x","on":null,"number":null,"both":null}}`},
		{"no key of oneOf", `{"choice": {}}`, ""},
		{"two keys of oneOf", `{"choice": {"name": "x", "number": 1}}`, ""},
		{"two keys of oneOf, one null", `{"choice": {"name": "x", "number": null}}`, ""},
		{"null in oneOf", `{"choice": {"name": null}}`, ""},
		{"oneOf is null", `{"choice": null}`, `{}`},
		{"a wrong value in oneOf", `{"choice": {"number": "1"}}`, ""},
		{"no Date in oneOf", `{"choice": {"on": "soon"}}`, ""},
		{"oneOf two levels down", `{"nested": {"deeper": {"choice": {"name": "x", "number": 1}}}}`, ""},
		{"an enum two levels down", `{"nested": {"deeper": {"direction": "asc"}}}`, ""},
		{"text in a list of Int", `{"list": [1, "2"]}`, ""},
		{"5.0 in a list of Int", `{"list": [1, 2.0]}`, `{"list":[1,2]}`},
		{"one Int is a list of Int", `{"list": 3}`, `{"list":[3]}`},
		{"one text is no list of Int", `{"list": "3"}`, ""},
		{"null in a list of Int", `{"list": [null]}`, ""},
		{"a field that is not declared", `{"nested": {"deepest": {}}}`, ""},
		{"a type name in an input", `{"nested": {"__typename": "Nested"}}`, ""},
		{"an object for text", `{"text": {}}`, ""},
		{"text for an object", `{"nested": "x"}`, ""},
		{"250 elements", `{"list": [` + strings.Repeat("1,", 249) + `1]}`, ""},
		{"a long list where it is allowed", `{"nested": {"samples": [` + strings.Repeat("1,", 999) + `1]}}`, "*"},
		{"too long a list where it is allowed", `{"nested": {"samples": [` + strings.Repeat("1,", 1000) + `1]}}`, ""},
		{"a long list where it is not allowed", `{"nested": {"numbers": [` + strings.Repeat("1,", 250) + `1]}}`, ""},
		{"a long list of another input", `{"choice": {"both": {"numbers": [` + strings.Repeat("1,", 250) + `1]}}}`, ""},
		{"20 levels", `{"nested": ` + strings.Repeat(`{"deeper": `, 19) + "{}" + strings.Repeat("}", 20), "*"},
		{"21 levels", `{"nested": ` + strings.Repeat(`{"deeper": `, 20) + "{}" + strings.Repeat("}", 21), ""},
		{"a variable that no operation declares, too deep", `{"spare": ` + strings.Repeat(`[`, 30) + strings.Repeat("]", 30) + "}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{Scalars: map[string]func(any) error{"Date": Scalar(unmarshalDate)}, LongLists: map[string]int{"Nested.samples": 1000}})
			var variables json.RawMessage = []byte(test.variables)
			body, _ := json.Marshal(map[string]any{"query": echo, "variables": variables})
			got := a.post(t, string(body), "Accept", mediaGraphQL)
			if test.name == "250 elements" {
				test.want = "*"
			}
			checkEcho(t, got, test.want)
			if strings.Contains(a.log.String(), "ERROR") {
				t.Errorf("logged as a fault: %s", a.log)
			}
		})
	}
}

// checkEcho wants what was understood; "" for a refusal, "*" for anything.
func checkEcho(t *testing.T, got answer, want string) {
	t.Helper()
	switch echoed, _ := got.Data["echo"].(string); {
	case want == "":
		if code := got.code(); got.status != 400 || code != codeValidation && code != codeLimit {
			t.Errorf("answered %d %s, want a refusal", got.status, got.body)
		}
	case got.status != 200 || len(got.Errors) > 0 || want != "*" && echoed != want:
		t.Errorf("understood %s (%s), want %s", echoed, got.body, want)
	}
}

func TestLiteralsAreReadAsVariablesAre(t *testing.T) {
	for _, test := range []struct{ name, document, variables, want string }{
		{"an Int", `{echo(number: 5)}`, `{}`, `{"number":5}`},
		{"5.0 written out is no Int", `{echo(number: 5.0)}`, `{}`, ""},
		{"an Int beyond 32 bits", `{echo(number: 2147483648)}`, `{}`, ""},
		{"an Int beyond 64 bits", `{echo(number: 99999999999999999999)}`, `{}`, ""},
		{"a Decimal beyond 64 bits", `{echo(amount: 99999999999999999999)}`, `{}`, ""},
		{"a Decimal beyond floats", `{echo(amount: 1e999)}`, `{}`, ""},
		{"a Float beyond floats", `{echo(float: 1e999)}`, `{}`, ""},
		{"no Date", `{echo(on: "soon")}`, `{}`, ""},
		{"two keys of oneOf", `{echo(choice: {name: "x", number: 1})}`, `{}`, ""},
		{"null in oneOf", `{echo(choice: {name: null})}`, `{}`, ""},
		{"a variable in oneOf", `query($n: String!) {echo(choice: {name: $n})}`, `{"n": "x"}`, `{"choice":{"name":"x","on":null,"number":null,"both":null}}`},
		{"a variable that is null in oneOf", `query($n: String) {echo(choice: {name: $n})}`, `{"n": null}`, ""},
		{"a variable that is not given in oneOf", `query($n: String) {echo(choice: {name: $n})}`, `{}`, ""},
		{"a second key that is not given in oneOf", `query($n: Int) {echo(choice: {name: "x", number: $n})}`, `{}`, ""},
		{"a long list by variable where it is allowed", `query($s: [Int!]) {echo(nested: {samples: $s})}`, longList(1000), "*"},
		{"a long list by variable where it is not allowed", `query($s: [Int!]) {echo(nested: {numbers: $s})}`, longList(1000), ""},
		{"a long list by variable as an argument", `query($s: [Int!]) {echo(list: $s)}`, longList(251), ""},
		{"a long list by variable, far too long", `query($s: [Int!]) {echo(nested: {samples: $s})}`, longList(1001), ""},
		{"a default value", `query($n: Int = 7) {echo(number: $n)}`, `{}`, `{"number":7}`},
		{"a default value beyond 64 bits", `query($n: Int = 99999999999999999999) {echo(number: $n)}`, `{}`, ""},
		{"no Date by default", `query($d: Date = "soon") {echo(on: $d)}`, `{}`, ""},
		{"no Date in a fragment", `{...F} fragment F on Query {echo(on: "soon")}`, `{}`, ""},
		{"no Date in an inline fragment", `{... on Query {echo(on: "soon")}}`, `{}`, ""},
		{"a missing variable", `query($n: Int!) {echo(number: $n)}`, `{}`, ""},
		{"a variable of another type", `query($n: String) {echo(number: $n)}`, `{"n": "5"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{Scalars: map[string]func(any) error{"Date": Scalar(unmarshalDate)}, LongLists: map[string]int{"Nested.samples": 1000}})
			body, _ := json.Marshal(map[string]any{"query": test.document, "variables": json.RawMessage(test.variables)})
			checkEcho(t, a.post(t, string(body), "Accept", mediaGraphQL), test.want)
			if strings.Contains(a.log.String(), "ERROR") {
				t.Errorf("logged as a fault: %s", a.log)
			}
		})
	}
}

func longList(n int) string {
	return `{"s": [` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]}`
}

func TestAScalarThatCannotBeReadTellsItsSpecification(t *testing.T) {
	a := serveAPI(t, Options{Scalars: map[string]func(any) error{"Date": Scalar(unmarshalDate)}})
	got := a.query(t, `query($d: Date) { echo(on: $d) }`, map[string]any{"d": "hunter2"})
	want := "Date cannot represent this value; see https://scalars.graphql.org/andimarek/local-date.html."
	if got.Errors[0].Message != want || fmt.Sprint(got.Errors[0].Path) != "[variable d]" || strings.Contains(got.body, "hunter2") {
		t.Errorf("answered %s", got.body)
	}
}

// Whatever text is sent arrives as it was, or is refused.
func TestTextArrivesAsSentOrIsRefused(t *testing.T) {
	a := serveAPI(t, Options{})
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x00", "\u2028", "</script>", `\u0000`, "'; DROP TABLE x; --", "\ufffd", "\U0001F468\u200d\U0001F469", "%00", "\r\n"})).Draw(rt, "text")
		asVariable := a.query(t, `query($t: String) { echo(text: $t) }`, map[string]any{"t": text})
		literal, _ := json.Marshal(text)
		asLiteral := a.query(t, fmt.Sprintf(`{ echo(text: %s) }`, literal), nil)
		for form, got := range map[string]answer{"variable": asVariable, "literal": asLiteral} {
			var echoed struct{ Text string }
			raw, _ := got.Data["echo"].(string)
			switch err := json.Unmarshal([]byte(raw), &echoed); {
			case strings.Contains(text, "\x00"):
				if got.code() != codeValidation {
					rt.Fatalf("%s with NUL: %s", form, got.body)
				}
			case err != nil || echoed.Text != text:
				rt.Fatalf("%s %q came back as %q: %s", form, text, echoed.Text, got.body)
			}
		}
	})
}
