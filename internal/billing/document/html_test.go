package document

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/sebdah/goldie/v2"
)

func TestHTMLIsTheGoldenFile(t *testing.T) {
	g := goldie.New(t, goldie.WithFixtureDir("testdata/html"), goldie.WithNameSuffix(".html"))
	for _, name := range []string{"domestic", "credit-part", "oss"} {
		t.Run(name, func(t *testing.T) { g.Assert(t, name, must(HTML(samples()[name])).Body) })
	}
}

func TestThePolicyAllowsTheStyleSheetAndNothingElseIsNeeded(t *testing.T) {
	for name, inv := range samples() {
		page := must(HTML(inv))
		styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllSubmatch(page.Body, -1)
		if len(styles) != 1 {
			t.Fatalf("%s: %d style sheets", name, len(styles))
		}
		sum := sha256.Sum256(styles[0][1])
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; page.StyleSource != want {
			t.Errorf("%s: %s, want %s", name, page.StyleSource, want)
		}
		markup := strings.Replace(string(page.Body), string(styles[0][1]), "", 1)
		if foreign := regexp.MustCompile(`<(script|img|link|iframe|object)\b|<[^>]*\s(style|on\w+|src)=`).FindString(markup); foreign != "" {
			t.Errorf("%s: %s in the page", name, foreign)
		}
		if strings.Contains(string(styles[0][1]), "url(") || strings.Contains(string(styles[0][1]), "@import") {
			t.Errorf("%s: the style sheet fetches something", name)
		}
	}
}

func TestTextOfCustomersIsNeverMarkup(t *testing.T) {
	inv := samples()["domestic"]
	inv.Customer.Name = `<script>alert("x")</script>`
	inv.Notes = []string{`<img src=x onerror=alert(1)>`}
	if body := string(must(HTML(inv)).Body); strings.Contains(body, "<script") || strings.Contains(body, "<img") {
		t.Error(body)
	}
}
