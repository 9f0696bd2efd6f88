package main

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sample is what a running program holds at a moment.
type sample struct {
	at         time.Duration // since the load began, without its breaths
	rests      bool          // at the end of a breath
	resident   float64       // MB
	handles    int
	goroutines int     // or threads, where nobody tells of goroutines
	log        float64 // MB of the database's write-ahead log
	done       int64   // requests so far
	letters    int     // that arrived so far
}

// statusLine finds a number in /proc/PID/status.
var statusLine = map[string]*regexp.Regexp{"VmRSS": regexp.MustCompile(`VmRSS:\s+(\d+)`), "Threads": regexp.MustCompile(`Threads:\s+(\d+)`)}

// goroutineLine is the first of the profile of goroutines.
var goroutineLine = regexp.MustCompile(`goroutine profile: total (\d+)`)

// sampled looks at a process.
func (s *soaked) sampled(began time.Time) (sample, error) {
	at := sample{at: time.Since(began), done: s.done.Load(), letters: int(s.post.letters.Load())}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		return at, err
	}
	number := func(re *regexp.Regexp, text []byte) int {
		if m := re.FindSubmatch(text); m != nil {
			n, _ := strconv.Atoi(string(m[1]))
			return n
		}
		return 0
	}
	at.resident, at.goroutines = float64(number(statusLine["VmRSS"], status))/1024, number(statusLine["Threads"], status)
	handles, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.pid))
	if err != nil {
		return at, err
	}
	at.handles = len(handles)
	if wal, err := os.Stat(s.database + "-wal"); err == nil {
		at.log = float64(wal.Size()) / (1 << 20)
	}
	if s.operators == "" {
		return at, nil
	}
	resp, err := http.Get("http://" + s.operators + "/debug/pprof/goroutine?debug=1")
	if err != nil {
		return at, err
	}
	defer resp.Body.Close()
	profile, err := io.ReadAll(resp.Body)
	at.goroutines = number(goroutineLine, profile)
	return at, err
}

// slope is how much a value grows in a minute, by the median of the slopes between all pairs (Theil and Sen): a few samples that are
// far off, such as one before a collection, do not move it.
func slope(samples []sample, value func(sample) float64) float64 {
	var slopes []float64
	for i, a := range samples {
		for _, b := range samples[i+1:] {
			if minutes := (b.at - a.at).Minutes(); minutes > 0 {
				slopes = append(slopes, (value(b)-value(a))/minutes)
			}
		}
	}
	return median(slopes)
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return math.NaN()
	}
	list = slices.Sorted(slices.Values(list))
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// medianOf is the median of a value.
func medianOf(samples []sample, value func(sample) float64) float64 {
	var list []float64
	for _, s := range samples {
		list = append(list, value(s))
	}
	return median(list)
}

// table writes some of the samples down as Markdown.
func table(samples []sample, counted string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| minute | requests a second | letters | resident, MB | handles | %s | log, MB |\n|---|---|---|---|---|---|---|\n", counted)
	samples, rests := slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.rests }), restTable(samples, counted)
	step := max(1, len(samples)/12)
	for i := step; i < len(samples); i += step {
		s, before := samples[i], samples[i-step]
		fmt.Fprintf(&b, "| %.1f | %.0f | %d | %.1f | %d | %d | %.1f |\n", s.at.Minutes(), float64(s.done-before.done)/(s.at-before.at).Seconds(), s.letters, s.resident, s.handles, s.goroutines, s.log)
	}
	return b.String() + rests
}

// onDisk is how large a database is, in MB.
func onDisk(path string) float64 {
	sum := int64(0)
	files, _ := filepath.Glob(path + "*") // the pattern is well formed
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			sum += info.Size()
		}
	}
	return float64(sum) / (1 << 20)
}
