package mail

import "plenary/internal/agenda"

// Stopped words a letter to who manages the Webhooks of an Event: these are stopped, one at least, and nobody said so. Button is
// what its link says.
func Stopped(lang string, e agenda.Event, hooks []agenda.Webhook) (subject string, body []agenda.MailPart, button string, err error) {
	w, err := wordsFor(lang)
	if err != nil {
		return "", nil, "", err
	}
	event := agenda.NewReader(e.Language(), w.lang).String(e.Name)
	body = []agenda.MailPart{{Lines: []string{w.say("mail_webhook_intro", "event", event)}}}
	for _, h := range hooks {
		body = append(body, agenda.MailPart{Heading: h.Name, Lines: []string{w.say("mail_webhook_host", "host", h.Host()), w.said["mail_webhook_"+string(h.Reason)]}})
	}
	body = append(body, agenda.MailPart{Lines: []string{w.said["mail_webhook_what"]}})
	return w.say("mail_webhook_subject", "event", event), body, w.said["mail_webhook_button"], nil
}
