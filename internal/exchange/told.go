package exchange

import (
	"io"
	"strconv"
	"time"

	"plenary/internal/agenda"
)

// ToldRow is how far it is with telling somebody.
type ToldRow struct {
	Person  agenda.Person
	State   agenda.ToldState
	Mail    agenda.Mail // the zero value: there is none
	Note    string      // what they said besides their answer
	Release int         // that they were told of; 0: none
}

// ToldCSV writes a table of who was told of what concerns them.
func ToldCSV(w io.Writer, rows []ToldRow) error {
	out, err := newCSV(w, "name", "email", "state", "release", "sent", "opened", "answered", "note")
	if err != nil {
		return err
	}
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(instantLayout)
	}
	for _, r := range rows {
		release := ""
		if r.Release > 0 {
			release = strconv.Itoa(r.Release)
		}
		if err := out.row(r.Person.Name, r.Person.Email, string(r.State), release, at(r.Mail.Sent), at(r.Mail.Opened), at(r.Mail.Answered), r.Note); err != nil {
			return err
		}
	}
	return out.flush()
}
