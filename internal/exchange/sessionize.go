package exchange

import "plenary/internal/agenda"

// The objects below are those of Sessionize's API v2, with its names, its order and its types: identities of sessions
// are strings where a session has one and numbers where a speaker lists them, times are readings of the Event's clock
// without a zone, and what is not there is null in the members that Sessionize leaves empty so, and nowhere else.

// sessionizeAll is the view All.
type sessionizeAll struct {
	Sessions   []sessionizeSession  `json:"sessions"`
	Speakers   []sessionizeSpeaker  `json:"speakers"`
	Questions  []struct{}           `json:"questions"`
	Categories []sessionizeCategory `json:"categories"`
	Rooms      []sessionizeRoom     `json:"rooms"`
}

// sessionizeEntry is what a session is in every view.
type sessionizeEntry struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description *string     `json:"description"`
	StartsAt    agenda.Wall `json:"startsAt"`
	EndsAt      agenda.Wall `json:"endsAt"`
	Service     bool        `json:"isServiceSession"`
	Plenum      bool        `json:"isPlenumSession"`
}

// sessionizeStanding is how a session stands, in every view.
type sessionizeStanding struct {
	LiveURL      *string `json:"liveUrl"`
	RecordingURL *string `json:"recordingUrl"`
	Status       *string `json:"status"`
	Informed     bool    `json:"isInformed"`
	Confirmed    bool    `json:"isConfirmed"`
}

// sessionizeSession is a session of the view All, which refers to everything.
type sessionizeSession struct {
	sessionizeEntry
	Speakers      []agenda.ID `json:"speakers"`
	CategoryItems []int       `json:"categoryItems"`
	Answers       []struct{}  `json:"questionAnswers"`
	RoomID        int         `json:"roomId"`
	sessionizeStanding
}

// sessionizeDetail is a session of the views GridSmart and Sessions, which repeats what it refers to.
type sessionizeDetail struct {
	sessionizeEntry
	Speakers   []sessionizeName  `json:"speakers"`
	Categories []sessionizeGroup `json:"categories"`
	RoomID     int               `json:"roomId"`
	Room       string            `json:"room"`
	sessionizeStanding
}

type sessionizeName struct {
	ID   agenda.ID `json:"id"`
	Name string    `json:"name"`
}

type sessionizeItem struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// sessionizeGroup is a category of a session, with what applies of it.
type sessionizeGroup struct {
	ID    int              `json:"id"`
	Name  string           `json:"name"`
	Items []sessionizeItem `json:"categoryItems"`
	Sort  int              `json:"sort"`
}

// sessionizeCategory is a category with all that it offers.
type sessionizeCategory struct {
	ID    int              `json:"id"`
	Title string           `json:"title"`
	Items []sessionizeRoom `json:"items"`
	Sort  int              `json:"sort"`
	Type  string           `json:"type"`
}

// sessionizeRoom is a room, or an item of a category.
type sessionizeRoom struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Sort int    `json:"sort"`
}

// sessionizeSpeaker is a speaker of the view All.
type sessionizeSpeaker struct {
	ID         agenda.ID  `json:"id"`
	FirstName  string     `json:"firstName"`
	LastName   string     `json:"lastName"`
	Bio        *string    `json:"bio"`
	TagLine    string     `json:"tagLine"`
	Picture    *string    `json:"profilePicture"`
	Top        bool       `json:"isTopSpeaker"`
	Links      []struct{} `json:"links"`
	Sessions   []int      `json:"sessions"`
	FullName   string     `json:"fullName"`
	Categories []int      `json:"categoryItems"`
	Answers    []struct{} `json:"questionAnswers"`
}

// sessionizeProfile is a speaker of the view Speakers.
type sessionizeProfile struct {
	ID         agenda.ID        `json:"id"`
	FirstName  string           `json:"firstName"`
	LastName   string           `json:"lastName"`
	FullName   string           `json:"fullName"`
	Bio        *string          `json:"bio"`
	TagLine    string           `json:"tagLine"`
	Picture    *string          `json:"profilePicture"`
	Sessions   []sessionizeItem `json:"sessions"`
	Top        bool             `json:"isTopSpeaker"`
	Links      []struct{}       `json:"links"`
	Answers    []struct{}       `json:"questionAnswers"`
	Categories []struct{}       `json:"categories"`
}

// sessionizeSessions is a group of the view Sessions.
type sessionizeSessions struct {
	GroupID   *int               `json:"groupId"`
	GroupName string             `json:"groupName"`
	Sessions  []sessionizeDetail `json:"sessions"`
	Default   bool               `json:"isDefault"`
}

// sessionizeDay is a day of the view GridSmart: its sessions by room, and again by the time at which they begin.
type sessionizeDay struct {
	Date      agenda.Wall        `json:"date"`
	Default   bool               `json:"isDefault"`
	Rooms     []sessionizeColumn `json:"rooms"`
	TimeSlots []sessionizeSlot   `json:"timeSlots"`
}

type sessionizeColumn struct {
	ID         int                `json:"id"`
	Name       string             `json:"name"`
	Sessions   []sessionizeDetail `json:"sessions"`
	OnlyPlenum bool               `json:"hasOnlyPlenumSessions"`
}

type sessionizeSlot struct {
	Start string           `json:"slotStart"` // "09:00:00"
	Rooms []sessionizeCell `json:"rooms"`
}

type sessionizeCell struct {
	ID      int              `json:"id"`
	Name    string           `json:"name"`
	Session sessionizeDetail `json:"session"`
	Index   int              `json:"index"` // of the room among the day's
}
