package inbox

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

const reply = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"

func folded(s string) string {
	var b strings.Builder
	for part := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(s))), 76) {
		b.Write(part)
		b.WriteString("\r\n")
	}
	return b.String()
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// letters are in the manner of the usual programs.
var letters = map[string]string{
	"gmail": crlf(`Delivered-To: meet+00ff@forum.example
Return-Path: <anna@people.example>
From: Anna Schmidt <anna@people.example>
To: Forum <meet+00FF@forum.example>
Auto-Submitted: auto-generated
Subject: Accepted: Meeting @ Wed May 13, 2026 9am (ICT)
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="000000000000abc"

--000000000000abc
Content-Type: multipart/alternative; boundary="000000000000def"

--000000000000def
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

QWNjZXB0ZWQ=
--000000000000def
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

`) + reply + crlf(`
--000000000000def--
--000000000000abc
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

`) + folded(reply) + crlf(`--000000000000abc--
`),
	"outlook": crlf(`From: Anna Schmidt <anna@people.example>
To: "meet+00ff@forum.example" <meet+00ff@forum.example>
Subject: =?utf-8?B?xJDDoyBuaOG6rW4=?=
Content-Language: en-US
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64
MIME-Version: 1.0

`) + folded(reply),
	"apple": crlf(`From: Anna Schmidt <anna@people.example>
To: meet+00ff@forum.example
Content-Type: multipart/alternative; boundary=Apple-Mail-1
MIME-Version: 1.0

--Apple-Mail-1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Anna =C3=A4
--Apple-Mail-1
Content-Type: text/calendar; method=REPLY; charset=utf-8; name=iCal.ics
Content-Transfer-Encoding: quoted-printable

BEGIN:VCALENDAR
METHOD:REP=
LY
END:VCALENDAR

--Apple-Mail-1--
`),
	"after an envelope": "From anna@people.example Fri May  1 07:15:03 2026\n" + strings.ReplaceAll(crlf("To: meet+00ff@forum.example\nContent-Type: text/calendar\n\n")+reply, "\r\n", "\n"),
}

func TestLettersOfTheUsualPrograms(t *testing.T) {
	for name, text := range letters {
		m, err := Read(strings.NewReader(text))
		if err != nil || m.Automatic || !slices.Contains(m.To, "meet+00ff@forum.example") || len(m.To) != 1 || len(m.Calendars) == 0 || strings.Join(m.From, " ") != "anna@people.example" && name != "after an envelope" {
			t.Errorf("%s: %+v, %v", name, m, err)
			continue
		}
		for _, c := range m.Calendars {
			if got := strings.TrimSpace(strings.ReplaceAll(string(c), "\r\n", "\n")); got != strings.TrimSpace(strings.ReplaceAll(reply, "\r\n", "\n")) {
				t.Errorf("%s: %q", name, c)
			}
		}
	}
}

func TestWhatAsksForNothing(t *testing.T) {
	for name, head := range map[string]string{
		"a vacation": "Auto-Submitted: auto-replied; owner-email=\"x\"\n",
		"a bounce":   "Return-Path: <>\n",
		"a report":   "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
	} {
		if m, err := Read(strings.NewReader(crlf(head + "To: a@b.example\n\nI am away.\n"))); err != nil || !m.Automatic {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	forwarded := crlf("To: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n") + letters["outlook"] + crlf("\n--b--\n")
	if m, err := Read(strings.NewReader(forwarded)); err != nil || len(m.Calendars) != 0 {
		t.Errorf("a letter in the letter: %+v, %v", m, err)
	}
}

func TestLimits(t *testing.T) {
	nested := "To: a@b.example\r\n"
	for i := range 20 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for name, text := range map[string]string{
		"nothing":        "",
		"no header":      "\x00\x01\x02 hello",
		"too large":      "To: a@b.example\r\n\r\n" + strings.Repeat("x", MaxMessage),
		"nested":         nested,
		"too many parts": crlf("Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 60) + "--b--\n"),
	} {
		if m, err := Read(strings.NewReader(text)); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	many := crlf("Content-Type: multipart/mixed; boundary=b\n\n") + strings.Repeat(crlf("--b\nContent-Type: text/calendar\n\n")+reply, 40) + "--b--\r\n"
	if m, err := Read(strings.NewReader(many)); err != nil || len(m.Calendars) != maxCalendars {
		t.Errorf("%d calendars, %v", len(m.Calendars), err)
	}
}

func FuzzMessage(f *testing.F) {
	for _, text := range letters {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Read(strings.NewReader(text))
		if err != nil {
			if agenda.CodeOf(err) != agenda.Invalid {
				t.Fatal(err)
			}
			return
		}
		if len(m.Calendars) > maxCalendars || len(m.To) > maxAddresses {
			t.Fatalf("%d calendars, %d addresses", len(m.Calendars), len(m.To))
		}
	})
}
