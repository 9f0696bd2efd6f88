package agenda

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what kind of failure an [Error] is. Each has one HTTP status, given beside it.
type Code string

// The codes. Whatever has none of them is Internal.
const (
	Invalid         Code = "invalid"         // 422: the request makes no sense; Faults say where
	Unauthenticated Code = "unauthenticated" // 401: who asks is unknown
	Forbidden       Code = "forbidden"       // 403: who asks is known and may see it, but not do this
	NotFound        Code = "not_found"       // 404: missing, or not for this Actor to see
	Taken           Code = "taken"           // 409: a name, a key or a time is in use
	Stale           Code = "stale"           // 412: somebody else changed it meanwhile
	Gone            Code = "gone"            // 410: was here, and will not return
	TooMany         Code = "too_many"        // 429: a limit is reached
	Unavailable     Code = "unavailable"     // 503: try again later
	Full            Code = "full"            // 507: there is no room to keep it; what is there can be read
	Internal        Code = "internal"        // 500: our fault
)

// Error is a failure with a sentence for the person who caused it.
type Error struct {
	Code    Code
	Message string        // a full sentence, safe to show
	Faults  []Fault       // where, when Code is Invalid
	Current any           // the present state, when Code is Stale
	Wait    time.Duration // how long to wait, when Code is TooMany; 0: not known
	Err     error         // the cause, for the log only
	// Mishap is what went wrong with another server, when that is the failure.
	Mishap Mishap
	// Refused says what the Actor was refused, when that is the failure.
	Refused *Refusal
}

// Refusal is what an Actor may not do.
type Refusal struct {
	Verb    Verb
	EventID ID // "": at all Events
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Pointer string // RFC 6901 JSON pointer into the body, "" for the whole of it
	Message string // a sentence
}

// Error gives the message, the faults and the cause in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for i, f := range e.Faults {
		if i == 0 {
			b.WriteString(":")
		} else {
			b.WriteString(";")
		}
		if f.Pointer != "" {
			b.WriteString(" " + f.Pointer + ":")
		}
		b.WriteString(" " + f.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the given code. A cause given by %w is kept for the log and left out of
// the message.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	message := err.Error()
	cause := errors.Unwrap(err)
	if cause != nil {
		message = strings.TrimSuffix(strings.TrimSuffix(message, cause.Error()), ": ")
	}
	return &Error{Code: code, Message: message, Err: cause}
}

// CodeOf gives the code of the first [Error] in the chain, and Internal for any other error. It is
// empty for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Faults collects what is wrong with one request, so that all of it is said at once.
type Faults []Fault

// Add notes a fault at the JSON pointer.
func (f *Faults) Add(pointer, format string, args ...any) {
	*f = append(*f, Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

// Merge notes the faults of err, with their pointers below prefix. An error that is not Invalid is
// noted whole.
func (f *Faults) Merge(prefix string, err error) {
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) == 0 {
		if e != nil {
			f.Add(prefix, "%s", e.Message)
			return
		}
		f.Add(prefix, "%s", err.Error())
		return
	}
	for _, fault := range e.Faults {
		f.Add(prefix+fault.Pointer, "%s", fault.Message)
	}
}

// Err is nil when nothing is wrong, else an Invalid Error about the thing named.
func (f Faults) Err(thing string) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "The " + thing + " can't be taken as it is.", Faults: f}
}
