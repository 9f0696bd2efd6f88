package app_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// whoReads are the methods that change nothing.
var whoReads = []string{
	"Account", "AccountByEmail", "Accounts", "Activities", "AllActivities", "Availabilities", "Availability", "Conflicts", "CopyCounts", "Deliveries", "Delivery",
	"Diff", "DraftFile", "EachActivity", "Event", "Events", "ExportEvent", "Feed", "Feeds", "FindSlots", "Latest", "LetterRule", "Mail", "Mails", "Meeting",
	"MeetingBrief", "MeetingBriefs", "MeetingHistory", "MeetingRules", "Meetings", "Member", "Members", "OfferedTimes", "Panel", "Panels", "People", "Person",
	"Preview", "ReadMail", "ReleaseByNumber", "ReleaseCalendar", "Releases", "Room", "RoomDay", "Rooms", "SaidToMail", "StandIns", "StandInsOf", "Statistics", "Tables", "Timetable",
	"Tokens", "ToldBoard", "ToldRows", "Track", "Tracks", "VouchedAddresses", "Webhook", "Webhooks", "Witness",
}

// ofLinks are the methods of who comes with a personal link; nobody else is known to them.
var ofLinks = []string{
	"AddOwnWindow", "AnswerInvitation", "AnswerMeeting", "Askable", "ChangeOwnAddress", "ChooseOwnZone", "DeleteOwnPhoto", "EditOwnProfile", "EditOwnWindow",
	"FindOwnSlots", "OpenOwnFeed", "OwnBrief", "OwnPhoto", "PersonalPage", "RemoveOwnWindow", "SeeChanges", "SetOwnPhoto", "Undo", "WantOwnLetters",
}

// Every method that takes an Actor and is not known to read is one that a reader is refused, before anything else is said of
// it. The log tells of the refusals and of nothing else.
func TestHoleV22ReadersChangeNothing(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		h.forum(t)
		readers := map[string]agenda.Actor{"viewer": h.member(t, "viewer", agenda.Viewer), "check-in": h.member(t, "check-in", agenda.CheckIn)}
		token, secret, err := h.CreateToken(context.Background(), operator, slug, agenda.Token{Name: "Bot", Scopes: agenda.ReadVerbs}, app.Once{})
		if err != nil {
			t.Fatal(token, err)
		}
		readers["token"] = must[agenda.Actor](t)(h.Authenticate(context.Background(), secret, ""))
		h.account(t, "stranger")
		readers["stranger"] = h.who(t, h.signIn(t, "stranger")).Actor
		readers["anybody"] = here.Anonymous()
		before, tried, at := h.values(t, "activities"), 0, h.clock.Load()
		h.pass(time.Second)
		a := reflect.ValueOf(h.App)
		for i := range a.NumMethod() {
			method := a.Type().Method(i)
			if method.Type.NumIn() < 3 || method.Type.In(2) != reflect.TypeFor[agenda.Actor]() || slices.Contains(whoReads, method.Name) {
				continue
			}
			tried++
			for name, actor := range readers {
				out := a.Method(i).Call(arguments(a.Method(i).Type(), actor))
				err, _ := out[len(out)-1].Interface().(error)
				code := agenda.CodeOf(err)
				unknown := code == agenda.Unauthenticated && (name == "anybody" || slices.Contains(ofLinks, method.Name))
				if code != agenda.Forbidden && !(name == "stranger" && code == agenda.NotFound) && !unknown {
					t.Errorf("%s by a %s: %v", method.Name, name, err)
				}
				for j, v := range out[:len(out)-1] {
					if !empty(v) {
						t.Errorf("%s by a %s is refused and answers %v at %d", method.Name, name, v, j)
					}
				}
			}
		}
		if tried < 35 {
			t.Errorf("only %d methods were tried", tried)
		}
		if now := h.values(t, "activities"); !slices.Equal(before, now) {
			t.Errorf("something was stored: %d values, and %d before", len(now), len(before))
		}
		log := must[[]agenda.Activity](t)(firstOf(h.AllActivities(context.Background(), operator, app.ActivityFilter{From: time.UnixMilli(at + 1)}, app.Page{Limit: 200})))
		if slices.ContainsFunc(log, func(a agenda.Activity) bool { return a.Outcome != agenda.Refused }) || len(log) < 20 {
			t.Errorf("the log has %d entries, or one that is no refusal: %+v", len(log), log)
		}
	})
}

// empty says whether a refused method gave nothing. What it was given it may give back.
func empty(v reflect.Value) bool {
	switch v.Interface().(type) {
	case agenda.Event, agenda.Person, agenda.Room, agenda.Track, agenda.Account:
		return v.FieldByName("Revision").Int() == 0
	}
	return v.IsZero()
}

// arguments are good enough for what is refused.
func arguments(method reflect.Type, actor agenda.Actor) []reflect.Value {
	known := []any{context.Background(), actor, app.Match{Any: true}, []agenda.MemberRole{agenda.Viewer}, app.ImportOptions{Slug: slug}, []byte("title\nTalk\n")}
	var list []reflect.Value
	texts := []string{slug, email("new"), base, "en"}
	for i := range method.NumIn() {
		value := reflect.Zero(method.In(i))
		for _, k := range known {
			if reflect.TypeOf(k).AssignableTo(method.In(i)) && method.In(i).Kind() != reflect.String {
				value = reflect.ValueOf(k)
			}
		}
		if method.In(i) == reflect.TypeFor[source.Format]() {
			value = reflect.ValueOf(source.CSV)
		}
		if method.In(i) == reflect.TypeFor[string]() && len(texts) > 0 {
			value, texts = reflect.ValueOf(texts[0]), texts[1:]
		}
		list = append(list, value)
	}
	return list
}
