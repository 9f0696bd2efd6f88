package server

import "plenary/internal/agenda"

// mishapWords are the keys of words for what goes wrong on the way to another server.
var mishapWords = map[agenda.Mishap]string{
	agenda.FaultAddress: "mails_no_address", agenda.FaultReplaced: "mail_fault_replaced", agenda.FaultUnwanted: "mail_fault_unwanted",
	agenda.FaultLate: "mail_fault_late", agenda.FaultMoved: "mail_fault_moved", agenda.FaultUnvouched: "mail_fault_unvouched",
	agenda.MailAddressRefused: "mishap_mail_address_refused", agenda.MailRefused: "mishap_mail_refused", agenda.MailNotNow: "mishap_mail_not_now",
	agenda.MailDistrusted: "mishap_mail_distrusted", agenda.MailUnencrypted: "mishap_mail_unencrypted", agenda.MailUnusable: "mishap_mail_unusable",
	agenda.MailCrowded: "mishap_mail_crowded", agenda.MailAddressBad: "mishap_mail_address_bad",
	agenda.HostPrivate: "mishap_host_private", agenda.HostPlain: "mishap_host_plain", agenda.HostSlow: "mishap_host_slow", agenda.HostLeft: "mishap_host_left",
	agenda.HostUnknown: "mishap_host_unknown", agenda.HostUnresolved: "mishap_host_unresolved", agenda.HostDistrusted: "mishap_host_distrusted",
	agenda.HostSilent: "mishap_host_silent", agenda.HostBroke: "mishap_host_broke", agenda.HostClosed: "mishap_host_closed", agenda.HostUnreachable: "mishap_host_unreachable",
	agenda.WebhookAnswered: "mishap_webhook_answered", agenda.WebhookRedirected: "mishap_webhook_redirected", agenda.WebhookStopped: "mishap_webhook_stopped",
	agenda.WebhookUnsent: "mishap_webhook_unsent", agenda.JobPanicked: "mishap_job_panicked", agenda.JobKilled: "mishap_job_killed",
}

// mishap says what was kept of a mishap: the mishap in the reader's words, and what the other side said of it as that is. What is no
// Mishap's words stays as it is, in English.
func (v *eventConsole) mishap(kept string) (said, error) {
	m, theirs := agenda.ReadMishap(kept)
	if m == "" {
		return said{kept, "en"}, nil
	}
	ours, err := v.Say(mishapWords[m])
	if err == nil && theirs != "" {
		ours, err = v.Say("mishap_said", "fault", ours, "said", theirs)
	}
	return said{Text: ours}, err
}

// sayMishap adds a fact that is a mishap, if there is any.
func (v *eventConsole) sayMishap(to *[]string, err *error, kept string) {
	if *err != nil || kept == "" {
		return
	}
	var fact said
	if fact, *err = v.mishap(kept); *err == nil {
		*to = append(*to, fact.Text)
	}
}
