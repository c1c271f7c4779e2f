package billing

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/money"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/term"

	"github.com/google/uuid"
)

// renewPage is the page behind the link in the mail of an offer. What follows the # stays in the browser: no log, proxy or
// scanner of mail learns it, and opening the page changes nothing (invariant 17).
const renewPage = "/renew#token="

// linkPurpose separates these tokens from whatever else the server's key authenticates.
const linkPurpose = "renewal link"

// tokenOf returns the token behind which an account finds all its offers for a day: the same in each mail about them, so that
// the link in the first still works after the last. Nobody without the server's key can make it.
func tokenOf(p notify.Panel, account uuid.UUID, renewsOn civil.Date) string {
	mac := p.Key.MAC(linkPurpose, []byte(account.String()+" "+renewsOn.String()))
	return "kr_" + base64.RawURLEncoding.EncodeToString(mac)
}

// hashOf is what the database keeps of a token.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// findUnmailed names the accounts with an offer that is open, or due for a reminder, and of which no mail tells yet.
func findUnmailed(ctx context.Context, tx *pg.Tx, after uuid.UUID) (ids []uuid.UUID, err error) {
	err = tx.NewRaw(`select distinct account_id from renewal_offer where account_id > ? and status = 'OPEN' and mails < 1 + reminders and renews_on > ? order by account_id limit ?`,
		after, tx.Today(), batch).Scan(ctx, &ids)
	return ids, err
}

// mailOffers mails the open offers of the account, one mail for all services of a day, from 08:00 on (P-31, 3.2, 3.3).
func (b *Billing) mailOffers(ctx context.Context, tx *pg.Tx, account uuid.UUID) (changed bool, err error) {
	if b.Panel.URL == "" {
		return false, nil // there is nowhere to lead to
	}
	book, err := subscription.BookOf(ctx, tx, account)
	if err != nil {
		return false, err
	}
	var open []*subscription.RenewalOffer
	err = tx.NewSelect().Model(&open).Where("ro.account_id = ?", account).Where("ro.status = 'OPEN'").Where("ro.renews_on > ?", tx.Today()).Order("ro.renews_on", "ro.id").Scan(ctx)
	if err != nil {
		return false, fmt.Errorf("find the offers to mail: %w", err)
	}
	for len(open) > 0 {
		day := open[0].RenewsOn
		n := slices.IndexFunc(open, func(o *subscription.RenewalOffer) bool { return o.RenewsOn != day })
		if n < 0 {
			n = len(open)
		}
		if slices.ContainsFunc(open[:n], func(o *subscription.RenewalOffer) bool { return o.Mails <= o.Reminders }) {
			changed = true
			if err := b.mailGroup(ctx, tx, book, open[:n]); err != nil {
				return false, err
			}
		}
		open = open[n:]
	}
	return changed, nil
}

// mailGroup mails the offers of one day.
func (b *Billing) mailGroup(ctx context.Context, tx *pg.Tx, book *subscription.Book, offers []*subscription.RenewalOffer) error {
	day, rate := offers[0].RenewsOn, book.Tax.Decide(tx.Today()).Rate
	token := tokenOf(b.Panel, book.Account.ID, day)
	content := notify.RenewalOffer{EndsOn: day, Link: b.Panel.Link(renewPage + notify.Placeholder)}
	var net money.Cents
	for _, o := range offers {
		s := book.Service(o.SubscriptionID)
		if s == nil {
			continue
		}
		net += o.NetCents
		content.Services = append(content.Services, offeredService(book, s, o))
		content.Reminder = max(content.Reminder, o.Mails)
		_, err := tx.NewRaw(`update renewal_offer set token_hash = ?, vat_rate = ?, mails = 1 + reminders where id = ?`, hashOf(token), int(rate), o.ID).Exec(ctx)
		if err != nil {
			return fmt.Errorf("note the mail of an offer: %w", err)
		}
	}
	content.Total = net + rate.Of(net)
	return notify.Queue(ctx, tx, notify.Mail{Account: book.Account.ID, DedupeKey: fmt.Sprintf("renewal_offer:%s:%s:%s", book.Account.ID, day, tx.Today()),
		Name: book.Account.Name, To: book.Account.Email, Language: book.Account.Language, Content: content, At: term.MailAt(tx.Today()),
		Secret: notify.Secret{Token: token, Key: b.Panel.Key}})
}

func offeredService(book *subscription.Book, s *subscription.Service, o *subscription.RenewalOffer) notify.OfferedService {
	return notify.OfferedService{Service: s.Label, Product: s.Product.Name(book.Account.Language), Until: s.Contract.PeriodOn(o.RenewsOn).End, Amount: o.NetCents + o.VatCents}
}
