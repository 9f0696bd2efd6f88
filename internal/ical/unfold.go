package ical

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"plenary/internal/agenda"
)

// Limits of what [Read] takes. They are looked at before anything is kept, so that what a file costs is a small
// multiple of its size, whatever is in it.
const (
	maxFile        = 64 << 20 // octets
	maxContentLine = 1 << 20  // octets of a content line, unfolded
	maxComponents  = 100_000  // BEGIN lines
	maxProperties  = 5_000    // content lines of one component, without those of the components in it
	maxParamValues = 200      // values of all parameters of one content line
)

// unfolder gives the content lines of a stream one after another (RFC 5545, 3.1). It works on octets, because a fold may
// stand inside a character. A physical line ends with CRLF, LF, CR or, as some servers write it, CR CR LF; a fold begins
// with a space or a tab; blank lines do not count, and neither does a byte order mark at the beginning.
type unfolder struct {
	in    *bufio.Reader
	lines int    // physical lines that were begun
	line  []byte // the content line at work
}

// errFileTooLarge is what a stream of more than maxFile octets ends with.
var errFileTooLarge = agenda.Errorf(agenda.Invalid, "The calendar is larger than %d MiB, which is more than is read.", maxFile>>20)

// limit is a stream that fails after maxFile octets.
type limit struct {
	in   io.Reader
	left int
}

func (l *limit) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errFileTooLarge
	}
	n, err := l.in.Read(p[:min(len(p), l.left+1)])
	l.left -= n
	if l.left < 0 {
		return 0, errFileTooLarge
	}
	return n, err
}

func newUnfolder(r io.Reader) (*unfolder, error) {
	u := &unfolder{in: bufio.NewReaderSize(&limit{in: r, left: maxFile}, 64<<10)}
	mark, err := u.in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.HasPrefix(mark, []byte("\xff\xfe")) || bytes.HasPrefix(mark, []byte("\xfe\xff")) {
		return nil, agenda.Errorf(agenda.Invalid, "The calendar is written in UTF-16, but a calendar is UTF-8: save it as that first.")
	}
	if string(mark) == "\xef\xbb\xbf" {
		_, err = u.in.Discard(len(mark))
		return u, err
	}
	return u, nil
}

// next gives the next content line, which is valid until the next call, and the number of its first physical line. The
// error is io.EOF after the last one.
func (u *unfolder) next() (line []byte, number int, err error) {
	u.line = u.line[:0]
	for len(u.line) == 0 {
		if _, err := u.in.Peek(1); err != nil {
			return nil, 0, err
		}
		number = u.lines + 1
		if err := u.physical(); err != nil {
			return nil, 0, err
		}
	}
	for {
		first, err := u.in.Peek(1)
		if errors.Is(err, io.EOF) {
			return u.line, number, nil
		}
		if err != nil {
			return nil, 0, err
		}
		switch first[0] {
		case '\r', '\n':
		case ' ', '\t':
			if _, err := u.in.Discard(1); err != nil {
				return nil, 0, err
			}
		default:
			return u.line, number, nil
		}
		if err := u.physical(); err != nil {
			return nil, 0, err
		}
	}
}

// physical appends the octets up to the end of the physical line to the content line, and passes that end.
func (u *unfolder) physical() error {
	u.lines++
	for {
		if _, err := u.in.Peek(1); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		ready, _ := u.in.Peek(u.in.Buffered())
		end := bytes.IndexByte(ready, '\n')
		if end < 0 {
			end = len(ready)
		}
		if cr := bytes.IndexByte(ready[:end], '\r'); cr >= 0 {
			end = cr
		}
		if len(u.line)+end > maxContentLine {
			return agenda.Errorf(agenda.Invalid, "Line %d of the calendar is longer than %d MiB, which is more than is read.", u.lines, maxContentLine>>20)
		}
		u.line = append(u.line, ready[:end]...)
		ended := end < len(ready)
		if _, err := u.in.Discard(end); err != nil {
			return err
		}
		if ended {
			return u.passEnd()
		}
	}
}

// passEnd passes CRLF, CR CR LF, LF or CR.
func (u *unfolder) passEnd() error {
	ahead, err := u.in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	length := 1
	for _, end := range []string{"\r\r\n", "\r\n"} {
		if bytes.HasPrefix(ahead, []byte(end)) {
			length = len(end)
			break
		}
	}
	_, err = u.in.Discard(length)
	return err
}
