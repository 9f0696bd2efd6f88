package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"plenary/internal/agenda"
)

// wording is what a person reads when the database refuses something about a noun.
type wording struct {
	noun   string            // "panel"
	taken  map[string]string // a sentence for each unique constraint, by PostgreSQL's name for it
	refers string            // a sentence for a reference to what is not there
	used   string            // a sentence for deleting what something refers to; "" unless deleting
}

// refusal is what a database's error comes down to.
type refusal int

const (
	unknown refusal = iota
	notUnique
	noReference
	notAllowed // a CHECK, NOT NULL, or text that the database can't hold
	immutable  // a trigger of ours
	overlaps   // of what is firm with something else that is
	full
	away // busy, gone, or out of reach
)

// fault makes an agenda.Error of what the database said, where a person can do something about it; doing names the
// action for the log. Nil stays nil.
func fault(doing string, err error, w wording) error {
	if err == nil {
		return nil
	}
	kind, constraint := classify(err)
	cause := fmt.Errorf("store: %s: %w", doing, err)
	say := func(code agenda.Code, message string) error {
		return &agenda.Error{Code: code, Message: message, Err: cause}
	}
	noun := w.noun
	if noun == "" {
		noun = "entry"
	}
	switch kind {
	case notUnique:
		if sentence, ok := w.taken[constraint]; ok {
			return say(agenda.Taken, sentence)
		}
		return say(agenda.Taken, "This "+noun+" exists already.")
	case noReference:
		if w.used != "" {
			return say(agenda.Taken, w.used)
		}
		if w.refers != "" {
			return say(agenda.Invalid, w.refers)
		}
		return say(agenda.Invalid, "The "+noun+" refers to something that is not there.")
	case notAllowed:
		return say(agenda.Invalid, "The "+noun+" can't be stored as it is.")
	case overlaps: // with what is in the database's detail, and for nobody to read
		return say(agenda.Taken, "Somebody, or the place, is busy at that time.")
	case immutable:
		return say(agenda.Taken, "What is published or in the log stays as it is.")
	case full:
		return say(agenda.Full, "There is no room left for the database: nothing can be changed until there is again.")
	case away:
		return say(agenda.Unavailable, "The database does not answer in time. Try again.")
	}
	return cause
}

// classify says what an error of either database is, and for notUnique which constraint, by PostgreSQL's name.
func classify(err error) (refusal, string) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return classifyState(pg.Code), pg.ConstraintName
	}
	if code := sqliteCode(err); code != 0 {
		if code == sqliteTrigger && strings.Contains(err.Error(), overlapRule) {
			return overlaps, overlapRule
		}
		return classifyCode(code), constraintName(code, err.Error())
	}
	var unreached *pgconn.ConnectError
	var network net.Error
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &unreached) ||
		errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		pgconn.SafeToRetry(err) { // nothing was sent: the connection was found closed
		return away, ""
	}
	return unknown, ""
}

// overlapRule is what both databases call the rule that nobody is firmly in two places: PostgreSQL's constraint, and what
// SQLite's trigger says.
const overlapRule = "occupancies_overlap"

// classifyState reads PostgreSQL's SQLSTATE.
func classifyState(state string) refusal {
	switch state {
	case "23505":
		return notUnique
	case "23503", "23001":
		return noReference
	case "23514", "23502", "22021", "22P05", "22003":
		return notAllowed
	case "23P01":
		return overlaps
	case "P0001":
		return immutable
	case "53100":
		return full
	case "40001", "40P01", "55P03", "25006", "57P01", "57P02", "57P03", "57014":
		return away
	}
	if strings.HasPrefix(state, "08") || strings.HasPrefix(state, "53") {
		return away
	}
	return unknown
}

// classifyCode reads SQLite's extended result code.
func classifyCode(code int) refusal {
	switch code {
	case sqliteUnique, sqlitePrimaryKey:
		return notUnique
	case sqliteForeignKey:
		return noReference
	case sqliteCheck, sqliteNotNull:
		return notAllowed
	case sqliteTrigger:
		return immutable
	}
	switch code & 0xff {
	case sqliteFull:
		return full
	case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOErr, sqliteCantOpen, sqliteInterrupt:
		return away
	}
	return unknown
}

// constraintName makes PostgreSQL's name of a unique constraint of the columns that SQLite's message names, "UNIQUE
// constraint failed: panels.event_id, panels.code".
func constraintName(code int, message string) string {
	_, columns, found := strings.Cut(message, "UNIQUE constraint failed: ")
	if !found {
		return ""
	}
	columns, _, _ = strings.Cut(columns, " (")
	table, _, _ := strings.Cut(columns, ".")
	if code == sqlitePrimaryKey {
		return table + "_pkey"
	}
	return table + "_" + strings.ReplaceAll(strings.ReplaceAll(columns, table+".", ""), ", ", "_") + "_key"
}

// missing is the error for a noun that is not there.
func missing(noun string) error { return agenda.Errorf(agenda.NotFound, "There is no such %s.", noun) }

// stale is the error for a noun that is another than the caller saw.
func stale(noun string, current any) error {
	return &agenda.Error{Code: agenda.Stale, Message: "Somebody else changed this " + noun + " meanwhile.", Current: current}
}
