package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// seldom lets what comes often through once in a while, so that a flood of it does not fill the database. What it
// remembers is bounded, in all and for each source: while that is full, nothing new comes through, from there alone. It is
// safe for concurrent use.
type seldom struct {
	mu   sync.Mutex
	last map[string]map[string]time.Time // by source, then key
	kept int
	most int
}

// pause is how long what came through does not come through again.
const pause = 10 * time.Minute

// What each seldom remembers at most. A refusal needs somebody who is known, so that they are few; the others can come from
// anywhere.
const (
	maxRefusals = 10_000
	maxUnknown  = 100
	maxTurned   = 10_000
	maxOpened   = 10_000
	maxOfSource = 50
)

func (s *seldom) pass(source, key string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.last[source][key]; ok && recent(last, now) {
		return false
	}
	if len(s.last[source]) >= maxOfSource {
		s.forget(source, now)
	}
	if s.kept >= s.most {
		for source := range s.last {
			s.forget(source, now)
		}
	}
	if s.kept >= s.most || len(s.last[source]) >= maxOfSource {
		return false
	}
	if s.last == nil {
		s.last = map[string]map[string]time.Time{}
	}
	if s.last[source] == nil {
		s.last[source] = map[string]time.Time{}
	}
	if _, ok := s.last[source][key]; !ok {
		s.kept++
	}
	s.last[source][key] = now
	return true
}

func recent(last, now time.Time) bool { return now.Sub(last) < pause && !now.Before(last) }

// forget forgets what may come through again.
func (s *seldom) forget(source string, now time.Time) {
	for key, last := range s.last[source] {
		if !recent(last, now) {
			delete(s.last[source], key)
			s.kept--
		}
	}
	if len(s.last[source]) == 0 {
		delete(s.last, source)
	}
}

// once is pass for what may be asked again in the same call: a transaction may run twice.
func (s *seldom) once(now time.Time) func(source, key string) bool {
	asked, passed := false, false
	return func(source, key string) bool {
		if !asked {
			asked, passed = true, s.pass(source, key, now)
		}
		return passed
	}
}

// read reads for the Actor; that they were refused leaves an Activity.
func (a *App) read(ctx context.Context, actor agenda.Actor, fn func(*store.Tx) error) error {
	return a.Witness(ctx, actor, a.store.Read(ctx, fn))
}

// write writes for the Actor; that they were refused leaves an Activity.
func (a *App) write(ctx context.Context, actor agenda.Actor, fn func(*store.Tx) error) error {
	return a.Witness(ctx, actor, a.store.Write(ctx, fn))
}

// authorize decides whether the Actor may do the verb at all Events; that they were refused leaves an Activity. It must not
// be called in a transaction.
func (a *App) authorize(ctx context.Context, actor agenda.Actor, verb agenda.Verb) error {
	return a.Witness(ctx, actor, agenda.Authorize(actor, verb, ""))
}

// Witness gives back the error. If it refuses the Actor something, that leaves an Activity: once in ten minutes for each
// Actor, verb and Event. It must not be called in a transaction: what was refused is taken back, this is not.
func (a *App) Witness(ctx context.Context, actor agenda.Actor, err error) error {
	var e *agenda.Error
	if !errors.As(err, &e) || actor.Kind == agenda.Anonymous || actor.Kind == "" {
		return err
	}
	if e == ErrProve || e == errNotConfirmed {
		a.noteUnproved(ctx, actor)
		return err
	}
	if e.Refused == nil {
		return err
	}
	verb, event := e.Refused.Verb, e.Refused.EventID
	if !a.refusals.pass(whoOf(actor), fmt.Sprint(verb, " ", event), a.now()) {
		return err
	}
	entry := a.entry(actor, event, "access.refused", fmt.Sprintf("was refused the right %s", verb))
	entry.Outcome, entry.After = agenda.Refused, agenda.Fields{"right": fmt.Sprintf("%q", verb)}
	a.leave(ctx, entry)
	return err
}

// noteUnproved leaves an Activity of somebody who wanted what asks for a proof of who sits there: once in ten minutes.
func (a *App) noteUnproved(ctx context.Context, actor agenda.Actor) {
	if !a.refusals.pass(whoOf(actor), "unproved", a.now()) {
		return
	}
	entry := a.entry(actor, actor.EventID, "access.unproved", "was asked to prove who they are")
	entry.Outcome = agenda.Refused
	a.leave(ctx, entry)
}

func whoOf(actor agenda.Actor) string { return string(actor.Kind) + " " + string(actor.ID) }

// turnAway gives back the error. If it is that somebody was not let in, that leaves an Activity: once in ten minutes for each
// key, which says what was tried and is the same whether what was tried exists or not, and network. The subject is what it
// would have opened, "" when that is not known.
func (a *App) turnAway(ctx context.Context, actor agenda.Actor, verb, summary, key string, subject agenda.ID, err error) error {
	switch agenda.CodeOf(err) {
	case agenda.Unauthenticated, agenda.Forbidden, agenda.NotFound, agenda.Invalid, agenda.TooMany:
	default:
		return err
	}
	a.log.WarnContext(ctx, summary, "address", actor.Address)
	if !a.turned.pass(neighbourhood(actor.Address), verb+" "+hashSecret(key), a.now()) {
		return err
	}
	entry := a.entry(actor, actor.EventID, verb, summary)
	entry.Outcome, entry.Subject, entry.After = agenda.Refused, subject, agenda.Fields{"code": quoted(string(agenda.CodeOf(err)))}
	a.leave(ctx, entry)
	return err
}

// noteUnknownToken leaves an Activity of a token that opens nothing: once in ten minutes for each address.
func (a *App) noteUnknownToken(ctx context.Context, address string) {
	a.log.WarnContext(ctx, "a token was refused", "address", address)
	if !a.unknown.pass(neighbourhood(address), "", a.now()) {
		return
	}
	entry := a.entry(agenda.Actor{Kind: agenda.Anonymous, Address: address}, "", "token.unknown", "came with a token that opens nothing")
	entry.Outcome = agenda.Refused
	a.leave(ctx, entry)
}

// leave writes an Activity of its own. That it could not is no reason to answer otherwise.
func (a *App) leave(ctx context.Context, entry agenda.Activity) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.InsertActivity(entry) }); err != nil {
		a.log.WarnContext(ctx, "an activity was not kept", "verb", entry.Verb, "error", err)
	}
}
