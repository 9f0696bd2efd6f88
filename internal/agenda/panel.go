package agenda

import (
	"fmt"
	"regexp"
	"time"
)

// Format is the kind of a Panel.
type Format string

// The formats. A break is a Panel too.
const (
	FormatPanel      Format = "panel"
	FormatKeynote    Format = "keynote"
	FormatTalk       Format = "talk"
	FormatRoundtable Format = "roundtable"
	FormatWorkshop   Format = "workshop"
	FormatCeremony   Format = "ceremony"
	FormatSocial     Format = "social"
	FormatBreak      Format = "break"
)

// Formats lists the formats.
var Formats = []Format{FormatPanel, FormatKeynote, FormatTalk, FormatRoundtable, FormatWorkshop, FormatCeremony,
	FormatSocial, FormatBreak}

// NeedsModerator says whether a Panel of this format is incomplete without one.
func (f Format) NeedsModerator() bool { return f == FormatPanel || f == FormatRoundtable }

// MaxPanelMinutes is the longest Panel: a day and a half, so that a night-long social fits.
const MaxPanelMinutes = 36 * 60

// Panel is an item of the agenda.
type Panel struct {
	ID             ID
	EventID        ID
	UID            string // of its calendar entry, given at creation and never changed (RFC 7986, 5.3)
	Code           string // short, unique in the Event, for people and URLs
	Serial         int    // see [Serials]
	Number         int    // "Panel 1"; 0: not numbered
	Format         Format
	Title          Text
	Abstract       Text
	TrackID        ID
	Slot           *Slot // nil: unscheduled
	AllRooms       bool  // spans every hall, as a plenary or a lunch does
	Language       string
	Interpretation []string // languages interpreted into
	StreamURL      string
	Audience       int // people expected; 0: unknown
	Cancelled      bool
	CancelNote     Text // why, for the public
	ReplacedBy     ID   // the Panel that takes place instead, of one that is cancelled; "": none
	Notes          string
	Speakers       []Speaker
	Interventions  []Intervention
	Materials      []Material // oldest first
	Revision       int
	Created        time.Time
	Updated        time.Time
}

// Intervention is an ordered contribution inside a Panel.
type Intervention struct {
	ID       ID
	Title    Text
	Abstract Text
	Offset   *int // minutes after the Panel's start; nil: right after the one before it
	Minutes  int  // planned; 0: open
	Speakers []Speaker
}

// Slot is where and when: a Room and the half-open interval [Start, End).
type Slot struct {
	RoomID ID // "" for a Panel that spans all rooms, or what has no place yet
	Start  Moment
	End    Moment
}

// NewSlot makes a Slot from times as [ParseMoment] reads them, and says all that is wrong with them.
func NewSlot(zone *time.Location, room ID, start, end string) (Slot, error) {
	var f Faults
	from, err := ParseMoment(zone, start)
	f.Merge("/start", err)
	to, err := ParseMoment(zone, end)
	f.Merge("/end", err)
	s := Slot{RoomID: room, Start: from, End: to}
	if len(f) == 0 {
		s.check(&f, "")
	}
	return s, f.Err("slot")
}

func (s Slot) check(f *Faults, pointer string) {
	switch length := s.End.At.Sub(s.Start.At); {
	case length <= 0:
		f.Add(pointer+"/end", "is not after the start")
	case length > MaxPanelMinutes*time.Minute:
		f.Add(pointer+"/end", "is more than %d hours after the start", MaxPanelMinutes/60)
	}
}

// Equal says whether both are the same place and time.
func (s Slot) Equal(t Slot) bool {
	return s.RoomID == t.RoomID && s.Start.At.Equal(t.Start.At) && s.End.At.Equal(t.End.At) &&
		s.Start.Wall == t.Start.Wall && s.End.Wall == t.End.Wall
}

// Day gives the day that the Slot belongs to: the one on which it begins, also past midnight.
func (s Slot) Day() Date { return s.Start.Wall.Date() }

// Rezone gives the Slot read by the clock of another zone: the wall clock stays, the instant moves.
func (s Slot) Rezone(zone *time.Location) (Slot, error) { return s.Shift(zone, 0) }

// Shift gives the Slot so many days later, at the same hours by a clock in the zone. The error says when that zone skips one.
func (s Slot) Shift(zone *time.Location, days int) (Slot, error) {
	var f Faults
	start, err := s.Start.Shift(zone, days)
	f.Merge("/start", err)
	end, err := s.End.Shift(zone, days)
	f.Merge("/end", err)
	s.Start, s.End = start, end
	if len(f) == 0 {
		s.check(&f, "")
	}
	return s, f.Err("slot")
}

