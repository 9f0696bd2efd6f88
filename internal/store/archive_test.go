package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// fill adds something to every table.
func fill(t *testing.T, s *Store) {
	t.Helper()
	write(t, s, insertFull)
	write(t, s, func(tx *Tx) error {
		now := at(5)
		odd := plainPerson(4)
		odd.Name, odd.Notes = "a\"b\\c\u2028\u0001é 𠮷 <>&", strings.Repeat("long ", 20_000)
		for _, err := range []error{tx.InsertPerson("e-full", odd),
			tx.InsertRelease(Release{ID: "r1", EventID: "e-full", Number: 1, Published: at(1), By: "Anh", Note: text("n"), Snapshot: []byte{0, 1, 254, 255}}),
			tx.InsertRelease(Release{ID: "r2", EventID: "e-full", Number: 2}),
			tx.InsertReleaseFiles("r1", []string{"slides.pdf", "photo.jpg", "slides.pdf"}),
			tx.PutStamps("e-full", []agenda.Stamp{{UID: "u", Variant: "vi", Sequence: 1, Created: at(0), Modified: at(1), Content: "c", Place: "p", Cancelled: &now}}),
			tx.PutFeedStates("e-full", []FeedState{{Scope: "event", Variant: "vi", Content: "c", Modified: at(1)}}),
			tx.PutCalendar("e-full", Calendar{Revision: 7, Public: 6, Base: "https://forum.example", Languages: []string{"vi", "en"}}),
			tx.InsertFeed(feedFor("f", "e-full", "person-full", "h", &now)),
			tx.InsertSerials("e-full", agenda.PanelSerial, map[agenda.ID]int{"panel-full": 7, "gone": agenda.MaxSerial}),
			tx.PutSource("e-full", fullSource()),
			tx.CloseFeeds("e-full", at(6)),
			tx.InsertToken(agenda.Token{ID: "t", EventID: "e-full", Scopes: agenda.ReadVerbs, Hash: "h", Revoked: &now}),
			tx.InsertToken(agenda.Token{ID: "t2", Scopes: agenda.EventVerbs, Hash: "h2"}),
			tx.InsertStandIns([]agenda.StandIn{{ID: "s", EventID: "e-full", MeetingID: "meeting-full", OldID: "gone", NewID: "person-0002", Role: agenda.NoteTaker, Note: "ill"}}),
			fillPersonal(tx),
			fillAccounts(tx),
			tx.InsertActivity(agenda.Activity{ID: "a", EventID: "e-full", At: at(1)}),
			tx.AddJob(agenda.Job{ID: "j", EventID: "e-full", Kind: agenda.MailJob, About: "mail", Key: "mail mail", Due: at(2), Fault: "busy", Created: at(1)}),
			tx.InsertMail(agenda.Mail{ID: "mail", EventID: "e-full", PersonID: "person-full", Kind: agenda.MailChanges, Status: agenda.MailQueued, About: "r1",
				To: "jane@example.org", Name: "Jane", Language: "vi", Subject: "Thay đổi", Body: []agenda.MailPart{{Heading: "Phiên 1", Lines: []string{"14:00 → 15:00"}}},
				Method: "REQUEST", Calendar: []byte("BEGIN:VCALENDAR\r\n"), Due: at(2), Revision: 1, Created: at(1), Updated: at(1)}),
			tx.PutMeetingInvitation(fullInvitation()),
			tx.InsertMeetingSteps(agenda.MeetingStep{ID: "step", EventID: "e-full", MeetingID: "meeting-full", At: at(3), Party: agenda.PartyAsking, PersonID: "person-full",
				Deed: agenda.DeedRequest, Note: "Xin gặp"}),
			tx.PutMeetingRules("e-full", agenda.MeetingRules{Closed: true, Hours: 72, Open: 3, PerDay: 4, Halls: true, Revision: 1, Updated: at(1)}),
			fillLetters(tx),
			keepSigningKey(tx),
			fillWebhooks(tx),
			tx.Remember("a", "k", "f", "n", at(1))} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, table := range tables {
		if count(t, s, table.name) == 0 {
			t.Fatalf("%s is empty: nothing is tested about it", table.name)
		}
	}
}

func backup(t *testing.T, s *Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Backup(t.Context(), &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t *testing.T, archive []byte) string {
	t.Helper()
	zip := must[*gzip.Reader](t)(gzip.NewReader(bytes.NewReader(archive)))
	return string(must[[]byte](t)(io.ReadAll(zip)))
}

func zipped(body string) []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	_, _ = io.WriteString(zip, body)
	_ = zip.Close()
	return b.Bytes()
}

// everything reads all that the full event has through the nouns' own methods.
func everything(t *testing.T, s *Store) []any {
	t.Helper()
	var all []any
	read(t, s, func(tx *Tx) error {
		var failed error
		add := func(v any, err error) { all, failed = append(all, v), errors.Join(failed, err) }
		event, err := tx.Event("e-full")
		add(event, err)
		rooms, err := tx.AllRooms("e-full")
		add(rooms, err)
		people, err := tx.AllPeople("e-full")
		add(people, err)
		for n := range 3 {
			part, err := tx.FilePart("slides.pdf", n)
			add(part, err)
		}
		panels, err := tx.AllPanels("e-full")
		add(panels, err)
		meetings, err := tx.AllMeetings("e-full")
		add(meetings, err)
		free, err := tx.AllAvailabilities("e-full")
		add(free, err)
		releases, err := tx.AllReleases("e-full")
		add(releases, err)
		stamps, err := tx.Stamps("e-full")
		add(stamps, err)
		feeds, err := tx.AllFeeds("e-full")
		add(feeds, err)
		tokens, _, err := tx.Tokens("", Page{})
		add(tokens, err)
		accounts, _, err := tx.Accounts(Page{})
		add(accounts, err)
		members, err := tx.Members("e-full")
		add(members, err)
		log, _, err := tx.Activities(ActivityFilter{All: true, Outside: true}, Page{})
		add(log, err)
		near, err := tx.ItemsNear([]agenda.Resource{{Kind: agenda.PersonResource, ID: "person-full"}}, at(-9999), at(9999))
		add(near, err)
		return failed
	})
	return all
}

func TestABackupGoesIntoEitherDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: much to compress")
	}
	for from, fromURL := range urls() {
		for to, toURL := range urls() {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				source, target := fresh(t, fromURL(t)), fresh(t, toURL(t))
				fill(t, source)
				populate(t, target, 5) // which must go
				archive := backup(t, source)
				var told [][2]int64
				err := target.Restore(t.Context(), bytes.NewReader(archive), func(done, total int64) { told = append(told, [2]int64{done, total}) })
				if err != nil {
					t.Fatal(err)
				}
				same(t, "archive of the restored database", unzip(t, backup(t, target)), unzip(t, archive))
				same(t, "restored nouns", everything(t, target), everything(t, source))
				if last := told[len(told)-1]; last[0] != last[1] || last[0] == 0 {
					t.Error("progress ends with", last)
				}
				// What was restored lives: its rules hold, and it can be changed.
				refused(t, target, agenda.Taken, func(tx *Tx) error { return tx.InsertRelease(Release{ID: "r3", EventID: "e-full", Number: 2}) })
				write(t, target, func(tx *Tx) error { return tx.DeletePanel("e-full", "panel-full", 4) })
			})
		}
	}
}

