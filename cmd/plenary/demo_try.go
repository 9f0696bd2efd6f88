package main

import (
	"context"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// trySlug names the event at which visitors of the demo try meetings. The forum itself is over, and nobody meets at what is over.
const trySlug = "try-meetings"

// demoGuest is somebody invented, as whom a visitor asks for meetings and answers. There is no mail server: the code is one that the
// protocol desk tells, good once and for some minutes.
type demoGuest struct {
	Name     string `json:"name"`
	Personal string `json:"personal_page"`
	Code     string `json:"code"`
}

// addTry makes the event to try meetings at, unless it is there, and lets the visitor be each of its guests. One that is over, as a
// kept database has it after some days, is made anew.
func (d *demoSite) addTry(ctx context.Context, a *app.App, now time.Time) error {
	e, err := a.Event(ctx, operator, trySlug)
	if err == nil {
		if phase, _ := e.Phase(now); phase == agenda.AfterEvent {
			err = a.DeleteEvent(ctx, operator, trySlug, app.Match{Any: true})
			e = agenda.Event{}
		}
	} else if agenda.CodeOf(err) == agenda.NotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	if e.ID == "" {
		if err := makeTry(ctx, a, now); err != nil {
			return err
		}
		if _, err := a.InviteMember(ctx, operator, trySlug, d.Email, agenda.MemberRoles, d.Base, ""); err != nil {
			return err
		}
	}
	d.Try = agenda.Site{Base: d.Base, Slug: trySlug}.Page()
	people, _, err := a.People(ctx, operator, trySlug, app.PersonFilter{}, app.Page{})
	if err != nil {
		return err
	}
	for _, p := range people {
		made, err := a.MakePersonalLink(ctx, operator, trySlug, app.LinkRequest{PersonID: p.ID}, app.Once{})
		if err != nil {
			return err
		}
		code, _, err := a.MakeDeskCode(ctx, operator, trySlug, p.ID)
		if err != nil {
			return err
		}
		d.Guests = append(d.Guests, demoGuest{p.Name, d.Base + "/me#" + made.Secret, agenda.SpelledCode(code)})
	}
	return nil
}

// makeTry makes an event of invented people, which begins in two days, with a request that waits for an answer.
func makeTry(ctx context.Context, a *app.App, now time.Time) error {
	zone, err := agenda.LoadZone("Asia/Ho_Chi_Minh")
	if err != nil {
		return err
	}
	first := agenda.MomentOf(zone, now.AddDate(0, 0, 2)).Wall.Date()
	last := first.AddDays(1)
	if _, _, err := a.CreateEvent(ctx, operator, agenda.Event{Slug: trySlug, Zone: zone.String(), StartDate: first, EndDate: last, Languages: []string{"en", "fr", "vi"},
		Name: agenda.Text{"en": "To try meetings (all is invented)", "fr": "Pour essayer les rendez-vous (tout est inventé)", "vi": "Để thử đặt cuộc gặp (mọi thứ đều hư cấu)"}},
		app.Once{}); err != nil {
		return err
	}
	hall := agenda.Room{Name: agenda.Text{"en": "Hall", "fr": "Salle", "vi": "Hội trường"}, Kind: agenda.RoomHall, Capacity: 60}
	for _, r := range []*agenda.Room{&hall,
		{Name: agenda.Text{"en": "Table 1", "vi": "Bàn 1"}, Kind: agenda.RoomTable, Capacity: 4, Position: 1},
		{Name: agenda.Text{"en": "Table 2", "vi": "Bàn 2"}, Kind: agenda.RoomTable, Capacity: 6, Position: 2}} {
		if *r, _, err = a.CreateRoom(ctx, operator, trySlug, *r, app.Once{}); err != nil {
			return err
		}
	}
	opening := agenda.Panel{Title: agenda.Text{"en": "Opening", "fr": "Ouverture", "vi": "Khai mạc"}, Format: agenda.FormatCeremony}
	var people []agenda.ID
	for _, p := range []agenda.Person{{Name: "Camille Exemple", Languages: []string{"fr", "en"}}, {Name: "Sam Example", Languages: []string{"en"}},
		{Name: "Thí Dụ Mai", Languages: []string{"vi", "en"}}} {
		made, _, err := a.CreatePerson(ctx, operator, trySlug, p, app.Once{})
		if err != nil {
			return err
		}
		people = append(people, made.ID)
		opening.Speakers = append(opening.Speakers, agenda.Speaker{PersonID: made.ID, Role: agenda.Presenter, Status: agenda.Confirmed})
	}
	at := &app.SlotRequest{RoomID: hall.ID, Start: string(first) + "T09:00", End: string(first) + "T10:00"}
	if _, err := a.CreatePanel(ctx, operator, trySlug, opening, at, app.Once{}); err != nil {
		return err
	}
	if _, err := a.PublishSeen(ctx, operator, trySlug, app.Publishing{Tell: agenda.TellNobody}, app.Once{}); err != nil {
		return err
	}
	_, err = a.RequestMeeting(ctx, operator, trySlug, app.MeetingRequest{From: people[0], To: people[2], Minutes: 30,
		Topic: agenda.Text{"en": "A meeting to try", "fr": "Un rendez-vous d’essai", "vi": "Một cuộc gặp thử"},
		Times: []app.TimeRequest{{Start: string(first) + "T11:00"}, {Start: string(last) + "T15:00"}}}, app.Once{})
	return err
}
