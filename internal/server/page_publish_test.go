package server

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// organizer is a browser that is signed in and looks at the console of the forum.
type organizer struct {
	*harness
	headers []header
}

func (h *harness) browse(cookie string) *organizer {
	return &organizer{h, []header{browser, {"Accept-Language", "en"}, {"Cookie", cookie}, {"Sec-Fetch-Site", "same-origin"}}}
}

const publishPath = "/console/events/" + forum + "/publish"

var formValue = regexp.MustCompile(`<input type="(?:hidden|checkbox)" name="([a-z]+)" value="([^"]*)"`)

// shown gives what the form of a page would send, all boxes ticked.
func (o *organizer) shown(page string) url.Values {
	form := url.Values{}
	for _, m := range formValue.FindAllStringSubmatch(page, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	return form
}

func (o *organizer) send(form url.Values, more ...header) answer {
	return o.ask("", http.MethodPost, publishPath, form.Encode(), slices.Concat(o.headers, []header{{"Content-Type", "application/x-www-form-urlencoded"}}, more)...)
}

// publish looks at the page, ticks everything and sends the form.
func (o *organizer) publish(note string) answer {
	o.t.Helper()
	form := o.shown(o.must(200, o.get(publishPath, o.headers...)).Body)
	form.Set("note.en", note)
	return o.must(303, o.send(form))
}

// saysIn fails the test unless the page says these, in that order.
func saysIn(t testing.TB, a answer, lines ...string) {
	t.Helper()
	said := strings.Join(textIn(html.UnescapeString(a.Body)), "\n")
	rest := said
	for _, line := range lines {
		_, after, found := strings.Cut(rest, line)
		if !found {
			t.Errorf("%d: the page does not say %q (after what comes before):\n%s", a.Status, line, said)
			return
		}
		rest = after
	}
}

func (s *stage) move(panel agenda.ID, room agenda.ID, start, end string) {
	s.t.Helper()
	_, err := s.app.MovePanel(context.Background(), s.system(), forum, app.Move{PanelID: panel, Match: app.Match{Any: true}, Slot: &app.SlotRequest{RoomID: room, Start: start, End: end}})
	s.check(err)
}

func TestThePublishPage(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		_, cookie := s.newLogin("lan@example.org", false, forum, agenda.Editor)
		o := s.browse(cookie)
		ctx := context.Background()
		s.move(s.talk.ID, s.hall, "2025-10-27T16:15", "2025-10-27T17:45") // while two of them meet
		s.check(s.app.DeletePanel(ctx, s.system(), forum, app.Match{Any: true}, s.opening.ID))
		_, err := s.app.CancelPanel(ctx, s.system(), forum, app.Match{Any: true}, s.off.ID, false, nil)
		s.check(err)
		room, err := s.app.Room(ctx, s.system(), forum, s.hall)
		s.check(err)
		room.Description = agenda.Text{"en": "First floor"}
		_, err = s.app.EditRoom(ctx, s.system(), forum, app.Match{Any: true}, room)
		s.check(err)

		page := s.must(200, o.get(publishPath, o.headers...))
		saysIn(t, page, "as release 2. It takes the place of release 1, of 1 October 2025", "1 new panel", canary+" not yet published", "DRAFT1",
			"1 panel removed", "Opening", "1 panel takes place after all", "Night market", "1 panel moved",
			"Monday 27 October 2025, 14:00–15:30, Main hall → 16:15–17:45", "Room: Main hall changed",
			"Whom it concerns", "Letters to them", "By the rule of the event: 2 letters wait for you to read them; 2 earlier letters that have not gone are replaced", "Tell nobody: ", "Jane ", "has another time or room", "Nguyễn Mạnh Hùng", "has another time or room",
			"Tick what is to be published all the same", "is in something else and in", "Missing translations", "French: ", "Note for the public", "Publish release 2",
			"What was published", "Release 1", "First programme")
		french := append(slices.Clone(o.headers[:1]), append(o.headers[2:], header{"Accept-Language", "fr"})...)
		saysIn(t, s.must(200, s.get(publishPath, french...)), "1 séance retirée", "lundi 27 octobre 2025, 14:00–15:30", "Selon la règle de l’événement", "Publier la version 2")

		form := o.shown(page.Body)
		acknowledged := form["acknowledge"]
		form.Del("acknowledge")
		form.Set("note.en", "Because of the typhoon")
		refused := s.must(409, o.send(form))
		saysIn(t, refused, "conflicts are left that are neither mended nor ticked", "Because of the typhoon")
		form.Set("note.vi", strings.Repeat("x", agenda.MaxProse+1))
		saysIn(t, s.must(422, o.send(form)), "the note can’t be taken", "Because of the typhoon")
		form.Del("note.vi")
		form["acknowledge"] = acknowledged

		// Somebody changes the draft meanwhile.
		s.move(s.off.ID, s.small, "2025-10-28T21:00", "2025-10-28T23:00")
		stale := s.must(412, o.send(form))
		saysIn(t, stale, "the draft was changed since you looked", "1 change that you saw is no longer among them", "Night market", "new since you looked", "Because of the typhoon")
		if strings.Count(stale.Body, "checked required") != len(acknowledged) || strings.Count(stale.Body, `class="fresh"`) != 1 {
			t.Error("what was ticked is lost, or other changes are marked")
		}
		form = o.shown(stale.Body)
		form.Set("note.en", "Because of the typhoon")
		done := s.must(303, o.send(form))
		if again := s.must(303, o.send(form)); again.Header.Get("Location") != done.Header.Get("Location") {
			t.Error("the same form twice leads to", again.Header)
		}
		after := s.must(200, s.get(done.Header.Get("Location"), o.headers...))
		saysIn(t, after, "Release 2 is out.", "See the public agenda", "publish again", "There is nothing to publish", "in release 2", "Release 2", "Because of the typhoon", "Release 1")
		if strings.Contains(after.Body, "<textarea") {
			t.Error("nothing is to be published, and there is a form for it")
		}
		saysIn(t, s.must(200, s.get(publishPath+"?done=7", o.headers...)), "There is nothing to publish")
		if diff := cmp.Diff([]string{"Because of the typhoon"}, []string{mustRelease(s, 2).Note["en"]}); diff != "" {
			t.Error(diff)
		}
		// Nothing was seen, and by now there is nothing to publish: what was typed is there to be copied.
		saysIn(t, s.must(412, o.send(url.Values{"note.en": {"blind"}})), "There is nothing to publish", "blind", "What was published")
	})
}

func mustRelease(s *stage, number int) *agenda.Release {
	s.t.Helper()
	r, err := s.app.ReleaseByNumber(context.Background(), s.system(), forum, number)
	s.check(err)
	return r
}

// The first publication reads differently, and so does what nobody speaks in.
func TestThePublishPageBeforeTheFirstRelease(t *testing.T) {
	h := newHarness(t)
	_, cookie := h.newLogin("lan@example.org", false, forum, agenda.Editor)
	o := h.browse(cookie)
	saysIn(t, h.must(200, h.get(publishPath, o.headers...)), "Nothing is published yet", "No speaker’s part changes.", "Nothing stands in the way.", "Publish the agenda")
	if a := o.publish(""); a.Header.Get("Location") != publishPath+"?done=1" {
		t.Error(a.Header)
	}
	h.must(403, o.ask("", http.MethodPost, publishPath, "seen=x", header{"Cookie", cookie}, header{"Content-Type", "application/x-www-form-urlencoded"}, header{"Sec-Fetch-Site", "cross-site"}))
	_, viewer := h.newLogin("viewer@example.org", false, forum, agenda.Viewer)
	h.must(403, h.get(publishPath, browser, header{"Cookie", viewer}))
}
