package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/media"
	"plenary/internal/store"
)

// FileContent is a File and its bytes, which are read part by part as they are asked for.
type FileContent struct {
	agenda.File
	app *App
	ctx context.Context
}

// Parts says how many parts the bytes are in.
func (f FileContent) Parts() int { return (f.Size + store.FilePart - 1) / store.FilePart }

// Part gives the bytes of part n, from 0 on.
func (f FileContent) Part(n int) (bytes []byte, err error) {
	err = f.app.store.Read(f.ctx, func(tx *store.Tx) error {
		bytes, err = tx.FilePart(f.Name, n)
		return err
	})
	return bytes, err
}

// PublishedFile gives a File that the latest Release of the Event refers to. Anybody may ask.
func (a *App) PublishedFile(ctx context.Context, slug, name string) (f FileContent, err error) {
	err = a.public(ctx, slug, func(tx *store.Tx, row store.Release) error {
		f = FileContent{app: a, ctx: ctx}
		f.File, err = tx.ReleaseFile(row.ID, name)
		return err
	})
	return f, err
}

// DraftFile gives a File of the Event's draft, or of any of its Releases, for its organizers.
func (a *App) DraftFile(ctx context.Context, actor agenda.Actor, slug, name string) (f FileContent, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		f = FileContent{app: a, ctx: ctx}
		f.File, err = tx.EventFile(e.ID, name)
		return err
	})
	return f, err
}

// newFile describes a File under a random name. It is asked for by that name, and nothing that anybody chose is in it.
func (a *App) newFile(kind agenda.FileKind, extension string, content []byte) agenda.File {
	sum := sha256.Sum256(content)
	return agenda.File{Name: a.secret() + extension, Kind: kind, Size: len(content), SHA256: hex.EncodeToString(sum[:]), Created: a.moment()}
}

// forecast says whether a change would be refused, before a file is looked at for it: who may not, and who knows an old
// revision only, should not have pictures decoded, and nobody waits for that in a transaction.
func (a *App) forecast(ctx context.Context, actor agenda.Actor, slug string, check func(*store.Tx, agenda.Event) error) error {
	return a.view(ctx, actor, agenda.EditEvent, slug, check)
}

// SetPhoto gives a Person the photo that was uploaded, drawn anew, in place of the one before.
func (a *App) SetPhoto(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, data []byte) (agenda.Person, error) {
	err := a.forecast(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Person(e.ID, id)
		if err != nil {
			return err
		}
		return match.check(p.Revision, p)
	})
	if err != nil {
		return agenda.Person{}, err
	}
	put, err := a.putPhoto(data)
	if err != nil {
		return agenda.Person{}, err
	}
	return a.changePhoto(ctx, actor, slug, match, id, put)
}

// DeletePhoto takes away the photo that was uploaded. The error is NotFound when there is none.
func (a *App) DeletePhoto(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	_, err := a.changePhoto(ctx, actor, slug, match, id, takePhoto)
	return err
}

// photoChange is what is done to the photo of a Person, and how the Activity says so: a format of their name.
type photoChange struct {
	said string
	do   func(*store.Tx, *agenda.Person) error
}

// putPhoto draws a picture anew and gives what makes it the photo. Drawing is slow, and therefore in no transaction.
func (a *App) putPhoto(data []byte) (photoChange, error) {
	picture, err := media.Photo(data)
	if err != nil {
		return photoChange{}, err
	}
	f := a.newFile(agenda.PhotoFile, picture.Extension, picture.Bytes)
	f.MediaType, f.FileName, f.Width, f.Height = picture.Type, "photo"+picture.Extension, picture.Width, picture.Height
	return photoChange{"replaced the photo of %s", func(tx *store.Tx, p *agenda.Person) error {
		p.Photo = f.Name
		return tx.InsertFile(f, picture.Bytes)
	}}, nil
}

// takePhoto takes the photo away.
var takePhoto = photoChange{"removed the photo of %s", func(_ *store.Tx, p *agenda.Person) error {
	if p.Photo == "" {
		return errNoPhoto
	}
	p.Photo = ""
	return nil
}}

