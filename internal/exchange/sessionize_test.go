package exchange

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// fieldDraft is forumDraft with what the formats of other programs tell apart besides: a break that spans all rooms, a
// panel with a stream and people of all kinds, and the same person in two parts.
func fieldDraft() agenda.Draft {
	d := forumDraft()
	d.People = append(d.People, agenda.Person{ID: uuid(24), Serial: 4, Name: "Nguyễn Mạnh Hùng", JobTitle: agenda.Text{"vi": "Giáo sư"}},
		agenda.Person{ID: uuid(25), Serial: 5, Name: "Who speaks at what is cancelled"}, agenda.Person{ID: uuid(26), Serial: 6, Name: "Who interprets"})
	d.Panels[0].Serial, d.Panels[1].Serial, d.Panels[2].Serial = 7, 8, 9
	d.Panels[0].Speakers = []agenda.Speaker{{PersonID: uuid(24), Role: agenda.Host, Status: agenda.Confirmed}}
	d.Panels[1].Speakers = append(d.Panels[1].Speakers, agenda.Speaker{PersonID: uuid(24), Role: agenda.Panelist, Status: agenda.Confirmed},
		agenda.Speaker{PersonID: uuid(26), Role: agenda.Interpreter, Status: agenda.Confirmed})
	d.Panels[1].Interventions[1].Speakers = []agenda.Speaker{{PersonID: uuid(24), Role: agenda.Presenter, Status: agenda.Confirmed},
		{PersonID: uuid(21), Role: agenda.Presenter, Status: agenda.Confirmed}}
	d.Panels[2].Speakers = []agenda.Speaker{{PersonID: uuid(25), Role: agenda.Presenter, Status: agenda.Confirmed}}
	lunch := d.Panels[0]
	lunch.ID, lunch.UID, lunch.Code, lunch.Serial, lunch.Format, lunch.Speakers = uuid(35), "e@plenary", "LUNCH", 10, agenda.FormatBreak, nil
	lunch.Title, lunch.AllRooms = agenda.Text{"en": "Lunch", "fr": "Déjeuner", "vi": "Ăn trưa"}, true
	zone, _ := agenda.LoadZone(d.Event.Zone)
	slot, _ := agenda.NewSlot(zone, "", "2025-10-27T12:00", "2025-10-27T14:00")
	lunch.Slot = &slot
	d.Panels = append(d.Panels, lunch)
	d.Rooms[0].Serial, d.Tracks[0].Serial = 1, 3
	d.Event.Venue.Address = agenda.Text{"en": "1 Street, Hà Nội"}
	return d
}

func fieldRelease() agenda.Release { return forumRelease(3, fieldDraft(), nil) }

var sessionizeViews = map[string]func(agenda.Release, PublicOptions) ([]byte, error){
	"all": SessionizeAll, "gridsmart": SessionizeGridSmart, "sessions": SessionizeSessions, "speakers": SessionizeSpeakers}

