// Package source reads what other programs know of an event: their files become a [Programme], which says what the
// file says and nothing more. What of it can't be taken as it stands is a [Finding] with its line.
//
// Readers believe nothing. They bound what they read, how deep it nests and what it unpacks to; they never fetch, and
// never panic. A file that is broken as a whole is an [agenda.Error]; a record that is odd is a warning, and the rest is
// read. They don't know the event that the file is for: zones, references and times are settled by package app.
package source
