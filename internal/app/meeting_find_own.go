package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// OwnWish is what a Person with a personal link looks for: a time with another Person, or for a Meeting of theirs.
type OwnWish struct {
	Other   agenda.ID // whom they can ask (see [App.Askable]); "" with a Meeting
	Meeting agenda.ID // of which they are a principal, for which everybody who is needed must be free; "" with another Person
	Minutes int       // 0: as long as the Meeting
	PerDay  int       // times of each day; 0: all
	At      string    // a time that they would like; "": none
}

// OwnSlots are the times at which a Person can meet another one. Of the other nothing is told but that they are free.
type OwnSlots struct {
	Event   agenda.Event
	Times   []agenda.Slot   // without a Room, which is given when a time is accepted
	Full    []agenda.Date   // on which the Person has as many Meetings as the Event allows
	Reasons []agenda.Reason // why the time that was asked about is not possible: of others, that somebody is busy
}

// FindOwnSlots is [App.FindSlots] for who has a personal link and has typed the code, in the Rooms that are taken when a time is
// accepted (see [agenda.MeetingRules.RoomKind]).
func (a *App) FindOwnSlots(ctx context.Context, actor agenda.Actor, wish OwnWish) (found OwnSlots, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, p, err := ownConfirmed(tx, actor)
		if err != nil {
			return err
		}
		look := SlotWish{Meeting: wish.Meeting, Wanted: agenda.Wanted{Minutes: wish.Minutes, PerDay: wish.PerDay}}
		if wish.Meeting == "" {
			if err := a.mayMeet(tx, actor, e, wish.Other); err != nil {
				return err
			}
			look.People = []agenda.ID{p.ID, wish.Other}
		}
		f, err := newFinding(tx, actor, e, look, a.now())
		if err != nil {
			return err
		}
		if wish.Meeting == "" {
			f.between(p.ID, wish.Other)
		} else if _, principal := f.meeting.SideOf(p.ID); !principal {
			return agenda.Errorf(agenda.Forbidden, "Only the principal of a delegation, or the organizers, can do that.")
		}
		slots, err := f.find(wish.At)
		if err != nil {
			return err
		}
		found = ownSlots(slots, p.ID)
		if wish.At != "" && slots.At == nil && len(found.Reasons) == 0 {
			found.Reasons = []agenda.Reason{someBusy}
		}
		return nil
	})
	if err != nil {
		return OwnSlots{}, err
	}
	return found, nil
}

// mayMeet says why a Person can't look for a time with another one: whom they don't know of is not there for them.
func (a *App) mayMeet(tx *store.Tx, actor agenda.Actor, e agenda.Event, other agenda.ID) error {
	if actor.PersonID == other {
		return agenda.Errorf(agenda.Invalid, "Nobody meets themselves.")
	}
	known, err := a.knownTo(tx, actor, e)
	if err != nil {
		return err
	}
	if _, ok := known[other]; !ok {
		return agenda.Errorf(agenda.NotFound, "There is no such person.")
	}
	return nil
}

// ownSlots leaves of what was found what a Person may know.
func ownSlots(slots Slots, own agenda.ID) OwnSlots {
	found := OwnSlots{Event: slots.Event, Reasons: ownReasons(slots.Reasons, own)}
	for _, o := range slots.Offers {
		o.Slot.RoomID = ""
		found.Times = append(found.Times, o.Slot)
	}
	for _, day := range slots.Event.Days() {
		for _, id := range slots.Wanted.Full.On[day] {
			if id == own {
				found.Full = append(found.Full, day)
			}
		}
	}
	return found
}

// someBusy is all that a Person is told of why others can't.
var someBusy = agenda.Reason{Kind: agenda.JustBusy, Message: "Somebody is busy."}

// ownReasons tells of others that somebody is busy, and no more: neither who nor why.
func ownReasons(all []agenda.Reason, own agenda.ID) []agenda.Reason {
	var told []agenda.Reason
	busy := false
	for _, r := range all {
		if r.Person != own && (r.Person != "" || r.Item != nil || r.Room != "") {
			if busy {
				continue
			}
			busy = true
			r = someBusy
		}
		told = append(told, r)
	}
	return told
}
