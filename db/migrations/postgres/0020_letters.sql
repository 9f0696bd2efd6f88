-- +goose Up
-- How an event tells people what concerns them, what it has told them, and of what they want no letters.

CREATE TABLE letter_rules (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    mode TEXT NOT NULL CHECK (mode IN ('read', 'small', 'all', 'none')),
    delay_minutes BIGINT NOT NULL CHECK (delay_minutes >= 0),
    small_minutes BIGINT NOT NULL CHECK (small_minutes >= 0),
    -- minutes before something begins at which people are reminded, as JSON
    leads TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0)
);

-- What a letter tells of: what changed for a person from one release to another.
CREATE TABLE told (
    mail_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES mails (id) ON DELETE CASCADE,
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id TEXT COLLATE "C" NOT NULL,
    since_release BIGINT NOT NULL CHECK (since_release >= 0),
    release BIGINT NOT NULL,
    CHECK (release > since_release)
);

CREATE INDEX told_person ON told (event_id, person_id, release, mail_id);

-- What a person says in answer to a letter besides the answer itself.
CREATE TABLE letter_answers (
    mail_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES mails (id) ON DELETE CASCADE,
    event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    note TEXT NOT NULL
);

CREATE INDEX letter_answers_event ON letter_answers (event_id, mail_id);

-- Of what somebody was reminded, or would have been: once for each time that something begins at.
CREATE TABLE reminders (
    event_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    item_id TEXT COLLATE "C" NOT NULL,
    starts_at BIGINT NOT NULL,
    lead_minutes BIGINT NOT NULL,
    -- empty: none was sent
    mail_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (event_id, person_id, item_id, starts_at, lead_minutes),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);

CREATE INDEX reminders_mail ON reminders (mail_id);

CREATE TABLE unsubscribes (
    event_id TEXT COLLATE "C" NOT NULL,
    person_id TEXT COLLATE "C" NOT NULL,
    topic TEXT COLLATE "C" NOT NULL CHECK (topic <> ''),
    since_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, person_id, topic),
    FOREIGN KEY (event_id, person_id) REFERENCES participants (event_id, person_id) ON DELETE CASCADE
);
