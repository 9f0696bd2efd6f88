package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc (USER_HZ is 100 wherever Go runs).
const tick = 10 * time.Millisecond

// usedBy gives the CPU time that processes have used so far.
func usedBy(pids ...int) (time.Duration, error) {
	var sum time.Duration
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // #nosec G703 -- a number
		if err != nil {
			return 0, err
		}
		used, err := parseStat(string(text))
		if err != nil {
			return 0, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
		sum += used
	}
	return sum, nil
}

// parseStat gives utime and stime of /proc/PID/stat (proc(5), fields 14 and 15). The second field is a name in brackets that may hold
// anything.
func parseStat(text string) (time.Duration, error) {
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 13 {
		return 0, errors.New("has too few fields")
	}
	return ticks(fields[11:13])
}

// busy gives the CPU time that the whole machine has used so far, and that its host has taken from it.
func busy() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	return parseBusy(string(text))
}

// parseBusy reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq and steal.
func parseBusy(text string) (time.Duration, error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, errors.New("/proc/stat: the first line is not the sum of all CPUs")
	}
	return ticks(append(fields[1:4:4], fields[6:9]...))
}

func ticks(fields []string) (time.Duration, error) {
	var sum time.Duration
	for _, f := range fields {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// childrenOf gives the processes that a process has started.
func childrenOf(pid int) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var children []int
	for _, path := range stats {
		text, err := os.ReadFile(path) // #nosec G304 -- names that the kernel gives
		if err != nil {
			continue // it has ended meanwhile
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				return nil, err
			}
			children = append(children, child)
		}
	}
	return children, nil
}

// memory is what a process holds, in bytes.
type memory struct {
	Resident int64 `json:"resident_bytes"`
	Highest  int64 `json:"highest_bytes"` // so far
	Own      int64 `json:"own_bytes"`     // of what is resident, what is no file's
}

func memoryOf(pid int) (memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // #nosec G703 -- a number
	if err != nil {
		return memory{}, err
	}
	return parseStatus(string(text))
}

// parseStatus reads /proc/PID/status (proc(5)), whose kB are 1,024 bytes.
func parseStatus(text string) (memory, error) {
	var m memory
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		into := map[string]*int64{"VmRSS": &m.Resident, "VmHWM": &m.Highest, "RssAnon": &m.Own}[name]
		if into == nil {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
		if err != nil {
			return m, err
		}
		*into = n << 10
	}
	if m.Resident == 0 || m.Highest == 0 || m.Own == 0 {
		return m, errors.New("status: says nothing of memory")
	}
	return m, nil
}
