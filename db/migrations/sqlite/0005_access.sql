-- +goose Up
-- Who may ask, what was done, and what was asked before.

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    name TEXT NOT NULL,
    -- NULL: for all events
    event_id TEXT REFERENCES events (id) ON DELETE CASCADE,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
);

CREATE INDEX tokens_created ON tokens (created_at, id);
CREATE INDEX tokens_event ON tokens (event_id, created_at, id);

-- The log outlives what it tells of, so it refers to nothing.
CREATE TABLE activities (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    -- NULL: not about one event
    event_id TEXT,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    verb TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    summary TEXT NOT NULL
);

CREATE INDEX activities_at ON activities (event_id, at, id);

-- +goose StatementBegin
CREATE TRIGGER activities_stay BEFORE UPDATE ON activities
BEGIN
    SELECT RAISE(ABORT, 'activities can not be changed');
END;
-- +goose StatementEnd

CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    noun_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
