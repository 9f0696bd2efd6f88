package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// breathe lets nobody ask for anything for so long. Who watches goes.
func (s *soaked) breathe(ctx context.Context, long time.Duration) {
	if s.leave != nil {
		s.leave()
	}
	s.air.Lock()
	defer s.air.Unlock()
	time.Sleep(long)
	s.period, s.leave = context.WithCancel(ctx)
}

// inPeriod waits until the load has taken its breath, and gives what ends with the next one.
func (s *soaked) inPeriod() context.Context {
	s.air.RLock()
	defer s.air.RUnlock()
	return s.period
}

// lookAt looks at the program until the load went on for so long, and lets it take breaths.
func (s *soaked) lookAt(ctx context.Context, length time.Duration, look func(sample)) {
	defer func() { s.leave() }()
	began, paused, next := time.Now(), time.Duration(0), length/breaths
	for at := (sample{}); at.at < length; {
		time.Sleep(max(length/120, 100*time.Millisecond))
		var err error
		if at, err = s.sampled(began.Add(paused)); err != nil {
			s.wrong("looking at the program: " + err.Error())
			return
		}
		look(at)
		if *soak == 0 || at.at < next {
			continue
		}
		next += length / breaths
		from := time.Now()
		s.breathe(ctx, breath)
		paused += time.Since(from)
		rested, err := s.sampled(began.Add(paused))
		if err != nil {
			s.wrong("looking at the program at rest: " + err.Error())
			return
		}
		rested.rests = true
		look(rested)
	}
}

// fill does all that is done seldom, and brings what the public is told of earlier Releases to where it does not grow any more: else the
// program would be filling its memory with it for hours, at a Release every few seconds. A little of it is enough where nothing is measured.
func (s *soaked) fill(whole bool) {
	moved, most := 0, 1
	if whole {
		most = agenda.MaxToldChanges + cap(s.panels)
	}
	for moved < most {
		var movers sync.WaitGroup
		for range 4 {
			movers.Go(func() {
				for range cap(s.panels) / 4 {
					if err := s.moveOne(s.Context()); err != nil {
						s.Error(err)
						return
					}
				}
			})
		}
		movers.Wait()
		if s.Failed() {
			s.FailNow()
		}
		moved += s.publishCongress()
		for range 2 {
			s.all()
		}
	}
	s.Logf("%d changes were published before", moved)
}

// publishCongress publishes the congress, and says how many changes that were.
func (s *soaked) publishCongress() int {
	text, err := s.expect(s.Context(), http.MethodPost, "/api/v1/events/congress/releases", `{}`, []int{http.StatusCreated})
	if err != nil {
		s.Fatal(err)
	}
	made, err := as[struct{ Changes []struct{} }](text)
	if err != nil || len(made.Changes) == 0 {
		s.Fatal("nothing was published: ", err, text)
	}
	return len(made.Changes)
}

// all asks once for whatever there is.
func (s *soaked) all() {
	for _, path := range append(s.seldom(), s.often()...) {
		if _, err := s.expect(s.Context(), http.MethodGet, path, "", []int{http.StatusOK}, "Accept-Encoding: gzip"); err != nil {
			s.Fatal(err)
		}
	}
}

// judge holds what grew to what may.
func (s *soaked) judge(t *testing.T, samples []sample) {
	t.Helper()
	var rest, rested []sample
	for _, x := range samples[int(warm*float64(len(samples))):] {
		if x.rests {
			rested = append(rested, x)
		} else {
			rest = append(rest, x)
		}
	}
	resident := func(x sample) float64 { return x.resident }
	handles := func(x sample) float64 { return float64(x.handles) }
	goroutines := func(x sample) float64 { return float64(x.goroutines) }
	grown, grownAtRest := slope(rest, resident), slope(rested, resident)
	moreHandles, moreGoroutines := moreLater(rested, handles), moreLater(rested, goroutines)
	t.Logf("after the first %.0f %%, at rest (%d times) and under load: memory grows by %.2f and %.2f MB a minute, from its first half to its second handles by %.0f and %.0f, %s by %.0f and %.0f",
		100*warm, len(rested), grownAtRest, grown, moreHandles, moreLater(rest, handles), s.counted(), moreGoroutines, moreLater(rest, goroutines))
	if *soak >= 5*time.Minute {
		if grownAtRest >= maxGrowth {
			t.Errorf("memory grows by %.2f MB a minute at rest", grownAtRest)
		}
		if grown >= maxGrowth {
			t.Errorf("memory grows by %.2f MB a minute under load", grown)
		}
	}
	if len(rested) < breaths/2 || moreHandles > maxMore || moreGoroutines > maxMore {
		t.Errorf("%.0f handles and %.0f %s more in the second half, at rest %d times", moreHandles, moreGoroutines, s.counted(), len(rested))
	}
}

// moreLater is by how much the median of the second half is above that of the first.
func moreLater(samples []sample, value func(sample) float64) float64 {
	half := len(samples) / 2
	return medianOf(samples[half:], value) - medianOf(samples[:half], value)
}

// restTable writes down what was there when the load took a breath.
func restTable(samples []sample, counted string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| minute of load | resident at rest, MB | handles | %s |\n|---|---|---|---|\n", counted)
	for _, s := range samples {
		if s.rests {
			fmt.Fprintf(&b, "| %.1f | %.1f | %d | %d |\n", s.at.Minutes(), s.resident, s.handles, s.goroutines)
		}
	}
	return b.String()
}
