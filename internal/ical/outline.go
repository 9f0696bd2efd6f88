package ical

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"plenary/internal/agenda"
)

// Sum stands for the entries of Panels in a feed, whatever their order: that of all is the sum of those of each.
type Sum [2]uint64

// Plus gives the Sum of both.
func (s Sum) Plus(t Sum) Sum { return Sum{s[0] + t[0], s[1] + t[1]} }

// Minus gives the Sum without another that is in it.
func (s Sum) Minus(t Sum) Sum { return Sum{s[0] - t[0], s[1] - t[1]} }

// Sum gives the Sum of the Panels that the feed shows.
func (p *Press) Sum(o Options) (all Sum, err error) {
	f, err := p.open(o)
	if err != nil {
		return all, err
	}
	for _, panel := range f.inScope(o.Scope, o.Panels) {
		all = all.Plus(f.sumOf(panel))
	}
	return all, nil
}

// SumOf gives what a Panel, which must be in the scope, adds to the Sum.
func (p *Press) SumOf(o Options, panel *agenda.Panel) (Sum, error) {
	f, err := p.open(o)
	if err != nil {
		return Sum{}, err
	}
	return f.sumOf(panel), nil
}

func (f *feed) sumOf(panel *agenda.Panel) Sum {
	if panel.Slot == nil || f.leavesOut(panel.Cancelled, panel.Slot) {
		return Sum{}
	}
	stamp := f.o.Stamps.Of(panel.UID)
	var room [128]byte
	line := append(room[:0], panel.UID...)
	line = binary.LittleEndian.AppendUint64(line, uint64(stamp.Sequence))        // #nosec G115 -- other numbers are other bytes
	line = binary.LittleEndian.AppendUint64(line, uint64(stamp.Modified.Unix())) // #nosec G115
	sum := sha256.Sum256(line)
	return Sum{binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])}
}

// Outline gives a hash of what a feed shows: it changes when the feed does, but for the times at which to ask again and
// for what is not told any more because it ended long ago.
func (p *Press) Outline(o Options) (string, error) {
	all, err := p.Sum(o)
	if err != nil {
		return "", err
	}
	return p.OutlineOf(o, all)
}

// OutlineOf is [Press.Outline] of a feed whose [Press.Sum] is known.
func (p *Press) OutlineOf(o Options, all Sum) (string, error) {
	f, err := p.open(o)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %q %q %d %x", productID, f.name(), f.about(), f.color(), f.s.Event.Zone, f.zone.definition, o.URL, o.Changed.Unix(), all)
	if uid := agenda.EventUID(&f.s.Event); f.tellsWhole() {
		stamp := o.Stamps.Of(uid)
		fmt.Fprintf(h, " %q %d %d", uid, stamp.Sequence, stamp.Modified.Unix())
	}
	for _, a := range f.chooseMeetings() {
		fmt.Fprintf(h, " %q %d %d %t", a.Meeting.UID, a.Stamp.Sequence, a.Stamp.Modified.Unix(), a.Busy)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
