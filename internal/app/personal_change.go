package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// AnswerInvitation is a Person's answer to being asked to be a Speaker: of all their parts in that Panel of the draft. To
// give the same answer again changes nothing. What the public sees changes with the next Release.
func (a *App) AnswerInvitation(ctx context.Context, actor agenda.Actor, panel agenda.ID, answer agenda.SpeakerStatus) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if !slices.Contains(agenda.OwnAnswers, answer) {
			return agenda.Errorf(agenda.Invalid, "The answer is neither to confirm nor to decline.")
		}
		return a.answerInvitation(tx, actor, e, p, panel, answer)
	})
}

func (a *App) answerInvitation(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, panel agenda.ID, answer agenda.SpeakerStatus) error {
	old, err := tx.Panel(e.ID, panel)
	if err != nil {
		return err
	}
	if len(old.Parts(p.ID)) == 0 {
		return agenda.Errorf(agenda.NotFound, "There is no such panel.")
	}
	if old.Cancelled {
		return agenda.Errorf(agenda.Taken, "This panel is cancelled.")
	}
	now, different := old.Answer(p.ID, answer)
	if !different {
		return nil
	}
	now.Revision, now.Updated = old.Revision+1, a.moment()
	if err := tx.UpdatePanel(now); err != nil {
		return err
	}
	if err := holdPanels(tx, e, now); err != nil {
		return err
	}
	undo := agenda.Undo{Kind: agenda.UndoAnswer, ID: panel, Revision: now.Revision}
	for _, s := range old.Everybody() {
		undo.Statuses = append(undo.Statuses, s.Status)
	}
	if err := a.keepUndo(tx, e, p, undo); err != nil {
		return err
	}
	verb, done := "speaker.confirm", "confirmed"
	if answer == agenda.Declined {
		verb, done = "speaker.decline", "declined"
	}
	return a.note(tx, actor, e.ID, verb, panel, fmt.Sprintf("%s their part in the panel %q", done, english(now.Title)), changed(e, old, now))
}

// OwnProfile is what a Person can edit of what is known of them.
type OwnProfile struct {
	JobTitle, Organization, Bio agenda.Text // languages that are left out stay as they are; an empty text goes
}

// EditOwnProfile changes what is known of the Person, in the draft.
func (a *App) EditOwnProfile(ctx context.Context, actor agenda.Actor, match Match, next OwnProfile) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if err := match.check(p.Revision, nil); err != nil {
			return err
		}
		was := p
		p.JobTitle, p.Organization, p.Bio = over(p.JobTitle, next.JobTitle), over(p.Organization, next.Organization), over(p.Bio, next.Bio)
		p.Clean()
		if maps.Equal(p.JobTitle, was.JobTitle) && maps.Equal(p.Organization, was.Organization) && maps.Equal(p.Bio, was.Bio) {
			return nil // a form that was sent as it was
		}
		if err := a.replaceOwn(tx, e, &p); err != nil {
			return err
		}
		if err := a.settleAllMeetings(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.edit", p.ID, "edited what is known of them", changed(e, was, p))
	})
}

// over lays the languages of one Text over another.
func over(old, next agenda.Text) agenda.Text {
	text := agenda.Text{}
	for _, t := range []agenda.Text{old, next} {
		for tag, s := range t {
			if text[tag] = s; strings.TrimSpace(s) == "" {
				delete(text, tag)
			}
		}
	}
	return text
}

func (a *App) replaceOwn(tx *store.Tx, e agenda.Event, p *agenda.Person) error {
	p.Revision, p.Updated = p.Revision+1, a.moment()
	p.Clean()
	if err := p.Check(); err != nil {
		return err
	}
	return tx.UpdatePerson(e.ID, *p)
}

