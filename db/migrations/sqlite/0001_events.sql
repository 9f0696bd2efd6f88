-- +goose Up
-- Each migration is one transaction with its row in goose's table. That row can't be written twice, so of two
-- processes that start at once the second one's transaction fails, and it looks again.
CREATE UNIQUE INDEX goose_db_version_once ON goose_db_version (version_id);

-- An event, what it owns in space and theme, and who takes part in it.
--
-- Instants are Unix milliseconds, UTC. Texts in several languages and lists are JSON. References carry the event, so
-- that nothing can refer to another event's room, track or participant. One of those that a panel or a meeting refers to
-- can't be deleted; whoever deletes an event deletes its panels and meetings first.

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    slug TEXT NOT NULL UNIQUE CHECK (slug <> ''),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    zone TEXT NOT NULL,
    start_date TEXT NOT NULL,
    end_date TEXT NOT NULL,
    languages TEXT NOT NULL,
    venue_name TEXT NOT NULL,
    venue_address TEXT NOT NULL,
    venue_country TEXT NOT NULL,
    venue_latitude REAL,
    venue_longitude REAL,
    website TEXT NOT NULL,
    buffer_minutes INTEGER NOT NULL CHECK (buffer_minutes >= 0),
    -- folded words of slug and name, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (end_date >= start_date),
    CHECK ((venue_latitude IS NULL) = (venue_longitude IS NULL))
);

CREATE TABLE rooms (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hall', 'table')),
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    position INTEGER NOT NULL,
    parallel BOOLEAN NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, id)
);

CREATE TABLE room_walks (
    room_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    to_room_id TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (room_id, position),
    UNIQUE (room_id, to_room_id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, to_room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    CHECK (to_room_id <> room_id)
);

CREATE INDEX room_walks_event ON room_walks (event_id, room_id);
CREATE INDEX room_walks_to ON room_walks (event_id, to_room_id);

CREATE TABLE tracks (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, id)
);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    name TEXT NOT NULL,
    -- the folded name, for sorting
    name_key TEXT NOT NULL,
    honorific TEXT NOT NULL,
    job_title TEXT NOT NULL,
    organization TEXT NOT NULL,
    country TEXT NOT NULL,
    bio TEXT NOT NULL,
    photo_url TEXT NOT NULL,
    email TEXT NOT NULL,
    notes TEXT NOT NULL,
    languages TEXT NOT NULL,
    -- folded words of name, organization, job title and address, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE participants (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (event_id, person_id)
);

CREATE INDEX participants_person ON participants (person_id);

CREATE TABLE availabilities (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT,
    room_id TEXT,
    start_at INTEGER NOT NULL,
    start_wall TEXT NOT NULL,
    start_fold BOOLEAN NOT NULL,
    end_at INTEGER NOT NULL,
    end_wall TEXT NOT NULL,
    end_fold BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id) ON DELETE CASCADE,
    CHECK ((person_id IS NULL) <> (room_id IS NULL)),
    CHECK (end_at > start_at)
);

CREATE INDEX availabilities_start ON availabilities (event_id, start_at, id);
CREATE INDEX availabilities_person ON availabilities (event_id, person_id);
CREATE INDEX availabilities_room ON availabilities (event_id, room_id);
