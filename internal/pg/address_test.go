package pg

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAddressIsReadAsLibpqReadsIt(t *testing.T) {
	for _, name := range []string{"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"} {
		t.Setenv(name, "")
	}
	ca := filepath.Join("testdata", "ca.pem")
	for _, test := range []struct {
		name, url, want string // want: network address user password database tls
	}{
		{"everything", "postgres://me:p%40ss@db.example:6000/panel", "tcp db.example:6000 me p@ss panel prefer"},
		{"defaults", "postgresql://me@db.example", "tcp db.example:5432 me  me prefer"},
		{"an IPv6 address", "postgres://me@[::1]:5433/panel", "tcp [::1]:5433 me  panel prefer"},
		{"a Unix socket by its folder", "postgres:///panel?host=/run/postgresql&user=me", "unix /run/postgresql/.s.PGSQL.5432 me  panel none"},
		{"a Unix socket with a port", "postgres://me@/panel?host=/run/postgresql&port=6000", "unix /run/postgresql/.s.PGSQL.6000 me  panel none"},
		{"parameters win", "postgres://a:b@c:1/d?user=me&password=x&host=h&port=2&dbname=panel", "tcp h:2 me x panel prefer"},
		{"no TLS", "postgres://me@h/panel?sslmode=disable", "tcp h:5432 me  panel none"},
		{"TLS by all means", "postgres://me@h/panel?sslmode=require", "tcp h:5432 me  panel require"},
		{"TLS of a known signer", "postgres://me@h/panel?sslmode=require&sslrootcert=" + ca, "tcp h:5432 me  panel verify-ca"},
		{"the same, said otherwise", "postgres://me@h/panel?sslmode=verify-ca&sslrootcert=" + ca, "tcp h:5432 me  panel verify-ca"},
		{"TLS of a known server", "postgres://me@h/panel?sslmode=verify-full&sslrootcert=" + ca, "tcp h:5432 me  panel verify-full"},
		{"TLS of a server that the system trusts", "postgres://me@h/panel?sslmode=verify-full&sslrootcert=system", "tcp h:5432 me  panel verify-full"},
	} {
		a, err := parseAddress(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		mode := "none"
		switch {
		case a.plainToo:
			mode = "prefer"
		case a.tls != nil && !a.tls.InsecureSkipVerify && a.tls.ServerName == "h":
			mode = "verify-full"
		case a.tls != nil && a.tls.VerifyConnection != nil:
			mode = "verify-ca"
		case a.tls != nil:
			mode = "require"
		}
		if got := strings.Join([]string{a.network, a.dialAddress(), a.user, a.password, a.database, mode}, " "); got != test.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", test.name, test.url, got, test.want)
		}
	}
}

func TestAWrongAddressIsExplainedWithoutItsPassword(t *testing.T) {
	for _, test := range []struct{ url, says string }{
		{"postgres://me:s3cret/x@h/panel", "%-escapes"},
		{"postgres://me:s3cret@h:port/panel", "is not a URL"},
		{"mysql://me:s3cret@h/panel", "must begin with postgres://"},
		{"host=h user=me password=s3cret", "must begin with postgres://"},
		{"", "must begin with postgres://"},
		{"postgres://me:s3cret@h:99999/panel", "1 to 65535"},
		{"postgres://me:s3cret@h/panel?sslmode=yes", "use disable, prefer"},
		{"postgres://me:s3cret@h/panel?sslmode=verify-full", "needs sslrootcert"},
		{"postgres://me:s3cret@h/panel?sslmode=verify-full&sslrootcert=/no/such", "no such file"},
		{"postgres://me:s3cret@h/panel?sslmode=verify-full&sslrootcert=address_test.go", "holds no certificate"},
		{"postgres://me:s3cret@h/panel?pool_size=3", "unknown parameter \"pool_size\""},
		{"postgres://me:s3cret@h/panel?connect_timeout=soon", "not a number of seconds"},
		{"postgres://me:s3cret@h/panel?sslmode=%zz", "parameters"},
	} {
		_, err := parseAddress(test.url)
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want it to say %q", test.url, err, test.says)
		}
	}
	if _, err := Open("postgres://me@h/panel", Options{}); err == nil {
		t.Error("a database without a clock is opened")
	}
}

func TestAServerThatIsNotThereIsNamed(t *testing.T) {
	for _, url := range []string{"postgres://me:s3cret@127.0.0.1:1/panel", "postgres://me:s3cret@/panel?host=/no/such"} {
		db, err := Open(url, Options{Now: in2020, ConnectWait: 1})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Ping(context.Background())
		if err == nil || !strings.Contains(err.Error(), `database "panel" at `) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
		_ = db.Close()
	}
}
