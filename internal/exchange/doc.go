// Package exchange turns an event into documents, and Plenary's own documents into an event.
//
// [PublicFormats] are what the public reads of a Release in the formats of the field: schedule.xml and schedule.json of the
// c3voc, Sessionize's views and others. Beside them stand [AgendaJSON], [ChangesJSON] and [ChangesAtom]. All are made from
// Releases alone, so that they can't show what organizers have not published, and the same Release gives the same bytes.
// [TableFormats] are for organizers, of the draft.
//
// A [Bundle] is a whole event, draft and releases, as it moves between installations; [EncodeBundle]
// loses nothing and [DecodeBundle] believes nothing. [EncodeSnapshot] is the compact form of a
// Release that the database keeps. What other programs write is read by package source.
//
// In our own documents a thing is called what the agenda package calls it, in snake_case.
package exchange