// Clean tidies what was typed.
func (p *Panel) Clean() {
	p.Title, p.Abstract, p.CancelNote = p.Title.Clean(), p.Abstract.Clean(), p.CancelNote.Clean()
	p.Notes = CleanLine(p.Notes)
	for i := range p.Interventions {
		v := &p.Interventions[i]
		v.Title, v.Abstract = v.Title.Clean(), v.Abstract.Clean()
	}
}

var codePattern = regexp.MustCompile(`^[A-Z0-9]{3,12}$`)

// Check says everything that is wrong with the Panel at once. That its Room, Track and Persons are
// the Event's is checked where they are known.
func (p Panel) Check() error {
	var f Faults
	if !codePattern.MatchString(p.Code) {
		f.Add("/code", "%q is not a code: 3 to 12 capital letters and digits", clip(p.Code))
	}
	checkRange(&f, "/number", p.Number, 0, 100_000)
	checkOneOf(&f, "/format", p.Format, Formats)
	p.Title.Check(&f, "/title", MaxName, true)
	p.Abstract.Check(&f, "/abstract", MaxProse, false)
	p.CancelNote.Check(&f, "/cancel_note", MaxProse, false)
	if p.ReplacedBy != "" && p.ReplacedBy == p.ID {
		f.Add("/replaced_by", "is the panel itself")
	}
	CheckString(&f, "/notes", p.Notes, MaxProse)
	if p.Language != "" {
		f.Merge("/language", CheckLanguage(p.Language))
	}
	checkLanguages(&f, "/interpretation", p.Interpretation)
	checkURL(&f, "/stream_url", p.StreamURL)
	checkRange(&f, "/audience", p.Audience, 0, 1_000_000)
	checkSpeakers(&f, "/speakers", p.Speakers)
	p.checkInterventions(&f)
	if p.Slot != nil {
		p.Slot.check(&f, "/slot")
	}
	return f.Err("panel")
}

func (p Panel) checkInterventions(f *Faults) {
	if len(p.Interventions) > 500 {
		f.Add("/interventions", "has %d interventions, at most 500 fit", len(p.Interventions))
		return
	}
	for i, v := range p.Interventions {
		at := index("/interventions", i)
		v.Title.Check(f, at+"/title", MaxName, true)
		v.Abstract.Check(f, at+"/abstract", MaxProse, false)
		checkRange(f, at+"/minutes", v.Minutes, 0, MaxPanelMinutes)
		if v.Offset != nil {
			checkRange(f, at+"/offset", *v.Offset, 0, MaxPanelMinutes)
		}
		checkSpeakers(f, at+"/speakers", v.Speakers)
	}
}

// ReplacementLeadsBack says whether one comes back to a Panel by going from its replacement to what that is replaced by, and on.
// Next gives what a Panel is replaced by, "" for none.
func ReplacementLeadsBack(p Panel, next func(ID) ID) bool {
	seen := map[ID]bool{}
	for id := p.ReplacedBy; id != "" && !seen[id]; id = next(id) {
		if id == p.ID {
			return true
		}
		seen[id] = true
	}
	return false
}

// Label is how a numbered Panel is called, "Panel 1"; empty for others.
func (p Panel) Label() Text {
	if p.Number == 0 {
		return nil
	}
	names := FormatNames[p.Format]
	label := make(Text, len(names))
	for tag, name := range names {
		label[tag] = fmt.Sprintf("%s %d", name, p.Number)
	}
	return label
}

// FormatNames says each format in the program's own languages.
var FormatNames = map[Format]Text{
	FormatPanel:      {"en": "Panel", "fr": "Panel", "vi": "Phiên"},
	FormatKeynote:    {"en": "Keynote", "fr": "Discours d’ouverture", "vi": "Bài phát biểu chính"},
	FormatTalk:       {"en": "Talk", "fr": "Conférence", "vi": "Bài trình bày"},
	FormatRoundtable: {"en": "Roundtable", "fr": "Table ronde", "vi": "Bàn tròn"},
	FormatWorkshop:   {"en": "Workshop", "fr": "Atelier", "vi": "Hội thảo"},
	FormatCeremony:   {"en": "Ceremony", "fr": "Cérémonie", "vi": "Nghi lễ"},
	FormatSocial:     {"en": "Social event", "fr": "Réception", "vi": "Giao lưu"},
	FormatBreak:      {"en": "Break", "fr": "Pause", "vi": "Nghỉ giải lao"},
}
