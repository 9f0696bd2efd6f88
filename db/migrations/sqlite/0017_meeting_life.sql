-- +goose Up
-- The life of a meeting: the times that were proposed, whose turn it is and until when, and what nobody may take twice.

-- A table that others refer to can't be dropped without them, so the delegates go aside while meetings get another check.
CREATE TABLE delegates_aside AS SELECT * FROM delegates;
DROP TABLE delegates;

CREATE TABLE meetings_next (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    topic TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('requested', 'proposed', 'accepted', 'declined', 'expired', 'held', 'cancelled')),
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
    -- whose turn it is to answer: side 0 asks, side 1 is asked
    turn INTEGER NOT NULL CHECK (turn IN (0, 1)),
    -- NULL: it does not end by itself
    expires_at INTEGER,
    -- who must be free
    quorum TEXT NOT NULL CHECK (quorum IN ('principals', 'everybody')),
    -- what it takes of those who must be free is taken by no other firm one
    firm BOOLEAN NOT NULL,
    UNIQUE (event_id, id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id),
    CHECK (end_at > start_at),
    CHECK ((start_at IS NULL) = (end_at IS NULL)
        AND (start_at IS NULL) = (start_wall IS NULL) AND (start_at IS NULL) = (end_wall IS NULL)
        AND (start_at IS NULL) = (start_fold IS NULL) AND (start_at IS NULL) = (end_fold IS NULL)),
    CHECK (room_id IS NULL OR start_at IS NOT NULL)
);

INSERT INTO meetings_next SELECT id, event_id, uid, topic, status, visibility, room_id, start_at, start_wall, start_fold,
    end_at, end_wall, end_fold, asking_name, asked_name, notes, revision, created_at, updated_at, 1, NULL, 'principals', FALSE
FROM meetings;
DROP TABLE meetings;
ALTER TABLE meetings_next RENAME TO meetings;

CREATE INDEX meetings_start ON meetings (event_id, start_at, id);
CREATE INDEX meetings_room ON meetings (event_id, room_id);
CREATE INDEX meetings_expires ON meetings (expires_at, id) WHERE expires_at IS NOT NULL;

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

INSERT INTO delegates (meeting_id, side, position, event_id, person_id, role, answer)
SELECT meeting_id, side, position, event_id, person_id, role, answer FROM delegates_aside;
DROP TABLE delegates_aside;

-- A side has one principal at most. The name is the one that both databases report when it is violated.
CREATE UNIQUE INDEX delegates_meeting_id_side_key ON delegates (meeting_id, side) WHERE role = 'principal';
CREATE INDEX delegates_event ON delegates (event_id, meeting_id);
CREATE INDEX delegates_person ON delegates (event_id, person_id);

-- The times that a side proposed last.
CREATE TABLE meeting_times (
    meeting_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    start_at INTEGER NOT NULL,
    start_wall TEXT NOT NULL,
    start_fold BOOLEAN NOT NULL,
    end_at INTEGER NOT NULL,
    end_wall TEXT NOT NULL,
    end_fold BOOLEAN NOT NULL,
    PRIMARY KEY (meeting_id, position),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    CHECK (end_at > start_at)
);

CREATE INDEX meeting_times_event ON meeting_times (event_id, meeting_id);

-- What was done to a meeting, for those who may see it.
CREATE TABLE meeting_steps (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    meeting_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- a side, the organizers, or the program by itself
    party TEXT NOT NULL CHECK (party IN ('asking', 'asked', 'organizers', 'program')),
    -- NULL: not by a person with a personal link. It refers to nothing: who leaves the event leaves this.
    person_id TEXT,
    deed TEXT NOT NULL CHECK (deed <> ''),
    note TEXT NOT NULL,
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE
);

CREATE INDEX meeting_steps_meeting ON meeting_steps (event_id, meeting_id, at, id);
CREATE INDEX meeting_steps_person ON meeting_steps (event_id, person_id);

-- What an event's organizers decided of the meetings that people ask for. An event without a row has what the program has.
CREATE TABLE meeting_rules (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    closed BOOLEAN NOT NULL,
    answer_hours INTEGER NOT NULL CHECK (answer_hours > 0),
    open_requests INTEGER NOT NULL CHECK (open_requests >= 0),
    accepted_per_day INTEGER NOT NULL CHECK (accepted_per_day >= 0),
    halls BOOLEAN NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    updated_at INTEGER NOT NULL
);

-- What is firm overlaps with nothing else that is firm: meetings that people agreed on among themselves. Panels and what
-- organizers arrange are not, since a draft may overlap. The program sees to it, and this is for when it errs.
ALTER TABLE occupancies ADD COLUMN firm BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX occupancies_firm ON occupancies (resource_kind, resource_id, starts_at) WHERE firm;

-- +goose StatementBegin
CREATE TRIGGER occupancies_overlap_insert BEFORE INSERT ON occupancies
WHEN NEW.firm AND EXISTS (SELECT 1 FROM occupancies o WHERE o.firm AND o.resource_kind = NEW.resource_kind
    AND o.resource_id = NEW.resource_id AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at)
BEGIN
    SELECT RAISE(ABORT, 'occupancies_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER occupancies_overlap_update BEFORE UPDATE ON occupancies
WHEN NEW.firm AND EXISTS (SELECT 1 FROM occupancies o WHERE o.firm AND o.resource_kind = NEW.resource_kind
    AND o.resource_id = NEW.resource_id AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at AND o.rowid <> OLD.rowid)
BEGIN
    SELECT RAISE(ABORT, 'occupancies_overlap');
END;
-- +goose StatementEnd
