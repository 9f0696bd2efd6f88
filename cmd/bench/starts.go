package main

import (
	"fmt"
	"path/filepath"
	"time"
)

// starts measures how long it takes from starting the program on a filled database until the public agenda is answered.
func (b *bench) starts(s *site, r *sizeReport) error {
	b.say("  starting")
	var took effort
	for range b.wish.rounds {
		if err := b.waitForQuiet(); err != nil {
			return err
		}
		begun := time.Now()
		c, err := b.start("plenary", s.env, b.program, "serve")
		if err != nil {
			return err
		}
		d, err := b.ready(c, begun, s.base+agendaPath)
		if err != nil {
			return err
		}
		used, err := usedBy(c.pid())
		if err := took.add(d, used, err); err != nil {
			return err
		}
		b.stop(c)
	}
	r.Start = took.spread()
	return nil
}

// maxImports is how often the import is repeated, at most.
const maxImports = 3

// importing measures the import of a large schedule.json into an empty database.
func (b *bench) importing() error {
	text, err := congress(b.wish.entries)
	if err != nil {
		return err
	}
	file, err := b.keep("congress.json", text)
	if err != nil {
		return err
	}
	r := &importReport{Entries: b.wish.entries, Bytes: len(text)}
	var took []time.Duration
	for i := range min(b.wish.rounds, maxImports) {
		b.say("importing %d entries", b.wish.entries)
		database := filepath.Join(b.dir, fmt.Sprintf("import-%d.db", i))
		env := []string{"PLENARY_DATABASE=" + database, "PLENARY_LOG_LEVEL=error"}
		if _, err := b.output(env, b.program, "migrate"); err != nil { // an empty database has its tables already
			return err
		}
		if err := b.waitForQuiet(); err != nil {
			return err
		}
		d, highest, err := b.importOnce(env, file)
		if err != nil {
			return err
		}
		took, r.Highest = append(took, d), max(r.Highest, highest)
	}
	r.Took = spreadOf(took)
	b.report.Import = r
	return nil
}

// importOnce gives how long it took, with the start of the program, and how much memory it held at most.
func (b *bench) importOnce(env []string, file string) (time.Duration, int64, error) {
	begun := time.Now()
	c, err := b.start("import", env, b.program, "import", file, "--event", "congress")
	if err != nil {
		return 0, 0, err
	}
	defer b.stop(c)
	for highest := int64(0); ; {
		select {
		case <-c.done:
			took := time.Since(begun)
			if !c.cmd.ProcessState.Success() {
				return 0, 0, fmt.Errorf("import: %s: %s", c.cmd.ProcessState, c.said)
			}
			return took, highest, nil
		case <-b.ctx.Done():
			return 0, 0, b.ctx.Err()
		case <-time.After(20 * time.Millisecond):
			if m, err := memoryOf(c.pid()); err == nil { // else it has just ended
				highest = max(highest, m.Highest)
			}
		}
	}
}
