package billing

import (
	"context"
	"time"
	"unicode/utf8"

	"klantenpaneel/internal/key"
	"klantenpaneel/internal/notify"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/subscription"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
)

// Asked is who wants something, and how the wish came in.
type Asked struct {
	Viewer   viewer.Viewer
	OnBehalf *OnBehalf // staff who act for a customer; nil for everyone else
	IP       string    // of who answers an offer; "" when unknown
	Agent    string    // and the program it is done with
}

// OnBehalf tells for which customer staff act, and how its wish reached them (P-23).
type OnBehalf struct {
	Account    uuid.UUID
	Channel    string    // PANEL, EMAIL, PHONE, POST, CHAT or TICKET
	ReceivedAt time.Time // zero for now; never in the future
	Evidence   string    // a reference to it
}

// received is how a wish came in.
type received struct {
	At       time.Time
	Channel  string
	Evidence string
}

// engine is as which job a wish is carried out.
const engine = "billing"

// carryOut does what somebody asked for about something of one account: find looks it up as the viewer, who must see it and
// may manage subscriptions; do does it in a transaction that may do anything, with the account locked, and in which the
// audit trail names the viewer.
func (b *Billing) carryOut(ctx context.Context, a Asked, find func(tx *pg.Tx) (account uuid.UUID, err error), do func(tx *pg.Tx, r received) error) error {
	var account uuid.UUID
	err := b.db.Read(ctx, a.Viewer, viewer.ManageSubscription, func(tx *pg.Tx) (err error) {
		account, err = find(tx)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.check(account); err != nil {
		return err
	}
	return b.db.Write(ctx, a.Viewer.Elevated(engine), viewer.ManageSubscription, func(tx *pg.Tx) error {
		r := received{At: tx.Now, Channel: "PANEL"}
		if o := a.OnBehalf; o != nil {
			if o.ReceivedAt.After(tx.Now) {
				return invalid("Het moment van ontvangst ligt in de toekomst.", "The time of receipt lies in the future.", "onBehalfOf", "receivedAt")
			}
			if !o.ReceivedAt.IsZero() {
				r.At = o.ReceivedAt
			}
			r.Channel, r.Evidence = o.Channel, o.Evidence
			tx.OnBehalf = pg.OnBehalf{Channel: o.Channel, ReceivedAt: r.At, Reason: o.Evidence}
		}
		if err := subscription.Lock(ctx, tx, account); err != nil {
			return err
		}
		return do(tx, r)
	})
}

// maxEvidence is how long a reference may be.
const maxEvidence = 2000

// check makes sure that staff say for whom they act, and that nobody else does.
func (a Asked) check(account uuid.UUID) error {
	o := a.OnBehalf
	switch {
	case a.Viewer.Kind != viewer.Staff && o != nil:
		return problem.New(problem.Forbidden, problem.Text{NL: "Alleen medewerkers handelen namens een klant.", EN: "Only staff act on behalf of a customer."}).At("input", "onBehalfOf")
	case a.Viewer.Kind != viewer.Staff:
		return nil
	case o == nil:
		return invalid("Geef aan namens welke klant dit is, en hoe de wens binnenkwam.", "Tell for which customer this is, and how the wish came in.", "onBehalfOf")
	case o.Account != account:
		return problem.Missing().At("input", "onBehalfOf", "accountId")
	case utf8.RuneCountInString(o.Evidence) > maxEvidence:
		return invalid("Gebruik ten hoogste 2000 tekens.", "Use at most 2000 characters.", "onBehalfOf", "evidence")
	}
	return nil
}

// byStaff does what only staff do about something of one account.
func (b *Billing) byStaff(ctx context.Context, v viewer.Viewer, find func(tx *pg.Tx) (account uuid.UUID, err error), do func(tx *pg.Tx) error) error {
	if err := v.Require(viewer.ManageSubscription); err != nil {
		return err
	}
	if v.Kind != viewer.Staff {
		return problem.New(problem.Forbidden, problem.Text{NL: "Dit doen alleen medewerkers.", EN: "Only staff do this."})
	}
	var account uuid.UUID
	err := b.db.Read(ctx, v, viewer.ManageSubscription, func(tx *pg.Tx) (err error) {
		account, err = find(tx)
		return err
	})
	if err != nil {
		return err
	}
	return b.db.Write(ctx, v.Elevated(engine), viewer.ManageSubscription, func(tx *pg.Tx) error {
		if err := subscription.Lock(ctx, tx, account); err != nil {
			return err
		}
		return do(tx)
	})
}

// mail queues a mail to the customer, once for each key.
func mail(ctx context.Context, tx *pg.Tx, b *subscription.Book, once string, c notify.Content) error {
	return notify.Queue(ctx, tx, notify.Mail{Account: b.Account.ID, DedupeKey: once, Name: b.Account.Name, To: b.Account.Email, Language: b.Account.Language, Content: c})
}

// pageOf returns the link to a subscription in the panel.
func (b *Billing) pageOf(service uuid.UUID) string {
	return b.Panel.Link("/subscriptions/" + key.Format(key.Subscription, service))
}

func invalid(nl, en string, path ...string) *problem.Error {
	return problem.New(problem.Invalid, problem.Text{NL: nl, EN: en}).At(append([]string{"input"}, path...)...)
}
