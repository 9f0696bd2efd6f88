-- +goose Up
-- The revisions of calendar entries and of public feeds, and what the owner of a feed can set.

-- A calendar of each event, for knowing whether anything in it changed.
CREATE TABLE calendars (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL CHECK (revision > 0),
    -- The same of what anybody may see: without meetings.
    public_revision BIGINT NOT NULL CHECK (public_revision > 0),
    -- The address of the installation that its links begin with; empty: not served yet.
    base TEXT NOT NULL,
    -- The languages that it is told in, as JSON, the first where nobody asks for one.
    languages TEXT NOT NULL
);

CREATE TABLE calendar_entries (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    -- A language, or 'busy'.
    variant TEXT COLLATE "C" NOT NULL CHECK (variant <> ''),
    uid TEXT COLLATE "C" NOT NULL CHECK (uid <> ''),
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    content TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (event_id, variant, uid)
);

-- What was told before counts on, without saying what it told: SEQUENCE never falls.
INSERT INTO calendar_entries (event_id, variant, uid, sequence, created_at, modified_at, content, place)
SELECT event_id, 'en', uid, sequence, created_at, modified_at, '', '' FROM calendar_stamps
UNION ALL
SELECT r.event_id, 'en', s.value ->> 'uid', (s.value ->> 'sequence')::BIGINT,
    (extract(epoch FROM (s.value ->> 'created')::TIMESTAMPTZ) * 1000)::BIGINT, (extract(epoch FROM (s.value ->> 'modified')::TIMESTAMPTZ) * 1000)::BIGINT, '', ''
FROM releases r CROSS JOIN LATERAL jsonb_each(COALESCE(convert_from(r.snapshot, 'UTF8')::JSONB -> 'stamps', '{}')) s
WHERE r.number = (SELECT MAX(number) FROM releases l WHERE l.event_id = r.event_id);
DROP TABLE calendar_stamps;

CREATE TABLE calendar_feeds (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    scope TEXT COLLATE "C" NOT NULL CHECK (scope <> ''),
    variant TEXT COLLATE "C" NOT NULL CHECK (variant <> ''),
    content TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, scope, variant)
);

ALTER TABLE feeds
    -- NULL: of nobody in particular, or of a person who left; such a personal feed is revoked.
    ALTER COLUMN person_id DROP NOT NULL,
    ADD COLUMN kind TEXT NOT NULL DEFAULT 'personal' CHECK (kind IN ('personal', 'starred')),
    ADD COLUMN key_hash TEXT COLLATE "C",
    ADD COLUMN turn BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN alarm_minutes BIGINT,
    ADD COLUMN detail TEXT NOT NULL DEFAULT 'full' CHECK (detail IN ('full', 'busy')),
    ADD COLUMN meetings BOOLEAN NOT NULL DEFAULT TRUE,
    -- With the event itself.
    ADD COLUMN whole BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN cancelled TEXT NOT NULL DEFAULT 'prefix' CHECK (cancelled IN ('prefix', 'keep', 'hide')),
    ADD COLUMN panels TEXT NOT NULL DEFAULT '[]',
    ADD COLUMN revision BIGINT NOT NULL DEFAULT 1 CHECK (revision > 0),
    ADD COLUMN changed_at BIGINT,
    ADD COLUMN content TEXT NOT NULL DEFAULT '',
    ADD COLUMN modified_at BIGINT,
    DROP CONSTRAINT feeds_event_id_person_id_fkey,
    ADD FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id);
-- The defaults were for the rows that were there.
ALTER TABLE feeds
    ALTER COLUMN kind DROP DEFAULT,
    ALTER COLUMN turn DROP DEFAULT,
    ALTER COLUMN detail DROP DEFAULT,
    ALTER COLUMN meetings DROP DEFAULT,
    ALTER COLUMN whole DROP DEFAULT,
    ALTER COLUMN cancelled DROP DEFAULT,
    ALTER COLUMN panels DROP DEFAULT,
    ALTER COLUMN revision DROP DEFAULT,
    ALTER COLUMN content DROP DEFAULT;
CREATE INDEX feeds_key ON feeds (key_hash);

-- Feeds of events that were deleted: calendars that have them are told to empty themselves.
CREATE TABLE closed_feeds (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (hash <> ''),
    closed_at BIGINT NOT NULL
);

-- Releases carried the revisions of their entries.
DROP TRIGGER releases_stay ON releases;
UPDATE releases SET snapshot = convert_to((convert_from(snapshot, 'UTF8')::jsonb - 'stamps')::text, 'UTF8');
CREATE TRIGGER releases_stay BEFORE UPDATE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_change();
