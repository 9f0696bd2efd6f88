package mail

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"plenary/internal/agenda"
)

// maxAddress is how long an address may be (RFC 5321, 4.5.3.1.3, without the angle brackets).
const maxAddress = 254

// readRecipient reads the one address that a letter goes to: nothing but the address, so no name, list, group, route,
// comment or quoted part. A domain in other letters than ASCII is written as the DNS has it (RFC 5890); other letters
// before the @ are refused, since many servers on the way do not take them (RFC 6531).
func readRecipient(text string) (*mail.Address, error) {
	const refused = "The address of the letter must be one address, such as jane@example.org."
	text = strings.TrimSpace(text)
	if len(text) > maxAddress {
		return nil, agenda.Errorf(agenda.Invalid, "The address of the letter has more than %d characters.", maxAddress)
	}
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" {
		return nil, agenda.Errorf(agenda.Invalid, refused)
	}
	return inASCII(a)
}

// readSender reads an address with or without a name, as an operator configures it.
func readSender(text string) (*mail.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || strings.HasSuffix(strings.TrimSpace(text), ";") {
		return nil, agenda.Errorf(agenda.Invalid, "%q must be an address of mail, such as agenda@example.org or Forum <agenda@example.org>.", text)
	}
	return inASCII(a)
}

func inASCII(a *mail.Address) (*mail.Address, error) {
	local, domain := cut(a.Address)
	for _, r := range local {
		if r <= ' ' || r > '~' {
			return nil, agenda.Errorf(agenda.Invalid, "Before the @, an address of mail may have ASCII letters only: many servers take no others.")
		}
	}
	host, err := idna.Lookup.ToASCII(domain)
	if err != nil || host == "" {
		return nil, agenda.Errorf(agenda.Invalid, "After the @ of an address of mail must be a domain, such as example.org.")
	}
	return &mail.Address{Name: a.Name, Address: local + "@" + host}, nil
}

// cut gives what is before and after the last @.
func cut(address string) (local, domain string) {
	i := strings.LastIndexByte(address, '@')
	return address[:max(i, 0)], address[i+1:]
}
