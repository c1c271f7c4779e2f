package demo

import (
	"context"
	"fmt"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/key"
	"klantenpaneel/internal/pg"
)

// found sets up the provider: one legal entity with two trade names, and so one series of invoice numbers.
func (s *seeder) found(ctx context.Context) error {
	noorder := account.Brand{Code: "PING", Profile: "PING", Name: "Noorderhost", LegalName: "Noorderhost B.V.", Line1: "Stationsplein 1", Postcode: "9726 AE", City: "Groningen", Country: "NL",
		KvkNumber: "90000001", VatID: "NL004495445B01", Iban: "NL91ABNA0417164300", Bic: "ABNANL2A", Email: "administratie@noorderhost.example", Phone: "+31 50 123 45 67",
		URL: "https://noorderhost.example", Hue: 255, PaymentTermDays: 14, OssRegistered: true}
	mijn := noorder
	mijn.Code, mijn.Profile, mijn.Name, mijn.Email, mijn.URL, mijn.Hue = "MHP", "MHP", "Weblokaal", "hallo@weblokaal.example", "https://weblokaal.example", 155
	return s.do(ctx, opening.At(8, 0), func(tx *pg.Tx) error {
		for _, b := range []account.Brand{noorder, mijn} {
			b.ID, b.CreatedAt = key.New(), tx.Now
			s.brands[b.Code] = b.ID
			if _, err := tx.NewInsert().Model(&b).Exec(ctx); err != nil {
				return fmt.Errorf("add brand %s: %w", b.Code, err)
			}
		}
		return nil
	})
}
