package store

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"plenary/internal/agenda"
)

// textColumn is an agenda.Text as JSON with sorted tags; "{}" is nil.
type textColumn agenda.Text

// Value gives the JSON.
func (t textColumn) Value() (driver.Value, error) {
	if len(t) == 0 {
		return "{}", nil
	}
	return string(encodeJSON(map[string]string(t))), nil
}

// Scan reads the JSON.
func (t *textColumn) Scan(value any) error {
	*t = nil
	return scanJSON(value, "{}", (*map[string]string)(t))
}

// listColumn is a list of strings as JSON; "[]" is nil.
type listColumn []string

// Value gives the JSON.
func (l listColumn) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	return string(encodeJSON([]string(l))), nil
}

// Scan reads the JSON.
func (l *listColumn) Scan(value any) error {
	*l = nil
	return scanJSON(value, "[]", (*[]string)(l))
}

// encodeJSON gives the JSON of strings and numbers, with letters as they are, so that a database's own tools show them.
func encodeJSON(value any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		// Only channels, functions, cycles and odd floats can't be encoded, and none is given.
		panic("store: encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func scanJSON(value any, empty string, into any) error {
	var body []byte
	switch v := value.(type) {
	case string:
		body = []byte(v)
	case []byte:
		body = v
	default:
		return fmt.Errorf("a JSON column holds %T", value)
	}
	if string(body) == empty {
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("a JSON column: %w", err)
	}
	return nil
}

// millis gives an instant as the database has it: Unix milliseconds.
func millis(t time.Time) int64 { return t.UnixMilli() }

// instant gives the instant of Unix milliseconds, UTC.
func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func millisOrNull(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	ms := millis(*t)
	return &ms
}

func instantOrNil(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	t := instant(*ms)
	return &t
}

// instantOrZero and zeroIsNull are for instants that are zero until something happened.
func instantOrZero(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return instant(*ms)
}

func zeroIsNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	return millisOrNull(&t)
}

// idOrNull gives NULL for no ID.
func idOrNull(id agenda.ID) *string {
	if id == "" {
		return nil
	}
	s := string(id)
	return &s
}

func idOf(s *string) agenda.ID {
	if s == nil {
		return ""
	}
	return agenda.ID(*s)
}

// slotColumns are a Slot, or NULL in all of them. Wall and fold are what was planned; at is when that is.
type slotColumns struct {
	RoomID    *string `gorm:"column:room_id"`
	StartAt   *int64  `gorm:"column:start_at"`
	StartWall *string `gorm:"column:start_wall"`
	StartFold *bool   `gorm:"column:start_fold"`
	EndAt     *int64  `gorm:"column:end_at"`
	EndWall   *string `gorm:"column:end_wall"`
	EndFold   *bool   `gorm:"column:end_fold"`
}

// slotNames are the columns of a slot.
var slotNames = []string{"room_id", "start_at", "start_wall", "start_fold", "end_at", "end_wall", "end_fold"}

func slotRow(s *agenda.Slot) slotColumns {
	if s == nil {
		return slotColumns{}
	}
	start, end := momentRow(s.Start), momentRow(s.End)
	return slotColumns{RoomID: idOrNull(s.RoomID), StartAt: &start.At, StartWall: &start.Wall, StartFold: &start.Fold,
		EndAt: &end.At, EndWall: &end.Wall, EndFold: &end.Fold}
}

func (c slotColumns) slot() *agenda.Slot {
	if c.StartAt == nil {
		return nil
	}
	return &agenda.Slot{RoomID: idOf(c.RoomID),
		Start: momentColumns{*c.StartAt, *c.StartWall, *c.StartFold}.moment(),
		End:   momentColumns{*c.EndAt, *c.EndWall, *c.EndFold}.moment()}
}

// momentColumns are a Moment.
type momentColumns struct {
	At   int64
	Wall string
	Fold bool
}

func momentRow(m agenda.Moment) momentColumns {
	return momentColumns{millis(m.At), string(m.Wall), m.Fold}
}

func (c momentColumns) moment() agenda.Moment {
	return agenda.Moment{Wall: agenda.Wall(c.Wall), Fold: c.Fold, At: instant(c.At)}
}