func TestABackupIsTheSameTwice(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		fill(t, s)
		first := backup(t, s)
		if !bytes.Equal(first, backup(t, s)) {
			t.Error("two backups of the same differ")
		}
		if err := s.Restore(t.Context(), bytes.NewReader(first), nil); err != nil {
			t.Fatal("into itself:", err)
		}
		if !bytes.Equal(first, backup(t, s)) {
			t.Error("the backup of the restored differs")
		}
	})
}

// While writers keep two rooms equal, each backup has them equal. They write while a backup is made and not while it is looked at: what
// they add in the meantime would have to be in the next one, the more the slower the machine.
func TestABackupIsOneMoment(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		other := fresh(t, filepath.Join(t.TempDir(), "other.db"))
		seen, beside := map[int]bool{}, 0
		for range 10 {
			end := writeEqual(t, s, event)
			archive := backup(t, s)
			end()
			if err := other.Restore(t.Context(), bytes.NewReader(archive), nil); err != nil {
				t.Fatal(err)
			}
			read(t, other, func(tx *Tx) error {
				rooms := must[[]agenda.Room](t)(tx.AllRooms(event))
				log := int(count(t, other, "activities"))
				if rooms[0].Capacity != rooms[1].Capacity || rooms[0].Capacity != log {
					t.Errorf("torn: %d, %d, %d", rooms[0].Capacity, rooms[1].Capacity, log)
				}
				if int(count(t, s, "activities")) > log {
					beside++
				}
				seen[log] = true
				return nil
			})
		}
		if len(seen) < 10 || beside < 5 {
			t.Errorf("%d different moments in 10 backups, %d of which were written beside: nobody wrote", len(seen), beside)
		}
	})
}

