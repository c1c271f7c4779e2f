package subscription

import (
	"slices"
	"time"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"
)

// Warning is something to know before cancelling. Its code is part of the API.
type Warning struct {
	Code string
	Text problem.Text
}

// Step is something that happens on a day once a service is cancelled. Its kind is part of the API.
type Step struct {
	Kind string
	On   civil.Date
	At   time.Time // zero when it is the whole day
	Text problem.Text
}

// warnings returns what to know of an end before asking for it.
func (c *Case) warnings(mode term.Mode, end term.End, at time.Time, choice string) (all []Warning) {
	add := func(code string, nl, en string) { all = append(all, Warning{code, problem.Text{NL: nl, EN: en}}) }
	if mode == term.EndOfTerm && !end.Timely {
		add("NOTICE_TOO_LATE",
			"Opzeggen per "+end.RenewalOn.Format("nl")+" kon tot en met "+end.LastNoticeOn.Format("nl")+". Het abonnement eindigt daarom een termijn later, en die termijn wordt gefactureerd.",
			"Cancelling by "+end.RenewalOn.Format("en")+" was possible until "+end.LastNoticeOn.Format("en")+". So the subscription ends a term later, and that term is invoiced.")
	}
	if mode == term.EndOfTerm && c.Consumer() && c.Service.Contract.AgreedUntil.After(end.RenewalOn) {
		add("RENEWAL_BINDS",
			"U heeft al verlengd tot "+end.On.Format("nl")+". Binnen 14 dagen na die verlenging kunt u haar herroepen; dan krijgt u uw geld terug.",
			"You renewed until "+end.On.Format("en")+" already. Within 14 days of that renewal you can withdraw from it; then you get your money back.")
	}
	if mode == term.Immediate {
		add("ERASED_AT_ONCE",
			"Website, mail en databases gaan meteen offline en de gegevens zijn niet meer op te halen. De helpdesk kan ze tot "+civil.In(end.At).AddDays(c.Book.Policy.RecoverableDays).Format("nl")+" misschien nog terugzetten; garantie is er niet.",
			"Website, mail and databases go offline at once and the data can no longer be retrieved. Until "+civil.In(end.At).AddDays(c.Book.Policy.RecoverableDays).Format("en")+" the helpdesk may be able to bring them back, without any guarantee.")
		if end.OwedUntil.After(end.On) {
			add("NO_REFUND",
				"Wat tot "+end.OwedUntil.Format("nl")+" is betaald of gefactureerd, wordt niet terugbetaald.",
				"What was paid or invoiced until "+end.OwedUntil.Format("en")+" is not refunded.")
		}
	}
	if mode != term.Immediate && c.waits(choice) {
		add("DOMAIN_KEEPS_PRODUCT",
			"Zolang de domeinnaam wordt verlengd, blijft het product actief. Kies wat er met de domeinnaam moet gebeuren.",
			"As long as the domain name is renewed the product stays active. Choose what is to become of the domain name.")
	}
	if c.moves(mode, choice) && c.Book.Policy.TransferTight(civil.In(at), end.On) {
		add("TRANSFER_TIGHT",
			"Een verhuizing kan 5 werkdagen of langer duren en is vóór "+end.On.Format("nl")+" misschien niet klaar. Komt de domeinnaam later aan, dan valt de verhuizing in een nieuwe periode, die wordt gefactureerd.",
			"A move may take 5 working days or longer and may not be done before "+end.On.Format("en")+". If the domain name arrives later, the move falls into a new period, which is invoiced.")
	}
	return all
}

// moves reports whether a domain name moves away as part of this.
func (c *Case) moves(mode term.Mode, choice string) bool {
	return choice == Transfer || mode == term.Switch && len(c.Domains) > 0 || len(c.Names) > 0 && mode == term.EndOfTerm
}

// timeline tells what happens when, in order.
func (c *Case) timeline(o *Option, at time.Time) (all []Step) {
	p := c.Book.Policy
	add := func(kind string, on civil.Date, nl, en string) {
		if !on.IsZero() {
			all = append(all, Step{Kind: kind, On: on, Text: problem.Text{NL: nl, EN: en}})
		}
	}
	add("RECEIVED", civil.In(at), "Wij ontvangen uw opzegging; u krijgt meteen een bevestiging van ontvangst.", "We receive your cancellation; you get a receipt at once.")
	all[0].At = at
	if o.Mode != term.Immediate {
		add("CONFIRMED", o.ConfirmedBy, "Uiterlijk op deze dag is de opzegging verwerkt. De einddatum hangt daar niet van af.", "By this day the cancellation has been processed. The end does not depend on it.")
	}
	if !o.UndoUntil.IsZero() {
		last := civil.In(o.UndoUntil.Add(-time.Second))
		add("UNDO_UNTIL", last, "Tot en met deze dag kunt u de opzegging zelf ongedaan maken.", "Until this day you can undo the cancellation yourself.")
	}
	if c.moves(o.Mode, Transfer) && len(c.Domains)+len(c.Names) > 0 && o.Mode != term.Immediate {
		if advised := p.TransferAdvisedBy(o.EffectiveOn); !advised.Before(civil.In(at)) {
			add("TRANSFER_ADVISED", advised, "Verhuist u de domeinnaam? Begin daar uiterlijk op deze dag mee.", "Do you move the domain name? Begin by this day.")
		}
	}
	if o.Mode == term.Switch {
		plan := p.PlanSwitch(civil.In(at), civil.Date{})
		add("SWITCH_NOTICE", plan.NoticeUntil, "De opzegtermijn van de overstap loopt af.", "The notice of the switch runs out.")
	}
	add("ENDS", o.EffectiveOn, "Het abonnement eindigt.", "The subscription ends.")
	all[len(all)-1].At = o.EffectiveAt
	for _, r := range o.Removals {
		on := civil.In(r.RecoverableUntil)
		switch {
		case r.Kind == "DOMAIN":
			add("DOMAIN_RELEASED", on, "Tot deze dag kunt u domeinnaam "+r.Name+" nog terughalen; daarna kan iedereen hem registreren.", "Until this day you can have domain name "+r.Name+" back; afterwards anyone can register it.")
		case r.RetrievableByUser:
			add("DATA_ERASED", on, "Tot deze dag kunt u de gegevens van "+r.Name+" nog ophalen; dan worden ze gewist.", "Until this day you can still fetch the data of "+r.Name+"; then they are erased.")
		default:
			add("DATA_ERASED", on, "De gegevens van "+r.Name+" worden definitief gewist.", "The data of "+r.Name+" are erased for good.")
		}
	}
	slices.SortStableFunc(all, func(a, b Step) int { return a.On.Compare(b.On) })
	return all
}
