-- +goose Up
-- What changed in the draft of an event, by turn: so that who has the draft in memory reads no more than that.
CREATE TABLE draft_turns (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    turn BIGINT NOT NULL CHECK (turn > 0),
    -- by which a turn is known again: a database that was restored has others of the same number
    mark TEXT COLLATE "C" NOT NULL,
    -- what was changed, as JSON; empty: too much to tell
    items TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (event_id, turn)
);

CREATE INDEX calendar_entries_uid ON calendar_entries (event_id, uid);

CREATE INDEX calendar_entries_modified ON calendar_entries (event_id, modified_at);

CREATE INDEX feeds_changed ON feeds (event_id, changed_at);

-- By what its calendars were brought up to date last: the program, the rules of the zone, the address. Empty: not known.
ALTER TABLE calendars ADD COLUMN witness TEXT NOT NULL DEFAULT '';
