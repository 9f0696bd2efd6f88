package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// sample is what one turn found.
type sample struct {
	rate     float64       // answers a second
	p50, p99 time.Duration // until an answer was there
	cost     time.Duration // CPU time of the server for each answer
	others   float64       // cores that something else had
}

// What else runs on a machine disturbs: more than this many cores, and a turn is repeated, so often at most.
const (
	quiet    = 0.10
	maxTurns = 3
)

// rotate gives every target its turn in each round: each round begins with another, and every other goes backwards, so that what slowly
// changes on the machine favours nobody.
func (b *bench) rotate(targets []*target) error {
	for round := range b.wish.rounds {
		b.say("  reads, round %d of %d", round+1, b.wish.rounds)
		for _, i := range turns(len(targets), round) {
			s, err := b.turn(targets[i])
			if err != nil {
				return fmt.Errorf("%s: %s: %w", targets[i].server.name, targets[i].reading.words, err)
			}
			targets[i].samples = append(targets[i].samples, s)
		}
	}
	return nil
}

// turns gives the order of a round.
func turns(n, round int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = (i + round*n/3) % n
	}
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// turn measures a target until nothing disturbs it, or takes the least disturbed time.
func (b *bench) turn(t *target) (sample, error) {
	var best sample
	for try := range maxTurns {
		if err := b.waitForQuiet(); err != nil {
			return sample{}, err
		}
		s, err := b.once(t)
		for ; errors.Is(err, errNothing) && t.slow < 6; s, err = b.once(t) {
			t.slow++ // a turn is too short for this one
		}
		if err != nil {
			return sample{}, err
		}
		if try == 0 || s.others < best.others {
			best = s
		}
		if best.others <= quiet || b.wish.patience == 0 {
			break
		}
	}
	if best.others > quiet {
		b.report.Disturbed++
	}
	b.report.Turns++
	return best, nil
}

func (b *bench) once(t *target) (sample, error) {
	begun := time.Now()
	used, err := usedBy(t.server.pids...)
	if err != nil {
		return sample{}, err
	}
	all, err := b.rest()
	if err != nil {
		return sample{}, err
	}
	l, err := b.wrk(t, b.wish.slot<<t.slow)
	if err != nil {
		return sample{}, err
	}
	if err := t.expect(l); err != nil {
		return sample{}, err
	}
	usedAfter, err := usedBy(t.server.pids...)
	if err != nil {
		return sample{}, err
	}
	allAfter, err := b.rest()
	if err != nil {
		return sample{}, err
	}
	used = usedAfter - used
	return sample{rate: float64(l.requests) / l.took.Seconds(), p50: l.p50, p99: l.p99, cost: used / time.Duration(l.requests),
		others: (allAfter - all - used - l.used).Seconds() / time.Since(begun).Seconds()}, nil
}

// expect holds what wrk has read against what was answered before: in the mean a body and its headers, and a part of an answer for each
// connection in the end.
func (t *target) expect(l load) error {
	const headers = 4 << 10
	mean, body := l.bytes/l.requests, len(t.body)
	if most := body + headers + t.server.conns*(body+headers)/l.requests; mean < body || mean > most {
		return fmt.Errorf("answers have %d bytes in the mean, but the body has %d", mean, body)
	}
	return nil
}

// rest is the CPU time that everything but this process has used so far.
func (b *bench) rest() (time.Duration, error) {
	all, err := busy()
	if err != nil {
		return 0, err
	}
	mine, err := usedBy(os.Getpid())
	return all - mine, err
}

// waitForQuiet waits until other processes leave the machine alone, as long as there is patience.
func (b *bench) waitForQuiet() error {
	const look = 200 * time.Millisecond
	for deadline := time.Now().Add(b.wish.patience); b.ctx.Err() == nil && time.Now().Before(deadline); {
		before, err := b.rest()
		if err != nil {
			return err
		}
		time.Sleep(look)
		after, err := b.rest()
		if err != nil {
			return err
		}
		if (after - before).Seconds() < quiet*look.Seconds() {
			break
		}
	}
	return b.ctx.Err()
}
