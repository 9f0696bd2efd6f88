-- +goose Up
-- Addresses that want to be told what is published, and what became of telling them.

CREATE TABLE webhooks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    url TEXT NOT NULL CHECK (url <> ''),
    -- what it is told, as JSON
    kinds TEXT NOT NULL,
    -- what deliveries are signed with: it has to be readable
    secret TEXT NOT NULL CHECK (secret <> ''),
    -- what they were signed with before, and how long they still are
    old_secret TEXT NOT NULL,
    old_until BIGINT,
    -- since when it is told nothing, and why
    stopped_at BIGINT,
    reason TEXT NOT NULL,
    -- since when nothing has been delivered though it was tried
    failing_since BIGINT,
    revision BIGINT NOT NULL CHECK (revision > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, id)
);

CREATE TABLE webhook_deliveries (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL,
    webhook_id TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- of the release that it tells of, of which its body is made whenever it is sent; 0: none
    release_number BIGINT NOT NULL CHECK (release_number >= 0),
    status TEXT NOT NULL CHECK (status IN ('queued', 'delivered', 'failed')),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    fault TEXT NOT NULL,
    -- when it is tried next
    due_at BIGINT,
    done_at BIGINT,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (event_id, webhook_id) REFERENCES webhooks (event_id, id) ON DELETE CASCADE
);

CREATE INDEX webhook_deliveries_created ON webhook_deliveries (webhook_id, created_at, id);

CREATE TABLE webhook_attempts (
    delivery_id TEXT COLLATE "C" NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    at BIGINT NOT NULL,
    took BIGINT NOT NULL CHECK (took >= 0),
    -- 0: there was no answer
    status BIGINT NOT NULL,
    fault TEXT NOT NULL,
    -- how the answer begins
    answer TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

CREATE INDEX webhooks_created ON webhooks (event_id, created_at, id);
