-- +goose Up
-- Who signs in, and what they may do where.

-- A token's scopes are verbs. Those before had one of two sets of them.
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
UPDATE tokens SET scopes = '["see_event","read_people","read_contacts","read_draft","read_meetings","read_activity"]' WHERE scope = 'read';
UPDATE tokens SET scopes = '["see_event","read_people","read_contacts","read_draft","read_meetings","read_activity","edit_event","publish_event","edit_meetings","manage_access","manage_data"]' WHERE scope = 'write' AND event_id IS NOT NULL;
UPDATE tokens SET scopes = '["see_event","read_people","read_contacts","read_draft","read_meetings","read_activity","edit_event","publish_event","edit_meetings","manage_access","manage_data","create_events","manage_account"]' WHERE scope = 'write' AND event_id IS NULL;
ALTER TABLE tokens DROP COLUMN scope;
-- Who made it; the account may be gone.
ALTER TABLE tokens ADD COLUMN made_by TEXT NOT NULL DEFAULT '';

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    -- in lower case
    email TEXT NOT NULL UNIQUE CHECK (email <> ''),
    -- a link that was sent there was followed, or a provider of identities vouches for it
    email_verified BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    admin BOOLEAN NOT NULL,
    -- argon2id in the PHC format; empty: signs in otherwise
    password TEXT NOT NULL,
    -- secret of the second factor, empty: none; the last step that was used, so that no code is used twice
    totp TEXT NOT NULL,
    totp_step INTEGER NOT NULL,
    -- hashes of codes that stand in for it, as a JSON list
    recovery TEXT NOT NULL,
    disabled_at INTEGER,
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE INDEX accounts_created ON accounts (created_at, id);

CREATE TABLE members (
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- a JSON list
    roles TEXT NOT NULL CHECK (roles <> '[]'),
    revision INTEGER NOT NULL CHECK (revision > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, account_id)
);

CREATE INDEX members_account ON members (account_id, event_id);

CREATE TABLE passkeys (
    -- as the authenticator calls it, base64url
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- public key and counters, as JSON
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
);

CREATE INDEX passkeys_account ON passkeys (account_id, created_at, id);

-- What a provider of identities (OpenID Connect) calls an account.
CREATE TABLE identities (
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_account ON identities (account_id);

-- Browsers that are signed in.
CREATE TABLE logins (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    method TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- when it was last proved who sits there
    confirmed_at INTEGER NOT NULL
);

CREATE INDEX logins_account ON logins (account_id, created_at, id);
CREATE INDEX logins_expires ON logins (expires_at);

-- Links that are used once: to begin, to become a member, to set another password.
CREATE TABLE account_links (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invite', 'reset')),
    hash TEXT NOT NULL UNIQUE CHECK (hash <> ''),
    -- of a reset
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    -- of an invitation
    event_id TEXT REFERENCES events (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    -- it was mailed, and shown to nobody else
    mailed BOOLEAN NOT NULL,
    made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);

CREATE INDEX account_links_event ON account_links (event_id, created_at, id);
CREATE INDEX account_links_account ON account_links (account_id);

-- What a browser has begun and not ended: a sign-in at a provider, a passkey, a second factor.
CREATE TABLE ceremonies (
    hash TEXT NOT NULL PRIMARY KEY CHECK (hash <> ''),
    kind TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE INDEX ceremonies_expires ON ceremonies (expires_at);

-- What was tried and failed, by a hash of who or where, to slow down guessing.
CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    key TEXT NOT NULL CHECK (key <> ''),
    at INTEGER NOT NULL
);

CREATE INDEX attempts_key ON attempts (key, at);
CREATE INDEX attempts_at ON attempts (at);
