package app

import (
	"context"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// photosPerHour is how many photos of one Person are looked at in an hour: decoding one takes a while.
const photosPerHour = 20

// SetOwnPhoto gives the Person the photo that they uploaded, drawn anew, in the draft.
func (a *App) SetOwnPhoto(ctx context.Context, actor agenda.Actor, match Match, data []byte) error {
	err := a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if err := match.check(p.Revision, nil); err != nil {
			return err
		}
		_, err := a.attempt(tx, "photos of "+string(e.ID)+" "+string(p.ID), photosPerHour, time.Hour)
		return err
	})
	if err != nil {
		return err
	}
	put, err := a.putPhoto(data)
	if err != nil {
		return err
	}
	return a.changeOwnPhoto(ctx, actor, match, put)
}

// DeleteOwnPhoto takes away the Person's photo in the draft. The error is NotFound when none was uploaded.
func (a *App) DeleteOwnPhoto(ctx context.Context, actor agenda.Actor, match Match) error {
	return a.changeOwnPhoto(ctx, actor, match, takePhoto)
}

func (a *App) changeOwnPhoto(ctx context.Context, actor agenda.Actor, match Match, change photoChange) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if err := match.check(p.Revision, nil); err != nil {
			return err
		}
		return a.storePhoto(tx, actor, e, &p, change)
	})
}

// OwnPhoto gives the Person's photo in the draft.
func (a *App) OwnPhoto(ctx context.Context, actor agenda.Actor) (f FileContent, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, p, err := own(tx, actor)
		if err != nil {
			return err
		}
		if p.Photo == "" {
			return errNoPhoto
		}
		f = FileContent{app: a, ctx: ctx}
		f.File, err = tx.EventFile(e.ID, p.Photo)
		return err
	})
	return f, err
}
