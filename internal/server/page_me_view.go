package server

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meBusy is when somebody is busy, and where, if it is for them to know.
type meBusy struct {
	When string
	Room said
}

// meView is a Person's own page.
type meView struct {
	view
	Inside   bool // somebody came with a personal link
	Insecure bool // the installation has no TLS: nobody can
	Problem  string
	Notice   string
	Event    said
	Home     string
	Name     string
	Zone     string // a sentence
	Panels   []mePanel

	Confirmed bool // the code was typed
	Mailable  bool // it can be mailed
	Masked    string
	Meetings  []meMeeting
	Requests  []meRequest // for meetings that are not agreed on
	Busy      []meBusy    // of meetings of which no more is told

	Revision int
	Profile  []meProfile
	HasPhoto bool

	OwnZone string         // in which times are shown besides
	Mine    *time.Location // the same
	Zones   []string       // that are offered

	Undo       string // what can be taken back, in words
	News       meNews
	Days       []meDay // when they are available
	OddWindows []meWindow
	Limit      int // of windows
	Full       bool
	Topics     []meTopic // kinds of letters that they can do without
}

// mePanel is a Panel in which the Person has a part.
type mePanel struct {
	*words
	ID        agenda.ID
	Title     said
	Format    string
	When      string
	Local     string // the same in their own zone
	Room      said
	Roles     string
	Status    string // of the Person
	Declined  bool
	Others    string // names of those who confirmed
	Cancelled bool
	Answer    bool // can be given
}

// meMeeting is a Meeting that the Person may see.
type meMeeting struct {
	*words
	ID     agenda.ID
	Topic  said
	When   string
	Local  string // the same in their own zone
	Room   said
	Status string
	Sides  []meSide
	Mine   string // what the Person answered
	Answer bool   // can be given
}

type meSide struct {
	Name   said
	People string
}

// meProfile is what is known of the Person in one language.
type meProfile struct {
	Tag, Language               string
	JobTitle, Organization, Bio string
}

// meWords are keys of words that a page begins with, or empty, and what was sent, to be shown again.
type meWords struct {
	notice, problem string
	form            url.Values
}

