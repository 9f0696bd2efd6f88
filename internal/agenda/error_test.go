package agenda

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrorf(t *testing.T) {
	for _, tt := range []struct {
		err           *Error
		message, text string
		cause         error
	}{
		{Errorf(NotFound, "There is no %s.", "panel"), "There is no panel.", "There is no panel.", nil},
		{Errorf(Internal, "Writing failed: %w", io.ErrUnexpectedEOF), "Writing failed", "Writing failed: unexpected EOF", io.ErrUnexpectedEOF},
		{Errorf(Internal, "%w", io.EOF), "", ": EOF", io.EOF},
	} {
		if tt.err.Message != tt.message || tt.err.Error() != tt.text || !errors.Is(tt.err, tt.cause) && tt.cause != nil || errors.Unwrap(tt.err) != tt.cause {
			t.Errorf("message %q, text %q, cause %v", tt.err.Message, tt.err.Error(), tt.err.Err)
		}
	}
}

func TestErrorTellsItsFaults(t *testing.T) {
	err := &Error{Code: Invalid, Message: "No", Faults: []Fault{{"/a", "is bad"}, {"", "all is bad"}}, Err: io.EOF}
	if got, want := err.Error(), "No: /a: is bad; all is bad: EOF"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCodeOf(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want Code
	}{
		{nil, ""}, {io.EOF, Internal}, {Errorf(Stale, "x"), Stale}, {fmt.Errorf("reading: %w", Errorf(Gone, "x")), Gone},
		{errors.Join(io.EOF, Errorf(Taken, "x")), Taken}, {Errorf(Unavailable, "x: %w", Errorf(Gone, "y")), Unavailable},
	} {
		if got := CodeOf(tt.err); got != tt.want {
			t.Errorf("%v has code %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestFaults(t *testing.T) {
	var f Faults
	if f.Err("panel") != nil {
		t.Error("no fault is no error")
	}
	f.Merge("/a", nil)
	f.Merge("/b", io.EOF)
	f.Merge("/c", Errorf(Taken, "Someone was faster."))
	f.Merge("/d", &Error{Code: Invalid, Message: "No.", Faults: []Fault{{"/e", "is bad"}, {"", "is odd"}}})
	f.Merge("/f", fmt.Errorf("wrapped: %w", &Error{Code: Invalid, Faults: []Fault{{"/g", "100%s"}}}))
	want := Faults{{"/b", "EOF"}, {"/c", "Someone was faster."}, {"/d/e", "is bad"}, {"/d", "is odd"}, {"/f/g", "100%s"}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	err := f.Err("panel")
	if CodeOf(err) != Invalid {
		t.Errorf("%v is not invalid", err)
	}
	faultsAt(t, err, "/b", "/c", "/d/e", "/d", "/f/g")
}
