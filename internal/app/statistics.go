package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// maxHistory is how many Releases are looked at for how many Conflicts they have, the newest.
const maxHistory = 20

// Statistics counts what is in the draft, and the Conflicts of the Panels in the newest Releases. Meetings are no part of it,
// whoever asks.
func (a *App) Statistics(ctx context.Context, actor agenda.Actor, slug string) (s agenda.Statistics, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		draft, err := draftOf(tx, e)
		if err != nil {
			return err
		}
		windows, err := tx.AllAvailabilities(e.ID)
		if err != nil {
			return err
		}
		s = agenda.Count(draft, windows)
		last, err := a.lastRelease(tx, e.ID)
		if err != nil {
			return err
		}
		if last.ID == "" {
			s.History = []agenda.ConflictCount{agenda.CountConflicts(0, agenda.NewSnapshot(draft, nil))}
			return nil
		}
		for n := max(1, last.Number-maxHistory+1); n <= last.Number; n++ {
			r, err := decodeHead(tx, store.Release{EventID: e.ID, Number: n}) // past what is kept of decoded ones, which is for what the public reads
			if err != nil {
				return err
			}
			count := agenda.CountConflicts(n, r.Snapshot)
			count.Published = r.Published
			s.History = append(s.History, count)
		}
		s.History = append(s.History, agenda.CountConflicts(0, agenda.NewSnapshot(draft, &last.Snapshot)))
		return nil
	})
	return s, err
}
