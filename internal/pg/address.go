package pg

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun/driver/pgdriver"
)

// address is where a database is and how to log in there, as a DATABASE_URL says.
type address struct {
	network, host string // "tcp" and a host name, or "unix" and the directory of the socket
	port          string
	user          string
	password      string
	database      string
	application   string
	connect       time.Duration // how long to wait for one connection
	tls           *tls.Config   // nil for none
	plainToo      bool          // a server without TLS will do (sslmode=prefer)
}

// known are the parameters that a DATABASE_URL may have.
var known = []string{"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "connect_timeout"}

// parseAddress reads postgres://user:password@host:port/database?parameter=value as libpq does. A Unix socket is given by
// its directory: postgres:///database?host=/run/postgresql. The errors say what to write instead and never show the password.
func parseAddress(text string) (address, error) {
	u, err := url.Parse(text)
	if err != nil {
		return address{}, errors.New("the database's address is not a URL: write postgres://user:password@host:5432/database, with %-escapes for special characters in the password")
	}
	if u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return address{}, fmt.Errorf("the database's address must begin with postgres://, not with %q", u.Scheme+":")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return address{}, fmt.Errorf("the parameters of the database's address: %w", err)
	}
	for name := range query {
		if !slices.Contains(known, name) {
			return address{}, fmt.Errorf("the database's address has an unknown parameter %q; known are %s", name, strings.Join(known, ", "))
		}
	}
	password, _ := u.User.Password()
	a := address{
		network:     "tcp",
		host:        first(query.Get("host"), u.Hostname(), os.Getenv("PGHOST"), "localhost"),
		port:        first(query.Get("port"), u.Port(), os.Getenv("PGPORT"), "5432"),
		user:        first(query.Get("user"), u.User.Username(), os.Getenv("PGUSER"), osUser()),
		password:    first(query.Get("password"), password, os.Getenv("PGPASSWORD")),
		application: first(query.Get("application_name"), "klantenpaneel"),
		connect:     5 * time.Second,
	}
	a.database = first(query.Get("dbname"), strings.TrimPrefix(u.Path, "/"), os.Getenv("PGDATABASE"), a.user)
	if n, err := strconv.Atoi(a.port); err != nil || n < 1 || n > 65535 {
		return address{}, fmt.Errorf("the database's port %q is not a number from 1 to 65535", a.port)
	}
	if s := query.Get("connect_timeout"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return address{}, fmt.Errorf("connect_timeout=%q is not a number of seconds", s)
		}
		a.connect = time.Duration(n) * time.Second
	}
	if filepath.IsAbs(a.host) {
		a.network = "unix"
		return a, nil // TLS is never used on a socket
	}
	return a, a.secure(query)
}

// secure works out how to use TLS: by default a server that offers it gets it, as libpq does. Only verify-ca and
// verify-full keep out someone who sits in between.
func (a *address) secure(query url.Values) error {
	mode, root := query.Get("sslmode"), query.Get("sslrootcert")
	c := &tls.Config{ServerName: a.host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: true} // replaced below by what verifies
	switch mode {
	case "disable":
		return nil
	case "allow", "prefer", "":
		a.plainToo = root == ""
	case "require":
	case "verify-ca", "verify-full":
		if root == "" {
			return fmt.Errorf("sslmode=%s needs sslrootcert=FILE, the certificate of who signed the server's, or sslrootcert=system", mode)
		}
	default:
		return fmt.Errorf("sslmode=%s is not known; use disable, prefer, require, verify-ca or verify-full", mode)
	}
	if root != "" && root != "system" {
		pem, err := os.ReadFile(root)
		if err != nil {
			return fmt.Errorf("read sslrootcert: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("sslrootcert %s holds no certificate", root)
		}
	}
	switch {
	case mode == "verify-full":
		c.InsecureSkipVerify = false
	case root != "": // require with a root means verify-ca, for libpq too
		c.VerifyConnection = chainOnly(c.RootCAs)
	}
	if cert, key := query.Get("sslcert"), query.Get("sslkey"); cert != "" || key != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return fmt.Errorf("read sslcert and sslkey: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	a.tls = c
	return nil
}

// chainOnly verifies who signed the server's certificate but not the name in it.
func chainOnly(roots *x509.CertPool) func(tls.ConnectionState) error {
	return func(s tls.ConnectionState) error {
		between := x509.NewCertPool()
		for _, c := range s.PeerCertificates[1:] {
			between.AddCert(c)
		}
		_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
		return err
	}
}

// dialAddress is what net.Dial takes.
func (a address) dialAddress() string {
	if a.network == "unix" {
		return filepath.Join(a.host, ".s.PGSQL."+a.port)
	}
	return net.JoinHostPort(a.host, a.port)
}

// String shows the address without its password, for messages.
func (a address) String() string {
	return fmt.Sprintf("database %q at %s as %q", a.database, a.dialAddress(), a.user)
}

// connector returns pgdriver's connector to the address, with TLS or without.
func (a address) connector(secure *tls.Config) *pgdriver.Connector {
	return pgdriver.NewConnector(
		pgdriver.WithNetwork(a.network), pgdriver.WithAddr(a.dialAddress()), pgdriver.WithTLSConfig(secure),
		pgdriver.WithUser(a.user), pgdriver.WithPassword(a.password), pgdriver.WithDatabase(a.database),
		pgdriver.WithApplicationName(a.application), pgdriver.WithDialTimeout(a.connect),
		pgdriver.WithReadTimeout(0),               // a statement ends with its context, not after 10 seconds
		pgdriver.WithWriteTimeout(30*time.Second), // nobody reads at the other end
		pgdriver.WithBufferSize(16<<10),           // an error text longer than the buffer breaks the connection
		pgdriver.WithResetSessionFunc(alive),
		pgdriver.WithTracing(false),
	)
}

func first(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}

func osUser() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "postgres"
}
