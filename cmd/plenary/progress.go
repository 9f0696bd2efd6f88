package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// progress is a bar on a terminal; elsewhere it is one line for each quarter.
type progress struct {
	out      io.Writer
	what     string
	terminal bool
	last     int64 // in percent
}

func newProgress(out io.Writer, what string) *progress {
	p := &progress{out: out, what: what, last: -1}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// show says how far it is. It is called often and writes seldom.
func (p *progress) show(done, total int64) {
	percent := int64(100)
	if total > 0 {
		percent = min(100, done*100/total)
	}
	if percent == p.last || !p.terminal && percent/25 == p.last/25 && p.last >= 0 {
		return
	}
	p.last = percent
	if p.terminal {
		const width = 30
		full := int(percent) * width / 100
		fmt.Fprintf(p.out, "\r%s [%s%s] %3d %%", p.what, strings.Repeat("#", full), strings.Repeat("-", width-full), percent)
		return
	}
	fmt.Fprintf(p.out, "%s: %d %%\n", p.what, percent)
}

// done ends the bar's line.
func (p *progress) done() {
	if p.terminal && p.last >= 0 {
		fmt.Fprintln(p.out)
	}
}
