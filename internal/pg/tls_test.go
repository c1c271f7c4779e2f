package pg_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/pg"
)

// signed returns a certificate for the host, and the file of the certificate that signed it.
func signed(t *testing.T, host string) (tls.Certificate, string) {
	t.Helper()
	template := func(name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{name}}
	}
	ca := template("ca")
	ca.IsCA, ca.BasicConstraintsValid, ca.KeyUsage = true, true, x509.KeyUsageCertSign
	caKey, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	caDER, err2 := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	key, err3 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, err4 := x509.CreateCertificate(rand.Reader, template(host), ca, &key.PublicKey, caKey)
	file := filepath.Join(t.TempDir(), "ca.pem")
	err5 := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}), 0o600)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestOnlyTheRightServerIsTrusted(t *testing.T) {
	s := newShop(t)
	right, ca := signed(t, "localhost")
	wrongName, ca2 := signed(t, "elsewhere")
	for _, test := range []struct {
		name        string
		certificate *tls.Certificate
		parameters  string
		works       bool
	}{
		{"with TLS if there is", &right, "", true},
		{"without TLS if there is none", nil, "", true},
		{"with TLS that must be", &right, "sslmode=require", true},
		{"with TLS that must be but is not", nil, "sslmode=require", false},
		{"the right name and signer", &right, "sslmode=verify-full&sslrootcert=" + ca, true},
		{"the wrong signer", &right, "sslmode=verify-full&sslrootcert=" + ca2, false},
		{"the wrong name", &wrongName, "sslmode=verify-full&sslrootcert=" + ca2, false},
		{"the wrong name, which is not looked at", &wrongName, "sslmode=verify-ca&sslrootcert=" + ca2, true},
		{"the wrong signer, by all means", &right, "sslmode=require&sslrootcert=" + ca2, false},
		{"no TLS where a signer is asked", nil, "sslmode=verify-full&sslrootcert=" + ca, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var secure *tls.Config
			if test.certificate != nil {
				secure = &tls.Config{Certificates: []tls.Certificate{*test.certificate}}
			}
			_, url := newProxy(t, s.URL, secure)
			url = strings.Replace(strings.Replace(url, "127.0.0.1", "localhost", 1), "sslmode=disable", test.parameters, 1)
			db := s.reopen(t, url, pg.Options{ConnectWait: time.Millisecond})
			for range 3 { // the second time on a connection that lay idle
				if _, err := ask[int](t.Context(), db, job, "SELECT 1"); (err == nil) != test.works {
					t.Errorf("%v", err)
				}
			}
			if test.works {
				if n := db.Stats().OpenConnections; n != 1 {
					t.Errorf("%d connections were opened for one after the other", n)
				}
				listener := listening(t, db)
				sub := listener.Subscribe(nil)
				defer sub.Close()
				next(t, sub)
			}
		})
	}
}
