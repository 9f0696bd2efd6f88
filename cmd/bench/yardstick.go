package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"time"
)

// compressions is how often the agenda is compressed as a yardstick.
const compressions = 15

// yardsticks measures what is no work of Plenary's, on the same machine in the same minutes: how long it took says how fast the machine
// was, so that milliseconds can be compared with those of another.
func (b *bench) yardsticks(s *site, r *sizeReport) error {
	if !b.wish.wants(casePublish) && !b.wish.wants(caseStart) {
		return nil
	}
	a, err := ask(b.ctx, s.client, http.MethodGet, s.base+agendaPath, nil, nil)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("the agenda answers %d", a.status)
	}
	if err != nil {
		return err
	}
	if err := b.waitForQuiet(); err != nil {
		return err
	}
	if r.Compressed, err = compressing(a.body); err != nil {
		return err
	}
	if !b.wish.wants(caseStart) {
		return nil
	}
	var took []time.Duration
	for range b.wish.rounds {
		if err := b.waitForQuiet(); err != nil {
			return err
		}
		bare, err := b.startBare(s.panels, []file{{path: agendaPath, mediaType: "application/json", body: []byte("{}")}}) // reading what it answers is none of the yardstick
		if err != nil {
			return err
		}
		took = append(took, bare.ready)
		b.stop(bare.child)
	}
	r.BareStart = spreadOf(took)
	return nil
}

// compressing says how long Go's own compress/gzip takes for a text at its usual level.
func compressing(text []byte) (*spread, error) {
	var to bytes.Buffer
	w := gzip.NewWriter(&to)
	var took []time.Duration
	for range compressions {
		to.Reset()
		w.Reset(&to)
		begun := time.Now()
		if _, err := w.Write(text); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	return spreadOf(took), nil
}
