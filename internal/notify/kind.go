package notify

import "strings"

// Kind is what a notification tells (state-machines §0).
type Kind string

// Known reports whether there is such a kind.
func (k Kind) Known() bool { _, ok := kinds[k]; return ok }

// Essential reports whether it also goes by mail or post, whatever the customer's preferences are (P-24).
func (k Kind) Essential() bool { return kinds[k].essential }

// Text returns one sentence in the language ("nl" or "en"), with what data holds in its places.
func (k Kind) Text(language string, data map[string]string) string {
	text := kinds[k].en
	if language == "nl" {
		text = kinds[k].nl
	}
	pairs := make([]string, 0, 2*len(data))
	for name, value := range data {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

type sentence struct {
	essential bool
	nl, en    string
}

// kinds holds every kind with its sentences. The names in braces are the keys of the notification's data: number and
// amount of an invoice, name of a service, day, percent.
var kinds = map[Kind]sentence{
	"INVOICE_OPEN":                     {true, "Factuur {number} van {amount} staat open; betaal vóór {day}.", "Invoice {number} of {amount} is open; pay before {day}."},
	"INVOICE_PAID":                     {false, "Factuur {number} is betaald. Dank u wel.", "Invoice {number} was paid. Thank you."},
	"INVOICE_OVERDUE":                  {false, "Factuur {number} van {amount} is over de vervaldatum.", "Invoice {number} of {amount} is past its due date."},
	"CREDIT_NOTE":                      {false, "Creditfactuur {number} van {amount} is gemaakt.", "Credit note {number} of {amount} was issued."},
	"INVOICE_REMINDER_30D":             {true, "Op {day} volgt een factuur van {amount}.", "On {day} an invoice of {amount} will follow."},
	"DUNNING_LETTER":                   {true, "Er is een brief verstuurd over factuur {number}.", "A letter about invoice {number} was sent."},
	"PAYMENT_FAILED":                   {true, "De betaling van factuur {number} is mislukt of teruggehaald.", "The payment of invoice {number} failed or was taken back."},
	"DIRECT_DEBIT_ANNOUNCED":           {true, "Op {day} schrijven wij {amount} af voor factuur {number}.", "On {day} we collect {amount} for invoice {number}."},
	"CANCELLATION_RECEIVED":            {true, "Uw opzegging van {name} is ontvangen; einde op {day}.", "Your cancellation of {name} was received; it ends on {day}."},
	"CANCELLATION_CONFIRMED":           {true, "Uw opzegging van {name} is verwerkt; einde op {day}.", "Your cancellation of {name} was processed; it ends on {day}."},
	"CANCELLATION_NEEDS_DOMAIN_CHOICE": {true, "Kies wat er met domeinnaam {name} moet gebeuren; tot dan blijft het product actief.", "Choose what is to become of domain name {name}; until then the product stays active."},
	"CANCELLATION_REJECTED":            {true, "Uw opzegging van {name} kan niet worden verwerkt.", "Your cancellation of {name} cannot be processed."},
	"CANCELLATION_WITHDRAWN":           {true, "Uw opzegging van {name} is ongedaan gemaakt.", "Your cancellation of {name} was undone."},
	"SUBSCRIPTION_ENDED":               {true, "Het abonnement {name} is beëindigd.", "The subscription {name} has ended."},
	"RENEWAL_OFFER":                    {true, "{name} stopt op {day}, tenzij u verlengt.", "{name} ends on {day} unless you renew it."},
	"RENEWAL_ACCEPTED":                 {true, "U heeft {name} verlengd tot {day}.", "You renewed {name} until {day}."},
	"RENEWAL_DECLINED":                 {true, "U verlengt {name} niet; einde op {day}.", "You do not renew {name}; it ends on {day}."},
	"SUBSCRIPTION_RENEWED":             {true, "{name} is verlengd tot {day}.", "{name} was renewed until {day}."},
	"WITHDRAWAL_RECEIVED":              {true, "Uw herroeping van {name} is ontvangen.", "Your withdrawal from {name} was received."},
	"QUOTE_NEW":                        {true, "Offerte {number} wacht op uw antwoord, tot en met {day}.", "Quote {number} waits for your answer, until {day}."},
	"QUOTE_EXPIRED":                    {false, "Offerte {number} is verlopen.", "Quote {number} has expired."},
	"ORDER_CONFIRMED":                  {true, "Uw bestelling {number} is bevestigd.", "Your order {number} is confirmed."},
	"ORDER_DELIVERED":                  {false, "Uw bestelling {number} is geleverd.", "Your order {number} was delivered."},
	"CHANGE_REQUEST_RECEIVED":          {false, "Uw wijzigingsverzoek is ontvangen.", "Your change request was received."},
	"CHANGE_REQUEST_DECIDED":           {true, "Uw wijzigingsverzoek is beoordeeld.", "Your change request was decided."},
	"DOMAIN_EXPIRING":                  {true, "Domeinnaam {name} verloopt op {day}.", "Domain name {name} expires on {day}."},
	"DOMAIN_TRANSFERRED_OUT":           {true, "Domeinnaam {name} is verhuisd naar een andere provider.", "Domain name {name} moved to another provider."},
	"DOMAIN_QUARANTINE":                {true, "Domeinnaam {name} is beëindigd; terughalen kan tot en met {day}.", "Domain name {name} has ended; it can be had back until {day}."},
	"HOLDER_VERIFICATION":              {true, "Bevestig de gegevens van de houder van {name}.", "Confirm the details of the holder of {name}."},
	"HOSTING_SUSPENDED":                {true, "Hostingpakket {name} is tijdelijk buiten gebruik.", "Hosting package {name} is suspended."},
	"HOSTING_DELETION_SCHEDULED":       {true, "De gegevens van {name} worden op {day} gewist.", "The data of {name} will be erased on {day}."},
	"HOSTING_DELETED":                  {true, "Hostingpakket {name} is verwijderd.", "Hosting package {name} was deleted."},
	"HOSTING_RESTORED":                 {true, "Hostingpakket {name} is teruggezet.", "Hosting package {name} was restored."},
	"USAGE_80":                         {false, "{name} gebruikt {percent}% van de limiet.", "{name} uses {percent}% of its limit."},
	"USAGE_90":                         {false, "{name} gebruikt {percent}% van de limiet.", "{name} uses {percent}% of its limit."},
	"USAGE_100":                        {true, "{name} heeft de limiet bereikt.", "{name} has reached its limit."},
	"TICKET_REPLY":                     {true, "Er is een antwoord op ticket {number}: {name}.", "There is an answer to ticket {number}: {name}."},
	"ARRANGEMENT_AGREED":               {true, "Uw betalingsregeling is vastgelegd.", "Your payment arrangement was agreed."},
	"ARRANGEMENT_BROKEN":               {true, "Uw betalingsregeling is vervallen.", "Your payment arrangement was broken."},
	"PRICE_CHANGE":                     {true, "De prijs van {name} verandert per {day}.", "The price of {name} changes on {day}."},
	"SECURITY_NOTICE":                  {true, "Er is iets gewijzigd aan de beveiliging van uw account.", "Something about the security of your account has changed."},
}
