package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/graph/exec"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/viewer"

	"github.com/vektah/gqlparser/v2/ast"
)

// everything writes selections of the whole schema, so that a field is covered the moment it exists.
type everything struct{ schema *ast.Schema }

// of selects every field of a type, down to a depth. Fields whose arguments are required are left out, as are links back
// to the holder's type, which the other paths reach.
func (e everything) of(name string, depth int, above ...string) string {
	def := e.schema.Types[name]
	if def.Kind == ast.Scalar || def.Kind == ast.Enum {
		return ""
	}
	var b strings.Builder
	b.WriteString("{ __typename")
	if def.Kind == ast.Interface || def.Kind == ast.Union {
		for _, possible := range e.schema.GetPossibleTypes(def) {
			if !slices.Contains(above, possible.Name) {
				fmt.Fprintf(&b, " ... on %s %s", possible.Name, e.of(possible.Name, depth-1, append(above, name)...))
			}
		}
	}
	for _, f := range def.Fields {
		inner := f.Type.Name()
		leaf := e.schema.Types[inner].IsLeafType()
		if strings.HasPrefix(f.Name, "__") || f.Name == "edges" /* the same as nodes */ || requires(f) || !leaf && (depth == 0 || slices.Contains(above, inner)) {
			continue
		}
		alias := f.Name
		if def.Kind == ast.Object { // the same field of two types may differ in type; a name for each keeps them apart
			alias = strings.ToLower(name) + "_" + f.Name
		}
		fmt.Fprintf(&b, " %s: %s %s", alias, f.Name, e.of(inner, depth-1, append(above, name)...))
	}
	return b.String() + " }"
}

func requires(f *ast.FieldDefinition) bool {
	return slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
}

// sees says which accounts each viewer may see anything of.
func sees(v viewer.Viewer, k int) bool {
	switch {
	case v.Kind == viewer.Staff:
		return true
	case v.Kind == viewer.Partner && v.Account == id("account", partner):
		return k == partner || k == ofThis
	case v.Kind == viewer.Visitor || v.Kind == viewer.Machine:
		return false
	}
	return v.Account == id("account", k)
}

func viewers() map[string]viewer.Viewer {
	customer := owner(alone)
	token := customer
	token.Session, token.Token, token.User = [16]byte{}, id("apitoken", alone), [16]byte{}
	return map[string]viewer.Viewer{
		"visitor":              viewer.Nobody("nl"),
		"owner":                customer,
		"billing user":         customer.With(viewer.Billing.Permissions()...),
		"technical user":       customer.With(viewer.Technical.Permissions()...),
		"token for billing":    token.With(viewer.ReadBilling),
		"customer of partner":  owner(ofThis),
		"partner":              owner(partner),
		"partner, no billing":  owner(partner).With(viewer.Technical.Permissions()...),
		"support":              staff().With(viewer.Support.Permissions()...),
		"machine":              viewer.Viewer{Kind: viewer.Machine, Token: id("apitoken", 9), Language: "en"}.With(viewer.RecordUsage),
		"viewer without right": customer.With(),
	}
}

var (
	canary = regexp.MustCompile(`canary-(\d+)-`)
	anyID  = regexp.MustCompile(`\b[a-z]{3}_[0-9a-f]{32}\b`)
)

