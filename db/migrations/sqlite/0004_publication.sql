-- +goose Up
-- What the public sees, the revisions of calendar entries, and personal calendars.

CREATE TABLE releases (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    note TEXT NOT NULL,
    snapshot BLOB NOT NULL,
    UNIQUE (event_id, number)
);

-- +goose StatementBegin
CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
BEGIN
    SELECT RAISE(ABORT, 'releases can not be changed');
END;
-- +goose StatementEnd

-- When the event goes, its row is gone by the time that its releases follow.
-- +goose StatementBegin
CREATE TRIGGER releases_remain BEFORE DELETE ON releases
WHEN EXISTS (SELECT 1 FROM events WHERE id = OLD.event_id)
BEGIN
    SELECT RAISE(ABORT, 'releases can not be deleted');
END;
-- +goose StatementEnd

CREATE TABLE calendar_stamps (
    uid TEXT NOT NULL PRIMARY KEY CHECK (uid <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    place TEXT NOT NULL
);

CREATE INDEX calendar_stamps_event ON calendar_stamps (event_id, uid);

CREATE TABLE feeds (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    language TEXT NOT NULL,
    last_fetch_at INTEGER,
    fetched_by TEXT NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX feeds_created ON feeds (event_id, created_at, id);
CREATE INDEX feeds_person ON feeds (event_id, person_id);
