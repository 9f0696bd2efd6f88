package exchange

import (
	"io"
	"time"

	"plenary/internal/agenda"
)

// LinkRow is a personal link when it is made.
type LinkRow struct {
	Person    agenda.Person
	URL, Code string // what opens it
	Expires   time.Time
}

// LinksCSV writes a table of personal links that were just made, for a program that sends letters.
func LinksCSV(w io.Writer, rows []LinkRow) error {
	out, err := newCSV(w, "name", "email", "url", "code", "expires")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := out.row(r.Person.Name, r.Person.Email, r.URL, r.Code, r.Expires.UTC().Format(instantLayout)); err != nil {
			return err
		}
	}
	return out.flush()
}
