package agenda

import (
	"cmp"
	"slices"
	"time"
)

// SceneKind says what a screen on site has to tell.
type SceneKind string

// The kinds of Scene.
const (
	SceneEmpty   SceneKind = "empty"   // nothing ever takes place here
	SceneBefore  SceneKind = "before"  // nothing has begun, and nothing does today
	SceneMorning SceneKind = "morning" // nothing has begun today, and something will
	SceneNow     SceneKind = "now"     // something takes place, or would if it were not cancelled
	SceneGap     SceneKind = "gap"     // between two of the same day
	SceneEvening SceneKind = "evening" // the last of today is over, and something follows on a later day
	SceneOver    SceneKind = "over"    // the last of all is over
)

// SceneKinds lists the kinds.
var SceneKinds = []SceneKind{SceneEmpty, SceneBefore, SceneMorning, SceneNow, SceneGap, SceneEvening, SceneOver}

// maxSceneNext is how many of what comes next a Scene has.
const maxSceneNext = 5

// Scene is what takes place and what comes next, from a moment on until the next Scene begins. Panels that are cancelled are
// in it at their time: who stands before the door has to read so.
type Scene struct {
	From time.Time // zero: since ever
	Kind SceneKind
	Now  []ID // in the order of the agenda
	Next []ID // the next few of the day on which something comes next
	Day  Date // that day; "" for none
}

// Scenes gives everything that a screen for these Panels will ever tell, in order: it changes when a Panel begins or ends and
// at midnight in the zone. Panels without a Slot are passed over. It does not ask for the clock: a screen that has this finds
// out by itself what is now, for as long as nobody publishes anything else.
func Scenes(panels []Panel, zone *time.Location) []Scene {
	panels = slices.DeleteFunc(slices.Clone(panels), func(p Panel) bool { return p.Slot == nil })
	slices.SortStableFunc(panels, func(a, b Panel) int { return a.Slot.Start.At.Compare(b.Slot.Start.At) })
	turns := []time.Time{{}}
	for _, p := range panels {
		turns = append(turns, p.Slot.Start.At, p.Slot.End.At, instantAt(zone, p.Slot.Day(), "00:00"))
	}
	slices.SortFunc(turns, time.Time.Compare)
	var scenes []Scene
	for _, at := range slices.CompactFunc(turns, time.Time.Equal) {
		s := sceneAt(panels, zone, at)
		if last := len(scenes) - 1; last < 0 || !scenes[last].same(s) {
			scenes = append(scenes, s)
		}
	}
	return scenes
}

// SceneAt gives the Scene of a moment, from what [Scenes] gave.
func SceneAt(scenes []Scene, at time.Time) Scene {
	i, found := slices.BinarySearchFunc(scenes, at, func(s Scene, at time.Time) int { return s.From.Compare(at) })
	if !found {
		i--
	}
	return scenes[max(0, i)]
}

func (s Scene) same(t Scene) bool {
	return s.Kind == t.Kind && s.Day == t.Day && slices.Equal(s.Now, t.Now) && slices.Equal(s.Next, t.Next)
}

// sceneAt gives the Scene that begins at a moment; panels are sorted by start.
func sceneAt(panels []Panel, zone *time.Location, at time.Time) Scene {
	s := Scene{From: at}
	begun, today := false, false
	now := MomentOf(zone, at).Wall.Date()
	for _, p := range panels {
		switch {
		case !p.Slot.Start.At.After(at):
			begun = true
			today = today || p.Slot.Day() == now
			if p.Slot.End.At.After(at) {
				s.Now = append(s.Now, p.ID)
			}
		case s.Day == "":
			s.Day = p.Slot.Day()
			fallthrough
		case s.Day == p.Slot.Day() && len(s.Next) < maxSceneNext:
			s.Next = append(s.Next, p.ID)
		}
	}
	s.Kind = sceneKind(len(panels) > 0, len(s.Now) > 0, begun, today, s.Day, now)
	return s
}

func sceneKind(any, running, begun, begunToday bool, next, today Date) SceneKind {
	switch {
	case !any:
		return SceneEmpty
	case running:
		return SceneNow
	case next == "":
		return SceneOver
	case cmp.Compare(next, today) > 0 && begun:
		return SceneEvening
	case cmp.Compare(next, today) > 0:
		return SceneBefore
	case begunToday:
		return SceneGap
	}
	return SceneMorning
}
