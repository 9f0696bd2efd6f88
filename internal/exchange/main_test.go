package exchange

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets more garbage wait for the collector than a program would: what is as large as it may be is read and thrown away here
// again and again, and a sixth of the time went into collecting it.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}
