-- +goose Up
-- People without an account: their personal links, the browsers in which these were opened, and the codes for what is
-- sensitive. When a person leaves an event, all of it goes.

CREATE TABLE personal_links (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
    event_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL UNIQUE CHECK (hash <> ''),
    -- of the code that is typed where the link can't be followed
    code_hash TEXT COLLATE "C" NOT NULL UNIQUE CHECK (code_hash <> ''),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    -- Who made it; the account may be gone.
    made_by TEXT COLLATE "C" NOT NULL,
    mailed BOOLEAN NOT NULL,
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX personal_links_person ON personal_links (event_id, person_id, created_at, id);

CREATE TABLE personal_visits (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (hash <> ''),
    link_id TEXT COLLATE "C" NOT NULL REFERENCES personal_links (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- of the code that was mailed for it; empty: none
    code_hash TEXT COLLATE "C" NOT NULL,
    code_expires_at BIGINT NOT NULL,
    code_tries BIGINT NOT NULL
);

CREATE INDEX personal_visits_link ON personal_visits (link_id, created_at, hash);
CREATE INDEX personal_visits_expires ON personal_visits (expires_at);

-- Codes that the protocol desk tells people.
CREATE TABLE desk_codes (
    event_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL CHECK (hash <> ''),
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

-- The address to which a person's codes may be mailed: somebody who arranges meetings, or the person, has vouched for it.
CREATE TABLE vouched_addresses (
    event_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    email TEXT NOT NULL CHECK (email <> ''),
    vouched_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, person_id),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);
