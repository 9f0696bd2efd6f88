package exchange

import "plenary/internal/agenda"

// AgendaDocument is agenda.json: one Release as the public may see it. Lists are never null;
// what is empty is left out.
type AgendaDocument struct {
	Event   AgendaEvent    `json:"event" doc:"The event"`
	Release AgendaRelease  `json:"release" doc:"Which publication of the agenda this is"`
	Days    []AgendaDay    `json:"days" doc:"The days of the event, and any other on which a panel begins"`
	Rooms   []AgendaRoom   `json:"rooms" doc:"All rooms, in their order"`
	Tracks  []AgendaTrack  `json:"tracks" doc:"All tracks, in their order"`
	People  []AgendaPerson `json:"people" doc:"Who takes part in the panels below, by name"`
	Panels  []AgendaPanel  `json:"panels" doc:"The panels, in the order of the agenda"`
}

// AgendaEvent is the Event of an [AgendaDocument].
type AgendaEvent struct {
	ID            agenda.ID     `json:"id" doc:"Identifies the event for ever"`
	Slug          string        `json:"slug" doc:"The event's name in URLs" example:"vidw-2025"`
	Name          Localized     `json:"name,omitempty" doc:"The event's name"`
	Description   Localized     `json:"description,omitempty" doc:"What the event is about. Markdown (CommonMark) without HTML"`
	Zone          string        `json:"zone" doc:"IANA time zone in which every local time and day of this document is meant" example:"Asia/Ho_Chi_Minh"`
	StartDate     agenda.Date   `json:"start_date" format:"date" doc:"First day"`
	EndDate       agenda.Date   `json:"end_date" format:"date" doc:"Last day, included"`
	Languages     []string      `json:"languages" doc:"Languages of the event, as BCP 47 tags; the first is the one to fall back to"`
	Venue         *AgendaVenue  `json:"venue,omitempty" doc:"Where the event takes place"`
	Website       string        `json:"website,omitempty" format:"uri" doc:"The event's own website"`
	Accent        string        `json:"accent,omitempty" doc:"Colour of the event's pages: red, green and blue, hexadecimal" example:"#005bbb"`
	URL           string        `json:"url" format:"uri" doc:"The public agenda as a page"`
	TextLanguages TextLanguages `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaVenue is where the Event takes place.
type AgendaVenue struct {
	Name          Localized     `json:"name,omitempty" doc:"The venue's name"`
	Address       Localized     `json:"address,omitempty" doc:"The venue's postal address"`
	Country       string        `json:"country,omitempty" doc:"ISO 3166-1 alpha-2 code" example:"VN"`
	Latitude      *float64      `json:"latitude,omitempty" doc:"Degrees north, WGS 84"`
	Longitude     *float64      `json:"longitude,omitempty" doc:"Degrees east, WGS 84"`
	TextLanguages TextLanguages `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaRelease says which Release an [AgendaDocument] shows.
type AgendaRelease struct {
	Number        int           `json:"number" doc:"Counts the event's releases from 1, without gaps"`
	Published     string        `json:"published_at" format:"date-time" doc:"When it was published, with the event's offset from UTC"`
	Note          Localized     `json:"note,omitempty" doc:"Why it was published"`
	TextLanguages TextLanguages `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaDay is a day and what begins on it.
type AgendaDay struct {
	Date   agenda.Date `json:"date" format:"date" doc:"The day, in the event's time zone"`
	Panels []agenda.ID `json:"panels" doc:"Ids of the panels that belong to the day, in order"`
}

// AgendaRoom is a Room.
type AgendaRoom struct {
	ID            agenda.ID       `json:"id" doc:"Identifies the room for ever"`
	Name          Localized       `json:"name,omitempty" doc:"The room's name"`
	Description   Localized       `json:"description,omitempty" doc:"How to find it"`
	Kind          agenda.RoomKind `json:"kind" enum:"hall,table" doc:"A hall for panels, or a table for meetings"`
	Capacity      int             `json:"capacity,omitempty" doc:"People that fit"`
	TextLanguages TextLanguages   `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaTrack is a Track.
type AgendaTrack struct {
	ID            agenda.ID     `json:"id" doc:"Identifies the track for ever"`
	Name          Localized     `json:"name,omitempty" doc:"The track's name"`
	Description   Localized     `json:"description,omitempty" doc:"What the track is about"`
	Color         string        `json:"color,omitempty" doc:"Red, green and blue, hexadecimal" example:"#005bbb"`
	TextLanguages TextLanguages `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaPerson is what the public may know of a Person.
type AgendaPerson struct {
	ID            agenda.ID     `json:"id" doc:"Identifies the person for ever"`
	Name          string        `json:"name" doc:"The name as it is written in a programme" example:"Nguyễn Mạnh Hùng"`
	Honorific     Localized     `json:"honorific,omitempty" doc:"What goes before the name"`
	JobTitle      Localized     `json:"job_title,omitempty" doc:"What the person is"`
	Organization  Localized     `json:"organization,omitempty" doc:"Whom the person stands for"`
	Country       string        `json:"country,omitempty" doc:"ISO 3166-1 alpha-2 code" example:"VN"`
	Bio           Localized     `json:"bio,omitempty" doc:"Who the person is. Markdown (CommonMark) without HTML"`
	PhotoURL      string        `json:"photo_url,omitempty" format:"uri" doc:"A portrait"`
	TextLanguages TextLanguages `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaPanel is a Panel.
type AgendaPanel struct {
	ID             agenda.ID            `json:"id" doc:"Identifies the panel for ever"`
	Code           string               `json:"code" doc:"Short and unique in the event, for people and URLs"`
	UID            string               `json:"uid" doc:"Identifies its entry in every calendar (RFC 5545, 3.8.4.7)"`
	URL            string               `json:"url" format:"uri" doc:"The panel as a page"`
	ICS            string               `json:"ics" format:"uri" doc:"The panel as a calendar entry (RFC 5545)"`
	Number         int                  `json:"number,omitempty" doc:"The number of a numbered panel"`
	Label          Localized            `json:"label,omitempty" doc:"How a numbered panel is called: Panel 1"`
	Format         agenda.Format        `json:"format" enum:"panel,keynote,talk,roundtable,workshop,ceremony,social,break" doc:"The kind of panel"`
	Title          Localized            `json:"title,omitempty" doc:"The panel's title"`
	Abstract       Localized            `json:"abstract,omitempty" doc:"What the panel is about. Markdown (CommonMark) without HTML"`
	Track          agenda.ID            `json:"track,omitempty" doc:"Id of its track"`
	Room           agenda.ID            `json:"room,omitempty" doc:"Id of its room"`
	AllRooms       bool                 `json:"all_rooms,omitempty" doc:"It spans every hall, as a plenary or a lunch does"`
	Day            agenda.Date          `json:"day" format:"date" doc:"The day that it belongs to: the one on which it begins, in the event's time zone"`
	Start          string               `json:"start" format:"date-time" doc:"When it begins, with the event's offset from UTC"`
	End            string               `json:"end" format:"date-time" doc:"When it is over, with the event's offset from UTC"`
	Minutes        int                  `json:"minutes" doc:"How long it takes"`
	Language       string               `json:"language,omitempty" doc:"Language that is spoken, a BCP 47 tag"`
	Interpretation []string             `json:"interpretation" doc:"Languages that it is interpreted into"`
	StreamURL      string               `json:"stream_url,omitempty" format:"uri" doc:"Where to watch it"`
	Cancelled      bool                 `json:"cancelled,omitempty" doc:"It does not take place"`
	CancelNote     Localized            `json:"cancel_note,omitempty" doc:"Why it does not take place"`
	ReplacedBy     agenda.ID            `json:"replaced_by,omitempty" doc:"Id of the panel that takes place instead"`
	Speakers       []AgendaSpeaker      `json:"speakers" doc:"Who takes part, in order"`
	Interventions  []AgendaIntervention `json:"interventions" doc:"Its contributions, in order"`
	Materials      []AgendaMaterial     `json:"materials" doc:"Slides, papers and the like, oldest first"`
	TextLanguages  TextLanguages        `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}

// AgendaMaterial is a Material.
type AgendaMaterial struct {
	Title string `json:"title" doc:"Its title, in one language"`
	URL   string `json:"url" format:"uri" doc:"The file, as long as the latest release has it"`
	Type  string `json:"type" doc:"Media type of the file" example:"application/pdf"`
	Size  int    `json:"size" doc:"Bytes of the file" example:"1048576"`
}

// AgendaSpeaker is a Person's part in a Panel.
type AgendaSpeaker struct {
	Person agenda.ID   `json:"person" doc:"Id of the person"`
	Role   agenda.Role `json:"role" enum:"moderator,panelist,speaker,chair,host,rapporteur,interpreter" doc:"What the person does"`
}

// AgendaIntervention is a contribution inside a Panel.
type AgendaIntervention struct {
	ID            agenda.ID       `json:"id" doc:"Identifies the contribution for ever"`
	Title         Localized       `json:"title,omitempty" doc:"Its title"`
	Abstract      Localized       `json:"abstract,omitempty" doc:"What it is about. Markdown (CommonMark) without HTML"`
	Offset        *int            `json:"offset,omitempty" doc:"Minutes after the panel's start, when planned so"`
	Minutes       int             `json:"minutes,omitempty" doc:"How long it takes, when planned"`
	Start         string          `json:"start,omitempty" format:"date-time" doc:"When it begins, when that follows from what is planned"`
	Speakers      []AgendaSpeaker `json:"speakers" doc:"Who takes part, in order"`
	TextLanguages TextLanguages   `json:"text_languages,omitempty" doc:"In a document for one language: the language that each text of this object came in"`
}
