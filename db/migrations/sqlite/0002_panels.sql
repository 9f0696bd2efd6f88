-- +goose Up
-- The agenda's items, who speaks in them, and whose time they take.

CREATE TABLE panels (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    code TEXT NOT NULL CHECK (code <> ''),
    number INTEGER NOT NULL CHECK (number >= 0),
    format TEXT NOT NULL CHECK (format IN
        ('panel', 'keynote', 'talk', 'roundtable', 'workshop', 'ceremony', 'social', 'break')),
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    track_id TEXT,
    room_id TEXT,
    -- the slot: all of it or nothing
    start_at INTEGER,
    start_wall TEXT,
    start_fold BOOLEAN,
    end_at INTEGER,
    end_wall TEXT,
    end_fold BOOLEAN,
    all_rooms BOOLEAN NOT NULL,
    language TEXT NOT NULL,
    interpretation TEXT NOT NULL,
    stream_url TEXT NOT NULL,
    audience INTEGER NOT NULL CHECK (audience >= 0),
    cancelled BOOLEAN NOT NULL,
    cancel_note TEXT NOT NULL,
    notes TEXT NOT NULL,
    -- folded words of code, title and abstract, for searching
    search TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, code),
    UNIQUE (event_id, id),
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id),
    FOREIGN KEY (event_id, room_id) REFERENCES rooms (event_id, id),
    CHECK (end_at > start_at),
    CHECK ((start_at IS NULL) = (end_at IS NULL)
        AND (start_at IS NULL) = (start_wall IS NULL) AND (start_at IS NULL) = (end_wall IS NULL)
        AND (start_at IS NULL) = (start_fold IS NULL) AND (start_at IS NULL) = (end_fold IS NULL)),
    CHECK (room_id IS NULL OR start_at IS NOT NULL)
);

CREATE INDEX panels_start ON panels (event_id, start_at, id);
CREATE INDEX panels_updated ON panels (event_id, updated_at, id);
CREATE INDEX panels_track ON panels (event_id, track_id);
CREATE INDEX panels_room ON panels (event_id, room_id);

CREATE TABLE panel_speakers (
    panel_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('moderator', 'panelist', 'speaker', 'chair', 'host', 'rapporteur', 'interpreter')),
    status TEXT NOT NULL CHECK (status IN ('invited', 'confirmed', 'declined', 'cancelled')),
    PRIMARY KEY (panel_id, position),
    UNIQUE (panel_id, person_id, role),
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX panel_speakers_event ON panel_speakers (event_id, panel_id);
CREATE INDEX panel_speakers_person ON panel_speakers (event_id, person_id);

CREATE TABLE interventions (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    offset_minutes INTEGER CHECK (offset_minutes >= 0),
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    UNIQUE (panel_id, position),
    UNIQUE (panel_id, id),
    FOREIGN KEY (event_id, panel_id) REFERENCES panels (event_id, id) ON DELETE CASCADE
);

CREATE INDEX interventions_event ON interventions (event_id, panel_id);

CREATE TABLE intervention_speakers (
    intervention_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    panel_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('moderator', 'panelist', 'speaker', 'chair', 'host', 'rapporteur', 'interpreter')),
    status TEXT NOT NULL CHECK (status IN ('invited', 'confirmed', 'declined', 'cancelled')),
    PRIMARY KEY (intervention_id, position),
    UNIQUE (intervention_id, person_id, role),
    FOREIGN KEY (panel_id, intervention_id) REFERENCES interventions (panel_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);

CREATE INDEX intervention_speakers_panel ON intervention_speakers (panel_id, intervention_id);
CREATE INDEX intervention_speakers_person ON intervention_speakers (event_id, person_id);

-- Who and what is busy when, by whom: one row per item and resource. It has no reference to the item, which is a panel
-- or a meeting; whoever deletes one deletes its rows.
CREATE TABLE occupancies (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    item_kind TEXT NOT NULL CHECK (item_kind IN ('panel', 'meeting')),
    item_id TEXT NOT NULL,
    resource_kind TEXT NOT NULL CHECK (resource_kind IN ('person', 'room')),
    resource_id TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (item_kind, item_id, resource_kind, resource_id, starts_at, ends_at),
    CHECK (ends_at > starts_at)
);

CREATE INDEX occupancies_resource ON occupancies (resource_kind, resource_id, starts_at);
CREATE INDEX occupancies_item ON occupancies (item_kind, item_id);
CREATE INDEX occupancies_event ON occupancies (event_id);