func (s *Server) newMeView(r reader, languages []string, w meWords) (v *meView, err error) {
	v = &meView{view: s.newView(r, languages), Insecure: !KeepsCookies(s.base)}
	v.Styles = append(v.Styles, s.assetURL(subscribeStyleName), s.assetURL(meStyleName))
	v.Scripts = []string{s.assetURL(meScriptName)}
	v.NoIndex, v.NoReferrer = true, true
	v.standAt(s.root() + "me")
	if v.Title, err = v.Say("me_title"); err != nil {
		return nil, err
	}
	for key, to := range map[string]*string{w.notice: &v.Notice, w.problem: &v.Problem} {
		if key == "" {
			continue
		}
		if *to, err = v.Say(key); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// answerClosed answers with the page on which a personal link or its code opens. It is the same for all who have none that
// works.
func (s *Server) answerClosed(c echo.Context, status int, w meWords) error {
	r, err := readerOf(c, programLanguages)
	if err != nil {
		return err
	}
	v, err := s.newMeView(r, nil, w)
	if err != nil {
		return err
	}
	return answerOnce(c, status, "me", v, r)
}

// answerMe answers with the page of who came with a personal link.
func (s *Server) answerMe(c echo.Context, status int, actor agenda.Actor, w meWords) error {
	page, err := s.app.PersonalPage(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	r, err := readerOf(c, page.Event.Languages)
	if err != nil {
		return err
	}
	v, err := s.newMeView(r, page.Event.Languages, w)
	if err != nil {
		return err
	}
	if err := v.addMore(r, page, w, s.now()); err != nil {
		return err
	}
	if err := v.fill(r, page, actor, w.form, s.now()); err != nil {
		return err
	}
	v.Home = s.root() + page.Event.Slug + "/"
	return answerOnce(c, status, "me", v, r)
}

func (v *meView) fill(r reader, page app.PersonalPage, actor agenda.Actor, form url.Values, now time.Time) (err error) {
	e, p := page.Event, page.Person
	v.Inside, v.Event, v.Name = true, r.pick(e.Language(), e.Name), p.Name
	v.Confirmed, v.Mailable, v.Masked = actor.Confirmed, page.Mailable, agenda.MaskedAddress(p.Email)
	v.Title += " · " + v.Event.Text
	if v.Zone, err = v.Say("zone", "zone", e.Zone, "offset", offsetsOf(e)); err != nil {
		return err
	}
	for _, panel := range page.Panels {
		shown, err := v.panel(r, page, panel)
		if err != nil {
			return err
		}
		v.Panels = append(v.Panels, shown)
	}
	for _, m := range page.Meetings {
		if isRequest(m) {
			asked, err := v.request(r, page, m, now)
			if err != nil {
				return err
			}
			v.Requests = append(v.Requests, asked)
			continue
		}
		shown, err := v.meeting(r, page, m)
		if err != nil {
			return err
		}
		v.Meetings = append(v.Meetings, shown)
	}
	for i := range page.Busy {
		when, err := v.when(&page.Busy[i])
		if err != nil {
			return err
		}
		v.Busy = append(v.Busy, meBusy{when, r.pick(e.Language(), page.Rooms[page.Busy[i].RoomID].Name)})
	}
	v.addProfile(r, e, p, form)
	return nil
}

// addProfile fills the form of what is known of the Person, with what was sent where that was not taken.
func (v *meView) addProfile(r reader, e agenda.Event, p agenda.Person, form url.Values) {
	v.Revision = p.Revision
	for _, tag := range e.Languages {
		f := meProfile{Tag: tag, Language: r.languageName(tag), JobTitle: p.JobTitle[tag], Organization: p.Organization[tag], Bio: p.Bio[tag]}
		for name, to := range map[string]*string{"job_title": &f.JobTitle, "organization": &f.Organization, "bio": &f.Bio} {
			if sent, ok := form[name+"."+tag]; ok {
				*to = sent[0]
			}
		}
		v.Profile = append(v.Profile, f)
	}
}

// when says a time by the Event's clock; "" for none yet.
func (w *words) when(s *agenda.Slot) (string, error) {
	if s == nil {
		return w.Say("me_no_time")
	}
	date, err := w.day("date_long", s.Day())
	if err != nil {
		return "", err
	}
	return w.Say("me_when", "date", date, "from", s.Start.Wall.Clock(), "to", s.End.Wall.Clock())
}

func roomOf(r reader, page app.PersonalPage, s *agenda.Slot) said {
	if s == nil || s.RoomID == "" {
		return said{}
	}
	return r.pick(page.Event.Language(), page.Rooms[s.RoomID].Name)
}

func (v *meView) panel(r reader, page app.PersonalPage, p agenda.Panel) (shown mePanel, err error) {
	me := page.Person.ID
	status := partStatus(p.Parts(me))
	shown = mePanel{words: v.words, ID: p.ID, Title: r.pick(page.Event.Language(), p.Title), Room: roomOf(r, page, p.Slot),
		Format: r.pick("en", agenda.FormatNames[p.Format]).Text, Cancelled: p.Cancelled, Declined: status == agenda.Declined,
		Answer: !p.Cancelled && status != agenda.CancelledByThem}
	if shown.When, err = v.when(p.Slot); err != nil {
		return shown, err
	}
	if shown.Local, err = v.mine(p.Slot); err != nil {
		return shown, err
	}
	if shown.Status, err = v.Say("me_status_" + string(status)); err != nil {
		return shown, err
	}
	var roles, others []string
	for _, s := range p.Everybody() {
		if s.PersonID != me {
			if name := page.Names[s.PersonID]; s.Status == agenda.Confirmed && name != "" && !slices.Contains(others, name) {
				others = append(others, name)
			}
			continue
		}
		role, err := v.Say("role_" + string(s.Role))
		if err != nil {
			return shown, err
		}
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	shown.Roles, shown.Others = strings.Join(roles, v.said["list"]), strings.Join(others, v.said["list"])
	return shown, nil
}

// partStatus says of several parts in one Panel how it stands: what is not answered yet comes first.
func partStatus(parts []agenda.Speaker) agenda.SpeakerStatus {
	for _, status := range agenda.SpeakerStatuses {
		if slices.ContainsFunc(parts, func(s agenda.Speaker) bool { return s.Status == status }) {
			return status
		}
	}
	return agenda.CancelledByThem
}

func (v *meView) meeting(r reader, page app.PersonalPage, m agenda.Meeting) (shown meMeeting, err error) {
	fallback := page.Event.Language()
	shown = meMeeting{words: v.words, ID: m.ID, Topic: r.pick(fallback, m.Topic), Room: roomOf(r, page, m.Slot), Answer: m.Stands()}
	if shown.When, err = v.when(m.Slot); err != nil {
		return shown, err
	}
	if shown.Local, err = v.mine(m.Slot); err != nil {
		return shown, err
	}
	if shown.Status, err = v.Say("me_meeting_" + string(m.Status)); err != nil {
		return shown, err
	}
	if shown.Mine, err = v.Say("me_answer_" + strings.ReplaceAll(string(m.AnswerOf(page.Person.ID)), "-", "_")); err != nil {
		return shown, err
	}
	for _, side := range m.Sides {
		var people []string
		for _, d := range side.Delegates {
			people = append(people, page.Names[d.PersonID])
		}
		shown.Sides = append(shown.Sides, meSide{r.pick(fallback, side.Name), strings.Join(people, v.said["list"])})
	}
	return shown, nil
}
