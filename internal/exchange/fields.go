package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// unloggedFields are those of Plenary's own format that no Activity has: who it is about is its subject, counters and
// stamps follow from the rest, and hashes of secrets are nobody's to read.
var unloggedFields = []string{"id", "serial", "uid", "revision", "created", "updated", "hash", "key_hash", "turn", "content",
	"changed", "modified", "last_fetch", "fetched_by", "snapshot", "erased_at", "erasures"}

// FieldsThatDiffer gives the fields of a noun of the Event before and after a change, those that differ, by their names
// in Plenary's own format, which are those of the API. Nil is nothing: a noun that is new, or one that is deleted. A noun
// may be [agenda.Fields], of what has no other form. Long texts are clipped, and say how long they were.
func FieldsThatDiffer(e agenda.Event, before, after any) (was, became agenda.Fields, err error) {
	oldObject, err := objectOf(e, before)
	if err != nil {
		return nil, nil, err
	}
	nowObject, err := objectOf(e, after)
	if err != nil {
		return nil, nil, err
	}
	oldObject, nowObject = whatDiffers(oldObject, nowObject)
	old, err := split(oldObject)
	if err != nil {
		return nil, nil, err
	}
	now, err := split(nowObject)
	if err != nil {
		return nil, nil, err
	}
	names := slices.Sorted(maps.Keys(old))
	for name := range now {
		names = append(names, name)
	}
	_, asGiven := before.(agenda.Fields) // and so is what it became; all else is written here, in one form
	for _, name := range names {
		if old[name] == now[name] || asGiven && canonical(old[name]) == canonical(now[name]) {
			continue
		}
		if before != nil {
			was = with(was, name, old[name])
		}
		if after != nil {
			became = with(became, name, now[name])
		}
	}
	return was, became, nil
}

// with adds a field as the log keeps it; one that is not there is null.
func with(f agenda.Fields, name, value string) agenda.Fields {
	if f == nil {
		f = agenda.Fields{}
	}
	f[name] = logged(value)
	return f
}

// whatDiffers gives two objects of a noun without what is the same in both, so that it need not be written to be compared: most of a noun
// stays as it was. What their type has by embedding stays.
func whatDiffers(old, now any) (any, any) {
	o, n := reflect.ValueOf(old), reflect.ValueOf(now)
	if !o.IsValid() || !n.IsValid() || o.Type() != n.Type() || o.Kind() != reflect.Struct {
		return old, now
	}
	a, b := reflect.New(o.Type()).Elem(), reflect.New(n.Type()).Elem()
	a.Set(o)
	b.Set(n)
	for i := range o.NumField() {
		if o.Type().Field(i).IsExported() && reflect.DeepEqual(o.Field(i).Interface(), n.Field(i).Interface()) {
			a.Field(i).SetZero()
			b.Field(i).SetZero()
		}
	}
	return a.Interface(), b.Interface()
}

// objectOf gives a noun as Plenary's own format has it; nil for none.
func objectOf(e agenda.Event, noun any) (any, error) {
	p := pen{zone: e.Location()}
	switch n := noun.(type) {
	case nil:
		return nil, nil
	case agenda.Fields:
		return rawFields(n), nil
	case agenda.Event:
		return eventOf(n), nil
	case agenda.Room:
		return roomOf(n), nil
	case agenda.Track:
		return trackOf(n), nil
	case agenda.Person:
		return personOf(n), nil
	case agenda.Panel:
		return p.panel(n), nil
	case agenda.Availability:
		return p.availability(n), nil
	case agenda.Meeting:
		return p.meeting(n), nil
	case agenda.Feed:
		return feedOf(n), nil
	case agenda.Release:
		return releaseObject{ID: n.ID, Number: n.Number, Published: instant(n.Published), By: n.By, Note: n.Note}, nil
	}
	if object := accessOf(noun); object != nil {
		return object, nil
	}
	return nil, agenda.Errorf(agenda.Internal, "The log does not know a %T.", noun)
}

// rawFields gives values as they are.
func rawFields(f agenda.Fields) map[string]json.RawMessage {
	raw := make(map[string]json.RawMessage, len(f))
	for name, value := range f {
		raw[name] = json.RawMessage(value)
	}
	return raw
}

// split gives the fields of an object that the log may have, as JSON, in a map of its own; of none, nil.
func split(object any) (agenda.Fields, error) {
	if object == nil {
		return nil, nil
	}
	body, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(body, &values); err != nil {
		return nil, err
	}
	fields := make(agenda.Fields, len(values))
	for name, value := range values {
		if !slices.Contains(unloggedFields, name) {
			fields[name] = string(value)
		}
	}
	return fields, nil
}

// Bounds of what the log keeps of one field: of a text in it, in characters, and of all of it, in bytes.
const (
	maxLoggedText  = 500
	maxLoggedField = 16 << 10
)

// textOf gives the JSON of a value, the same for the same value.
func textOf(value any) (string, error) {
	var b bytes.Buffer
	err := encodeJSON(&b, value, "")
	return strings.TrimSuffix(b.String(), "\n"), err
}

// decoded gives the value that JSON is of, with numbers as they are written.
func decoded(text string) (value any, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// canonical gives the JSON of the value that JSON is of; of what is none, itself.
func canonical(text string) string {
	value, err := decoded(text)
	if err != nil {
		return text
	}
	same, err := textOf(value)
	if err != nil {
		return text
	}
	return same
}

// logged gives the JSON of a value as the log keeps it.
func logged(text string) string {
	if text == "" {
		return "null"
	}
	value, err := decoded(text)
	clip, failed := textOf(clipped(value))
	if err != nil || failed != nil || len(clip) > maxLoggedField { // the text is our own: it is too long
		return fmt.Sprintf(`"(%d bytes)"`, len(text))
	}
	return clip
}

// clipped gives a value with its long texts clipped.
func clipped(value any) any {
	switch v := value.(type) {
	case string:
		if n := utf8.RuneCountInString(v); n > maxLoggedText {
			return fmt.Sprintf("%s… (%d characters)", string([]rune(v)[:maxLoggedText]), n)
		}
	case []any:
		for i := range v {
			v[i] = clipped(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = clipped(v[key])
		}
	}
	return value
}
