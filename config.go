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
	"strings"

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
	c := &Config{}
	if err := env.Parse(c); err != nil {
		return nil, err
	}
	var wrong []error
	refuse := func(name, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s "+format, append([]any{name}, args...)...))
	}
	oneOf := func(name, value string, allowed ...string) {
		for _, a := range allowed {
			if value == a {
				return
			}
		}
		refuse(name, "is %q; it must be one of %s", value, strings.Join(allowed, ", "))
	}
	oneOf("MODE", c.Mode, "sandbox", "production")
	oneOf("INTROSPECTION", c.Introspection, "on", "staff", "off")
	oneOf("LOG_FORMAT", c.LogFormat, "text", "json")
	if err := c.level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		refuse("LOG_LEVEL", "is %q; it must be debug, info, warn or error", c.LogLevel)
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		refuse("LISTEN", "is %q; it must be an address such as 127.0.0.1:8080", c.Listen)
	}
	if c.PublicURL == "" {
		if host == "" || host == "0.0.0.0" || host == "::" || host == "127.0.0.1" {
			host = "localhost"
		}
		c.PublicURL = "http://" + net.JoinHostPort(host, port)
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" {
		refuse("PUBLIC_URL", "is %q; it must be an address such as https://mijn.example.nl, without a path", c.PublicURL)
	}
	if c.DatabaseConns < 4 || c.DatabaseConns > 500 {
		refuse("DATABASE_CONNECTIONS", "is %d; it must be from 4 to 500", c.DatabaseConns)
	}
	if c.RateLimit < 0 {
		refuse("RATE_LIMIT", "is %d; it must be 0, for none, or more", c.RateLimit)
	}
	for _, p := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			refuse("TRUSTED_PROXIES", "names %q; each must be a network such as 10.0.0.0/8", p)
		}
		c.proxies = append(c.proxies, prefix)
	}
	if !c.Sandbox() {
		for name, value := range map[string]string{"DATABASE_URL": c.DatabaseURL, "SECRET_KEY": c.SecretKey, "SMTP_URL": c.SMTPURL} {
			if value == "" {
				refuse(name, "is needed in production")
			}
		}
		if !strings.HasPrefix(c.PublicURL, "https://") {
			refuse("PUBLIC_URL", "is %q; in production it must begin with https://", c.PublicURL)
		}
	}
	if c.SecretKey != "" {
		if _, err := seal.Parse(c.SecretKey); err != nil {
			refuse("SECRET_KEY", "is of no use: %v", err)
		}
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("the configuration is not right:\n%w", errors.Join(wrong...))
	}
	return c, nil
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
