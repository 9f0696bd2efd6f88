package main

import (
	"slices"
)

// The competitors of -with. Each is asked for what comes nearest to an answer of Plenary's.
const (
	pocketbaseName = "PocketBase, list with relations"
	radicaleName   = "Radicale, collection"
)

// prepareRivals finds or builds the competitors that are wished for.
func (b *bench) prepareRivals() error {
	if slices.Contains(b.wish.with, "radicale") {
		if b.tools.radicale == "" {
			b.report.missing("radicale is not on this machine: it was not measured")
		} else if out, err := b.output(nil, b.tools.radicale, "--version"); err == nil {
			b.report.Machine.Programs["radicale"] = versionIn(out)
		}
	}
	if slices.Contains(b.wish.with, "pocketbase") {
		b.say("building PocketBase %s", pocketbaseVersion)
		if err := b.buildPocketBase(); err != nil {
			b.report.missing("PocketBase can't be built on this machine: it was not measured")
			b.say("%v", err)
			b.pocketbase = ""
			return b.ctx.Err()
		}
		b.report.Machine.Programs["pocketbase"] = pocketbaseVersion
	}
	return nil
}

// besideRivals starts the competitors, with the same data.
func (b *bench) besideRivals(s *site, wanted []reading) ([]*target, error) {
	var targets []*target
	for _, r := range wanted {
		var start func(*site, reading) (*target, error)
		switch {
		case r.name == "json" && b.pocketbase != "":
			start = b.besidePocketBase
		case r.name == "feed" && b.tools.radicale != "" && slices.Contains(b.wish.with, "radicale"):
			start = b.besideRadicale
		default:
			continue
		}
		t, err := start(s, r)
		if err != nil {
			return nil, err
		}
		if t != nil {
			targets = append(targets, t)
		}
	}
	return targets, nil
}
