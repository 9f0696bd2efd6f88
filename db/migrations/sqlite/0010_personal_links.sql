-- +goose Up
-- People without an account: their personal links, the browsers in which these were opened, and the codes for what is
-- sensitive. When a person leaves an event, all of it goes.

CREATE TABLE personal_links (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    -- of the code that is typed where the link can't be followed
    code_hash TEXT NOT NULL UNIQUE CHECK (code_hash <> ''),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    -- Who made it; the account may be gone.
    made_by TEXT NOT NULL,
    mailed BOOLEAN NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX personal_links_person ON personal_links (event_id, person_id, created_at, id);

CREATE TABLE personal_visits (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    link_id TEXT NOT NULL REFERENCES personal_links (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    -- of the code that was mailed for it; empty: none
    code_hash TEXT NOT NULL,
    code_expires_at INTEGER NOT NULL,
    code_tries INTEGER NOT NULL
);

CREATE INDEX personal_visits_link ON personal_visits (link_id, created_at, hash);
CREATE INDEX personal_visits_expires ON personal_visits (expires_at);

-- Codes that the protocol desk tells people.
CREATE TABLE desk_codes (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (hash <> ''),
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

-- The address to which a person's codes may be mailed: somebody who arranges meetings, or the person, has vouched for it.
CREATE TABLE vouched_addresses (
    event_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    email TEXT NOT NULL CHECK (email <> ''),
    vouched_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);
