-- +goose Up
-- What is to be done outside of a transaction, kept with the change that asks for it, and the letters that organizers can
-- read before they go.

CREATE TABLE jobs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- what it is about, such as a letter
    about TEXT COLLATE "C" NOT NULL,
    -- of jobs that wait, one at most has the same key
    key TEXT COLLATE "C" UNIQUE,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL CHECK (tries >= 0),
    -- who works on it, and how long nobody else may
    lease TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    -- when it was given up, and why
    dead_at BIGINT,
    fault TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX jobs_due ON jobs (due_at, id) WHERE dead_at IS NULL;
CREATE INDEX jobs_event ON jobs (event_id, created_at, id);

CREATE TABLE mails (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    status TEXT NOT NULL CHECK (status IN ('draft', 'queued', 'sent', 'failed', 'discarded')),
    -- a panel, a meeting or a release
    about TEXT COLLATE "C" NOT NULL,
    -- whether it tells of a meeting: then it is for who may see meetings
    meetings BOOLEAN NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- its paragraphs, as JSON
    body TEXT NOT NULL,
    -- what organizers add of their own
    note TEXT NOT NULL,
    -- the calendar part with its method (RFC 6047); empty: none
    method TEXT NOT NULL,
    calendar BYTEA,
    -- whether it goes also to who wants no more letters
    essential BOOLEAN NOT NULL,
    -- when it goes at the earliest
    due_at BIGINT NOT NULL,
    sent_at BIGINT,
    opened_at BIGINT,
    answered_at BIGINT,
    answer TEXT NOT NULL,
    fault TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX mails_created ON mails (event_id, created_at, id);
CREATE INDEX mails_status ON mails (event_id, status, created_at, id);
CREATE INDEX mails_person ON mails (event_id, person_id, created_at, id);
CREATE INDEX mails_about ON mails (event_id, about, created_at, id);

-- What links in letters are signed with.
CREATE TABLE signing_keys (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (name <> ''),
    secret TEXT NOT NULL CHECK (secret <> ''),
    created_at BIGINT NOT NULL
);
