-- +goose Up
-- Most releases are stored as what differs from an earlier one of the event, whose number this is; 0: the snapshot is whole.
ALTER TABLE releases ADD COLUMN base INTEGER NOT NULL DEFAULT 0 CHECK (base >= 0 AND base < number);

-- What who published said about letters, in place of the event's rule: they are made after the release is there.
ALTER TABLE releases ADD COLUMN telling TEXT NOT NULL DEFAULT '';

-- With the order in which the revisions of one entry are asked for: without it, SQLite takes the key of the table, and reads all.
DROP INDEX calendar_entries_uid;

CREATE INDEX calendar_entries_uid ON calendar_entries (event_id, uid, variant);
