package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"klantenpaneel/internal/catalog"
	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/domainname"
	"klantenpaneel/internal/hosting"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/term"
)

func (s *service) periodOn(day civil.Date) civil.Period { return term.PeriodOn(s.from, s.months, day) }

// register writes the domain name of the service.
func (m *maker) register(ctx context.Context, tx *pg.Tx, s *service, period civil.Period) error {
	s.domain = key.New()
	confirmed := tx.Now
	d := domainname.Domain{ID: s.domain, AccountID: s.owner.ID, SubscriptionID: &s.id, Name: s.label, Status: "ACTIVE", Registrar: registrar(s.label),
		RegisteredOn: s.from, ExpiresOn: period.End, AutoRenew: true, AutoRenewConfirmedAt: &confirmed, Locked: !strings.HasSuffix(s.label, ".nl"),
		NameServers: []string{"ns1.noorderhost.example", "ns2.noorderhost.example", "ns3.noorderhost.example"}, CreatedAt: tx.Now}
	if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
		return fmt.Errorf("domain name %s: %w", s.label, err)
	}
	return nil
}

// registrar is the party through which a name of that extension is registered.
func registrar(name string) string {
	if strings.HasSuffix(name, ".nl") {
		return "sidn"
	}
	return "registrar-demo"
}

// provision writes the hosting package of the service, on one of the nodes.
func (m *maker) provision(ctx context.Context, tx *pg.Tx, s *service, p *product) error {
	s.hosting = key.New()
	n := number(s.label)
	user := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, s.label)
	mailboxes, databases := 1+n%9, 1+n%4
	if p.kind == catalog.Reseller {
		mailboxes, databases = 140, 41
	}
	h := hosting.Package{ID: s.hosting, AccountID: s.owner.ID, SubscriptionID: &s.id, Name: s.label, Node: fmt.Sprintf("web%02d", 1+n%4),
		Username: fmt.Sprintf("%s%04d", user[:min(8, len(user))], n%10_000), Status: "ACTIVE",
		DiskLimitBytes: p.DiskLimitBytes, TrafficLimitBytes: p.TrafficLimitBytes, InodeLimit: p.InodeLimit, MailboxCount: &mailboxes, DatabaseCount: &databases, CreatedAt: tx.Now}
	for _, other := range s.owner.services {
		if other.label == s.label && other.domain != [16]byte{} {
			h.DomainID = &other.domain
		}
	}
	if _, err := tx.NewInsert().Model(&h).Exec(ctx); err != nil {
		return fmt.Errorf("hosting %s: %w", s.label, err)
	}
	return nil
}

// number returns a number that is always the same for a text: where people differ, it decides.
func number(text string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // it never fails
	return int(h.Sum32() >> 1)
}
