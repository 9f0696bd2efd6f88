// Package media looks at files that somebody uploaded before they are kept: what they are, by what is in them, and
// whether they are of a kind that may be handed on. Photos are drawn anew, so that nothing of the original file but its
// picture survives.
//
// It reads bytes that anybody may have made, and reads them with limits: what a file says of its own size is checked
// before anything is unpacked.
package media

import "plenary/internal/agenda"

// The largest files, in bytes.
const (
	MaxPhoto    = 5 << 20
	MaxMaterial = 25 << 20
)

// refuse is the error for a file that is not taken.
func refuse(format string, args ...any) error { return agenda.Errorf(agenda.Invalid, format, args...) }
