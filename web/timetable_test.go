package web

import (
	"regexp"
	"strconv"
	"testing"
)

// What the timetable computes in the browser: times, lanes, conflicts, undo. Lanes never overlap, a conflict is found from both
// sides, and undo leads back to where it began, whatever was moved.
func TestTheTimetableComputes(t *testing.T) {
	said := runNode(t, "timetable.ts")
	ok := regexp.MustCompile(`(?m)^ok (\d+)$`).FindStringSubmatch(said)
	if ok == nil {
		t.Fatal(said)
	}
	if n, err := strconv.Atoi(ok[1]); err != nil || n < 1000 {
		t.Errorf("%d checks, %v", n, err)
	}
}
