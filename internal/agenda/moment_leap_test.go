package agenda

import "testing"

// Go's ZoneBounds goes backwards on the last day of a leap year after 2037; reading a clock then
// must end all the same.
func TestMomentOnTheLastDayOfALeapYear(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Australia/Sydney"} {
		zone, err := LoadZone(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, wall := range []string{"2040-12-31T10:00", "2040-12-30T23:00", "2041-01-01T00:30", "2044-12-31T23:59"} {
			m, err := ParseMoment(zone, wall)
			if err != nil || m.At.In(zone).Format("2006-01-02T15:04") != wall {
				t.Errorf("%s in %s is %v, %v", wall, name, m.At.In(zone), err)
			}
		}
	}
}