// writeEqual has three writers add one to each of two rooms and to the activities, until end is called. They have begun.
func writeEqual(t *testing.T, s *Store, event agenda.ID) (end func()) {
	t.Helper()
	begun := make(chan struct{}, 3)
	end = writers(t, s, 3, func(tx *Tx, _, _ int) error {
		if err := addOne(tx, event); err != nil {
			return err
		}
		r, err := tx.Room(event, "room-0002")
		if err != nil {
			return err
		}
		r.Capacity++
		r.Revision++
		return errors.Join(tx.UpdateRoom(r), tx.InsertActivity(agenda.Activity{ID: id("a", r.Capacity), EventID: event}))
	}, func() { begun <- struct{}{} })
	for range 3 {
		<-begun
	}
	return end
}

// writers has so many write again and again until end is called. Who writes, and how often they have, is told to fn; each calls first
// when they have written once, or have failed to.
func writers(t *testing.T, s *Store, many int, fn func(tx *Tx, who, n int) error, first func()) (end func()) {
	t.Helper()
	done := make(chan struct{})
	var writing sync.WaitGroup
	for who := range many {
		writing.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				err := s.Write(t.Context(), func(tx *Tx) error { return fn(tx, who, n) })
				if n == 0 {
					first()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	return func() {
		close(done)
		writing.Wait()
	}
}

// Writers go on under a restore, and what they add before it is gone after it.
func TestARestoreUnderWritersIsWhole(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		fill(t, s)
		archive := backup(t, s)
		end := writers(t, s, 4, func(tx *Tx, who, n int) error {
			e := plainEvent(1)
			e.ID, e.Slug = agenda.ID(fmt.Sprint(who, "-", n)), fmt.Sprint(who, "-", n)
			return tx.InsertEvent(e)
		}, func() {})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // who restores must not give way to writers again and again
		defer cancel()
		for range 5 {
			if err := s.Restore(ctx, bytes.NewReader(archive), nil); err != nil {
				t.Error(err)
			}
		}
		end()
		if err := s.Restore(t.Context(), bytes.NewReader(archive), nil); err != nil {
			t.Error(err)
		}
		same(t, "archive", unzip(t, backup(t, s)), unzip(t, archive))
	})
}

func TestABadArchiveChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED with -short: much to compress")
	}
	both(t, func(t *testing.T, s *Store) {
		fill(t, s)
		slim(t, s)
		good := backup(t, s)
		body := unzip(t, good)
		lines := strings.SplitAfter(strings.TrimSuffix(body, "\n"), "\n")
		for what, archive := range badArchives(good, body, lines) {
			err := s.Restore(t.Context(), bytes.NewReader(archive), nil)
			if agenda.CodeOf(err) != agenda.Invalid || !strings.Contains(err.Error(), "othing was changed") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if !bytes.Equal(good, backup(t, s)) {
			t.Error("something was changed")
		}
		if err := s.Restore(t.Context(), bytes.NewReader(good), nil); err != nil {
			t.Error("the good one:", err)
		}
	})
}

