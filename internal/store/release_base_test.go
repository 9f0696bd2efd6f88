package store

import (
	"math/rand/v2"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// releases are so many of one event, each a little different from the one before, and the ninth wholly.
func storedReleases(event agenda.ID, n int) (list []Release) {
	r := rand.New(rand.NewPCG(3, 4))
	objects := snapshotLike(r, 300)
	for i := range n {
		objects[r.IntN(300)] = snapshotLike(r, 1)[0]
		if i == 8 {
			objects = snapshotLike(r, 300)
		}
		list = append(list, Release{ID: id("r", i+1), EventID: event, Number: i + 1, Published: at(i), Snapshot: document(objects)})
	}
	return list
}

// asStored gives how many bytes of each release are in the database, and on which each is a patch.
func asStored(t *testing.T, s *Store) (sizes, bases []int) {
	t.Helper()
	read(t, s, func(tx *Tx) error {
		var rows []struct{ Size, Base int }
		err := tx.db.Raw("SELECT LENGTH(snapshot) AS size, base FROM releases ORDER BY number").Scan(&rows).Error
		for _, r := range rows {
			sizes, bases = append(sizes, r.Size), append(bases, r.Base)
		}
		return err
	})
	return sizes, bases
}

// Of a release what differs from an earlier one is stored, and all of it is read: by the one who stored it, by who remembers
// nothing, and after everything was rewritten.
func TestReleasesAreStoredAsPatches(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		list := storedReleases(event, 12)
		for i, r := range list {
			if i%5 == 4 {
				s.bases.forget()
			}
			write(t, s, func(tx *Tx) error { return tx.InsertRelease(r) })
		}
		compare := func(what string) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				all := must[[]Release](t)(tx.AllReleases(event))
				for i, want := range list {
					same(t, what, must[Release](t)(tx.Release(event, want.Number)), want)
					same(t, what+" among all", all[len(all)-1-i], want)
				}
				same(t, what+", latest", must[Release](t)(tx.LatestRelease(event)), list[len(list)-1])
				return nil
			})
			sizes, bases := asStored(t, s)
			same(t, what+": bases", bases, []int{0, 1, 1, 1, 1, 1, 1, 1, 0, 9, 9, 9})
			for i, size := range sizes {
				if whole := len(list[i].Snapshot); bases[i] > 0 && size > whole/16 || bases[i] == 0 && size != whole {
					t.Errorf("%s: release %d has %d of %d bytes", what, i+1, size, whole)
				}
			}
		}
		compare("inserted")
		var rewritten []Rewritten
		for i := range list {
			list[i].Snapshot = []byte(strings.ReplaceAll(string(list[i].Snapshot), "Talk 7", "Erased"))
			list[i].Erasures, list[i].Erased = 1, at(50)
			rewritten = append(rewritten, Rewritten{ID: list[i].ID, Number: i + 1, Snapshot: list[i].Snapshot})
		}
		refused(t, s, agenda.Internal, func(tx *Tx) error { return tx.RewriteReleases(event, rewritten[1:], at(50)) })
		write(t, s, func(tx *Tx) error { return tx.RewriteReleases(event, rewritten, at(50)) })
		compare("rewritten")
	})
}

// What can't be made whole is said to be so.
func TestAReleaseWithoutItsBaseIsRefused(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertRelease(storedReleases(event, 1)[0]); err != nil {
				return err
			}
			for i, base := range []int{1, 2} {
				if err := insert(tx, []*releaseRow{{ID: string(id("x", i)), EventID: string(event), Number: 5 + i, Snapshot: []byte{patchVersion}, Base: base}}, wording{}); err != nil {
					return err
				}
			}
			return nil
		})
		for number, why := range map[int]string{5: "damaged", 6: "not there"} {
			if e := refused(t, s, agenda.Internal, func(tx *Tx) error { _, err := tx.Release(event, number); return err }); !strings.Contains(e.Error(), why) {
				t.Errorf("release %d: %v", number, e)
			}
		}
	})
}
