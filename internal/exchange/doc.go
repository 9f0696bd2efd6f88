// Package exchange turns an event into documents and documents into an event.
//
// A [Bundle] is a whole event, draft and releases, as it moves between installations; [EncodeBundle]
// loses nothing and [DecodeBundle] believes nothing. [EncodeSnapshot] is the compact form of a
// Release that the database keeps. [AgendaJSON] and [ChangesJSON] are what the public reads; they
// are made from Releases alone, so that they can't show what organizers have not published.
//
// In every document a thing is called what the agenda package calls it, in snake_case.
package exchange
