package main

import (
	"context"
	"errors"
	"fmt"

	"klantenpaneel/internal/account"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/vat"
	"klantenpaneel/internal/viewer"
)

type brandCommand struct {
	Code      string `arg:"" help:"Its code, such as PING." default:"PING"`
	Profile   string `help:"How notice and invoices work (rules §0)." enum:"PING,MHP" default:"PING"`
	Name      string `help:"The name that customers know."`
	LegalName string `help:"The name in the trade register."`
	Street    string `help:"Street and number."`
	Postcode  string `help:"Postal code."`
	City      string `help:"Town."`
	KvK       string `help:"Number in the trade register." name:"kvk"`
	VATID     string `help:"VAT identification number." name:"vat-id"`
	IBAN      string `help:"Bank account." name:"iban"`
	BIC       string `help:"Its bank." name:"bic"`
	Email     string `help:"General mail address."`
	Phone     string `help:"Telephone number of the helpdesk."`
	URL       string `help:"Website." name:"url"`
}

// Run makes a trade name, or changes what is known of it.
func (c *brandCommand) Run(ctx context.Context) error {
	a, err := open(ctx)
	if err != nil {
		return err
	}
	if err = a.migrate(ctx); err == nil {
		err = c.save(ctx, a)
	}
	return errors.Join(err, a.close())
}

func (c *brandCommand) save(ctx context.Context, a *app) error {
	if c.IBAN != "" {
		iban, err := vat.ParseIBAN(c.IBAN)
		if err != nil {
			return fmt.Errorf("--iban: %w", err)
		}
		c.IBAN = string(iban)
	}
	b := &account.Brand{Code: c.Code, Profile: c.Profile, Name: c.Name, LegalName: c.LegalName, Line1: c.Street, Postcode: c.Postcode, City: c.City, Country: "NL",
		KvkNumber: c.KvK, VatID: c.VATID, Iban: c.IBAN, Bic: c.BIC, Email: c.Email, Phone: c.Phone, URL: c.URL, Hue: 255, PaymentTermDays: 14, OssRegistered: true}
	err := a.db.Write(ctx, viewer.ForJob("brand"), viewer.ManageDesk, func(tx *pg.Tx) error { return account.SaveBrand(ctx, tx, b) })
	if err == nil {
		fmt.Printf("%s: %s (%s), %s\n", b.Code, b.Name, b.LegalName, b.Profile)
	}
	return err
}

// nameless reports whether the provider has no trade name yet.
func (a *app) nameless(ctx context.Context) (nameless bool, err error) {
	err = a.db.Read(ctx, viewer.ForJob("brand"), viewer.ReadAccount, func(tx *pg.Tx) error {
		some, err := tx.NewSelect().Table("brand").Exists(ctx)
		nameless = !some
		return err
	})
	return nameless, err
}

// ensureBrand makes the provider's first trade name, so that an import can begin.
func (a *app) ensureBrand(ctx context.Context, code string) error {
	a.log.WarnContext(ctx, "there was no trade name yet; say who you are before invoices are made: klantenpaneel brand --help", "code", code)
	return a.db.Write(ctx, viewer.ForJob("brand"), viewer.ManageDesk, func(tx *pg.Tx) error {
		return account.SaveBrand(ctx, tx, &account.Brand{Code: code, Profile: "PING", Name: code, LegalName: code, Country: "NL", Hue: 255, PaymentTermDays: 14, OssRegistered: true})
	})
}
