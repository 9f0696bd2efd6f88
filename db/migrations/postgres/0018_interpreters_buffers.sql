-- +goose Up
-- What finding a time for people needs to know: hours, buffers, turnarounds, who interprets between which languages; and who
-- came to a meeting in whose place.

-- the hours of meetings by the event's clock, "08:00"; empty: those of the program
ALTER TABLE events ADD COLUMN meetings_from TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN meetings_until TEXT NOT NULL DEFAULT '';
-- minutes that a table needs between two items
ALTER TABLE events ADD COLUMN turnaround_minutes BIGINT NOT NULL DEFAULT 0 CHECK (turnaround_minutes >= 0);
-- minutes that an interpreter works at a stretch (0: there is no limit), and that make a break
ALTER TABLE events ADD COLUMN work_minutes BIGINT NOT NULL DEFAULT 0 CHECK (work_minutes >= 0);
ALTER TABLE events ADD COLUMN rest_minutes BIGINT NOT NULL DEFAULT 0 CHECK (rest_minutes >= 0);

-- NULL: what the event says
ALTER TABLE rooms ADD COLUMN turnaround_minutes BIGINT CHECK (turnaround_minutes >= 0);

-- minutes that the person needs before and after each thing that they do
ALTER TABLE participants ADD COLUMN buffer_before BIGINT NOT NULL DEFAULT 0 CHECK (buffer_before >= 0);
ALTER TABLE participants ADD COLUMN buffer_after BIGINT NOT NULL DEFAULT 0 CHECK (buffer_after >= 0);
-- pairs of languages between which the person interprets, as a JSON list of "fr/vi"
ALTER TABLE participants ADD COLUMN interprets TEXT NOT NULL DEFAULT '[]';

-- what the two sides understand, as JSON lists; empty: what their principals speak
ALTER TABLE meetings ADD COLUMN asking_languages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE meetings ADD COLUMN asked_languages TEXT NOT NULL DEFAULT '[]';

-- Who takes part in a meeting in whose place. Both may have left the event since.
CREATE TABLE stand_ins (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    old_person_id TEXT NOT NULL CHECK (old_person_id <> ''),
    new_person_id TEXT NOT NULL CHECK (new_person_id <> ''),
    role TEXT NOT NULL CHECK (role IN ('principal', 'member', 'interpreter', 'note_taker')),
    -- that the new one had in the meeting before; empty: none
    was_role TEXT NOT NULL,
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE
);

CREATE INDEX stand_ins_meeting ON stand_ins (event_id, meeting_id, created_at, id);
