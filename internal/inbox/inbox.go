// Package inbox reads letters that come in, to find calendar objects in them (RFC 6047). Anybody can send one: it is read
// within limits, and nothing in it is believed here.
package inbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// Limits of what is read of a letter.
const (
	MaxMessage   = 256 << 10 // octets
	maxDepth     = 5         // multiparts in each other
	maxParts     = 50
	maxCalendars = 4
	maxAddresses = 50
)

// Message is what is of use of a letter.
type Message struct {
	From      []string // addresses that it says to be from, in small letters
	To        []string // addresses that it went to, in small letters
	Automatic bool     // it is an automatic reply, or says that another letter could not be delivered
	Calendars [][]byte // calendar objects in it, in order; the same one may be there twice
}

// Read reads a letter (RFC 5322, RFC 2045). The error is Invalid when it is none or goes beyond the limits; errors of r are
// passed on.
func Read(r io.Reader) (Message, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxMessage+1))
	if err != nil {
		return Message{}, err
	}
	if len(data) > MaxMessage {
		return Message{}, agenda.Errorf(agenda.Invalid, "The letter is larger than %d KiB, which is more than is read.", MaxMessage>>10)
	}
	// Some programs that keep letters put the line of an envelope before them.
	if bytes.HasPrefix(data, []byte("From ")) {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	letter, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return Message{}, agenda.Errorf(agenda.Invalid, "This is no letter: its header can't be read.")
	}
	m := reading{}
	m.head(letter.Header)
	if err := m.part(textproto.MIMEHeader(letter.Header), letter.Body, 0); err != nil {
		return Message{}, err
	}
	return m.Message, nil
}

type reading struct {
	Message
	parts int
}

func (m *reading) head(h mail.Header) {
	m.From = addresses(h, "From")
	m.To = addresses(h, "Delivered-To", "X-Original-To", "To", "Cc")
	// RFC 3834, 5; a calendar may answer by itself, and says so with auto-generated.
	submitted, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	_, bounced := h["Return-Path"]
	m.Automatic = strings.TrimSpace(submitted) == "auto-replied" || kind == "multipart/report" || bounced && strings.TrimSpace(h.Get("Return-Path")) == "<>"
}

// addresses gives those in fields of a header, each once. What can't be read is passed over.
func addresses(h mail.Header, names ...string) (found []string) {
	for _, name := range names {
		for _, value := range h[textproto.CanonicalMIMEHeaderKey(name)] {
			list, err := mail.ParseAddressList(value)
			if err != nil {
				continue
			}
			for _, a := range list {
				if address := strings.ToLower(a.Address); len(found) < maxAddresses && !slices.Contains(found, address) {
					found = append(found, address)
				}
			}
		}
	}
	return found
}

// part looks for calendars in a part of the letter and in the parts of that. Letters in the letter are somebody else's.
func (m *reading) part(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		return agenda.Errorf(agenda.Invalid, "The letter has more parts than are read.")
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		return nil
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return m.multipart(params["boundary"], body, depth)
	case kind != "text/calendar" && kind != "application/ics" || len(m.Calendars) == maxCalendars:
		return nil
	}
	content, err := io.ReadAll(decoded(h.Get("Content-Transfer-Encoding"), body))
	if err == nil || len(content) > 0 && errors.Is(err, io.ErrUnexpectedEOF) {
		m.Calendars = append(m.Calendars, content)
	}
	return nil // one that can't be decoded says nothing
}

func (m *reading) multipart(boundary string, body io.Reader, depth int) error {
	if boundary == "" {
		return nil
	}
	parts := multipart.NewReader(body, boundary)
	for {
		p, err := parts.NextRawPart()
		if err != nil {
			return nil // the end, or one that was cut off: what came before counts
		}
		if err := m.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

// decoded undoes a transfer encoding (RFC 2045, 6).
func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}
