package document

import (
	"testing"

	"github.com/sebdah/goldie/v2"
)

func TestUBLIsTheGoldenFile(t *testing.T) {
	g := goldie.New(t, goldie.WithFixtureDir("testdata/ubl"), goldie.WithNameSuffix(".xml"))
	for name, inv := range samples() {
		t.Run(name, func(t *testing.T) {
			got, err := UBL(inv)
			if err != nil {
				t.Fatal(err)
			}
			g.Assert(t, name, got)
		})
	}
}
