package server

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meetView is a Meeting of a Person on a page of its own, or the form by which they ask for one.
type meetView struct {
	*meView
	reader  reader
	ID      agenda.ID
	Topic   said
	With    string // on the other side
	Status  string
	State   string // whose turn it is, or what became of it
	Expires string // in words
	When    string
	Local   string
	Room    said
	Sides   []meSide
	Times   []meetTime
	Steps   []meetStep

	CanAccept, CanPropose, CanDecline, CanWithdraw, CanEdit bool

	Ask   *askView
	Form  *timesForm
	had   []agenda.MeetingTime // that were proposed before
	Names []meetTopic          // the topic, by language
	Note  string               // that was sent
}

// meetTime is a time that was proposed.
type meetTime struct {
	*words
	N           int
	When, Local string
	Free        bool
	Full        bool // the day is, for the reader
	Past        bool
}

// meetStep is an entry of the history.
type meetStep struct {
	*words
	When, What, Note string
}

// LangAsked is the language that was chosen by hand, "" for none.
func (m *meetView) LangAsked() string { return strings.TrimPrefix(m.Query, "?lang=") }

// meetEnd is a form that ends a request.
type meetEnd struct {
	*words
	Path, Action string
	Key, Sure    string // of words
	Revision     int
}

// End gives the form that is sent to that path below the Meeting.
func (m *meetView) End(path string) meetEnd {
	return meetEnd{m.words, path, m.Root + "me/meetings/" + string(m.ID) + "/" + path + m.Query, "me_meet_" + path, "me_meet_" + path + "_sure", m.Revision}
}

// newMeetView begins a page about Meetings for who came with a personal link.
func (s *Server) newMeetView(v visiting, page app.PersonalPage, w meWords) (*meetView, error) {
	r, err := readerOf(v, page.Event.Languages)
	if err != nil {
		return nil, err
	}
	base, err := s.newMeView(r, page.Event.Languages, w)
	if err != nil {
		return nil, err
	}
	e := page.Event
	m := &meetView{meView: base, reader: r}
	m.Inside, m.Confirmed, m.Event, m.Name, m.Home = true, v.actor.Confirmed, r.pick(e.Language(), e.Name), page.Person.Name, s.root()+e.Slug+"/"
	if m.Mine, err = loadOwnZone(page.Settings.Zone); err != nil {
		return nil, err
	}
	m.Zone, err = m.Say("zone", "zone", e.Zone, "offset", offsetsOf(e))
	return m, err
}

// standHere lets the links to other languages lead to that page below the root.
func (m *meetView) standHere(path string) {
	for i := range m.Languages {
		m.Languages[i].URL = m.Root + path + "?lang=" + m.Languages[i].Tag
	}
}

// showOwnMeeting answers with the page of a Meeting. One that the Person may not see is not there.
func (s *Server) showOwnMeeting(v visiting, status int, w meWords) error {
	ctx, id := v.Request().Context(), agenda.ID(v.Param("meeting"))
	if !v.actor.Confirmed {
		return agenda.Errorf(agenda.Forbidden, "This needs the code that is sent to you.")
	}
	page, err := s.app.PersonalPage(ctx, v.actor)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(page.Meetings, func(m agenda.Meeting) bool { return m.ID == id })
	if at < 0 {
		return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
	}
	meeting := page.Meetings[at]
	_, offered, err := s.app.OfferedTimes(ctx, v.actor, page.Event.Slug, id)
	if err != nil {
		return err
	}
	steps, err := s.app.MeetingHistory(ctx, v.actor, page.Event.Slug, id)
	if err != nil {
		return err
	}
	if w.problem == "me_meet_taken" {
		w.problem = takenWords(meeting, page.Person.ID, s.now())
		if n, err := strconv.Atoi(w.form.Get("time")); err == nil && w.problem == "me_meet_busy" && n >= 0 && n < len(offered) && offered[n].Full {
			w.problem = "me_meet_full"
		}
	}
	m, err := s.newMeetView(v, page, w)
	if err != nil {
		return err
	}
	m.standHere("me/meetings/" + string(id))
	if err := m.fill(page, meeting, offered, steps, s.now()); err != nil {
		return err
	}
	if err := m.addForms(page, meeting, w, s.now()); err != nil {
		return err
	}
	if m.Form != nil {
		if err := s.offer(v, m, page, app.OwnWish{Meeting: id}, w); err != nil {
			return err
		}
	}
	return answerOnce(v, status, "me_meeting", m, m.reader)
}

