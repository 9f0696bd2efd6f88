// Package ical turns what the agenda publishes into iCalendar (RFC 5545, RFC 7986), and reads the calendars of others.
//
// It is the only package that knows golang-ical, and it uses that library as an object model alone. The library's
// serializer ends lines with a bare LF, escapes parameters with backslashes that no parser understands and lets a
// title or a link start a new content line; [Encode] writes the same objects correctly or returns an error. Its parser
// refuses what other programs write and dies of what they could; [Read] does neither.
//
// Everything here is a pure function: nothing reads the clock, and equal input gives equal bytes, so that the bytes
// themselves can be hashed for an ETag.
package ical