func TestSessionize(t *testing.T) {
	for name, view := range sessionizeViews {
		got, err := view(fieldRelease(), PublicOptions{BaseURL: "https://plenary.example", Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "sessionize_"+name+".json", got)
		r := fieldRelease()
		// Whatever got into a Snapshot by mistake: who has not confirmed is not named, and nor is who is unknown.
		r.Snapshot.Panels[2].Speakers = []agenda.Speaker{{PersonID: uuid(21), Role: agenda.Chair, Status: agenda.Invited},
			{PersonID: uuid(99), Role: agenda.Chair, Status: agenda.Confirmed}}
		r.Snapshot.Panels[2].Interventions = nil
		if got, err := view(r, PublicOptions{}); err != nil || bytes.Contains(got, []byte("Lan Anh")) || bytes.Contains(got, []byte(uuid(21))) || bytes.Contains(got, []byte(uuid(99))) {
			t.Errorf("%s names who is only invited, or unknown: %s, %v", name, got, err)
		}
		none, err := view(agenda.Release{Snapshot: agenda.Snapshot{Event: agenda.Event{Zone: "UTC"}}}, PublicOptions{})
		if err != nil || bytes.Contains(none, []byte(":null")) && name != "sessions" {
			t.Errorf("%s without anything: %s, %v", name, none, err)
		}
		for _, secret := range []string{strings.ToLower(canary), "987654", "what is cancelled", "interprets", "typhoon"} {
			if strings.Contains(strings.ToLower(string(got)), secret) {
				t.Errorf("%s tells %q", name, secret)
			}
		}
	}
}

// The objects as clients declare them that are strict about what is null and what is a number.
type clientAll struct {
	Sessions []struct {
		ID, Title               *string
		Description             nullable[string]
		StartsAt, EndsAt        *string
		IsServiceSession        *bool
		IsPlenumSession         *bool
		Speakers                *[]string
		CategoryItems           *[]int32
		QuestionAnswers         *[]struct{}
		RoomID                  *int32 `json:"roomId"`
		LiveURL, RecordingURL   nullable[string]
		Status                  nullable[string]
		IsInformed, IsConfirmed *bool
	}
	Speakers []struct {
		ID, FirstName, LastName, TagLine, FullName *string
		Bio, ProfilePicture                        nullable[string]
		IsTopSpeaker                               *bool
		Links, QuestionAnswers                     *[]struct{}
		Sessions, CategoryItems                    *[]int32
	}
	Questions  *[]struct{}
	Categories []struct {
		ID, Sort    *int32
		Title, Type *string
		Items       []clientItem
	}
	Rooms []clientItem
}

type clientItem struct {
	ID, Sort *int32
	Name     *string
}

type clientSession struct {
	ID, Title        *string
	Description      nullable[string]
	StartsAt, EndsAt *string
	IsServiceSession *bool
	IsPlenumSession  *bool
	Speakers         []struct{ ID, Name *string }
	Categories       []struct {
		ID, Sort      *int32
		Name          *string
		CategoryItems []struct {
			ID   *int32
			Name *string
		}
	}
	RoomID                  *int32 `json:"roomId"`
	Room                    *string
	LiveURL, RecordingURL   nullable[string]
	Status                  nullable[string]
	IsInformed, IsConfirmed *bool
}

type clientGrid []struct {
	Date      *string
	IsDefault *bool
	Rooms     []struct {
		ID                    *int32
		Name                  *string
		Sessions              []clientSession
		HasOnlyPlenumSessions *bool
	}
	TimeSlots []struct {
		SlotStart *string
		Rooms     []struct {
			ID, Index *int32
			Name      *string
			Session   clientSession
		}
	}
}

type clientSessions []struct {
	GroupID   nullable[int32]
	GroupName *string
	Sessions  []clientSession
	IsDefault *bool
}

type clientSpeakers []struct {
	ID, FirstName, LastName, FullName, TagLine *string
	Bio, ProfilePicture                        nullable[string]
	Sessions                                   []struct {
		ID   *int32
		Name *string
	}
	IsTopSpeaker                       *bool
	Links, QuestionAnswers, Categories *[]struct{}
}

// nullable is a member that may be null, but has to be there.
type nullable[T any] struct {
	there bool
	value *T
}

func (n *nullable[T]) UnmarshalJSON(b []byte) error {
	n.there = true
	return json.Unmarshal(b, &n.value)
}

func TestSessionizeAsClientsDeclareIt(t *testing.T) {
	releases := []agenda.Release{fieldRelease()}
	for seed := range uint64(300) {
		releases = append(releases, newDice(seed).bundle().Releases...)
	}
	for _, r := range releases {
		o := PublicOptions{Language: pick(newDice(uint64(r.Number)), []string{"", "fr", "vi"})}
		var all clientAll
		var grid clientGrid
		var sessions clientSessions
		var speakers clientSpeakers
		decodeView(t, SessionizeAll, r, o, &all)
		decodeView(t, SessionizeGridSmart, r, o, &grid)
		decodeView(t, SessionizeSessions, r, o, &sessions)
		decodeView(t, SessionizeSpeakers, r, o, &speakers)
		checkSessionizeAll(t, r, all)
		checkSessionizeGrid(t, all, grid)
		if len(sessions) != 1 || len(sessions[0].Sessions) != len(all.Sessions) || len(speakers) != len(all.Speakers) {
			t.Fatalf("%d groups, %d speakers", len(sessions), len(speakers))
		}
		for i, s := range speakers {
			if *s.ID != *all.Speakers[i].ID || len(s.Sessions) != len(*all.Speakers[i].Sessions) || len(s.Sessions) == 0 {
				t.Errorf("speaker %d: %v", i, s)
			}
			if name := strings.TrimSpace(*s.FirstName + " " + *s.LastName); strings.Join(strings.Fields(*s.FullName), " ") != strings.Join(strings.Fields(name), " ") {
				t.Errorf("%q is %q", *s.FullName, name)
			}
		}
	}
}

func decodeView(t *testing.T, view func(agenda.Release, PublicOptions) ([]byte, error), r agenda.Release, o PublicOptions, into any) {
	t.Helper()
	b, err := view(r, o)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	if missing := absent(reflect.ValueOf(into).Elem(), ""); missing != "" {
		t.Fatalf("%s is not there in\n%s", missing, b)
	}
}

// absent gives the first member that is missing, or null and must not be.
func absent(v reflect.Value, at string) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return at
		}
		return absent(v.Elem(), at)
	case reflect.Slice:
		if v.IsNil() {
			return at
		}
		for i := range v.Len() {
			if missing := absent(v.Index(i), at+"/"+strconv.Itoa(i)); missing != "" {
				return missing
			}
		}
	case reflect.Struct:
		if there := v.FieldByName("there"); there.IsValid() {
			if !there.Bool() {
				return at
			}
			return ""
		}
		for i := range v.NumField() {
			if missing := absent(v.Field(i), at+"/"+v.Type().Field(i).Name); missing != "" {
				return missing
			}
		}
	}
	return ""
}

