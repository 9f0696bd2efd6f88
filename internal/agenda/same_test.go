package agenda

import (
	"reflect"
	"testing"
	"time"
)

// Whatever is different makes two Panels different: also a field that is added to them one day.
func TestPanelsAreTheSameInEveryField(t *testing.T) {
	five := 5
	full := func() *Panel {
		return &Panel{ID: "p", EventID: "e", UID: "u", Code: "c", Serial: 1, Number: 2, Format: FormatTalk, Title: Text{"en": "T"}, Abstract: Text{"en": "A"},
			TrackID: "t", Slot: &Slot{RoomID: "r", Start: Moment{Wall: "2025-10-27T08:00", At: time.Unix(1, 0)}, End: Moment{Wall: "2025-10-27T09:00", At: time.Unix(2, 0)}},
			Language: "en", Interpretation: []string{"fr"}, StreamURL: "s", Audience: 3, CancelNote: Text{"en": "N"}, ReplacedBy: "q", Notes: "n",
			Speakers:      []Speaker{{PersonID: "x", Role: Chair, Status: Confirmed}},
			Interventions: []Intervention{{ID: "v", Title: Text{"en": "V"}, Abstract: Text{"en": "W"}, Offset: &five, Minutes: 7, Speakers: []Speaker{{PersonID: "y", Role: Chair}}}},
			Materials:     []Material{{ID: "m", File: "f", Title: "t", FileName: "n", MediaType: "a/b", Size: 9, Created: time.Unix(3, 0)}},
			Revision:      4, Created: time.Unix(4, 0), Updated: time.Unix(5, 0)}
	}
	p := full()
	if other := full(); !p.Same(other) {
		t.Error("equal panels are not the same")
	}
	walk(t, "Panel", reflect.TypeFor[Panel](), func(change func(reflect.Value)) bool {
		q := full()
		change(reflect.ValueOf(q).Elem())
		return !p.Same(q)
	})
}

// walk changes each field below a struct, and says where that is not noticed.
func walk(t *testing.T, name string, of reflect.Type, noticed func(change func(reflect.Value)) bool) {
	for i := range of.NumField() {
		field, name := of.Field(i), name+"."+of.Field(i).Name
		within := func(to func(reflect.Value)) func(reflect.Value) { return func(v reflect.Value) { to(v.Field(i)) } }
		inner := field.Type
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() != reflect.Struct {
			inner = reflect.TypeFor[string]()
		}
		step := func(v reflect.Value) reflect.Value { return v }
		switch {
		case inner.Kind() == reflect.Pointer:
			inner, step = inner.Elem(), reflect.Value.Elem
		case inner.Kind() == reflect.Slice:
			inner, step = inner.Elem(), func(v reflect.Value) reflect.Value { return v.Index(0) }
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() {
			walk(t, name, inner, func(change func(reflect.Value)) bool {
				return noticed(within(func(v reflect.Value) { change(step(v)) }))
			})
		}
		if !noticed(within(func(v reflect.Value) { v.Set(another(v)) })) {
			t.Errorf("%s: a difference is not noticed", name)
		}
	}
}

// another gives a value that is different.
func another(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		return reflect.ValueOf(v.String() + "x").Convert(v.Type())
	case reflect.Int:
		return reflect.ValueOf(v.Int() + 1).Convert(v.Type())
	case reflect.Float64:
		return reflect.ValueOf(v.Float() + 1)
	case reflect.Bool:
		return reflect.ValueOf(!v.Bool()).Convert(v.Type())
	case reflect.Struct: // time.Time
		if at, ok := v.Interface().(time.Time); ok {
			return reflect.ValueOf(at.Add(time.Second))
		}
		other := reflect.New(v.Type()).Elem()
		if other.Set(v); other.NumField() > 0 {
			other.Field(0).Set(another(v.Field(0)))
		}
		return other
	case reflect.Map:
		return reflect.ValueOf(Text{"en": "x"})
	}
	return reflect.Zero(v.Type())
}

// The same of what Panels refer to.
func TestNounsAreTheSameInEveryField(t *testing.T) {
	five, now := 5, time.Unix(7, 0)
	room := func() *Room {
		return &Room{Name: Text{"en": "R"}, Description: Text{"en": "D"}, Walks: []Walk{{To: "x", Minutes: 1}}, Turnaround: &five, Created: now, Updated: now}
	}
	track := func() *Track {
		return &Track{Name: Text{"en": "R"}, Description: Text{"en": "D"}, Created: now, Updated: now}
	}
	person := func() *Person {
		return &Person{Honorific: Text{"en": "H"}, JobTitle: Text{"en": "J"}, Organization: Text{"en": "O"}, Bio: Text{"en": "B"}, Languages: []string{"fr"},
			Interprets: []Pair{{}}, Created: now, Updated: now, Erased: now}
	}
	event := func() *Event {
		return &Event{Name: Text{"en": "E"}, Description: Text{"en": "D"}, Languages: []string{"en"}, Created: now, Updated: now,
			Venue: Venue{Name: Text{"en": "V"}, Address: Text{"en": "A"}, Place: &Place{1, 2}}}
	}
	if !room().Same(room()) || !track().Same(track()) || !person().Same(person()) || !event().Same(event()) {
		t.Error("equal nouns are not the same")
	}
	walk(t, "Room", reflect.TypeFor[Room](), func(change func(reflect.Value)) bool {
		r := room()
		change(reflect.ValueOf(r).Elem())
		return !room().Same(r)
	})
	walk(t, "Track", reflect.TypeFor[Track](), func(change func(reflect.Value)) bool {
		r := track()
		change(reflect.ValueOf(r).Elem())
		return !track().Same(r)
	})
	walk(t, "Person", reflect.TypeFor[Person](), func(change func(reflect.Value)) bool {
		r := person()
		change(reflect.ValueOf(r).Elem())
		return !person().Same(r)
	})
	walk(t, "Event", reflect.TypeFor[Event](), func(change func(reflect.Value)) bool {
		r := event()
		change(reflect.ValueOf(r).Elem())
		return !event().Same(r)
	})
}
