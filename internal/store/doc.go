// Package store keeps the nouns of package agenda in SQLite or PostgreSQL. GORM, both drivers and goose live here and
// nowhere else: what comes in and goes out are domain values, and every failure that a person can do something about
// is an [agenda.Error].
//
// Whatever reads does so in [Store.Read], whatever changes something in [Store.Write]; both hand a [Tx] to a function.
// After the first error on a Tx the function should return it: PostgreSQL refuses the rest of the transaction.
//
// # Contracts that all nouns share
//
// A missing thing is an [agenda.NotFound] error. A list that is paged answers with its items, the cursor of the next
// page ("" at the end) and an error. An update is given a value that carries the new revision, which is the old one
// plus one, and a delete is given the revision that the caller saw; when the stored one is another, the error is
// [agenda.Stale] with the present value in Current. A name, code or key that is in use is [agenda.Taken], and so is
// deleting what is still used; a reference to what the event does not have, and whatever a CHECK of the schema
// refuses, is [agenda.Invalid]. A database that is full, busy or gone is [agenda.Unavailable].
//
// Instants go in and come out in UTC with a resolution of one millisecond. Empty and nil Text, and empty and nil
// lists, are the same thing and come out nil.
package store
