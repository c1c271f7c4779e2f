package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"klantenpaneel/internal/mailer"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/seal"

	"github.com/caarlos0/env/v11"
)

// Config is everything that the environment says. Each variable is described in docs/operations.md; a test holds the two
// against each other.
type Config struct {
	Mode        string `env:"MODE" envDefault:"sandbox"`
	Listen      string `env:"LISTEN" envDefault:"127.0.0.1:8080"`
	PublicURL   string `env:"PUBLIC_URL"`
	DatabaseURL string `env:"DATABASE_URL"`
	OwnerURL    string `env:"DATABASE_OWNER_URL"`
	DataDir     string `env:"DATA_DIR" envDefault:".data"`
	SecretKey   string `env:"SECRET_KEY"`
	SMTPURL     string `env:"SMTP_URL"`

	DatabaseConns  int      `env:"DATABASE_CONNECTIONS" envDefault:"16"`
	Introspection  string   `env:"INTROSPECTION" envDefault:"staff"`
	TrustedDir     string   `env:"TRUSTED_DOCUMENTS"`
	RateLimit      int      `env:"RATE_LIMIT" envDefault:"50000"`
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	AllowedOrigins []string `env:"ALLOWED_ORIGINS"`
	MetricsToken   string   `env:"METRICS_TOKEN"`
	LogLevel       string   `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat      string   `env:"LOG_FORMAT" envDefault:"text"`
	OTLPEndpoint   string   `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`

	proxies []netip.Prefix
	level   slog.Level
}

// Sandbox reports whether this is a place to try things out: known logins, a readable mailbox, no real mail needed.
func (c *Config) Sandbox() bool { return c.Mode == "sandbox" }

// readConfig reads the environment, and refuses values that make no sense with all their mistakes at once.
func readConfig() (*Config, error) {
	c, wrong := &Config{}, &mistakes{}
	if err := env.Parse(c); err != nil && !wrong.unread(err) {
		return nil, err
	}
	wrong.oneOf("MODE", c.Mode, "sandbox", "production")
	wrong.oneOf("INTROSPECTION", c.Introspection, "on", "staff", "off")
	wrong.oneOf("LOG_FORMAT", c.LogFormat, "text", "json")
	if err := c.level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		wrong.refuse("LOG_LEVEL", "is %q; it must be debug, info, warn or error", c.LogLevel)
	}
	if c.DatabaseConns < 4 || c.DatabaseConns > 500 {
		wrong.refuse("DATABASE_CONNECTIONS", "is %d; it must be from 4 to 500", c.DatabaseConns)
	}
	if c.RateLimit < 0 {
		wrong.refuse("RATE_LIMIT", "is %d; it must be 0, for none, or more", c.RateLimit)
	}
	c.checkAddresses(wrong)
	c.checkServices(wrong)
	if c.Mode == "production" {
		c.checkProduction(wrong)
	}
	return c, wrong.err()
}

// checkAddresses looks at where the server is, and who comes from where. PUBLIC_URL follows from LISTEN when it is not given.
func (c *Config) checkAddresses(wrong *mistakes) {
	host, port, err := net.SplitHostPort(c.Listen)
	if n, notNumber := strconv.ParseUint(port, 10, 16); err != nil || notNumber != nil {
		wrong.refuse("LISTEN", "is %q; it must be an address such as 127.0.0.1:8080", c.Listen)
	} else if n == 0 && c.PublicURL == "" {
		wrong.refuse("PUBLIC_URL", "is needed when LISTEN leaves the port to the system")
	}
	if c.PublicURL == "" && !wrong.of["LISTEN"] {
		if host == "" || host == "0.0.0.0" || host == "::" || host == "127.0.0.1" {
			host = "localhost"
		}
		c.PublicURL = "http://" + net.JoinHostPort(host, port)
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.PublicURL != "" && !isOrigin(c.PublicURL) {
		wrong.refuse("PUBLIC_URL", "is %q; it must be an address such as https://mijn.example.nl, without a path", c.PublicURL)
	}
	for _, o := range c.AllowedOrigins {
		if !isOrigin(o) {
			wrong.refuse("ALLOWED_ORIGINS", "names %q; each must be an address such as https://panel.example.nl, without a path", o)
		}
	}
	for _, p := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			wrong.refuse("TRUSTED_PROXIES", "names %q; each must be a network such as 10.0.0.0/8", p)
		}
		c.proxies = append(c.proxies, prefix)
	}
	if u, err := url.Parse(c.OTLPEndpoint); c.OTLPEndpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		wrong.refuse("OTEL_EXPORTER_OTLP_ENDPOINT", "is %q; it must be an address such as http://localhost:4318", c.OTLPEndpoint)
	}
}

// isOrigin reports whether s is where a site is, and nothing more: a scheme and a host.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && s == u.Scheme+"://"+u.Host
}

// checkServices looks at what the server uses, without asking any of it. No message shows a password.
func (c *Config) checkServices(wrong *mistakes) {
	for _, address := range []struct{ name, url string }{{"DATABASE_URL", c.DatabaseURL}, {"DATABASE_OWNER_URL", c.OwnerURL}} {
		if address.url == "" {
			continue
		}
		db, err := pg.Open(address.url, pg.Options{Now: time.Now}) // it does not connect
		if err != nil {
			wrong.refuse(address.name, "is of no use: %v", err)
			continue
		}
		_ = db.Close()
	}
	if c.OwnerURL != "" && c.DatabaseURL == "" {
		wrong.refuse("DATABASE_OWNER_URL", "is of no use without DATABASE_URL")
	}
	if c.SMTPURL != "" {
		if _, err := mailer.New(c.SMTPURL, ""); err != nil {
			wrong.refuse("SMTP_URL", "is of no use: %v", err)
		}
	}
	if c.SecretKey != "" {
		if _, err := seal.Parse(c.SecretKey); err != nil {
			wrong.refuse("SECRET_KEY", "is of no use: %v", err)
		}
	}
	if _, err := trustedDocuments(c.TrustedDir); err != nil {
		wrong.refuse("TRUSTED_DOCUMENTS", "is %q: %v", c.TrustedDir, err)
	}
}

// checkProduction looks at what a sandbox can do without.
func (c *Config) checkProduction(wrong *mistakes) {
	for _, needed := range []struct{ name, value string }{{"DATABASE_URL", c.DatabaseURL}, {"SECRET_KEY", c.SecretKey}, {"SMTP_URL", c.SMTPURL}} {
		if needed.value == "" {
			wrong.refuse(needed.name, "is needed in production")
		}
	}
	if !strings.HasPrefix(c.PublicURL, "https://") {
		wrong.refuse("PUBLIC_URL", "is %q; in production it must begin with https://", c.PublicURL)
	}
}

// mistakes are what is wrong with the environment: of each variable the first that is found.
type mistakes struct {
	of  map[string]bool
	all []error
}

func (m *mistakes) refuse(name, format string, args ...any) {
	if m.of[name] {
		return
	}
	if m.of == nil {
		m.of = map[string]bool{}
	}
	m.of[name] = true
	m.all = append(m.all, fmt.Errorf("%s "+format, append([]any{name}, args...)...))
}

func (m *mistakes) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		m.refuse(name, "is %q; it must be one of %s", value, strings.Join(allowed, ", "))
	}
}

// unread notes the variables that are not of their type; it reports whether that is all that err says.
func (m *mistakes) unread(err error) bool {
	var several env.AggregateError
	if !errors.As(err, &several) {
		return false
	}
	for _, err := range several.Errors {
		var unread env.ParseError
		if !errors.As(err, &unread) {
			return false
		}
		field, _ := reflect.TypeFor[Config]().FieldByName(unread.Name)
		name := field.Tag.Get("env")
		m.refuse(name, "is %q; it must be a whole number", os.Getenv(name))
	}
	return true
}

func (m *mistakes) err() error {
	if len(m.all) == 0 {
		return nil
	}
	return fmt.Errorf("the configuration is not right:\n%w", errors.Join(m.all...))
}

// key returns the server's key. In a sandbox without one it is made once and kept in the data directory.
func (c *Config) key() (seal.Key, error) {
	if c.SecretKey != "" {
		return seal.Parse(c.SecretKey)
	}
	name := filepath.Join(c.DataDir, "secret.key")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		raw := make([]byte, seal.Size)
		_, _ = rand.Read(raw) // it never fails
		text = []byte(hex.EncodeToString(raw))
		if err := os.MkdirAll(c.DataDir, 0o755); err != nil {
			return seal.Key{}, err
		}
		err = os.WriteFile(name, text, 0o600)
	}
	if err != nil {
		return seal.Key{}, fmt.Errorf("keep the server's key: %w", err)
	}
	return seal.Parse(strings.TrimSpace(string(text)))
}

// logger returns the log that the configuration asks for, on standard error.
func (c *Config) logger() *slog.Logger {
	o := &slog.HandlerOptions{Level: c.level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
