package app

import (
	"context"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/media"
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
	picture, err := media.Photo(data) // slow, and therefore in no transaction
	if err != nil {
		return err
	}
	f := a.newFile(agenda.PhotoFile, picture.Extension, picture.Bytes)
	f.MediaType, f.FileName, f.Width, f.Height = picture.Type, "photo"+picture.Extension, picture.Width, picture.Height
	return a.changeOwnPhoto(ctx, actor, match, "replaced the photo of %s", func(tx *store.Tx, p *agenda.Person) error {
		p.Photo = f.Name
		return tx.InsertFile(f, picture.Bytes)
	})
}

// DeleteOwnPhoto takes away the Person's photo in the draft. The error is NotFound when none was uploaded.
func (a *App) DeleteOwnPhoto(ctx context.Context, actor agenda.Actor, match Match) error {
	return a.changeOwnPhoto(ctx, actor, match, "removed the photo of %s", func(_ *store.Tx, p *agenda.Person) error {
		if p.Photo == "" {
			return agenda.Errorf(agenda.NotFound, "No photo of this person was uploaded.")
		}
		p.Photo = ""
		return nil
	})
}

func (a *App) changeOwnPhoto(ctx context.Context, actor agenda.Actor, match Match, what string, do func(*store.Tx, *agenda.Person) error) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if err := match.check(p.Revision, nil); err != nil {
			return err
		}
		old := p
		if err := do(tx, &p); err != nil {
			return err
		}
		p.Revision, p.Updated = p.Revision+1, a.moment()
		if err := tx.UpdatePerson(e.ID, p); err != nil {
			return err
		}
		if err := tx.SweepFiles(); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.photo", p.ID, fmt.Sprintf(what, p.Name), changed(e, old, p))
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
			return agenda.Errorf(agenda.NotFound, "No photo of this person was uploaded.")
		}
		f = FileContent{app: a, ctx: ctx}
		f.File, err = tx.EventFile(e.ID, p.Photo)
		return err
	})
	return f, err
}
