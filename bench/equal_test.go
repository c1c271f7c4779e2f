package main

import "testing"

func TestAnswersAreEqualWhenOnlyTheirNamesDiffer(t *testing.T) {
	const ours = `{"data":{"viewer":{"name":"A","price":{"vat":{"amount":"1.00"},"on":"2027-01-01"},"next":null,"nodes":[{"usage":{"disk":5}}]}},"extensions":{"cost":1}}`
	for _, test := range []struct {
		name, theirs string
		equal        bool
	}{
		{"the same", ours, true},
		{"folded names", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.00","price__on":"2027-01-01","next__on":null,"next__price__amount":null,"nodes":[{"usage__disk":5}]}}}`, true},
		{"another amount", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.01","price__on":"2027-01-01","next__on":null,"nodes":[{"usage__disk":5}]}}}`, false},
		{"text for a number", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.00","price__on":"2027-01-01","next__on":null,"nodes":[{"usage__disk":"5"}]}}}`, false},
		{"a row too many", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.00","price__on":"2027-01-01","next__on":null,"nodes":[{"usage__disk":5},{"usage__disk":5}]}}}`, false},
		{"a field too few", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.00","price__on":"2027-01-01","nodes":[{"usage__disk":5}]}}}`, false},
		{"half of a missing object", `{"data":{"viewer":{"name":"A","price__vat__amount":"1.00","price__on":"2027-01-01","next__on":null,"next__price__amount":"2.00","nodes":[{"usage__disk":5}]}}}`, false},
	} {
		a, err := read([]byte(ours))
		if err != nil {
			t.Fatal(err)
		}
		b, err := read([]byte(test.theirs))
		if err != nil {
			t.Fatal(err)
		}
		if where := differ("data", a, b); (where == "") != test.equal {
			t.Errorf("%s: differs at %q", test.name, where)
		}
	}
}

func TestAnAnswerWithErrorsIsNoAnswer(t *testing.T) {
	if _, err := read([]byte(`{"data":null,"errors":[{"message":"no"}]}`)); err == nil {
		t.Error("it is accepted")
	}
}