// takenWords is the key of the words for why something was not possible, as the Meeting stands now.
func takenWords(m agenda.Meeting, person agenda.ID, now time.Time) string {
	side, _ := m.SideOf(person)
	switch {
	case !m.Open() || m.Due(now):
		return "me_meet_over"
	case side != m.Turn:
		return "me_meet_other_turn"
	}
	return "me_meet_busy"
}

// fill says what the Meeting is and how it stands.
func (m *meetView) fill(page app.PersonalPage, meeting agenda.Meeting, offered []app.OfferedTime, steps []agenda.MeetingStep, now time.Time) error {
	shown, err := m.meeting(m.reader, page, meeting)
	if err != nil {
		return err
	}
	request, err := m.request(m.reader, page, meeting, now)
	if err != nil {
		return err
	}
	m.ID, m.Topic, m.Status, m.Sides, m.Room = meeting.ID, shown.Topic, shown.Status, shown.Sides, shown.Room
	m.With, m.State, m.Expires = request.With, request.State, request.Expires
	if meeting.Slot != nil {
		m.When, m.Local = shown.When, shown.Local
	}
	m.Title = m.Topic.Text
	if m.Title == "" {
		m.Title = request.Title
	}
	m.Title += " · " + m.Event.Text
	if err := m.addTimes(offered, now); err != nil {
		return err
	}
	for _, step := range slices.Backward(steps) {
		if err := m.addStep(page.Event, step); err != nil {
			return err
		}
	}
	return nil
}

// addTimes adds the times that were proposed, with whether they are possible still.
func (m *meetView) addTimes(offered []app.OfferedTime, now time.Time) error {
	for i, t := range offered {
		slot := t.Slot("")
		shown := meetTime{words: m.words, N: i, Free: t.Free, Full: t.Full, Past: !t.Start.At.After(now)}
		var err error
		if shown.When, err = m.when(&slot); err != nil {
			return err
		}
		if shown.Local, err = m.mine(&slot); err != nil {
			return err
		}
		m.Times = append(m.Times, shown)
	}
	return nil
}

// addStep adds an entry of the history: which side did what, and what they said of it.
func (m *meetView) addStep(e agenda.Event, step agenda.MeetingStep) error {
	when, err := m.dated("brief_at", agenda.MomentOf(e.Location(), step.At))
	if err != nil {
		return err
	}
	party, err := m.Say("meet_party_" + string(step.Party))
	if err != nil {
		return err
	}
	deed, err := m.Say("meet_deed_" + string(step.Deed))
	if err != nil {
		return err
	}
	m.Steps = append(m.Steps, meetStep{m.words, when, party + m.said["preview_colon"] + deed, step.Note})
	return nil
}

// addForms adds what the Person can do now, with what they sent where that was not taken.
func (m *meetView) addForms(page app.PersonalPage, meeting agenda.Meeting, w meWords, now time.Time) (err error) {
	side, principal := meeting.SideOf(page.Person.ID)
	m.Revision, m.Note = meeting.Revision, w.form.Get("note")
	if !principal || !meeting.Open() || meeting.Due(now) || len(meeting.Times) == 0 {
		return nil
	}
	turn := side == meeting.Turn
	m.CanAccept, m.CanPropose, m.CanDecline = turn, turn, turn || side == agenda.Asked
	m.CanWithdraw, m.CanEdit = side == agenda.Asking, side == agenda.Asking && meeting.Status == agenda.MeetingRequested
	if !m.CanPropose && !m.CanEdit {
		return nil
	}
	first := meeting.Times[0]
	minutes := int(first.End.At.Sub(first.Start.At).Minutes())
	if sent, err := strconv.Atoi(w.form.Get("minutes")); err == nil {
		minutes = sent
	}
	if m.CanEdit {
		m.had = meeting.Times
		for _, tag := range page.Event.Languages {
			topic := meeting.Topic[tag]
			if sent, ok := w.form["topic."+tag]; ok {
				topic = sent[0]
			}
			field, err := m.topicIn(tag, topic)
			if err != nil {
				return err
			}
			m.Names = append(m.Names, field)
		}
	}
	m.Form = &timesForm{words: m.words, Length: minutes, Most: agenda.MaxMeetingTimes, Zone: m.Zone}
	return nil
}

// meetTopic is the topic in one language.
type meetTopic struct{ Tag, Label, Value string }

func (m *meetView) topicIn(tag, value string) (meetTopic, error) {
	label, err := m.Say("me_meet_topic", "language", m.reader.languageName(tag))
	return meetTopic{tag, label, value}, err
}