func checkSessionizeAll(t *testing.T, r agenda.Release, all clientAll) {
	t.Helper()
	rooms, items, ids, people := map[int32]bool{}, map[int32]bool{}, map[string]bool{}, map[string]bool{}
	for _, room := range all.Rooms {
		if rooms[*room.ID] || *room.ID <= 0 {
			t.Errorf("room %d a second time", *room.ID)
		}
		rooms[*room.ID] = true
	}
	for _, c := range all.Categories {
		for _, i := range c.Items {
			if items[*i.ID] || *i.ID <= 0 || *i.Name == "" {
				t.Errorf("item %d %q a second time, or without a name", *i.ID, *i.Name)
			}
			items[*i.ID] = true
		}
	}
	for _, s := range all.Speakers {
		people[*s.ID] = true
	}
	var takePlace []*agenda.Panel
	for _, p := range r.Snapshot.Panels {
		if !p.Cancelled {
			takePlace = append(takePlace, p)
		}
	}
	if len(takePlace) != len(all.Sessions) {
		t.Fatalf("%d sessions of %d panels", len(all.Sessions), len(takePlace))
	}
	for i, s := range all.Sessions {
		if ids[*s.ID] || !rooms[*s.RoomID] || *s.StartsAt != string(takePlace[i].Slot.Start.Wall) || len(*s.CategoryItems) == 0 ||
			*s.IsServiceSession == (s.Status.value != nil) {
			t.Errorf("session %+v", s)
		}
		ids[*s.ID] = true
		for _, id := range *s.Speakers {
			if !people[id] {
				t.Errorf("speaker %s of %s is unknown", id, *s.ID)
			}
		}
		for _, id := range *s.CategoryItems {
			if !items[id] {
				t.Errorf("item %d of %s is unknown", id, *s.ID)
			}
		}
	}
	for _, s := range all.Speakers {
		for _, id := range *s.Sessions {
			if !ids[strconv.Itoa(int(id))] {
				t.Errorf("session %d of %s is unknown", id, *s.FullName)
			}
		}
	}
}

