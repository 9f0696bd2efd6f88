package server

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routePublish adds the page on which the draft becomes public.
func (s *Server) routePublish() {
	s.console(agenda.PublishEvent, "/publish", s.publishPage)
	s.console(agenda.PublishEvent, "/publish", s.publishDraft, http.MethodPost)
}

// publishForm is what is sent to publish.
type publishForm struct {
	seen         string   // names what the page showed
	prints       []string // of the changes that it showed; nil: none was sent
	once         string   // the same when one form is sent twice
	note         agenda.Text
	acknowledged []string // keys of Conflicts
	tell         agenda.Telling
}

// maxAcknowledged is how many Conflicts can be acknowledged on the page. Who has more has something else to do first.
const maxAcknowledged = 300

// publishFormOf reads the form.
func publishFormOf(c echo.Context, e agenda.Event) publishForm {
	f := publishForm{seen: sent(c, "seen"), prints: strings.Fields(sent(c, "shown")), once: sent(c, "once"), note: agenda.Text{},
		acknowledged: c.Request().PostForm["acknowledge"], tell: agenda.Telling(sent(c, "letters"))}
	for _, tag := range e.Languages {
		f.note[tag] = typed(c, "note."+tag)
	}
	if f.seen == "" {
		f.seen = "nothing" // only what was seen is published here
	}
	return f
}

// onceOf makes sending the same form twice harmless.
func (f publishForm) onceOf() app.Once {
	if f.once == "" {
		return app.Once{}
	}
	sum := sha256.New()
	for _, part := range slices.Concat([]string{f.seen, string(f.tell)}, f.acknowledged) {
		sum.Write([]byte(part + "\n"))
	}
	for _, tag := range f.note.Languages() {
		sum.Write([]byte(tag + "\n" + f.note[tag] + "\n"))
	}
	once := sha256.Sum256([]byte(f.once))
	return app.Once{Key: "page-" + hex.EncodeToString(once[:]), Fingerprint: hex.EncodeToString(sum.Sum(nil))}
}

// publishPage shows what would be published.
func (s *Server) publishPage(c echo.Context, v *eventConsole) error {
	shown, p, err := s.newPublish(c, v, publishForm{once: rand.Text()})
	if err != nil {
		return err
	}
	if done, err := strconv.Atoi(c.QueryParam("done")); err == nil && p.Before != nil && done == p.Before.Number {
		if shown.Notice, err = v.Say("publish_done", "n", done); err != nil {
			return err
		}
		shown.Done, shown.Mail, shown.Board = true, v.part("mail", nil), v.part("told", nil)
	}
	return answerOnce(c, http.StatusOK, "console_publish", shown, v.reader)
}

// publishDraft publishes what the page showed.
func (s *Server) publishDraft(c echo.Context, v *eventConsole) error {
	form := publishFormOf(c, v.Event)
	done, err := s.app.PublishSeen(c.Request().Context(), v.actor, v.Event.Slug,
		app.Publishing{Seen: form.seen, Note: form.note, Acknowledged: form.acknowledged, Tell: form.tell}, form.onceOf())
	if err == nil {
		return s.lead(c, "console/events/"+v.Event.Slug+"/publish", "done", strconv.Itoa(done.Release.Number))
	}
	return s.publishRefused(c, v, form, err)
}

// publishRefused shows the page again, with what was typed, and why nothing was published.
func (s *Server) publishRefused(c echo.Context, v *eventConsole, form publishForm, why error) error {
	var e *agenda.Error
	key := map[agenda.Code]string{agenda.Stale: "publish_stale", agenda.Taken: "publish_unacknowledged", agenda.Invalid: "publish_bad_note"}[agenda.CodeOf(why)]
	if key == "" || !errors.As(why, &e) {
		return why
	}
	form.once = rand.Text()
	shown, p, err := s.newPublish(c, v, form)
	if err != nil {
		return err
	}
	if shown.Problem, err = v.Say(key); err != nil {
		return err
	}
	if e.Code == agenda.Invalid && len(e.Faults) > 0 {
		shown.Said = e.Faults[0].Message
	}
	if e.Code == agenda.Stale {
		if gone := countGone(form.prints, p.Prints); gone > 0 {
			if shown.Gone, err = v.Count("publish_gone", gone); err != nil {
				return err
			}
		}
	}
	return answerOnce(c, statuses[e.Code], "console_publish", shown, v.reader)
}

// countGone says how many of what was seen is no longer there.
func countGone(seen, now []string) int {
	gone := 0
	for _, print := range seen {
		if !slices.Contains(now, print) {
			gone++
		}
	}
	return gone
}
