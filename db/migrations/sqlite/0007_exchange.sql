-- +goose Up
-- What other programs know an event's things by: the integers that go out, and the identities that came in.

-- The integers by which apps know panels, rooms, tracks and people. Rows stay when what they number is gone, so that its
-- number is not given to something else.
CREATE TABLE serials (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('panel', 'room', 'track', 'person')),
    item_id TEXT NOT NULL CHECK (item_id <> ''),
    serial INTEGER NOT NULL CHECK (serial BETWEEN 1 AND 2147483647),
    PRIMARY KEY (event_id, kind, item_id),
    UNIQUE (event_id, kind, serial)
);

-- Files of other programs that were imported.
CREATE TABLE sources (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    format TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Which column of a table is what, as JSON; empty for other files.
    mapping TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, name)
);

-- What the things of an event are called there. They have no reference to the thing, which may be deleted.
CREATE TABLE origins (
    event_id TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('panel', 'intervention', 'room', 'track', 'person')),
    source_key TEXT NOT NULL CHECK (source_key <> ''),
    item_id TEXT NOT NULL CHECK (item_id <> ''),
    -- The hash of each field that the source said last, as JSON.
    said TEXT NOT NULL,
    -- The newest file no longer has it.
    gone BOOLEAN NOT NULL,
    PRIMARY KEY (event_id, source, kind, source_key),
    FOREIGN KEY (event_id, source) REFERENCES sources (event_id, name) ON DELETE CASCADE
);
