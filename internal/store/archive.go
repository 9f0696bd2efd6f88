package store

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"slices"
	"strings"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// An archive is gzip'd lines of JSON: a header, the rows of one table after the other as arrays of their columns'
// values, and a trailer. It is the same whichever database it is of, and equal databases make equal archives.
const (
	archiveFormat  = "plenary-backup"
	archiveVersion = 1
	// largestLine bounds what a damaged archive can make us read at once: a release has some megabytes.
	largestLine = 1 << 29
)

// archiveHeader is the first line.
type archiveHeader struct {
	Format  string         `json:"format"`
	Version int            `json:"version"` // of the format
	Schema  int64          `json:"schema"`  // number of the newest migration
	Tables  []archiveTable `json:"tables"`
}

// archiveTable says what follows of a table.
type archiveTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// archiveTrailer is the last line.
type archiveTrailer struct {
	SHA256 string `json:"sha256"` // of all lines before, hexadecimal
}

func trailerOf(sum hash.Hash) archiveTrailer {
	return archiveTrailer{SHA256: hex.EncodeToString(sum.Sum(nil))}
}

// table is a table of the database, and its primary key to sort by.
type table struct{ name, key string }

// tables are all of them, each after those that it refers to. A test compares them with the schema.
var tables = []table{
	{"events", "id"},
	{"rooms", "id"},
	{"room_walks", "room_id, position"},
	{"tracks", "id"},
	{"files", "name"},
	{"file_parts", "file, number"},
	{"people", "id"},
	{"participants", "event_id, person_id"},
	{"availabilities", "id"},
	{"panels", "id"},
	{"panel_speakers", "panel_id, position"},
	{"interventions", "id"},
	{"intervention_speakers", "intervention_id, position"},
	{"occupancies", "item_kind, item_id, resource_kind, resource_id, starts_at, ends_at"},
	{"meetings", "id"},
	{"delegates", "meeting_id, side, position"},
	{"meeting_times", "meeting_id, position"},
	{"meeting_steps", "id"},
	{"meeting_rules", "event_id"},
	{"stand_ins", "id"},
	{"materials", "id"},
	{"releases", "id"},
	{"release_files", "release_id, file"},
	{"calendars", "event_id"},
	{"calendar_entries", "event_id, variant, uid"},
	{"calendar_feeds", "event_id, scope, variant"},
	{"feeds", "id"},
	{"serials", "event_id, kind, item_id"},
	{"sources", "event_id, name"},
	{"origins", "event_id, source, kind, source_key"},
	{"draft_turns", "event_id, turn"},
	{"closed_feeds", "hash"},
	{"tokens", "id"},
	{"accounts", "id"},
	{"members", "event_id, account_id"},
	{"passkeys", "id"},
	{"identities", "issuer, subject"},
	{"logins", "id"},
	{"account_links", "id"},
	{"ceremonies", "hash"},
	{"attempts", "id"},
	{"personal_links", "id"},
	{"personal_visits", "hash"},
	{"desk_codes", "event_id, person_id"},
	{"vouched_addresses", "event_id, person_id"},
	{"personal_pages", "event_id, person_id"},
	{"signing_keys", "name"},
	{"webhooks", "id"},
	{"webhook_deliveries", "id"},
	{"webhook_attempts", "delivery_id, number"},
	{"mails", "id"},
	{"meeting_invitations", "meeting_id, person_id"},
	{"letter_rules", "event_id"},
	{"told", "mail_id"},
	{"letter_answers", "mail_id"},
	{"reminders", "event_id, person_id, item_id, starts_at, lead_minutes"},
	{"unsubscribes", "event_id, person_id, topic"},
	{"jobs", "id"},
	{"activities", "id"},
	{"idempotency_keys", "actor, key"},
}

// column is a column of a table. Its kind says how its values are written: the two databases' drivers give some of them
// as different types of Go.
type column struct {
	name string
	kind columnKind
}

type columnKind int

const (
	textKind columnKind = iota
	integerKind
	booleanKind
	realKind
	bytesKind // base64 in the archive
)

