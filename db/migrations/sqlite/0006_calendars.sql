-- +goose Up
-- The revisions of calendar entries and of public feeds, and what the owner of a feed can set.

-- A calendar of each event, for knowing whether anything in it changed.
CREATE TABLE calendars (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL CHECK (revision > 0),
    -- The same of what anybody may see: without meetings.
    public_revision INTEGER NOT NULL CHECK (public_revision > 0),
    -- The address of the installation that its links begin with; empty: not served yet.
    base TEXT NOT NULL,
    -- The languages that it is told in, as JSON, the first where nobody asks for one.
    languages TEXT NOT NULL
);

CREATE TABLE calendar_entries (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- A language, or 'busy'.
    variant TEXT NOT NULL CHECK (variant <> ''),
    uid TEXT NOT NULL CHECK (uid <> ''),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    content TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (event_id, variant, uid)
);

-- What was told before counts on, without saying what it told: SEQUENCE never falls.
INSERT INTO calendar_entries (event_id, variant, uid, sequence, created_at, modified_at, content, place)
SELECT event_id, 'en', uid, sequence, created_at, modified_at, '', '' FROM calendar_stamps
UNION ALL
SELECT r.event_id, 'en', json_extract(s.value, '$.uid'), json_extract(s.value, '$.sequence'),
    strftime('%s', json_extract(s.value, '$.created')) * 1000, strftime('%s', json_extract(s.value, '$.modified')) * 1000, '', ''
FROM releases r, json_each(CASE WHEN json_valid(CAST(r.snapshot AS TEXT)) THEN CAST(r.snapshot AS TEXT) ELSE '{}' END, '$.stamps') s
WHERE r.number = (SELECT MAX(number) FROM releases l WHERE l.event_id = r.event_id);
DROP TABLE calendar_stamps;

CREATE TABLE calendar_feeds (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    scope TEXT NOT NULL CHECK (scope <> ''),
    variant TEXT NOT NULL CHECK (variant <> ''),
    content TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, scope, variant)
);

ALTER TABLE feeds RENAME TO feeds_before;
CREATE TABLE feeds (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- NULL: of nobody in particular, or of a person who left; such a personal feed is revoked.
    person_id TEXT,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    language TEXT NOT NULL,
    last_fetch_at INTEGER,
    fetched_by TEXT NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('personal', 'starred')),
    key_hash TEXT,
    turn INTEGER NOT NULL,
    alarm_minutes INTEGER,
    detail TEXT NOT NULL CHECK (detail IN ('full', 'busy')),
    meetings BOOLEAN NOT NULL,
    -- With the event itself.
    whole BOOLEAN NOT NULL,
    cancelled TEXT NOT NULL CHECK (cancelled IN ('prefix', 'keep', 'hide')),
    panels TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    changed_at INTEGER,
    content TEXT NOT NULL,
    modified_at INTEGER,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id)
);
INSERT INTO feeds
SELECT id, event_id, person_id, name, hash, language, last_fetch_at, fetched_by, revoked_at, created_at,
    'personal', NULL, 0, NULL, 'full', TRUE, FALSE, 'prefix', '[]', 1, NULL, '', NULL
FROM feeds_before;
DROP TABLE feeds_before;
CREATE INDEX feeds_created ON feeds (event_id, created_at, id);
CREATE INDEX feeds_person ON feeds (event_id, person_id);
CREATE INDEX feeds_key ON feeds (key_hash);

-- Feeds of events that were deleted: calendars that have them are told to empty themselves.
CREATE TABLE closed_feeds (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    closed_at INTEGER NOT NULL
);

-- Releases carried the revisions of their entries.
DROP TRIGGER releases_stay;
UPDATE releases SET snapshot = CAST(json_remove(CAST(snapshot AS TEXT), '$.stamps') AS BLOB) WHERE json_valid(CAST(snapshot AS TEXT));
-- +goose StatementBegin
CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
BEGIN
    SELECT RAISE(ABORT, 'releases can not be changed');
END;
-- +goose StatementEnd
