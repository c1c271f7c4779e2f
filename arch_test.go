package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "klantenpaneel/"

// allowed is the whole map of the program: who may import whom inside this module. Arrows go down only. A new arrow is a
// decision: make it here, and argue it in the commit.
var allowed = map[string][]string{
	// pure
	"internal/civil": {"problem"},
	"internal/money": {"problem"},
	"internal/vat":   {"civil", "money", "problem"},
	"internal/term":  {"civil", "money", "problem"},

	"internal/problem": {},
	"internal/key":     {},
	"internal/seal":    {},
	"internal/viewer":  {"problem"},

	// the database
	"internal/pg":         {"civil", "key", "problem", "viewer"},
	"internal/pg/local":   {"pg"},
	"internal/pg/migrate": {"pg"},
	"internal/pg/pgtest":  {"pg", "pg/local", "pg/migrate", "migrations"},
	"internal/page":       {"pg", "problem", "viewer"},
	"migrations":          {},

	// the outside world
	"internal/mailer": {},

	// domains
	"internal/account":               {"civil", "key", "money", "page", "pg", "vat", "viewer"},
	"internal/catalog":               {"civil", "key", "money", "page"},
	"internal/notify":                {"civil", "key", "mailer", "money", "page", "pg", "problem", "seal", "viewer"},
	"internal/subscription":          {"account", "catalog", "civil", "domainname", "hosting", "key", "money", "notify", "page", "pg", "problem", "term", "vat", "viewer"},
	"internal/subscription/shoptest": {"civil", "key", "pg", "pg/pgtest", "viewer"},
	"internal/billing":               {"account", "billing/document", "catalog", "civil", "key", "money", "notify", "page", "pg", "problem", "subscription", "term", "vat", "viewer"},
	"internal/billing/document":      {"civil", "money", "vat"},
	"internal/quote":                 {"civil", "key", "money", "page"},
	"internal/order":                 {"key", "money", "page"},
	"internal/domainname":            {"civil", "key", "notify", "page", "pg"},
	"internal/hosting":               {"catalog", "civil", "key", "notify", "page", "pg", "problem", "viewer"},
	"internal/ticket":                {"key", "page"},
	"internal/auth":                  {"civil", "key", "notify", "page", "pg", "problem", "seal", "viewer"},

	"internal/jobs": {"civil", "term"},

	// what fills the database
	"internal/whmcs": {"account", "auth", "billing", "billing/document", "catalog", "civil", "domainname", "hosting", "key", "money", "order", "pg", "problem", "quote", "subscription", "term", "ticket", "vat", "viewer"},
	"internal/demo":  {"account", "auth", "billing", "catalog", "civil", "domainname", "hosting", "key", "money", "notify", "order", "pg", "quote", "subscription", "term", "ticket", "vat", "viewer"},

	// the API
	"internal/gqlhttp":               {"problem"},
	"internal/gqlhttp/gqltest":       {"problem"},
	"internal/gqlhttp/gqltest/serve": {"gqlhttp", "gqlhttp/gqltest"},
	"graph":                          {"account", "auth", "billing", "catalog", "civil", "domainname", "gqlhttp", "graph/exec", "graph/model", "graph/scalar", "hosting", "key", "money", "notify", "order", "page", "pg", "problem", "quote", "subscription", "ticket", "viewer"},
	"graph/exec":                     {"account", "auth", "billing", "catalog", "civil", "domainname", "hosting", "money", "notify", "order", "page", "quote", "subscription", "ticket", "viewer", "graph/model", "graph/scalar"},
	"graph/model":                    {"account", "auth", "civil", "key", "money", "page", "viewer"},
	"graph/scalar":                   {"civil", "money", "viewer"},
	"web":                            {},
}

// pure packages hold rules. They may not do I/O or ask the time.
var pure = []string{"internal/civil", "internal/money", "internal/vat", "internal/term", "internal/billing/document"}

// impure is what pure packages may not import; database/sql/driver is only an interface.
var impure = []string{"os", "net", "net/http", "os/exec", "database/sql", "io/ioutil", "log", "log/slog"}

// kept names the only packages that may import a library that we want in one place.
var kept = map[string][]string{
	"github.com/99designs/gqlgen":     {"", "graph", "graph/exec", "graph/model", "graph/scalar", "internal/gqlhttp", "internal/gqlhttp/gqltest", "internal/gqlhttp/gqltest/serve"},
	"github.com/uptrace/bun/driver":   {"internal/pg", "internal/pg/migrate", "internal/pg/pgtest", "internal/pg/local"},
	"github.com/jackc/pgx":            {"internal/jobs"},
	"github.com/riverqueue/river":     {"internal/jobs"},
	"github.com/prometheus":           {"", "bench", "internal/gqlhttp"},
	"github.com/wneessen/go-mail":     {"internal/mailer"},
	"codeberg.org/go-pdf/fpdf":        {"internal/billing/document"},
	"github.com/alexedwards/argon2id": {"internal/auth"},
}

func TestArrowsGoDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath+"/", module)
		name = strings.TrimSuffix(name, "/")
		root := name == "" || strings.HasPrefix(name, "bench")
		arrows, ok := allowed[name]
		if !ok && !root {
			t.Errorf("%s is not on the map", name)
		}
		seen[name] = true
		for _, imp := range p.Imports {
			if in, ok := strings.CutPrefix(imp, module); ok && !root && !slices.Contains(arrows, strings.TrimPrefix(in, "internal/")) {
				t.Errorf("%s may not import %s", name, in)
			}
			if slices.Contains(pure, name) && slices.Contains(impure, imp) {
				t.Errorf("%s is pure and may not import %s", name, imp)
			}
			for lib, homes := range kept {
				if strings.HasPrefix(imp, lib) && !slices.Contains(homes, name) {
					t.Errorf("%s may not import %s; it lives in %q", name, imp, homes)
				}
			}
		}
	}
	for name := range allowed {
		if !seen[name] {
			t.Errorf("%s is on the map but gone", name)
		}
	}
}
