package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// neededMark begins Huma's message about a field that is missing, which Huma puts where the field's
// object is. The field's name follows.
const neededMark = "is needed: "

// maxFaults is how many faults of one request are told: nobody mends more of them at a time.
const maxFaults = 100

// newHumaError is how Huma makes errors.
func newHumaError(status int, message string, errs ...error) huma.StatusError {
	return humaProblem(status, message, nil, errs)
}

func newHumaErrorWithContext(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	return humaProblem(status, message, callOf(ctx).body, errs)
}

// humaProblem makes a Problem of what Huma finds wrong with a request.
func humaProblem(status int, message string, body []byte, errs []error) *Problem {
	p := plainProblem(status)
	if status >= 500 {
		p.cause = errors.Join(append(errs, errors.New(message))...)
		return p
	}
	if status == http.StatusUnprocessableEntity {
		p.Detail = "The request can't be taken as it is."
	}
	var parsed any
	if len(body) > 0 && len(errs) > 0 {
		_ = json.Unmarshal(body, &parsed) // without it the pointers are guessed
	}
	for i, err := range errs {
		if i == maxFaults {
			p.Errors = append(p.Errors, ProblemFault{Detail: fmt.Sprintf("and %d more", len(errs)-i)})
			break
		}
		p.Errors = append(p.Errors, humaFault(err, parsed))
	}
	return p
}

func humaFault(err error, body any) ProblemFault {
	var detail *huma.ErrorDetail
	if !errors.As(err, &detail) {
		return ProblemFault{Detail: err.Error()}
	}
	where, rest, _ := strings.Cut(detail.Location, ".")
	if where, _, _ = strings.Cut(where, "["); where != "body" {
		return ProblemFault{Parameter: rest, Detail: parameterWords(detail.Message)}
	}
	pointer := pointerOf(strings.TrimPrefix(detail.Location, "body"), body)
	if name, missing := strings.CutPrefix(detail.Message, neededMark); missing {
		return ProblemFault{Pointer: fragment(pointer + "/" + escapePointer(name)), Detail: "is needed"}
	}
	return ProblemFault{Pointer: fragment(pointer), Detail: detail.Message}
}

// parameterWords says in the house's words what Huma has fixed words for.
func parameterWords(message string) string {
	switch message {
	case "unknown query parameter":
		return "is not a parameter that is known here"
	case "invalid integer":
		return "must be a whole number"
	case "invalid boolean":
		return "must be true or false"
	}
	return message
}

// pointerOf makes a JSON pointer of Huma's ".title[0].fr". A name may itself have dots and brackets,
// so the names that the body has are tried first, the longest before the others.
func pointerOf(location string, at any) string {
	var pointer strings.Builder
	for location != "" {
		var step string
		if location[0] == '[' {
			step, location, _ = strings.Cut(location[1:], "]")
			list, _ := at.([]any)
			at = nil
			if i, err := strconv.Atoi(step); err == nil && i < len(list) {
				at = list[i]
			}
		} else {
			location = strings.TrimPrefix(location, ".")
			step = nameAt(location, at)
			location = location[len(step):]
			object, _ := at.(map[string]any)
			at = object[step]
		}
		pointer.WriteString("/" + escapePointer(step))
	}
	return pointer.String()
}

func nameAt(location string, at any) string {
	longest, found := "", false
	object, _ := at.(map[string]any)
	for name := range object {
		rest, ok := strings.CutPrefix(location, name)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') && (!found || len(name) > len(longest)) {
			longest, found = name, true
		}
	}
	if found {
		return longest
	}
	if end := strings.IndexAny(location, ".["); end > 0 {
		return location[:end]
	}
	return location
}

// refusal makes a Problem of what a handler was refused, with the present state as the API shows it.
func refusal(err error) *Problem {
	p := problemOf(err)
	var e *agenda.Error
	if p.Status < 500 && errors.As(err, &e) && e.Current != nil {
		var revision int
		if p.Current, revision = currentBody(e.Current); revision > 0 {
			p.etag = etagOf(revision)
		}
	}
	return p
}

// currentBody gives a noun as the API shows it, and its revision.
func currentBody(current any) (body any, revision int) {
	switch v := current.(type) {
	case agenda.Event:
		return newEventBody(v), v.Revision
	case agenda.Room:
		return newRoomBody(v), v.Revision
	case agenda.Webhook:
		return newWebhookBody(v), v.Revision
	case agenda.Track:
		return newTrackBody(v), v.Revision
	case personBody:
		return v, v.Revision
	case agenda.Availability:
		return newAvailabilityBody(v), v.Revision
	case agenda.Panel:
		return newPanelBody(v), v.Revision
	case app.PanelResult:
		return newPanelBody(v.Panel), v.Panel.Revision
	case agenda.Meeting:
		return newMeetingBody(v), v.Revision
	case agenda.Mail:
		return wholeMail(v), v.Revision
	case app.MeetingResult:
		return newMeetingBody(v.Meeting), v.Meeting.Revision
	case agenda.LetterRule:
		return newLetterRuleBody(v), v.Revision
	case agenda.MeetingRules:
		return newMeetingRulesBody(v), v.Revision
	case agenda.Member:
		return newMemberBody(v), v.Revision
	case agenda.Account:
		return newAccountBody(v), v.Revision
	case agenda.Feed:
		return newFeedBody(v), v.Revision
	case starredBody:
		return v, v.Revision
	case []conflictBody:
		return v, 0
	}
	// What has no body here has fields that nobody decided to show.
	return nil, 0
}

// sealProblem gives Huma's Problems what every other one gets: see [Server.seal].
func (s *Server) sealProblem(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*Problem); ok {
		s.seal(humaecho.Unwrap(ctx), p)
	}
	return v, nil
}
