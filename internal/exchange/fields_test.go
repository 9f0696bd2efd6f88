package exchange

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// What differs between two nouns is what differs between all that is written of them, whichever fields changed.
func TestFieldsThatDifferAreThose(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(300) {
		d := newDice(seed)
		one, other := d.draft(), d.draft()
		one.Panels, other.Panels = append(one.Panels, d.panel(one)), append(other.Panels, d.panel(other))
		for _, noun := range []struct{ before, after any }{
			{one.Event, d.mixed(one.Event, other.Event)}, {one.Rooms[0], d.mixed(one.Rooms[0], other.Rooms[0])}, {one.People[0], d.mixed(one.People[0], other.People[0])},
			{one.Panels[0], d.mixed(one.Panels[0], other.Panels[0])}, {d.meeting(one), nil}, {nil, one.Panels[0]}, {one.Panels[0], one.Panels[0]},
		} {
			was, became, err := FieldsThatDiffer(one.Event, noun.before, noun.after)
			if err != nil {
				t.Fatal(err)
			}
			old, now := written(t, one.Event, noun.before), written(t, one.Event, noun.after)
			for name := range old {
				if now[name] == old[name] {
					delete(old, name)
					delete(now, name)
				}
			}
			names := slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(now)))
			for _, name := range names {
				seen[name] = true
				for _, side := range []struct {
					noun any
					said agenda.Fields
					is   agenda.Fields
				}{{noun.before, was, old}, {noun.after, became, now}} {
					if want := logged(side.is[name]); side.noun != nil && side.said[name] != want {
						t.Errorf("seed %d, %T: %s is %s, want %s", seed, side.noun, name, side.said[name], want)
					}
				}
			}
			slices.Sort(names)
			if diff := cmp.Diff(slices.Compact(names), slices.Sorted(maps.Keys(either(was, became)))); diff != "" {
				t.Errorf("seed %d, %T: %s", seed, noun.before, diff)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d fields ever differed", len(seen))
	}
}

// mixed is a with some of the fields of b, which is of the same type.
func (d *dice) mixed(a, b any) any {
	m := reflect.New(reflect.TypeOf(a)).Elem()
	m.Set(reflect.ValueOf(a))
	for i := range m.NumField() {
		if m.Type().Field(i).IsExported() && d.IntN(4) == 0 {
			m.Field(i).Set(reflect.ValueOf(b).Field(i))
		}
	}
	return m.Interface()
}

// written gives all fields of a noun, each in one form.
func written(t *testing.T, e agenda.Event, noun any) agenda.Fields {
	t.Helper()
	object, err := objectOf(e, noun)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := split(object)
	if err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		fields[name] = canonical(fields[name])
	}
	return fields
}

func either(a, b agenda.Fields) agenda.Fields {
	all := agenda.Fields{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}
