-- +goose Up
-- Files that were uploaded: photos of people and materials of panels. Their names are random, and are what they are
-- asked for by.

CREATE TABLE files (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'material')),
    media_type TEXT NOT NULL,
    -- what it is called when it is saved
    file_name TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL CHECK (width >= 0),
    height INTEGER NOT NULL CHECK (height >= 0),
    created_at INTEGER NOT NULL
);

-- The bytes of a file, in parts that are read one at a time.
CREATE TABLE file_parts (
    file TEXT NOT NULL REFERENCES files (name) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (file, number)
);

ALTER TABLE people ADD COLUMN photo TEXT REFERENCES files (name);
CREATE INDEX people_photo ON people (photo);

CREATE TABLE materials (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE REFERENCES files (name),
    title TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE
);

CREATE INDEX materials_panel ON materials (event_id, panel_id, id);

-- The files that a release refers to.
CREATE TABLE release_files (
    release_id TEXT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    file TEXT NOT NULL REFERENCES files (name),
    PRIMARY KEY (release_id, file)
);

CREATE INDEX release_files_file ON release_files (file);