// columnKinds are the kinds by the type's name, as the drivers give it.
var columnKinds = map[string]columnKind{
	"TEXT": textKind, "INTEGER": integerKind, "INT8": integerKind, "BOOLEAN": booleanKind, "BOOL": booleanKind,
	"REAL": realKind, "FLOAT8": realKind, "BLOB": bytesKind, "BYTEA": bytesKind,
}

// columnsOf asks the database for the columns of a table, in the order of the schema.
func columnsOf(db *gorm.DB, table string) ([]column, error) {
	rows, err := db.Raw("SELECT * FROM " + table + " WHERE 1 = 0").Rows()
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	var columns []column
	for _, t := range types {
		kind, ok := columnKinds[strings.ToUpper(t.DatabaseTypeName())]
		if !ok {
			return nil, fmt.Errorf("column %s.%s has the unknown type %q", table, t.Name(), t.DatabaseTypeName())
		}
		columns = append(columns, column{t.Name(), kind})
	}
	return columns, rows.Err()
}

func columnName(c column) string { return c.name }

// encodeCell gives the JSON value of what a driver gave.
func (c column) encodeCell(value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	switch v := value.(type) {
	case string:
		if c.kind == textKind {
			return v, nil
		}
	case []byte:
		if c.kind == bytesKind {
			return base64.StdEncoding.EncodeToString(v), nil
		}
	case int64:
		if c.kind == booleanKind {
			return v != 0, nil
		}
		if c.kind == integerKind {
			return v, nil
		}
	case bool:
		if c.kind == booleanKind {
			return v, nil
		}
	case float64:
		if c.kind == realKind {
			return v, nil
		}
	}
	return nil, fmt.Errorf("column %s holds %T", c.name, value)
}

// decodeCell gives the value for a driver.
func (c column) decodeCell(raw json.RawMessage) (any, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	var err error
	switch c.kind {
	case integerKind:
		var v int64
		err = json.Unmarshal(raw, &v)
		return v, err
	case booleanKind:
		var v bool
		err = json.Unmarshal(raw, &v)
		return v, err
	case realKind:
		var v float64
		err = json.Unmarshal(raw, &v)
		return v, err
	case bytesKind:
		v := []byte{}
		err = json.Unmarshal(raw, &v) // from base64
		return v, err
	}
	var v string
	err = json.Unmarshal(raw, &v)
	return v, err
}

// decodeRow gives the values of a line of a table.
func decodeRow(line []byte, columns []column) ([]any, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil {
		return nil, err
	}
	if len(cells) != len(columns) {
		return nil, fmt.Errorf("a row has %d values, not %d", len(cells), len(columns))
	}
	values := make([]any, len(cells))
	for i, c := range columns {
		v, err := c.decodeCell(cells[i])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		values[i] = v
	}
	return values, nil
}

// decodeLine reads a header or a trailer, which have no other fields than ours.
func decodeLine(line []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// badArchive is the error for an archive that is not what Backup writes.
func badArchive(format string, args ...any) error {
	return agenda.Errorf(agenda.Invalid, "The backup can't be restored; nothing was changed. "+format, args...)
}

// fits says why the header is not that of an archive for this program and this schema.
func (h archiveHeader) fits(schema int64, columns map[string][]column) error {
	switch {
	case h.Format != archiveFormat:
		return badArchive("It is not a backup of Plenary.")
	case h.Version > archiveVersion, h.Schema > schema:
		return badArchive("It was made by a newer Plenary (its schema is %d, and this database's is %d).", h.Schema, schema)
	case h.Version < 1, h.Schema < schema:
		return badArchive("It was made by an older Plenary (its schema is %d, and this database's is %d): "+
			"restore it with that one, then upgrade.", h.Schema, schema)
	case len(h.Tables) != len(tables):
		return badArchive("It has %d tables, not %d.", len(h.Tables), len(tables))
	}
	for i, t := range h.Tables {
		if t.Name != tables[i].name || t.Rows < 0 || !slices.Equal(t.Columns, convert(columns[t.Name], columnName)) {
			return badArchive("Its table %q is not like the database's.", t.Name)
		}
	}
	return nil
}
