-- +goose Up
-- The life of a meeting: the times that were proposed, whose turn it is and until when, and what nobody may take twice.

ALTER TABLE meetings DROP CONSTRAINT meetings_status_check;
ALTER TABLE meetings ADD CONSTRAINT meetings_status_check CHECK (status IN
    ('requested', 'proposed', 'accepted', 'declined', 'expired', 'held', 'cancelled'));
ALTER TABLE meetings
    -- whose turn it is to answer: side 0 asks, side 1 is asked
    ADD COLUMN turn BIGINT NOT NULL DEFAULT 1 CHECK (turn IN (0, 1)),
    -- NULL: it does not end by itself
    ADD COLUMN expires_at BIGINT,
    -- who must be free
    ADD COLUMN quorum TEXT COLLATE "C" NOT NULL DEFAULT 'principals' CHECK (quorum IN ('principals', 'everybody')),
    -- what it takes of those who must be free is taken by no other firm one
    ADD COLUMN firm BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meetings ALTER COLUMN turn DROP DEFAULT, ALTER COLUMN quorum DROP DEFAULT, ALTER COLUMN firm DROP DEFAULT;

CREATE INDEX meetings_expires ON meetings (expires_at, id) WHERE expires_at IS NOT NULL;

-- The times that a side proposed last.
CREATE TABLE meeting_times (
    meeting_id TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    side BIGINT NOT NULL CHECK (side IN (0, 1)),
    start_at BIGINT NOT NULL,
    start_wall TEXT COLLATE "C" NOT NULL,
    start_fold BOOLEAN NOT NULL,
    end_at BIGINT NOT NULL,
    end_wall TEXT COLLATE "C" NOT NULL,
    end_fold BOOLEAN NOT NULL,
    PRIMARY KEY (meeting_id, position),
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE,
    CHECK (end_at > start_at)
);

CREATE INDEX meeting_times_event ON meeting_times (event_id, meeting_id);

-- What was done to a meeting, for those who may see it.
CREATE TABLE meeting_steps (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL,
    meeting_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    -- a side, the organizers, or the program by itself
    party TEXT COLLATE "C" NOT NULL CHECK (party IN ('asking', 'asked', 'organizers', 'program')),
    -- NULL: not by a person with a personal link. It refers to nothing: who leaves the event leaves this.
    person_id TEXT COLLATE "C",
    deed TEXT COLLATE "C" NOT NULL CHECK (deed <> ''),
    note TEXT NOT NULL,
    FOREIGN KEY (event_id, meeting_id) REFERENCES meetings (event_id, id) ON DELETE CASCADE
);

CREATE INDEX meeting_steps_meeting ON meeting_steps (event_id, meeting_id, at, id);
CREATE INDEX meeting_steps_person ON meeting_steps (event_id, person_id);

-- What an event's organizers decided of the meetings that people ask for. An event without a row has what the program has.
CREATE TABLE meeting_rules (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    closed BOOLEAN NOT NULL,
    answer_hours BIGINT NOT NULL CHECK (answer_hours > 0),
    open_requests BIGINT NOT NULL CHECK (open_requests >= 0),
    accepted_per_day BIGINT NOT NULL CHECK (accepted_per_day >= 0),
    halls BOOLEAN NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    updated_at BIGINT NOT NULL
);

-- What is firm overlaps with nothing else that is firm: meetings that people agreed on among themselves. Panels and what
-- organizers arrange are not, since a draft may overlap. The program sees to it, and this is for when it errs. The extension
-- compares texts in such a constraint; PostgreSQL trusts the owner of a database with it since version 13.
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE occupancies ADD COLUMN firm BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE occupancies ADD CONSTRAINT occupancies_overlap EXCLUDE USING gist
    (resource_kind WITH =, resource_id WITH =, int8range(starts_at, ends_at) WITH &&) WHERE (firm);
