-- +goose Up
-- What the public sees, the revisions of calendar entries, and personal calendars.

CREATE TABLE releases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    note TEXT NOT NULL,
    snapshot BYTEA NOT NULL,
    UNIQUE (event_id, number)
);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% can not be changed', TG_TABLE_NAME;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER releases_stay BEFORE UPDATE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- When the event goes, its row is gone by the time that its releases follow.
-- +goose StatementBegin
CREATE FUNCTION refuse_release_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM events WHERE id = OLD.event_id) THEN
        RAISE EXCEPTION 'releases can not be deleted';
    END IF;
    RETURN OLD;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER releases_remain BEFORE DELETE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_release_delete();

CREATE TABLE calendar_stamps (
    uid TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (uid <> ''),
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    content TEXT NOT NULL,
    place TEXT NOT NULL
);

CREATE INDEX calendar_stamps_event ON calendar_stamps (event_id, uid);

CREATE TABLE feeds (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL UNIQUE CHECK (hash <> ''),
    language TEXT NOT NULL,
    last_fetch_at BIGINT,
    fetched_by TEXT NOT NULL,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX feeds_created ON feeds (event_id, created_at, id);
CREATE INDEX feeds_person ON feeds (event_id, person_id);
