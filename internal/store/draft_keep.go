package store

type keptDraft struct {
	at turn
	*Draft
}

// keptPanels is how many panels the drafts that are kept have at most.
const keptPanels = 10_000

func (d keptDraft) weight() (panels, most int) { return len(d.Panels) + 50, keptPanels }

// Forget leaves nothing of drafts and of releases in memory: what was erased should not stay there.
func (s *Store) Forget() {
	s.drafts.forget()
	s.bases.forget()
}
