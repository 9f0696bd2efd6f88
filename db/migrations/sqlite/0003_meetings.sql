-- +goose Up
-- Private appointments between two delegations. Side 0 asks, side 1 is asked.

CREATE TABLE meetings (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    topic TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'accepted', 'declined', 'expired', 'held', 'cancelled')),
    visibility TEXT NOT NULL CHECK (visibility IN ('participants', 'protocol')),
    room_id TEXT,
    -- the slot: all of it or nothing
    start_at INTEGER,
    start_wall TEXT,
    start_fold BOOLEAN,
    end_at INTEGER,
    end_wall TEXT,
    end_fold BOOLEAN,
    asking_name TEXT NOT NULL,
    asked_name TEXT NOT NULL,
    notes TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id),
    CHECK (end_at > start_at),
    CHECK ((start_at IS NULL) = (end_at IS NULL)
        AND (start_at IS NULL) = (start_wall IS NULL) AND (start_at IS NULL) = (end_wall IS NULL)
        AND (start_at IS NULL) = (start_fold IS NULL) AND (start_at IS NULL) = (end_fold IS NULL)),
    CHECK (room_id IS NULL OR start_at IS NOT NULL)
);

CREATE INDEX meetings_start ON meetings (event_id, start_at, id);
CREATE INDEX meetings_room ON meetings (event_id, room_id);

CREATE TABLE delegates (
    meeting_id TEXT NOT NULL,
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('principal', 'member', 'interpreter', 'note_taker')),
    answer TEXT NOT NULL CHECK (answer IN ('needs-action', 'accepted', 'declined', 'tentative', 'delegated')),
    PRIMARY KEY (meeting_id, side, position),
    UNIQUE (meeting_id, person_id),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

-- A side has one principal at most. The name is the one that both databases report when it is violated.
CREATE UNIQUE INDEX delegates_meeting_id_side_key ON delegates (meeting_id, side) WHERE role = 'principal';
CREATE INDEX delegates_event ON delegates (event_id, meeting_id);
CREATE INDEX delegates_person ON delegates (event_id, person_id);
