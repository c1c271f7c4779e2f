package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// production is an environment that may serve customers.
var production = map[string]string{
	"MODE": "production", "DATABASE_URL": "postgres://panel:hunter2@db.example.nl/panel?sslmode=require", "SECRET_KEY": strings.Repeat("0123456789abcdef", 4),
	"SMTP_URL": "smtp://panel:hunter2@mail.example.nl:587", "PUBLIC_URL": "https://mijn.example.nl",
}

// environment sets the variables of Config to these, and all others to nothing.
func environment(t *testing.T, sets ...map[string]string) {
	t.Helper()
	for _, name := range variables() {
		if was, ok := os.LookupEnv(name); ok {
			t.Setenv(name, was) // so that it comes back
			_ = os.Unsetenv(name)
		}
	}
	for _, set := range sets {
		for name, value := range set {
			t.Setenv(name, value)
		}
	}
}

// variables are the names of all that Config reads.
func variables() (names []string) {
	for f := range reflect.TypeFor[Config]().Fields() {
		if name := f.Tag.Get("env"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func TestWithoutAnyVariableItIsASandboxOnThisMachine(t *testing.T) {
	environment(t)
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	if !c.Sandbox() || c.Listen != "127.0.0.1:8080" || c.PublicURL != "http://localhost:8080" || c.DatabaseConns != 16 || c.RateLimit != 50_000 || c.Introspection != "staff" {
		t.Errorf("%+v", c)
	}
}

func TestAProductionWithAllItNeedsIsAccepted(t *testing.T) {
	environment(t, production, map[string]string{"LISTEN": "[::]:443", "PUBLIC_URL": "https://mijn.example.nl:8443/", "DATABASE_OWNER_URL": "postgres:///panel?host=/run/postgresql&user=owner",
		"TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8", "ALLOWED_ORIGINS": "https://a.example,http://localhost:3000", "LOG_LEVEL": "warn", "LOG_FORMAT": "json", "RATE_LIMIT": "0",
		"INTROSPECTION": "off", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "DATABASE_CONNECTIONS": "500"})
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	if c.Sandbox() || c.PublicURL != "https://mijn.example.nl:8443" || len(c.proxies) != 2 || len(c.AllowedOrigins) != 2 || c.level.String() != "WARN" {
		t.Errorf("%+v", c)
	}
	if _, err := c.key(); err != nil {
		t.Error(err)
	}
}

func TestAValueThatMakesNoSenseIsNamedWithWhatItMustBe(t *testing.T) {
	empty := t.TempDir()
	for _, test := range []struct{ variable, value, says string }{
		{"MODE", "prod", "sandbox, production"},
		{"MODE", "Production", "sandbox, production"},
		{"INTROSPECTION", "yes", "on, staff, off"},
		{"LOG_LEVEL", "loud", "debug, info, warn or error"},
		{"LOG_FORMAT", "xml", "text, json"},
		{"DATABASE_CONNECTIONS", "many", "whole number"},
		{"DATABASE_CONNECTIONS", "3", "from 4 to 500"},
		{"DATABASE_CONNECTIONS", "501", "from 4 to 500"},
		{"RATE_LIMIT", "-1", "0, for none, or more"},
		{"RATE_LIMIT", "1e9", "whole number"},
		{"LISTEN", "8080", "127.0.0.1:8080"},
		{"LISTEN", "localhost:http", "127.0.0.1:8080"},
		{"LISTEN", "127.0.0.1:65536", "127.0.0.1:8080"},
		{"PUBLIC_URL", "mijn.example.nl", "https://mijn.example.nl"},
		{"PUBLIC_URL", "https://mijn.example.nl/panel", "without a path"},
		{"PUBLIC_URL", "https://mijn.example.nl?x=1", "without a path"},
		{"PUBLIC_URL", "https://user:secret@mijn.example.nl", "without a path"},
		{"PUBLIC_URL", "ftp://mijn.example.nl", "https://mijn.example.nl"},
		{"PUBLIC_URL", "https://", "https://mijn.example.nl"},
		{"ALLOWED_ORIGINS", "https://a.example,b.example", `"b.example"`},
		{"ALLOWED_ORIGINS", "https://a.example/", `"https://a.example/"`},
		{"ALLOWED_ORIGINS", "*", `"*"`},
		{"TRUSTED_PROXIES", "10.0.0.1", "10.0.0.0/8"},
		{"SECRET_KEY", "secret", "32 bytes"},
		{"DATABASE_URL", "mysql://db/panel", "postgres://"},
		{"DATABASE_URL", "postgres://db/panel?ssl=on", "unknown parameter"},
		{"DATABASE_OWNER_URL", "postgres://db/panel", "without DATABASE_URL"},
		{"SMTP_URL", "mail.example.nl:25", "smtp://"},
		{"SMTP_URL", "http://mail.example.nl", "smtp://"},
		{"TRUSTED_DOCUMENTS", empty, "no .graphql file"},
		{"TRUSTED_DOCUMENTS", filepath.Join(empty, "gone"), "no .graphql file"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "http://localhost:4318"},
	} {
		environment(t, map[string]string{test.variable: test.value})
		_, err := readConfig()
		if err == nil || !strings.Contains(err.Error(), "\n"+test.variable+" ") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s=%s: %v", test.variable, test.value, err)
		} else if strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("%s=%s: more than one mistake: %v", test.variable, test.value, err)
		}
	}
}

func TestAllMistakesAreToldAtOnceInOneOrderWithoutSecrets(t *testing.T) {
	wrong := map[string]string{"MODE": "production", "LISTEN": "x", "PUBLIC_URL": "http://mijn.example.nl", "DATABASE_CONNECTIONS": "x", "RATE_LIMIT": "x", "LOG_LEVEL": "x", "LOG_FORMAT": "x", "INTROSPECTION": "x",
		"TRUSTED_PROXIES": "x", "ALLOWED_ORIGINS": "x", "SECRET_KEY": "hunter2", "SMTP_URL": "gopher://panel:hunter2@mail", "DATABASE_URL": "http://panel:hunter2@db", "DATABASE_OWNER_URL": "postgres://owner:hunter2@db:99999", "TRUSTED_DOCUMENTS": "x", "OTEL_EXPORTER_OTLP_ENDPOINT": "x"}
	environment(t, wrong)
	_, err := readConfig()
	if err == nil {
		t.Fatal("it is accepted")
	}
	for name := range wrong {
		if name != "MODE" && strings.Count(err.Error(), "\n"+name+" ") != 1 {
			t.Errorf("%s is not told, or twice: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a secret is told: %v", err)
	}
	for range 20 {
		if _, again := readConfig(); again.Error() != err.Error() {
			t.Fatalf("told in another order:\n%v\n%v", err, again)
		}
	}
}

func TestProductionNeedsItsSettings(t *testing.T) {
	for _, name := range []string{"DATABASE_URL", "SECRET_KEY", "SMTP_URL", "PUBLIC_URL"} {
		environment(t, production)
		_ = os.Unsetenv(name)
		if _, err := readConfig(); err == nil || !strings.Contains(err.Error(), "\n"+name+" ") {
			t.Errorf("without %s: %v", name, err)
		}
	}
	environment(t, production, map[string]string{"PUBLIC_URL": "http://mijn.example.nl"})
	if _, err := readConfig(); err == nil || !strings.Contains(err.Error(), "https://") {
		t.Errorf("on plain http: %v", err)
	}
}

func TestASandboxKeepsTheKeyThatItMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	environment(t, map[string]string{"DATA_DIR": dir})
	c, err := readConfig()
	if err != nil {
		t.Fatal(err)
	}
	one, err := c.key()
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.key()
	if err != nil {
		t.Fatal(err)
	}
	if string(one.MAC("test", nil)) != string(again.MAC("test", nil)) {
		t.Error("the key is made anew each time")
	}
	if info, err := os.Stat(filepath.Join(dir, "secret.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v %v", info.Mode(), err)
	}
}

// TestEveryVariableIsInTheManualAndNoOther holds Config against docs/operations.md.
func TestEveryVariableIsInTheManualAndNoOther(t *testing.T) {
	text, err := os.ReadFile("docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	manual := map[string]string{} // variable -> default
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| ([^|]*) \\| .+ \\|$").FindAllStringSubmatch(string(text), -1) {
		manual[row[1]] = row[2]
	}
	for f := range reflect.TypeFor[Config]().Fields() {
		name, fallback := f.Tag.Get("env"), f.Tag.Get("envDefault")
		if name == "" {
			continue
		}
		told, ok := manual[name]
		if !ok {
			t.Errorf("%s is not in docs/operations.md", name)
		}
		if fallback != "" && told != "`"+fallback+"`" {
			t.Errorf("the default of %s is %s, not %s", name, fallback, told)
		}
		delete(manual, name)
	}
	for name := range manual {
		t.Errorf("docs/operations.md tells of %s, which nothing reads", name)
	}
}