// slim takes from what fill adds nearly all of the bytes and none of the rows, for 150 archives of it are read.
func slim(t *testing.T, s *Store) {
	t.Helper()
	write(t, s, func(tx *Tx) error {
		return errors.Join(tx.db.Exec("UPDATE file_parts SET bytes = ? WHERE number < 2", fileBytes(300)).Error,
			tx.db.Exec("UPDATE people SET notes = 'short' WHERE id = 'person-0004'").Error)
	})
}

func badArchives(good []byte, body string, lines []string) map[string][]byte {
	bad := map[string][]byte{"empty": nil, "text": []byte("hello"), "not gzip": []byte(body), "empty gzip": zipped(""),
		"twice": append(bytes.Clone(good), good...), "more follows": zipped(body + "x"),
		"other JSON":     zipped("{\"format\":\"zip\"}\n"),
		"newer format":   zipped(strings.Replace(body, `"version":1`, `"version":2`, 1)),
		"no version":     zipped(strings.Replace(body, `"version":1`, `"version":0`, 1)),
		"newer schema":   zipped(strings.Replace(body, `"schema":`, `"schema":9`, 1)),
		"older schema":   zipped(strings.Replace(body, `"schema":`, `"schema":0.0e0,"x":`, 1)),
		"another column": zipped(strings.Replace(body, `"slug"`, `"snail"`, 1)),
		"fewer rows":     zipped(strings.Replace(body, `"rows":1`, `"rows":0`, 1)),
		"more rows":      zipped(strings.Replace(body, `"rows":1`, `"rows":2`, 1)),
		"other content":  zipped(strings.Replace(body, "Minister", "Monister", 1)),
		"other trailer":  zipped(body[:len(body)-10] + "0000000\"}\n"),
		"no trailer":     zipped(strings.Join(lines[:len(lines)-1], "")),
		"other type":     zipped(resum(strings.Replace(body, `,true,`, `,"yes",`, 1))),
		"short row":      zipped(resum(strings.Replace(body, `["person-full","Nguyễn`, `["Nguyễn`, 1))),
		"broken rule":    zipped(resum(strings.Replace(body, `"roundtable"`, `"squaretable"`, 1))),
		"no such person": zipped(resum(strings.Replace(body, `["e-full","person-full",`, `["e-full","person-none",`, 1))),
	}
	for n := 0; n < len(good); n += max(1, len(good)/40) {
		bad[fmt.Sprint("cut at ", n)] = good[:n]
		flipped := bytes.Clone(good)
		flipped[n] ^= 0x10
		if n >= 10 { // before it are fields of gzip's header that mean nothing
			bad[fmt.Sprint("flipped at ", n)] = flipped
		}
	}
	bad["cut at the last byte"] = good[:len(good)-1]
	for i := 1; i < len(lines); i++ {
		bad[fmt.Sprint("without line ", i)] = zipped(strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), ""))
	}
	return bad
}

// resum gives the archive a checksum that is right: what is wrong must be seen by other means.
func resum(body string) string {
	at := strings.LastIndex(strings.TrimSuffix(body, "\n"), "\n") + 1
	sum := sha256.Sum256([]byte(body[:at]))
	return body[:at] + `{"sha256":"` + hex.EncodeToString(sum[:]) + "\"}\n"
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no room")
	}
	return len(p), nil
}

func TestABackupTellsWhenItCannotWrite(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		fill(t, s)
		size := len(backup(t, s))
		for _, left := range []int{0, 5, size / 2, size - 1} {
			if err := s.Backup(t.Context(), &failing{left}, nil); err == nil || !strings.Contains(err.Error(), "no room") {
				t.Errorf("%d bytes: %v", left, err)
			}
		}
	})
}

func keepSigningKey(tx *Tx) error {
	_, err := tx.MakeSigningKey("letter", "secret", at(1))
	return err
}
