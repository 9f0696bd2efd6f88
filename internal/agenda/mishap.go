package agenda

import (
	"slices"
	"strings"
)

// Mishap is why something that was handed to another server did not arrive, or why it does not go. It is kept, and told to
// programs, as these English words; pages have words for each of them in the language of who reads.
type Mishap string

// What goes wrong with a mail server, beside the faults of Mails that are none of it.
const (
	MailAddressRefused Mishap = "The mail server refuses the address of the letter"
	MailRefused        Mishap = "The mail server refuses the letter"
	MailNotNow         Mishap = "The mail server does not take the letter now"
	MailDistrusted     Mishap = "The certificate of the mail server can't be trusted, so nothing was sent"
	MailUnencrypted    Mishap = "The mail server offers no encryption, so nothing was sent"
	MailUnusable       Mishap = "The mail server can't be used"
	MailCrowded        Mishap = "The letter was not sent: too many are under way"
	MailAddressBad     Mishap = "The address of the letter is none that letters can be sent to"
)

// What goes wrong with a server that is asked by HTTP because somebody typed its address.
const (
	HostPrivate     Mishap = "It leads to a private address, which is not asked"
	HostPlain       Mishap = "It is not in this network, so that its address has to begin with https://"
	HostSlow        Mishap = "It took too long to answer"
	HostLeft        Mishap = "It was not waited for"
	HostUnknown     Mishap = "No server of that name can be found"
	HostUnresolved  Mishap = "Its name can't be looked up at present"
	HostDistrusted  Mishap = "It has no certificate that can be trusted"
	HostSilent      Mishap = "It does not answer"
	HostBroke       Mishap = "It broke off in the middle"
	HostClosed      Mishap = "It takes no connections"
	HostUnreachable Mishap = "It can't be reached, or does not speak HTTP"
)

// What else keeps a delivery to a Webhook from arriving.
const (
	WebhookAnswered   Mishap = "It answered something else than success"
	WebhookRedirected Mishap = "It redirects, and redirects are not followed"
	WebhookStopped    Mishap = "The webhook was stopped"
	WebhookUnsent     Mishap = "It could not be sent"
)

// What goes wrong with a Job of whichever kind.
const (
	JobPanicked Mishap = "the program made a mistake"
	JobKilled   Mishap = "the program ended each time before this was done"
)

// Mishaps lists them.
var Mishaps = []Mishap{FaultAddress, FaultReplaced, FaultUnwanted, FaultLate, FaultMoved, FaultUnvouched,
	MailAddressRefused, MailRefused, MailNotNow, MailDistrusted, MailUnencrypted, MailUnusable, MailCrowded, MailAddressBad,
	HostPrivate, HostPlain, HostSlow, HostLeft, HostUnknown, HostUnresolved, HostDistrusted, HostSilent, HostBroke, HostClosed, HostUnreachable,
	WebhookAnswered, WebhookRedirected, WebhookStopped, WebhookUnsent, JobPanicked, JobKilled}

// With gives the words to keep: the mishap and, in brackets, what the other side said of it.
func (m Mishap) With(said string) string {
	if said == "" {
		return string(m)
	}
	return string(m) + " (" + said + ")"
}

// ReadMishap takes apart what was kept. Words that are no Mishap's are all the other side's.
func ReadMishap(kept string) (m Mishap, said string) {
	i := slices.IndexFunc(Mishaps, func(m Mishap) bool { return kept == string(m) || strings.HasPrefix(kept, string(m)+" (") })
	if i < 0 {
		return "", kept
	}
	said = strings.TrimPrefix(strings.TrimPrefix(kept, string(Mishaps[i])), " (")
	return Mishaps[i], strings.TrimSuffix(said, ")") // which is missing where the words were too long
}