// TestNobodySeesWhatIsAnothersWhateverIsAsked walks the whole schema as every kind of viewer, from every root and from every
// object of every account, and looks at what comes back for texts and ids of accounts that the viewer may not see (invariant 26).
func TestNobodySeesWhatIsAnothersWhateverIsAsked(t *testing.T) {
	a := newAPI(t)
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	walk := everything{schema}
	ids, owners := everyID(t, a)

	for name, v := range viewers() {
		t.Run(name, func(t *testing.T) {
			var answers []string
			for _, f := range schema.Query.Fields {
				if !requires(f) && !strings.HasPrefix(f.Name, "__") {
					answers = append(answers, a.ask(t, v, "{ "+f.Name+" "+walk.of(f.Type.Name(), 3, "Query")+" }", nil).raw)
				}
			}
			for _, f := range schema.Types["Account"].Fields { // the panel's own way in
				answers = append(answers, a.ask(t, v, "{ viewer { account { "+f.Name+" "+walk.of(f.Type.Name(), 3, "Query")+" } } }", nil).raw)
			}
			reached := strings.Join(answers, "")
			byType := map[string]string{}
			for _, possible := range schema.GetPossibleTypes(schema.Types["Node"]) {
				byType[possible.Name] = walk.of(possible.Name, 3, "Query")
			}
			for typeName, selection := range byType {
				for batch := range slices.Chunk(ids, 90) {
					got := a.ask(t, v, "query($ids: [ID!]!) { nodes(ids: $ids) { ... on "+typeName+" "+selection+" } }", map[string]any{"ids": batch})
					answers = append(answers, got.raw)
				}
			}
			for _, got := range answers {
				if strings.Contains(got, `_LIMIT_EXCEEDED`) || strings.Contains(got, "REQUEST_TOO_LARGE") || strings.Contains(got, "_FAILED\"") {
					t.Fatalf("not asked at all: %.300s", got)
				}
				if strings.Contains(got, `"INTERNAL"`) {
					t.Fatalf("a fault of the server: %.800s", got[strings.Index(got, `"errors"`):])
				}
				for _, m := range canary.FindAllStringSubmatchIndex(got, -1) {
					if k := int(got[m[2]] - '0'); !sees(v, k) {
						t.Fatalf("a text of account %d: …%s…", k, got[max(0, m[0]-100):min(len(got), m[1]+60)])
					}
				}
				for _, found := range anyID.FindAllString(got, -1) {
					if k, known := owners[found]; known && !sees(v, k) {
						t.Fatalf("an id of account %d: %s", k, found)
					}
				}
				for _, secret := range []string{"canary-staff-note", "canary-staff-ticketnote", "canary-secret", "canary-draft", "4242.42", "1313.13"} {
					if v.Kind != viewer.Staff && strings.Contains(got, secret) || strings.Contains(secret, "secret") && strings.Contains(got, secret) {
						t.Fatalf("something that is not for customers: %s", secret)
					}
				}
			}
			if v.Can(viewer.ReadAccount) && !strings.Contains(reached, "canary-") {
				t.Errorf("the walk from the roots found nothing at all, and so proves nothing: %.1500s", reached)
			}
		})
	}
}

// everyID returns the API's ids of all rows of the fixture, and the account that each belongs to.
func everyID(t *testing.T, a *api) (ids []string, owners map[string]int) {
	t.Helper()
	kinds := map[key.Prefix]string{key.User: "user", key.Membership: "membership", key.Session: "session", key.APIToken: "apitoken", key.Account: "account", key.Contact: "contact",
		key.Subscription: "subscription", key.Invoice: "invoice", key.InvoiceLine: "line", key.Payment: "payment", key.Quote: "quote", key.QuoteLine: "quoteline", key.Order: "order",
		key.OrderLine: "orderline", key.Domain: "domain", key.HostingPackage: "hosting", key.Notification: "notification", key.ChangeRequest: "change", key.Cancellation: "cancellation",
		key.RenewalOffer: "offer", key.Ticket: "ticket", key.TicketMessage: "message", key.LoginAttempt: "attempt"}
	owners = map[string]int{}
	for prefix, kind := range kinds {
		for k := 1; k <= accounts; k++ {
			ids = append(ids, gid(prefix, kind, k))
			owners[gid(prefix, kind, k)] = k
		}
	}
	for k := 1; k <= accounts; k++ {
		for kind, prefix := range map[string]key.Prefix{"draft": key.Invoice, "old": key.Invoice, "creditnote": key.Invoice, "quotedraft": key.Quote} {
			ids = append(ids, gid(prefix, kind, k))
			owners[gid(prefix, kind, k)] = k
		}
	}
	slices.Sort(ids)
	return ids, owners
}

// TestTheFixtureHasARowInEveryTableOfAnAccount keeps the walk honest: a new table must get a row, or it proves nothing.
func TestTheFixtureHasARowInEveryTableOfAnAccount(t *testing.T) {
	a := newAPI(t)
	var tables []string
	if err := a.Owner.NewRaw(`select table_name from information_schema.columns where table_schema = 'public' and column_name = 'account_id'`).Scan(t.Context(), &tables); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		n, err := a.Owner.NewSelect().Table(table).Where("account_id = ?", id("account", other)).Count(t.Context())
		if err != nil || n == 0 {
			t.Errorf("table %s has no row of the fixture (%v)", table, err)
		}
	}
}
