package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestBuildIsKnown finds the identity of this very program, whoever linked it: without one, each start takes itself for the first.
func TestBuildIsKnown(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "go", "tool", "buildid", program).Output()
	if err != nil {
		t.Skip("needs the go command: ", err)
	}
	want := strings.TrimSpace(string(said))
	if got := build(); got != want || got == "" {
		t.Errorf("build() = %q, go tool buildid says %q", got, want)
	}
}