// checkSessionizeGrid checks that every session is once among the rooms and once among the times, where it says it is.
func checkSessionizeGrid(t *testing.T, all clientAll, grid clientGrid) {
	t.Helper()
	byRoom, byTime := map[string]int{}, map[string]int{}
	for i, day := range grid {
		if *day.IsDefault != (i == 0) || i > 0 && *day.Date <= *grid[i-1].Date {
			t.Errorf("day %d is %s", i, *day.Date)
		}
		for _, room := range day.Rooms {
			for _, s := range room.Sessions {
				byRoom[*s.ID]++
				if *s.RoomID != *room.ID || *s.Room != *room.Name || (*s.StartsAt)[:10] != (*day.Date)[:10] {
					t.Errorf("%s is in %d on %s", *s.ID, *room.ID, *day.Date)
				}
			}
		}
		var starts []string
		for _, slot := range day.TimeSlots {
			starts = append(starts, *slot.SlotStart)
			for _, cell := range slot.Rooms {
				byTime[*cell.Session.ID]++
				if *day.Rooms[*cell.Index].ID != *cell.ID || (*cell.Session.StartsAt)[11:] != *slot.SlotStart {
					t.Errorf("%s is at %s in column %d", *cell.Session.ID, *slot.SlotStart, *cell.Index)
				}
			}
		}
		if !slices.IsSorted(starts) || len(slices.Compact(slices.Clone(starts))) != len(starts) {
			t.Errorf("slots %v", starts)
		}
	}
	for _, s := range all.Sessions {
		if byRoom[*s.ID] != 1 || byTime[*s.ID] != 1 {
			t.Errorf("%s is %d times among the rooms and %d among the times", *s.ID, byRoom[*s.ID], byTime[*s.ID])
		}
	}
}

// What spans all rooms is in the hall that comes first, and where there is none, at the venue.
func TestSessionizePlaces(t *testing.T) {
	for _, c := range []struct {
		rooms []agenda.Room
		want  string
	}{
		{nil, "Hall"},
		{[]agenda.Room{{ID: uuid(12), Kind: agenda.RoomTable, Name: agenda.Text{"en": "Table"}}, {ID: uuid(11), Kind: agenda.RoomHall, Name: agenda.Text{"en": "Main"}}}, "Main"},
		{[]agenda.Room{{ID: uuid(12), Kind: agenda.RoomTable, Name: agenda.Text{"en": "Table"}}}, "Table"},
	} {
		r := fieldRelease()
		r.Snapshot.Rooms, r.Snapshot.Panels = c.rooms, r.Snapshot.Panels[:2] // both span all rooms
		var all clientAll
		var grid clientGrid
		decodeView(t, SessionizeAll, r, PublicOptions{}, &all)
		decodeView(t, SessionizeGridSmart, r, PublicOptions{}, &grid)
		checkSessionizeAll(t, r, all)
		checkSessionizeGrid(t, all, grid)
		if len(grid) != 1 || len(grid[0].Rooms) != 1 || *grid[0].Rooms[0].Name != c.want || !*grid[0].Rooms[0].HasOnlyPlenumSessions {
			t.Errorf("%s: %v", c.want, grid)
		}
	}
}

// What Sessionize writes itself is read by what these tests hold us to, so that they are not stricter than it.
func TestSessionizeWritesWhatClientsDeclare(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "schedules", "droidcon-london-2024.sessionize-gridsmart.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var grid clientGrid
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&grid); err != nil {
		t.Fatal(err)
	}
	if missing := absent(reflect.ValueOf(grid), ""); missing != "" || len(grid) != 2 {
		t.Errorf("%s is missing in %d days", missing, len(grid))
	}
}