// ChangeOwnAddress gives the Person another e-mail address, to which their codes are mailed from now on. The one before is
// told. Other Visits have to be confirmed anew; visit is the secret of the one from which it is done.
func (a *App) ChangeOwnAddress(ctx context.Context, actor agenda.Actor, visit, address string) error {
	var letter agenda.Letter
	err := a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		letter = agenda.Letter{}
		if err := a.stillConfirmed(tx, visit); err != nil {
			return err
		}
		was, old := p, p.Email
		p.Email = strings.TrimSpace(address)
		if p.Email == "" {
			var f agenda.Faults
			f.Add("/email", "is needed")
			return f.Err("person")
		}
		if p.Email != old {
			if err := a.replaceOwn(tx, e, &p); err != nil {
				return err
			}
			if err := a.note(tx, actor, e.ID, "person.edit", p.ID, "changed their address", changed(e, was, p)); err != nil {
				return err
			}
			letter = agenda.Letter{Kind: agenda.LetterNotice, To: old, Name: p.Name, Language: e.Language(), Event: e.Name,
				Detail: "The address of your personal page was changed to " + agenda.MaskedAddress(p.Email) + "."}
		}
		before, err := tx.VouchedAddress(e.ID, p.ID)
		if err != nil {
			return err
		}
		if err := tx.VouchAddress(e.ID, p.ID, p.Email, a.moment()); err != nil {
			return err
		}
		if err := a.tellAnew(tx, e, p, before != p.Email); err != nil {
			return err
		}
		if before != p.Email {
			if err := a.note(tx, actor, e.ID, "person.vouch", p.ID, "vouched for their address", vouched(before, p.Email)); err != nil {
				return err
			}
		}
		return tx.UnconfirmVisits(e.ID, p.ID, hashSecret(visit))
	})
	if err != nil || letter.To == "" || a.post == nil {
		return err
	}
	if err := a.post(ctx, letter); err != nil {
		a.log.WarnContext(ctx, "a notice of a changed address was not mailed", "error", err)
	}
	return nil
}

// stillConfirmed refuses a Visit whose confirmation was taken back since the request came.
func (a *App) stillConfirmed(tx *store.Tx, visit string) error {
	actor, _, err := a.visitor(tx, visit)
	if err == nil && !actor.Confirmed {
		return errNotConfirmed
	}
	return err
}

// AnswerMeeting is a delegate's answer to a Meeting that they may see.
func (a *App) AnswerMeeting(ctx context.Context, actor agenda.Actor, meeting agenda.ID, answer agenda.Answer) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if !actor.Confirmed {
			return errNotConfirmed
		}
		if answer != agenda.Accepted && answer != agenda.DeclinedIt && answer != agenda.Tentative {
			return agenda.Errorf(agenda.Invalid, "The answer is neither to accept nor to decline.")
		}
		m, err := tx.Meeting(e.ID, meeting)
		if err != nil {
			return err
		}
		if !m.Includes(p.ID) || !agenda.SeesMeeting(actor, m) {
			return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
		}
		if !m.Stands() {
			return agenda.Errorf(agenda.Taken, "This meeting does not take place.")
		}
		old := m
		m, different := m.Answered(p.ID, answer)
		if !different {
			return a.answeredNow(tx, e.ID, m.ID, p.ID)
		}
		if m, err = a.answeredMeeting(tx, actor, e, p, old, m, agenda.MeetingStep{Deed: agenda.DeedAnswer}); err != nil {
			return err
		}
		if err := a.answeredNow(tx, e.ID, m.ID, p.ID); err != nil {
			return err
		}
		if err := a.keepUndo(tx, e, p, agenda.Undo{Kind: agenda.UndoMeetingAnswer, ID: m.ID, Revision: m.Revision, Answer: old.AnswerOf(p.ID)}); err != nil {
			return err
		}
		// The log is read by more people than the meetings are: [agenda.SeenActivity] keeps from them who answered.
		return a.note(tx, actor, e.ID, "meeting.answer", m.ID, "answered a meeting", changed(e, old, m))
	})
}

// OpenOwnFeed opens a calendar with the Panels and Meetings of the Person and gives its secret.
func (a *App) OpenOwnFeed(ctx context.Context, actor agenda.Actor, language string) (secret string, err error) {
	err = a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if !actor.Confirmed {
			return errNotConfirmed
		}
		if _, err := a.attempt(tx, "feeds of "+string(e.ID)+" "+string(p.ID), codesOfLink, throttleWindow); err != nil {
			return err
		}
		f := agenda.Feed{EventID: e.ID, Kind: agenda.PersonalFeed, PersonID: p.ID, FeedSettings: agenda.FeedSettings{Language: language, Meetings: true}}
		f.FeedSettings.Clean()
		if err := f.Check(); err != nil {
			return err
		}
		secret = a.secret()
		f = a.newFeed(f, secret)
		if err := tx.InsertFeed(f); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "feed.open", f.ID, "opened their own feed", changed(e, nil, f))
	})
	return secret, err
}