var errNoPhoto = agenda.Errorf(agenda.NotFound, "No photo of this person was uploaded.")

func (a *App) changePhoto(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, change photoChange) (p agenda.Person, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		if p, err = tx.Person(e.ID, id); err != nil {
			return err
		}
		if err := match.check(p.Revision, p); err != nil {
			return err
		}
		return a.storePhoto(tx, actor, e, &p, change)
	})
	return p, err
}

// storePhoto does the change, and sweeps away the file that nothing needs any more.
func (a *App) storePhoto(tx *store.Tx, actor agenda.Actor, e agenda.Event, p *agenda.Person, change photoChange) error {
	old := *p
	if err := change.do(tx, p); err != nil {
		return err
	}
	p.Revision, p.Updated = p.Revision+1, a.moment()
	if err := tx.UpdatePerson(e.ID, *p); err != nil {
		return err
	}
	if err := tx.SweepFiles(); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "person.photo", p.ID, fmt.Sprintf(change.said, p.Name), changed(e, old, *p))
}

// NewMaterial is a file that is to become a Material.
type NewMaterial struct {
	Title  string // "": after the file
	Name   string // what whoever sent the file called it
	Public bool
	Data   []byte
}

// AddMaterial adds a Material to a Panel.
func (a *App) AddMaterial(ctx context.Context, actor agenda.Actor, slug string, match Match, panel agenda.ID, n NewMaterial) (PanelResult, error) {
	err := a.forecast(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Panel(e.ID, panel)
		if err != nil {
			return err
		}
		return match.check(p.Revision, PanelResult{Event: e, Panel: p})
	})
	if err != nil {
		return PanelResult{}, err
	}
	kind, err := media.Material(n.Name, n.Data)
	if err != nil {
		return PanelResult{}, err
	}
	f := a.newFile(agenda.MaterialFile, kind.Extension, n.Data)
	f.MediaType, f.FileName = kind.Type, media.FileName(n.Name, kind.Extension)
	m := agenda.Material{File: f.Name, Title: n.Title, Public: n.Public, Created: f.Created}
	if m.Clean(); m.Title == "" {
		m.Title = strings.TrimSuffix(f.FileName, kind.Extension)
	}
	if err := m.Check(); err != nil {
		return PanelResult{}, err
	}
	return a.changeMaterials(ctx, actor, slug, match, panel, fmt.Sprintf("added the material %q", m.Title), func(tx *store.Tx, p agenda.Panel) error {
		if len(p.Materials) >= agenda.MaxMaterials {
			return agenda.Errorf(agenda.Taken, "The panel has %d materials, and no more fit.", agenda.MaxMaterials)
		}
		if err := tx.InsertFile(f, n.Data); err != nil {
			return err
		}
		m.ID = a.newID()
		return tx.InsertMaterial(p.EventID, p.ID, m)
	})
}

// DeleteMaterial takes a Material away from a Panel.
func (a *App) DeleteMaterial(ctx context.Context, actor agenda.Actor, slug string, match Match, panel, id agenda.ID) error {
	_, err := a.changeMaterials(ctx, actor, slug, match, panel, "removed a material", func(tx *store.Tx, p agenda.Panel) error {
		if err := tx.DeleteMaterial(p.EventID, p.ID, id); err != nil {
			return err
		}
		return tx.SweepFiles()
	})
	return err
}

func (a *App) changeMaterials(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, what string,
	do func(*store.Tx, agenda.Panel) error) (r PanelResult, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Panel(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(p.Revision, PanelResult{Event: e, Panel: p}); err != nil {
			return err
		}
		if err := do(tx, p); err != nil {
			return err
		}
		p.Revision, p.Updated = p.Revision+1, a.moment()
		if err := tx.TouchPanel(p); err != nil {
			return err
		}
		if err := r.load(tx, actor, e, id); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "panel.material", p.ID, fmt.Sprintf("%s of the panel %q", what, english(p.Title)), changed(e, p, r.Panel))
	})
	return r, err
}
