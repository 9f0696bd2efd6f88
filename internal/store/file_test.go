package store

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"plenary/internal/agenda"
)

func fullPhoto() agenda.File {
	return agenda.File{Name: "photo.jpg", Kind: agenda.PhotoFile, MediaType: "image/jpeg", FileName: "photo.jpg", Size: 9, SHA256: "c0ffee", Width: 3, Height: 4, Created: at(3)}
}

// fullSlides have three parts.
func fullSlides() agenda.File {
	return agenda.File{Name: "slides.pdf", Kind: agenda.MaterialFile, MediaType: "application/pdf", FileName: "Bài.pdf", Size: 2*FilePart + 1, SHA256: "beef", Created: at(4)}
}

func fullMaterial() agenda.Material {
	return agenda.Material{ID: "material-full", File: "slides.pdf", Title: "Bài trình bày", FileName: "Bài.pdf", MediaType: "application/pdf", Size: 2*FilePart + 1, Public: true, Created: at(4)}
}

// fileBytes has every byte, in no text's order.
func fileBytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>9)
	}
	return b
}

// A file comes back as it went in, part by part.
func TestFilesRoundTrip(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		read(t, s, func(tx *Tx) error {
			same(t, "photo", must[agenda.File](t)(tx.EventFile("e-full", "photo.jpg")), fullPhoto())
			same(t, "slides", must[agenda.File](t)(tx.EventFile("e-full", "slides.pdf")), fullSlides())
			var got []byte
			for n := range 3 {
				got = append(got, must[[]byte](t)(tx.FilePart("slides.pdf", n))...)
			}
			if !bytes.Equal(got, fileBytes(fullSlides().Size)) {
				t.Error("other bytes came back")
			}
			if _, err := tx.FilePart("slides.pdf", 3); agenda.CodeOf(err) != agenda.NotFound {
				t.Error("a part after the last:", err)
			}
			return nil
		})
	})
}

// A file is an event's as long as its draft has it or one of its releases does, and nobody else's.
func TestFilesAreTheEventsThatHaveThem(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.InsertPanel(plainPanel("event-0001", 1)), tx.InsertRelease(Release{ID: "r1", EventID: "e-full", Number: 1}),
				tx.InsertReleaseFiles("r1", []string{"photo.jpg"}), tx.InsertRelease(Release{ID: "r2", EventID: "e-full", Number: 2}))
		})
		read(t, s, func(tx *Tx) error {
			for _, c := range []struct {
				what string
				err  error
				code agenda.Code
			}{
				{"photo in r1", second(tx.ReleaseFile("r1", "photo.jpg")), ""}, {"slides in r1", second(tx.ReleaseFile("r1", "slides.pdf")), agenda.NotFound},
				{"photo in r2", second(tx.ReleaseFile("r2", "photo.jpg")), agenda.NotFound}, {"photo of no release", second(tx.ReleaseFile("", "photo.jpg")), agenda.NotFound},
				{"photo of another", second(tx.EventFile("event-0001", "photo.jpg")), agenda.NotFound}, {"slides of another", second(tx.EventFile("event-0001", "slides.pdf")), agenda.NotFound},
				{"nothing", second(tx.EventFile("e-full", "")), agenda.NotFound}, {"a pattern", second(tx.EventFile("e-full", "%")), agenda.NotFound},
			} {
				if agenda.CodeOf(c.err) != c.code {
					t.Errorf("%s: %v", c.what, c.err)
				}
			}
			return nil
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.DeleteMaterial("event-0001", "panel-full", "material-full") })
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.DeleteMaterial("e-full", "panel-0001", "material-full") })
		refused(t, s, agenda.Invalid, func(tx *Tx) error {
			return errors.Join(tx.InsertFile(agenda.File{Name: "x", Kind: agenda.MaterialFile}, []byte("x")), tx.InsertMaterial("e-full", "panel-0001", agenda.Material{ID: "m", File: "x"}))
		})
		refused(t, s, agenda.Taken, func(tx *Tx) error { return tx.InsertReleaseFiles("r2", []string{"gone"}) })
		// Somebody who takes part in both events has one photo.
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.AddParticipant("event-0001", "person-full"), second(tx.EventFile("event-0001", "photo.jpg")))
		})
	})
}

func second[T any](_ T, err error) error { return err }

// Files go with what refers to them, the last of it, and no sooner.
func TestFilesAreSweptWhenNothingRefersToThem(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		files := func(want int64, what string) {
			t.Helper()
			if got := count(t, s, "files"); got != want {
				t.Errorf("%s: %d files, want %d", what, got, want)
			}
		}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertRelease(Release{ID: "r1", EventID: "e-full", Number: 1}), tx.InsertReleaseFiles("r1", []string{"photo.jpg"}), tx.SweepFiles())
		})
		files(2, "all are used")
		person := fullPerson()
		person.Photo, person.Revision = "", 10
		write(t, s, func(tx *Tx) error { return errors.Join(tx.UpdatePerson("e-full", person), tx.SweepFiles()) })
		files(2, "a release has the photo")
		write(t, s, func(tx *Tx) error { return tx.DeletePanel("e-full", "panel-full", 4) })
		files(1, "the panel is gone")
		if got := count(t, s, "file_parts"); got != 1 {
			t.Errorf("%d parts are left", got)
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteEvent("e-full", 7) })
		files(0, "the event is gone")
		refused(t, s, agenda.Invalid, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(2)), tx.InsertPerson("event-0002", agenda.Person{ID: "x", Photo: "photo.jpg", Revision: 1}))
		})
	})
}

// A photo that is replaced while it is being published stays for the release.
func TestFilesUnderPublishers(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		published, replaced := make(chan error, 1), make(chan error, 1)
		ready, hold := make(chan struct{}), make(chan struct{})
		go func() {
			published <- s.Write(t.Context(), func(tx *Tx) error {
				err := errors.Join(tx.InsertRelease(Release{ID: "r1", EventID: "e-full", Number: 1}), tx.InsertReleaseFiles("r1", []string{"photo.jpg"}))
				close(ready)
				<-hold
				return err
			})
		}()
		<-ready
		go func() {
			replaced <- s.Write(t.Context(), func(tx *Tx) error {
				p := fullPerson()
				p.Photo, p.Revision = "new.jpg", p.Revision+1
				return errors.Join(tx.InsertFile(agenda.File{Name: "new.jpg", Kind: agenda.PhotoFile}, []byte("x")), tx.UpdatePerson("e-full", p), tx.SweepFiles())
			})
		}()
		time.Sleep(300 * time.Millisecond) // until the other waits
		close(hold)
		if err := errors.Join(<-published, <-replaced); err != nil {
			t.Error(err)
		}
		read(t, s, func(tx *Tx) error { return second(tx.ReleaseFile("r1", "photo.jpg")) })
	})
}
